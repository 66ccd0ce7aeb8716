"""What a call of the Web API came to. Slack answers most of its errors with HTTP 200 and `ok: false`.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

RETRY_AFTER = 3.0  # seconds to wait where Slack asks to slow down and does not say for how long
SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)
CODE = re.compile(r"[a-z0-9_.:-]{1,80}", re.ASCII)
#: Our own word for `invalid_blocks` where it is a picture that Slack complains of: it may not have looked at it yet.
INVALID_FILE = "invalid_slack_file"


class Kind(StrEnum):
    """OK; LIMITED: slow down; DOUBT: it may have been done; NOT_SENT: it surely was not, later it may be; LATE: it was not, for
    its time had passed; REFUSED: it never will be; BARRED: nothing will be, with this token as it is.
    """

    OK = "ok"
    LIMITED = "limited"
    DOUBT = "doubt"
    NOT_SENT = "not_sent"
    LATE = "late"
    REFUSED = "refused"
    BARRED = "barred"


KINDS = {
    **dict.fromkeys(("ratelimited", "rate_limited", "message_limit_exceeded"), Kind.LIMITED),
    **dict.fromkeys(("internal_error", "fatal_error", "service_unavailable", "request_timeout"), Kind.DOUBT),
    **dict.fromkeys(("team_added_to_org",), Kind.NOT_SENT),  # "wait for some time, and try again"
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"), Kind.BARRED
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is Slack's own word for an error; `retry_after` seconds, for LIMITED only; `data` the answer, for OK only."""

    kind: Kind
    code: str = ""
    retry_after: float = 0
    data: Mapping[str, object] = field(default_factory=dict)


def judged(status: int, headers: Mapping[str, str], data: object) -> Outcome:
    """Judge an answer by its HTTP status, headers and JSON (None when it is none)."""
    answer = data if isinstance(data, dict) else {}
    code = answer.get("error")
    code = code if isinstance(code, str) and CODE.fullmatch(code) else ""
    if status == 429 or (status == 200 and KINDS.get(code) is Kind.LIMITED):  # noqa: PLR2004
        return Outcome(Kind.LIMITED, code or "ratelimited", retry_after=_seconds(headers.get("Retry-After", "")))
    if status >= 500:  # noqa: PLR2004
        return Outcome(Kind.DOUBT, f"http_{status}")
    if status != 200:  # noqa: PLR2004
        return Outcome(KINDS.get(code, Kind.REFUSED), code or f"http_{status}")
    if answer.get("ok") is True:
        return Outcome(Kind.OK, data=answer)
    if not code:
        return Outcome(Kind.DOUBT, "unreadable_answer")
    if code == "invalid_blocks" and "slack_file" in str(answer.get("errors")):  # "invalid slack file [json-pointer:/…"
        code = INVALID_FILE
    return Outcome(KINDS.get(code, Kind.REFUSED), code)


def judged_upload(status: int, headers: Mapping[str, str]) -> Outcome:
    """Judge the answer to uploaded bytes, which is no JSON: 200 says that they are there."""
    return Outcome(Kind.OK) if status == 200 else judged(status, headers, None)  # noqa: PLR2004


def _seconds(value: str) -> float:
    return float(value) if SECONDS.fullmatch(value.strip()) else RETRY_AFTER
