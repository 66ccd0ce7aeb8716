"""What was done, added up, and by whom what was changed: no words in it."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Document, Moment, Opaque, Serial, Short

#: What was done, without a word of what was said: one row for each answer that was stored.
activity = table(
    "activity",
    sa.Column("message_id", Opaque, primary_key=True),
    sa.Column("fence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("installation_id", Opaque, nullable=False),
    sa.Column("person_id", sa.String(36), nullable=False),
    sa.Column("trigger", Short, nullable=False),
    sa.Column("feature", Short),
    sa.Column("command", Short),
    sa.Column("outcome", sa.String(10), nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)

#: Days in UTC whose activity was added up, and how many answers that were: what is not here is read from `activity` itself.
activity_days = table(
    "activity_days",
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

#: How many answers of a kind a day had, `slowest_ms` of them, and how many took how long (`domain.histogram` has the borders of
#: the buckets). Jeeves' own feature and command are "".
activity_counts = table(
    "activity_counts",
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("installation_id", Opaque, primary_key=True),
    sa.Column("feature", Short, primary_key=True),
    sa.Column("command", Short, primary_key=True),
    sa.Column("outcome", sa.String(10), primary_key=True),
    sa.Column("trigger", Short, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("slowest_ms", sa.Integer, nullable=False),
    *(sa.Column(f"bucket_{n}", sa.Integer, nullable=False) for n in range(16)),
)

#: On which days of a month (its first day) somebody used a feature, or (`*`) anything: bit 0 of `days` is the first.
activity_people = table(
    "activity_people",
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("feature", Short, primary_key=True),
    sa.Column("installation_id", Opaque, primary_key=True),
    sa.Column("person_id", sa.String(36), primary_key=True),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Index("ix_activity_people_person", "person_id"),
)

#: Who changed what, when: never changed, never a word of what people said. `actor` is a person, a token, a setting, in words
#: that stay true; `installation_id` is null where it concerns all.
audit = table(
    "audit",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("person_id", sa.String(36)),
    sa.Column("installation_id", Opaque),
    sa.Column("action", Short, nullable=False),
    sa.Column("subject", Opaque, nullable=False),
    sa.Column("before", Document),
    sa.Column("after", Document),
    sa.Index("ix_audit_installation", "installation_id", "id"),
)
