"""What has become of a run, told to those who ask: from its own state and its message's."""

from datetime import datetime
from typing import Any

from jeeves_contracts.ids import message_id
from jeeves_contracts.messages import JobDue
from jeeves_contracts.people import Conversation, Identity

MICROSECONDS = 1_000_000


def message_of(row: Any) -> str:
    """Name the message of a run."""
    return message_id(row.installation_id, "job", row.id)


def job_of(row: Any) -> JobDue:
    """Return the message of a run: said by its person to Jeeves alone, at the instant when it was due."""
    due: datetime = row.due_at
    return JobDue(
        message_id=message_of(row),
        trigger="schedule",
        text=row.command,
        identity=Identity(platform=row.platform, workspace_id=row.workspace_id, user_id=row.user_id),
        conversation=Conversation(
            installation_id=row.installation_id, channel_id=row.user_id, thread_id=row.id, is_direct=True
        ),
        order=int(due.timestamp() * MICROSECONDS),
        received_at=due,
        expires_at=row.expires_at,
        locale=row.locale,
        timezone=row.timezone,
        run_id=row.id,
        due_at=due,
    )


def state_of(run: str, message: tuple[str, str | None] | None) -> tuple[str, str | None]:
    """Return (state, reason): `queued`, `published`, `working`, `answered`, `failed`, `expired`, `skipped` or `dropped`."""
    if message is None:
        return ("queued" if run in ("due", "leased") else run), None
    state, reason = message
    if state == "failed" and reason == "expired":
        return "expired", None
    return {"claimed": "working"}.get(state, state), reason
