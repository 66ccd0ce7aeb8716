"""How a feature's state and settings read, for who may switch it."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.blocks import Choice
from jeeves_contracts.registry import Feature
from jeeves_contracts.toggles import WHOLE, settings_of
from users_service.domain import facts as rules
from users_service.domain.receipts import short
from users_service.domain.settings_schema import secrets, shapes
from users_service.domain.toggling import level, share, standing
from users_service.repository import holdings
from users_service.scope import OPERATOR
from users_service.service.timetable import moment
from users_service.words import words


@dataclass(frozen=True)
class Reader:
    """Who reads it, in which installation, and when."""

    place: str
    now: datetime
    zone: str
    locale: str | None


async def zone_of(connection: AsyncConnection, person_id: str, usual: str | None) -> str:
    """Return the time zone in which a person is told times: what they told, else what their platform says."""
    told = await holdings.zone_and_language(OPERATOR, connection, person_id)
    return rules.zone(told.get(rules.TIMEZONE)) or rules.zone(usual) or "UTC"


def state_of(feature: Feature, reader: Reader) -> str:
    """Return what a feature is in an installation, until when: `off here until Mon 30 Nov 09:00 (Europe/Paris)`."""
    stands, locale = standing(feature, reader.place, reader.now), reader.locale
    if not stands.on:
        key = "off" if stands.policy == "feature-installation" else "everywhere"
        return _until("then_on", words(f"features.state.{key}", locale), stands.until, reader)
    part = share(feature, reader.place)
    plain = words("features.state.on", locale) if part == WHOLE else words("features.state.share", locale, share=part)
    coming = sorted(one.at for one in (*feature.timed, *level(feature, reader.place).timed) if one.at > reader.now)
    return _until("then_off", plain, next((at for at in coming if not standing(feature, reader.place, at).on), None), reader)


def settings_lines(feature: Feature, reader: Reader) -> list[str]:
    """Return a line for each setting with what holds in an installation."""
    return [
        words("features.one.setting", reader.locale, name=name, value=setting_of(feature, name, reader))
        for name in shapes(feature.manifest.settings_schema)
    ]


def setting_of(feature: Feature, name: str, reader: Reader) -> str:
    """Return what a setting is in an installation; a secret only as set."""
    here, holds = level(feature, reader.place).settings, settings_of(feature, reader.place)
    if name not in holds or name not in shapes(feature.manifest.settings_schema):
        return words("features.one.unset", reader.locale)
    if name in secrets(feature.manifest.settings_schema):
        return words("features.one.secret", reader.locale)
    value = f"`{written(holds[name])}`"
    return value if name in here else words("features.one.usual", reader.locale, value=value)


def written(value: JsonValue) -> str:
    """Return a setting's value as it is typed."""
    return ("on" if value else "off") if isinstance(value, bool) else short(value)


def switch(feature: Feature, reader: Reader) -> Choice:
    """Return the button that turns an installation's switch."""
    is_on = standing(feature, reader.place, reader.now).policy != "feature-installation"
    state = "off" if is_on else "on"
    label = words(f"features.button.{state}", reader.locale, name=feature.name)
    return Choice(label=label, command=f"features {state} {feature.name}")


def _until(key: str, state: str, at: datetime | None, reader: Reader) -> str:
    if at is None:
        return state
    time = words("features.time", reader.locale, time=moment(at, reader.zone, reader.now, reader.locale), zone=reader.zone)
    return words(f"features.state.{key}", reader.locale, state=state, time=time)
