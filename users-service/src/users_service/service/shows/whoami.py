"""`who am I`: who somebody is to Jeeves, what they may and why, what is kept of them and how to be rid of it."""

from jeeves_contracts.actions import Reply
from jeeves_contracts.people import Identity
from users_service.domain import facts as rules
from users_service.repository import directory, holdings
from users_service.scope import OPERATOR
from users_service.service.roles import Reason, home
from users_service.service.shows.showing import Asker, Showing
from users_service.words import words


async def whoami(showing: Showing) -> list[Reply]:
    """Tell the asker about themself, where nobody else reads it."""
    asker = showing.asker
    known = await directory.identities_of(OPERATOR, showing.connection, [asker.person_id])
    every = known.get(asker.person_id) or [asker.identity]  # under an old name there is none, for a moment
    row = await directory.one(OPERATOR, showing.connection, asker.person_id)
    lines = [_is(asker, row.name if row else None)]
    if others := [_one(one, asker.locale) for one in every if one != asker.identity]:
        lines.append(words("whoami.also", asker.locale, others=", ".join(others)))
    lines += _roles(showing, every)
    told = await holdings.zone_and_language(OPERATOR, showing.connection, asker.person_id)
    unknown = words("whoami.zone.unknown", asker.locale)
    zone = rules.zone(told.get(rules.TIMEZONE)) or asker.timezone or unknown
    language = rules.locale(told.get(rules.LANGUAGE)) or asker.locale or unknown
    lines.append(words("whoami.zone", asker.locale, zone=zone, language=language))
    lines.append(await _kept(showing))
    if not others:
        lines.append(words("whoami.link", asker.locale))
    return [Reply(text="\n".join(lines), visibility="ephemeral")]


def _is(asker: Asker, name: str | None) -> str:
    one = asker.identity
    where = {"user": one.user_id, "platform": one.platform.capitalize(), "workspace": one.workspace_id}
    return words("whoami.is", asker.locale, name=name, **where) if name else words("whoami.nameless", asker.locale, **where)


def _one(one: Identity, locale: str | None) -> str:
    where = {"user": one.user_id, "platform": one.platform.capitalize(), "workspace": one.workspace_id}
    return words("whoami.one", locale, **where)


def _roles(showing: Showing, every: list[Identity]) -> list[str]:
    """Return what the asker is, and why; and where there is no operator, how to become one."""
    asker, roles = showing.asker, showing.roles
    held = roles.held(every, asker.person_id)
    lines = [_role(reason, home(asker.identity), asker.locale) for reason in held] or [words("whoami.member", asker.locale)]
    if not roles.has_operator():
        one = asker.identity
        member = f"{one.workspace_id}:{one.user_id}"
        lines.append(words("whoami.nobody", asker.locale, identity=f"{one.platform}:{member}", member=member))
    return lines


def _role(reason: Reason, here: str, locale: str | None) -> str:
    because = reason.because(locale)
    if reason.role == "operator":
        return words("whoami.operator", locale, because=because)
    if reason.installation_id == here:
        return words("whoami.admin", locale, because=because)
    return words("whoami.admin_elsewhere", locale, because=because, installation=reason.installation_id)


async def _kept(showing: Showing) -> str:
    locale = showing.asker.locale
    counts = await holdings.counts(OPERATOR, showing.connection, showing.asker.person_id)
    said = {
        kind: words(f"whoami.{kind}.{'one' if number == 1 else 'many'}", locale, number=number)
        for kind, number in counts.items()
    }
    return words("whoami.kept", locale, **said)
