"""From a request's bytes to an object of JSON: what Slack sends as JSON, and what it sends as a form."""

import json
import re
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl

Object: TypeAlias = dict[str, object]
MAX_FIELDS = 100
MAX_CHECK = 4096  # bytes; an ssl_check is far shorter
NAME = re.compile(r"[!-~]{1,100}")
FORM = b"application/x-www-form-urlencoded"


class Door(StrEnum):
    """The three things that arrive at the one address."""

    EVENT = "event"
    INTERACTION = "interaction"
    SLASH_COMMAND = "slash_command"


class Parsed(NamedTuple):
    door: Door
    data: Object


def parse(content_type: bytes, body: bytes) -> Parsed | None:
    """Read a signed body. None when it is neither a JSON object with a `type` nor a form that Slack sends."""
    if not is_form(content_type):
        data = _json(body)
        return Parsed(Door.EVENT, data) if data and isinstance(data.get("type"), str) else None
    fields = _fields(body)
    payloads = [value for name, value in fields if name == "payload"]
    if len(payloads) == 1:
        data = _json(payloads[0].encode("utf-8", "replace"))
        return Parsed(Door.INTERACTION, data) if data and isinstance(data.get("type"), str) else None
    form: Object = dict(fields)
    return Parsed(Door.SLASH_COMMAND, form) if form.get("command") and not payloads else None


def is_form(content_type: bytes) -> bool:
    """Tell whether a `Content-Type` names a form."""
    return content_type.split(b";")[0].strip().lower() == FORM


def is_ssl_check(content_type: bytes, body: bytes) -> bool:
    """Tell Slack's look at our certificate, the one request that it does not sign: a form with `ssl_check=1`."""
    return is_form(content_type) and len(body) <= MAX_CHECK and ("ssl_check", "1") in _fields(body)


def at(value: object, *path: str | int) -> object:
    """Return what lies at a path of keys and indexes; None where there is nothing."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """Return the text at a path; the empty one where there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def id_at(value: object, *path: str | int) -> str | None:
    """Return the id at a path; None where there is none, or something that cannot be one (blanks, NUL, 100 characters)."""
    found = at(value, *path)
    return found if isinstance(found, str) and NAME.fullmatch(found) else None


def need_id(value: object, *path: str | int) -> str:
    """Return the id at a path. Raises ValueError when there is none."""
    found = id_at(value, *path)
    if found is None:
        raise ValueError("an id is missing")
    return found


def items_at(value: object, *path: str | int) -> list[object]:
    """Return the list at a path; an empty one where there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def _json(body: bytes) -> Object | None:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of 5,000 digits; nested too deep
        return None
    return data if isinstance(data, dict) else None


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return []
