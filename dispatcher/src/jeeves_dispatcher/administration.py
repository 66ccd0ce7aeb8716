"""From what an admin said to what users-service is asked: when something ends, how large a share is."""

import re
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from jeeves_contracts.actions import Name, Reply
from jeeves_contracts.asks import FeatureAsk
from jeeves_contracts.base import Json
from jeeves_contracts.grammar import folded
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.moments import zone_of
from jeeves_dispatcher.showing import coded, replying, shortened
from jeeves_dispatcher.switching import Configure, Share, Switch
from jeeves_dispatcher.until import until
from jeeves_dispatcher.words import listed

WHOLE = 100  # percent
EXAMPLES = ("until tomorrow 8:00", "until Monday 8:00", "for 2 hours", "until 2027-01-04 08:00")
DEFAULT = "default"
_SHARE = re.compile(r"(\d{1,3}) ?(?:%|percent|per cent)?")
_NAME: TypeAdapter[str] = TypeAdapter(Name)


def is_name(name: str) -> bool:
    """Tell whether there may be a feature of a name."""
    try:
        _NAME.validate_python(name)
    except ValidationError:
        return False
    return True


def switched(asked: Switch, desk: Desk, now: datetime, timezone: str | None) -> FeatureAsk | Reply:
    """Return the switch as it is asked for, or what is wrong about its end. Without a time zone, times are UTC."""
    if not asked.until:
        return FeatureAsk(name=asked.name, enabled=asked.enabled)
    end = until(asked.until, now, zone_of(timezone) or UTC)
    if end is not None and end > now:
        return FeatureAsk(name=asked.name, enabled=asked.enabled, until=end)
    said = f"features {'on' if asked.enabled else 'off'} {asked.name}"
    examples = listed([coded(f"{said} {example}") for example in EXAMPLES], desk.locale, "or")
    key = "until_unknown" if end is None else "until_past"
    return replying(desk.text(key, said=shortened(asked.until), examples=examples), visibility=desk.aside)


def shared(asked: Share, desk: Desk) -> FeatureAsk | Reply:
    """Return the share as it is asked for, or what is wrong about it."""
    found = _SHARE.fullmatch(folded(asked.share).strip())
    if found and int(found[1]) <= WHOLE:
        return FeatureAsk(name=asked.name, rollout=int(found[1]))
    return replying(desk.text("share_unknown", example=coded(f"features share {asked.name} 10%")), visibility=desk.aside)


def configured(asked: Configure, shape: Json) -> FeatureAsk:
    """Return the setting as it is asked for: as it was typed, for its schema is users-service's to read; `default` is None."""
    choices = shape.get("enum")
    is_default = folded(asked.value) == DEFAULT and not (isinstance(choices, list) and DEFAULT in choices)
    return FeatureAsk(name=asked.name, settings={asked.setting: None if is_default else asked.value})
