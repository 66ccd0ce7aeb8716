"""What was said and answered, what that changed, and what could not be handled."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Bytes, Document, Moment, Opaque, Serial, Short

#: One row for each message that was ever claimed: docs/protocol.md tells its states. `data` is what was said, `memo` what the
#: action that answered asked to be reminded of.
messages = table(
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
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Index("ix_messages_thread", "person_id", "thread_id", "platform_order"),
    sa.Index("ix_messages_person_claimed", "person_id", "claimed_at"),
)

replies = table(
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
receipts = table(
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
reports = table(
    "reports",
    sa.Column("id", Serial, primary_key=True),
    sa.Column("message_id", Opaque, sa.ForeignKey("messages.message_id"), nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("installation_id", Opaque, sa.ForeignKey("installations.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("message_id", "person_id"),
    sa.Index("ix_reports_installation", "installation_id", "at"),
)

#: `digest` is of origin and body: the same letter delivered twice is one row.
dead_letters = table(
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
