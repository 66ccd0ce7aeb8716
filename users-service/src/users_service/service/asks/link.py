"""`link accounts` and `link CODE`: two identities become one person."""

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.asks import LinkAsk
from jeeves_contracts.people import Identity
from jeeves_contracts.registry import Registry
from users_service.domain.changes import Origin
from users_service.service import merging
from users_service.service.merging import NotMergedError, Step
from users_service.words import words


async def link(connection: AsyncConnection, ask: LinkAsk, origin: Origin, _registry: Registry) -> Reply:
    """Take the step that is asked for. What went wrong is told in a reply, so that a wrong code stays counted."""
    try:
        if merging.normal(ask.code):
            step = await merging.go_on(connection, origin.person_id, ask.code, origin.now)
        else:
            step = await merging.begin(connection, origin.person_id, origin.now)
    except NotMergedError as error:
        return _private(words(f"link.{error.why}", origin.locale, **error.values))
    return _private(_said(step, origin.locale))


def _said(step: Step, locale: str | None) -> str:
    who = _who(step.other, step.name, locale) if step.other else ""
    lines = [words(f"link.{step.number}", locale, code=step.code, who=who)]
    if step.kept:
        names = ", ".join(f"`{name}`" for name in step.kept[:10])
        lines.append(words("link.kept", locale, names=names + (" …" if len(step.kept) > 10 else "")))  # noqa: PLR2004
    if step.schedules:
        lines.append(words("link.schedules", locale))
    return "\n".join(lines)


def _who(identity: Identity, name: str | None, locale: str | None) -> str:
    platform = identity.platform.capitalize()
    return words(
        "link.who", locale, name=name or identity.user_id, user=identity.user_id, platform=platform,
        workspace=identity.workspace_id,
    )  # fmt: skip


def _private(text: str) -> Reply:
    return Reply(text=text, visibility="ephemeral")
