"""What a conversation needs: memos of answers, undone receipts, reports, first greetings."""

import sqlalchemy as sa
from alembic import op

from users_service.types import Document, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("greeted_at", Moment(), nullable=True))
    op.add_column("messages", sa.Column("feature", sa.String(length=40), nullable=True))
    op.add_column("messages", sa.Column("command", sa.String(length=40), nullable=True))
    op.add_column("messages", sa.Column("memo", Document, nullable=True))
    op.add_column("receipts", sa.Column("takes_back", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("receipts", sa.Column("undone_at", Moment(), nullable=True))
    op.add_column("receipts", sa.Column("undone_by", sa.String(length=255), nullable=True))
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("installation_id", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["installation_id"], ["installations.id"], name=op.f("fk_reports_installation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.message_id"], name=op.f("fk_reports_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("message_id", "person_id", name=op.f("uq_reports_message_id_person_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index("ix_reports_installation", "reports", ["installation_id", "at"], unique=False)

    # Receipts of before cannot be undone any more; who was answered before is greeted no more.
    receipts = sa.table("receipts", sa.column("change", Document), sa.column("inverse", Document))
    op.execute(receipts.update().values(change={}, inverse=None))
    people = sa.table("people", sa.column("id"), sa.column("greeted_at", Moment()), sa.column("created_at", Moment()))
    messages = sa.table("messages", sa.column("person_id"), sa.column("state"))
    answered = sa.select(messages.c.person_id).where(messages.c.state == "answered")
    op.execute(people.update().where(people.c.id.in_(answered)).values(greeted_at=people.c.created_at))


def downgrade() -> None:
    op.drop_table("reports")
    for column in ("undone_by", "undone_at", "takes_back"):
        op.drop_column("receipts", column)
    for column in ("memo", "command", "feature"):
        op.drop_column("messages", column)
    op.drop_column("people", "greeted_at")
