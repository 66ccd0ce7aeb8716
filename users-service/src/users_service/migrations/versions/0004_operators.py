"""Roles, merges, settings of installations, audit, API tokens, and what the API keeps of requests."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from users_service.types import Bytes, Document, Moment, Serial

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MYSQL: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}
PERSON = sa.String(36)
OPAQUE = sa.String(255)
SHORT = sa.String(40)
EMPTY: dict[str, Any] = {"nullable": False, "server_default": sa.text("'{}'")}
NONE: dict[str, Any] = {"nullable": False, "server_default": sa.text("'[]'")}


def upgrade() -> None:
    _people()
    _features()
    _api()
    _runs()


def _people() -> None:
    op.create_table(
        "roles",
        sa.Column("installation_id", OPAQUE, nullable=False),
        sa.Column("person_id", PERSON, nullable=False),
        sa.Column("role", SHORT, nullable=False),
        sa.Column("granted_by", sa.String(200), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roles_person_id")),
        sa.PrimaryKeyConstraint("installation_id", "person_id", name=op.f("pk_roles")),
        **MYSQL,
    )
    _keep_admins()
    # Plain statements: a copy of the table, as SQLite had to be altered once, would break what refers to it.
    op.drop_column("people", "is_admin")
    op.add_column("people", sa.Column("profile_at", Moment()))
    op.add_column("people", sa.Column("merged_into", PERSON))
    op.add_column("people", sa.Column("merged_at", Moment()))
    op.create_index(op.f("ix_people_merged_into"), "people", ["merged_into"])
    op.create_table(
        "merges",
        sa.Column("id", PERSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_id", PERSON, nullable=False),
        sa.Column("second_id", PERSON),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_merges_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_merges_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sa.UniqueConstraint("digest", name=op.f("uq_merges_digest")),
        **MYSQL,
    )
    op.create_index(op.f("ix_merges_first_id"), "merges", ["first_id"])
    op.create_index(op.f("ix_merges_second_id"), "merges", ["second_id"])


def _keep_admins() -> None:
    """Who was an admin by the column is one by a row, in the installation of each of their identities."""
    people = sa.table("people", sa.column("id"), sa.column("is_admin"), sa.column("created_at"))
    known = sa.table("identities", *map(sa.column, ("platform", "workspace_id", "person_id")))
    roles = sa.table("roles", *map(sa.column, ("installation_id", "person_id", "role", "granted_by", "created_at")))
    place = known.c.platform.concat(":").concat(known.c.workspace_id)
    granted = (
        sa.select(place, people.c.id, sa.literal("admin"), sa.literal("an earlier version"), sa.func.min(people.c.created_at))
        .join(people, people.c.id == known.c.person_id)
        .where(people.c.is_admin)
        .group_by(place, people.c.id)
    )
    op.execute(roles.insert().from_select([column.name for column in roles.c], granted))


def _features() -> None:
    op.add_column("features", sa.Column("timed", Document, **NONE))
    op.add_column("features", sa.Column("rollout", sa.Integer, nullable=False, server_default=sa.text("100")))
    op.add_column("features", sa.Column("only", Document))
    op.create_table(
        "feature_settings",
        sa.Column("feature", SHORT, nullable=False),
        sa.Column("installation_id", OPAQUE, nullable=False),
        sa.Column("enabled", sa.Boolean),
        sa.Column("timed", Document, **NONE),
        sa.Column("rollout", sa.Integer),
        sa.Column("settings", Document, **EMPTY),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["feature"], ["features.name"], name=op.f("fk_feature_settings_feature"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["installation_id"], ["installations.id"], name=op.f("fk_feature_settings_installation_id")),
        sa.PrimaryKeyConstraint("feature", "installation_id", name=op.f("pk_feature_settings")),
        **MYSQL,
    )
    op.create_table(
        "audit",
        sa.Column("id", Serial, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("person_id", PERSON),
        sa.Column("installation_id", OPAQUE),
        sa.Column("action", SHORT, nullable=False),
        sa.Column("subject", OPAQUE, nullable=False),
        sa.Column("before", Document),
        sa.Column("after", Document),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        **MYSQL,
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index("ix_audit_installation", "audit", ["installation_id", "id"])


def _api() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", PERSON, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(20), nullable=False),
        sa.Column("person_id", PERSON),
        sa.Column("installation_id", OPAQUE),
        sa.Column("scopes", Document, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("last_used_at", Moment()),
        sa.Column("revoked_at", Moment()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_api_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
        **MYSQL,
    )
    op.create_index(op.f("ix_api_tokens_person_id"), "api_tokens", ["person_id"])
    op.create_table(
        "idempotency",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", Document, nullable=False),
        sa.Column("body", Bytes, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency")),
        **MYSQL,
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"])
    op.create_table(
        "buckets",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_buckets")),
        **MYSQL,
    )


def _runs() -> None:
    """The API itself knows by its key what was asked before. Nothing refers to runs: SQLite may copy the table."""
    with op.batch_alter_table("runs") as runs:
        runs.drop_constraint(op.f("uq_runs_key"), type_="unique")
        runs.drop_column("key")
    op.create_index(op.f("ix_runs_due_at"), "runs", ["due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_runs_due_at"), "runs")
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("key", sa.String(64)))
        runs.create_unique_constraint(op.f("uq_runs_key"), ["key"])
    for name in ("buckets", "idempotency", "api_tokens", "audit", "feature_settings", "merges"):
        op.drop_table(name)
    for name in ("only", "rollout", "timed"):
        op.drop_column("features", name)
    op.drop_index(op.f("ix_people_merged_into"), "people")
    op.drop_column("people", "merged_at")
    op.drop_column("people", "merged_into")
    op.drop_column("people", "profile_at")
    op.add_column("people", sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()))
    people, roles = sa.table("people", *map(sa.column, ("id", "is_admin"))), sa.table("roles", sa.column("person_id"))
    op.execute(people.update().where(people.c.id.in_(sa.select(roles.c.person_id))).values(is_admin=sa.true()))
    op.drop_table("roles")
