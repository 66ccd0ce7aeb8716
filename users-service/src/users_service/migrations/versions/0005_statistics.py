"""Rollups of activity."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from users_service.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MYSQL: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    op.create_table(
        "activity_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_activity_days")),
        **MYSQL,
    )
    op.create_table(
        "activity_counts",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("installation_id", sa.String(255), nullable=False),
        sa.Column("feature", sa.String(40), nullable=False),
        sa.Column("command", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("trigger", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("slowest_ms", sa.Integer, nullable=False),
        *(sa.Column(f"bucket_{n}", sa.Integer, nullable=False) for n in range(16)),
        sa.PrimaryKeyConstraint(
            "day", "installation_id", "feature", "command", "outcome", "trigger", name=op.f("pk_activity_counts")
        ),
        **MYSQL,
    )
    op.create_table(
        "activity_people",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("feature", sa.String(40), nullable=False),
        sa.Column("installation_id", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "feature", "installation_id", "person_id", name=op.f("pk_activity_people")),
        **MYSQL,
    )
    op.create_index("ix_activity_people_person", "activity_people", ["person_id"])


def downgrade() -> None:
    for name in ("activity_people", "activity_counts", "activity_days"):
        op.drop_table(name)
