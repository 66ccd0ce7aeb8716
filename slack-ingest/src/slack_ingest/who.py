"""Whose event it is and who acts in it: which in shared channels and organisations are not the same team."""

from jeeves_contracts.people import Identity
from slack_ingest.body import at, id_at

PLATFORM = "slack"


def installation_of(envelope: object) -> str | None:
    """Return the installation that an event is meant for: `authorizations[0]`, never the top-level `team_id` alone.

    None where nobody is named (uninstalls, revocations, apps of old).
    """
    authorization = at(envelope, "authorizations", 0)
    if not isinstance(authorization, dict):
        return None
    enterprise = id_at(authorization, "enterprise_id") or id_at(envelope, "enterprise_id")
    return installation_id(
        id_at(authorization, "team_id") or id_at(envelope, "team_id"),
        enterprise,
        organisation=authorization.get("is_enterprise_install") is True,
    )


def installation_of_interaction(payload: object) -> str | None:
    """Return the installation whose button was pressed. `team` is null where an organisation installed the app."""
    organisation = at(payload, "is_enterprise_install") in (True, "true")
    enterprise = id_at(payload, "enterprise", "id") or id_at(payload, "team", "enterprise_id")
    return installation_id(id_at(payload, "team", "id"), enterprise, organisation=organisation)


def installation_id(team: str | None, enterprise: str | None, *, organisation: bool) -> str | None:
    """Name an installation: of an organisation where the whole of it installed Jeeves, else of a workspace."""
    if organisation:
        return f"{PLATFORM}:org:{enterprise}" if enterprise else None
    return f"{PLATFORM}:{team}" if team else None


def own_user(envelope: object, known: str | None) -> str | None:
    """Return Jeeves's own user id in the event's workspace; `known` is what Slack told of the token."""
    authorization = at(envelope, "authorizations", 0)
    return (id_at(authorization, "user_id") if at(authorization, "is_bot") is True else None) or known


def person_of(envelope: object, user: str) -> Identity:
    """Return who spoke, by their own team: the same user id in another team is another person.

    Raises ValueError when no team is named.
    """
    event = at(envelope, "event")
    return _identity(
        user,
        id_at(event, "user_team"),
        id_at(event, "user_profile", "team"),
        id_at(event, "team"),
        id_at(envelope, "team_id"),
        id_at(envelope, "authorizations", 0, "team_id"),
        organisation=id_at(envelope, "authorizations", 0, "enterprise_id") or id_at(envelope, "enterprise_id"),
    )


def person_of_interaction(payload: object, user: str) -> Identity:
    """Return who pressed a button, by their own team; as `person_of` otherwise."""
    enterprise = id_at(payload, "enterprise", "id") or id_at(payload, "team", "enterprise_id")
    return _identity(user, id_at(payload, "user", "team_id"), id_at(payload, "team", "id"), organisation=enterprise)


def _identity(user: str, *teams: str | None, organisation: str | None) -> Identity:
    # An organisation's id (E…) stands where a team's should in some events; it counts only when nothing else is known.
    team = next((team for team in teams if team and not team.startswith("E")), organisation)
    return Identity(platform=PLATFORM, workspace_id=team or "", user_id=user)
