"""All tables. Only users-service knows them; every change of them is a migration."""

import sqlalchemy as sa

from users_service.types import Bytes, Document, Moment, Opaque, Serial, Short

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    # Ids differ by case, and people write in every script: MariaDB is told so for each table.
    return sa.Table(name, metadata, *parts, mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")


installations = _table(
    "installations",
    sa.Column("id", Opaque, primary_key=True),
    sa.Column("platform", Short, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("removed_at", Moment),
)

people = _table(
    "people",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(200)),
    sa.Column("email", sa.String(254), unique=True),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("config", Document, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("locale", Short),
    sa.Column("timezone", sa.String(64)),
    sa.Column("greeted_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
)

identities = _table(
    "identities",
    sa.Column("platform", Short, primary_key=True),
    sa.Column("workspace_id", Opaque, primary_key=True),
    sa.Column("user_id", Opaque, primary_key=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
)

#: `scope` is `person`, `channel` or `workspace`; `subject` is whose: a person's id, `<installation>:<channel>`, or an
#: installation's id. `source` is the message that told it.
facts = _table(
    "facts",
    sa.Column("scope", Short, primary_key=True),
    sa.Column("subject", Opaque, primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", Document, nullable=False),
    sa.Column("source", Opaque, nullable=False),
    sa.Column("since", Moment, nullable=False),
)

#: What a fact became: a row for each change, the newest six of a name, `value` null where it was forgotten.
fact_history = _table(
    "fact_history",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("scope", Short, nullable=False),
    sa.Column("subject", Opaque, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("value", Document),
    sa.Column("source", Opaque, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "subject", "name"),
)

features = _table(
    "features",
    sa.Column("name", Short, primary_key=True),
    sa.Column("url", sa.String(500), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("settings", Document, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("manifest", Document, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

#: Numbers that only grow: `registry` is the registry's revision.
counters = _table(
    "counters",
    sa.Column("name", Short, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

#: One row for each message that was ever claimed: docs/protocol.md tells its states. `data` is what was said, `memo` what the
#: action that answered asked to be reminded of.
messages = _table(
    "messages",
    sa.Column("message_id", Opaque, primary_key=True),
    sa.Column("installation_id", Opaque, sa.ForeignKey("installations.id"), nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("channel_id", Opaque, nullable=False),
    sa.Column("thread_id", Opaque, nullable=False),
    sa.Column("platform_order", sa.BigInteger, nullable=False),
    sa.Column("reference", sa.String(16), nullable=False, index=True),
    sa.Column("trigger", Short, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("delivery_id", Opaque, nullable=False),
    sa.Column("claimed_at", Moment, nullable=False),
    sa.Column("external_fence", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("replay_delivery_id", Opaque),
    sa.Column("reason", sa.String(300)),
    sa.Column("feature", Short),
    sa.Column("command", Short),
    sa.Column("memo", Document),
    sa.Column("data", Document),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_messages_thread", "person_id", "thread_id", "platform_order"),
    sa.Index("ix_messages_person_claimed", "person_id", "claimed_at"),
)

replies = _table(
    "replies",
    sa.Column("message_id", Opaque, sa.ForeignKey("messages.message_id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("take", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("taken_at", Moment),
    sa.Column("notice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("content", Document),
    sa.Column("ts", Opaque),
    sa.Column("reason", sa.String(100)),
    sa.Column("resent_in_doubt", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
)

#: What a change did, and what would undo it (`inverse`), for a day: after that a tidier takes both away. `undone_by` is the
#: message that took it back; `takes_back` tells that this change itself was an undo.
receipts = _table(
    "receipts",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("message_id", Opaque, sa.ForeignKey("messages.message_id"), nullable=False, index=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("change", Document, nullable=False),
    sa.Column("inverse", Document),
    sa.Column("takes_back", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("undone_at", Moment),
    sa.Column("undone_by", Opaque),
    sa.Column("created_at", Moment, nullable=False),
)

#: Answers that people reported to their admins: which, by whom, when, and nothing of what was said.
reports = _table(
    "reports",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("message_id", Opaque, sa.ForeignKey("messages.message_id"), nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("installation_id", Opaque, sa.ForeignKey("installations.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("message_id", "person_id"),
    sa.Index("ix_reports_installation", "installation_id", "at"),
)

#: What was done, without a word of what was said: one row for each answer that was stored.
activity = _table(
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

#: `digest` is of origin and body: the same letter delivered twice is one row.
dead_letters = _table(
    "dead_letters",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("kind", Short, nullable=False),
    sa.Column("subject", Opaque),
    sa.Column("installation_id", Opaque),
    sa.Column("origin", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("body", Bytes, nullable=False),
    sa.Column("state", Short, nullable=False),
    sa.Column("stored_at", Moment, nullable=False),
)

#: What a person has asked to be done at times: one of a name for each feature. `since` is when it was given, from where
#: intervals count; `next_due` is null when it has no more runs.
schedules = _table(
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
runs = _table(
    "runs",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("schedule_id", sa.String(36)),
    sa.Column("key", sa.String(64), unique=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("owner", Opaque),
    sa.Column("ready_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
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
