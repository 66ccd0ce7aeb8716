"""What is done at times."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Document, Moment, Opaque, Short

#: What a person has asked to be done at times: one of a name for each feature. `since` is when it was given, from where
#: intervals count; `next_due` is null when it has no more runs.
schedules = table(
    "schedules",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("installation_id", Opaque, sa.ForeignKey("installations.id"), nullable=False),
    sa.Column("feature", Short, nullable=False),
    sa.Column("name", Short, nullable=False),
    sa.Column("platform", Short, nullable=False),
    sa.Column("workspace_id", Opaque, nullable=False),
    sa.Column("user_id", Opaque, nullable=False),
    sa.Column("locale", Short),
    sa.Column("command", sa.String(1500), nullable=False),
    sa.Column("timing", Document, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("next_due", Moment, index=True),
    sa.UniqueConstraint("person_id", "installation_id", "feature", "name"),
)

#: One row for each run of a schedule, by its due instant, and for each job on demand (no schedule). `ready_at` is from when on
#: it may be leased: while it is, the end of the lease. Whole in itself, so that it is the same message each time, and without
#: foreign keys: their locks and those of an answer that changes a schedule would wait for each other.
runs = table(
    "runs",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("schedule_id", sa.String(36)),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("owner", Opaque),
    sa.Column("ready_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("installation_id", Opaque, nullable=False),
    sa.Column("person_id", sa.String(36), nullable=False),
    sa.Column("platform", Short, nullable=False),
    sa.Column("workspace_id", Opaque, nullable=False),
    sa.Column("user_id", Opaque, nullable=False),
    sa.Column("locale", Short),
    sa.Column("timezone", sa.String(64)),
    sa.Column("command", sa.String(1500), nullable=False),
    sa.Column("published_at", Moment),
    sa.UniqueConstraint("schedule_id", "due_at"),
    sa.Index("ix_runs_open", "state", "ready_at"),
)
