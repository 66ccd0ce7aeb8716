"""People, who they are where, what they may."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Document, Moment, Opaque, Short

installations = table(
    "installations",
    sa.Column("id", Opaque, primary_key=True),
    sa.Column("platform", Short, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("removed_at", Moment),
)

#: `profile_at`: when name and address were last read from the platform. `merged_into`: only a shell, for what still refers to
#: it; another person has everything. `erased_at`: what was said until then is taken up no more.
people = table(
    "people",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(200)),
    sa.Column("email", sa.String(254), unique=True),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("config", Document, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("locale", Short),
    sa.Column("timezone", sa.String(64)),
    sa.Column("greeted_at", Moment),
    sa.Column("profile_at", Moment),
    sa.Column("merged_into", sa.String(36), index=True),
    sa.Column("merged_at", Moment),
    sa.Column("erased_at", Moment, index=True),
    sa.Column("created_at", Moment, nullable=False),
)

identities = table(
    "identities",
    sa.Column("platform", Short, primary_key=True),
    sa.Column("workspace_id", Opaque, primary_key=True),
    sa.Column("user_id", Opaque, primary_key=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
)

#: Who was made admin of an installation, or operator (of `*`), by whom: beside what the settings say.
roles = table(
    "roles",
    sa.Column("installation_id", Opaque, primary_key=True),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("role", Short, nullable=False),
    sa.Column("granted_by", sa.String(200), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

#: Two identities on the way to one person. `first` began and was told a code, `second` gave it back and was told another, which
#: `first` gives back. Only digests of codes are kept, for ten minutes.
merges = table(
    "merges",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("first_id", sa.String(36), sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("second_id", sa.String(36), sa.ForeignKey("people.id"), index=True),
    sa.Column("expires_at", Moment, nullable=False),
)
