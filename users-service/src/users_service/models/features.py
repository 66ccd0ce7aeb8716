"""What Jeeves can do, and the numbers by which it is known whether something changed."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Document, Moment, Opaque, Short

features = table(
    "features",
    sa.Column("name", Short, primary_key=True),
    sa.Column("url", sa.String(500), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("timed", Document, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("rollout", sa.Integer, nullable=False, server_default=sa.text("100")),
    sa.Column("only", Document),
    sa.Column("settings", Document, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("manifest", Document, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

#: What an installation decided for itself; what is null is as in general.
feature_settings = table(
    "feature_settings",
    sa.Column("feature", Short, sa.ForeignKey("features.name", ondelete="CASCADE"), primary_key=True),
    sa.Column("installation_id", Opaque, sa.ForeignKey("installations.id"), primary_key=True),
    sa.Column("enabled", sa.Boolean),
    sa.Column("timed", Document, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("rollout", sa.Integer),
    sa.Column("settings", Document, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("updated_at", Moment, nullable=False),
)

#: Numbers that only grow: `registry` is the revision of the features, `roles` of the roles and of who is active, `erasures`
#: of people erased. `paused` is odd while nothing is answered.
counters = table(
    "counters",
    sa.Column("name", Short, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
