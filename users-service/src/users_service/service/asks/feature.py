"""An admin changes a feature for their installation: a switch, a share, settings; audited, and told with whom it reaches."""

from typing import Any

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import Reply
from jeeves_contracts.asks import FeatureAsk
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice
from jeeves_contracts.registry import Feature, Registry
from jeeves_service.errors import InvalidError, NotFoundError
from users_service.domain.changes import ChangeRefusedError, Origin
from users_service.domain.coercion import coerced
from users_service.domain.replies import paragraphs
from users_service.domain.settings_schema import secrets
from users_service.domain.toggling import level, share
from users_service.repository import audit, people
from users_service.scope import OPERATOR, Tenant
from users_service.service import toggling
from users_service.service.feature_words import Reader, setting_of, state_of, written, zone_of
from users_service.service.toggling import Changed, is_offered
from users_service.words import words


async def feature(connection: AsyncConnection, ask: FeatureAsk, origin: Origin, _registry: Registry) -> Reply:
    """Change it, from the next message on. Raises ChangeRefusedError where they may not, or it cannot be so."""
    tenant = Tenant(origin.conversation.installation_id)
    if not origin.is_admin:
        raise ChangeRefusedError(words("features.not_admin", origin.locale))
    try:
        before = await toggling.held(connection, ask.name)
    except NotFoundError:
        before = None
    if before is None or not is_offered(before, tenant.installation_id):
        raise ChangeRefusedError(words("features.unknown", origin.locale, name=ask.name))
    asked = {**_switched(ask), **({"settings": _settings(before, ask, origin)} if ask.settings else {})}
    try:
        reach = await toggling.preview(connection, before, tenant, asked, origin.now)
        done = await toggling.change(connection, before, tenant, asked, origin.now)
    except InvalidError as error:
        lines = [_wrong(name.removeprefix("settings."), text, origin) for name, text in error.errors.items()]
        raise ChangeRefusedError("\n".join(lines)) from None
    known = (await people.known(OPERATOR, connection, [origin.identity])).get(people.key(origin.identity))
    zone = await zone_of(connection, origin.person_id, known.timezone if known else None)
    reader = Reader(tenant.installation_id, origin.now, zone, origin.locale)
    if not done.became:
        return _reply([words("features.same", origin.locale, name=ask.name, state=state_of(before, reader))], [], origin)
    await audit.add(OPERATOR, connection, _entry(ask, origin, done))
    lines = _holds(done.feature, ask, reader)
    reached = {"people": reach.people} if reach.people is not None else {}
    lines.append(words("features.reach" if reached else "features.reach.few", origin.locale, **reached))
    return _reply(lines, _back(before, ask, reader), origin)


def _switched(ask: FeatureAsk) -> dict[str, Any]:
    """Return what is asked of the switch: without an end it holds for good, whatever was planned."""
    asked: dict[str, Any] = {} if ask.rollout is None else {"rollout": ask.rollout}
    if ask.enabled is not None:
        asked["enabled"] = ask.enabled
        key, plan = ("until", ask.until) if ask.until else ("timed", [])
        asked[key] = plan
    return asked


def _settings(feature: Feature, ask: FeatureAsk, origin: Origin) -> dict[str, JsonValue]:
    """Return the settings that were typed, as their schema has them. Raises ChangeRefusedError."""
    schema, found = feature.manifest.settings_schema, dict[str, JsonValue]()
    for name, value in ask.settings.items():
        if name in secrets(schema) and value is not None:
            raise ChangeRefusedError(words("features.secret", origin.locale, name=name))
        try:
            found[name] = coerced(schema, name, value) if isinstance(value, str) else value
        except ValueError as error:
            raise ChangeRefusedError(_wrong(name, str(error), origin)) from None
    return found


def _wrong(name: str, text: str, origin: Origin) -> str:
    return words("features.wrong", origin.locale, name=name.replace("`", "'")[:64], words=text)


def _entry(ask: FeatureAsk, origin: Origin, done: Changed) -> audit.Entry:
    who = origin.identity
    actor = f"{who.platform}:{who.workspace_id}:{who.user_id} in chat"
    place = origin.conversation.installation_id
    return audit.Entry(
        origin.now, actor[:200], "feature.change", ask.name, origin.person_id, place, before=done.was, after=done.became
    )


def _holds(feature: Feature, ask: FeatureAsk, reader: Reader) -> list[str]:
    """Return what holds now of what was asked for."""
    lines = []
    if ask.enabled is not None or ask.rollout is not None:
        lines.append(words("features.changed", reader.locale, name=feature.name, state=state_of(feature, reader)))
    for name in ask.settings:
        value = setting_of(feature, name, reader)
        lines.append(words("features.set", reader.locale, setting=name, name=feature.name, value=value))
    return lines


def _back(before: Feature, ask: FeatureAsk, reader: Reader) -> list[str]:
    """Return what is said to take it back, where that can be said in a few words."""
    commands = []
    if ask.enabled is not None:
        commands.append(f"features {'off' if ask.enabled else 'on'} {before.name}")
    if ask.rollout is not None:
        commands.append(f"features share {before.name} {share(before, reader.place)}%")
    here, hidden = level(before, reader.place).settings, secrets(before.manifest.settings_schema)
    values = {name: written(here[name]) if name in here else "default" for name in ask.settings if name not in hidden}
    short = {name: value for name, value in values.items() if name not in here or value == here[name] or "…" not in value}
    return commands + [f"config {before.name} {name} {value}" for name, value in short.items()]


def _reply(lines: list[str], back: list[str], origin: Origin) -> Reply:
    row: list[Block] = []
    if back:
        said = ", ".join(f"`{command}`" for command in back)
        lines = [*lines, words("features.back", origin.locale, commands=said)]
        row = [ButtonsBlock(buttons=[Choice(label=command[:150], command=command) for command in back[:5]])]
    text = "\n".join(lines)
    return Reply(text=text, blocks=[*paragraphs(text), *row] if row else [], visibility="ephemeral")
