"""When somebody was erased, and the order in which messages grow old."""

import sqlalchemy as sa
from alembic import op

from users_service.types import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("erased_at", Moment()))
    op.create_index(op.f("ix_people_erased_at"), "people", ["erased_at"])
    op.create_index(op.f("ix_messages_created_at"), "messages", ["created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_messages_created_at"), "messages")
    op.drop_index(op.f("ix_people_erased_at"), "people")
    op.drop_column("people", "erased_at")
