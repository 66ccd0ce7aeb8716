"""Why a message was, or was not, answered: one sentence's key, from what is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from jeeves_contracts.toggles import Policy
from users_service.domain.claims import FORGOTTEN
from users_service.domain.takes import OPEN

OVERDUE = timedelta(seconds=60)  # a call ends within 45 s of its claim
POLICIES = (*get_args(Policy), "command-roles", "person-active")  # by which the dispatcher refuses
IN_DOUBT = "external call in doubt"
NOT_UNDERSTOOD = ("hint", "suggestion", "unknown command")


@dataclass(frozen=True)
class ReplyState:
    """What became of one reply."""

    n: int
    state: str
    reason: str | None
    resent: int


@dataclass(frozen=True)
class Kept:
    """What is kept of a message. `replies` in order."""

    state: str
    reason: str | None
    claimed_at: datetime
    fence: int
    trigger: str
    replies: Sequence[ReplyState]
    is_erased: bool = False


def verdict(kept: Kept, now: datetime) -> str:
    """Return the key of the sentence that says what became of a message: the first that fits."""
    if kept.state == "claimed":
        return _at_work(kept, now)
    refused = next((reply for reply in kept.replies if reply.state == "refused"), None)
    if refused is not None:
        return {"in_doubt": "reply_in_doubt", "dead_letter": "reply_dead", "erased": "reply_erased"}.get(
            refused.reason or "", "reply_refused"
        )
    if any(reply.state in OPEN for reply in kept.replies):
        return "reply_sending" if any(reply.state == "sending" for reply in kept.replies) else "reply_waiting"
    if kept.state == "failed":
        return _failed(kept)
    return _answered(kept)


def _at_work(kept: Kept, now: datetime) -> str:
    age = now - kept.claimed_at
    return "working" if age < OVERDUE else "stuck" if age < FORGOTTEN else "forgotten"


def _failed(kept: Kept) -> str:
    if kept.reason in ("expired", "throttled", "dead_letter"):
        return str(kept.reason)
    return "failed" if kept.replies else "failed_silently"


def _answered(kept: Kept) -> str:
    if kept.reason == IN_DOUBT:
        return "in_doubt"
    if kept.reason in POLICIES:
        return "policy"
    if not kept.replies:
        return "unknown_job" if kept.reason in NOT_UNDERSTOOD else "no_reply"
    if any(reply.resent for reply in kept.replies):
        return "perhaps_twice"
    return "hint" if kept.reason in NOT_UNDERSTOOD else "answered"
