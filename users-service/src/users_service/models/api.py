"""What the API keeps of who asks and what was asked."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Bytes, Document, Moment, Opaque

#: Keys to the API: `digest` of the whole token, `hint` its first characters. With a `person_id` it acts as this person, by
#: whatever roles they have then; without, as the operator, or as an admin of `installation_id`.
api_tokens = table(
    "api_tokens",
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("hint", sa.String(20), nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("people.id"), index=True),
    sa.Column("installation_id", Opaque),
    sa.Column("scopes", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
    sa.Column("revoked_at", Moment),
)

#: What was answered to a request that had an Idempotency-Key: `digest` of the asker and the key, `request` of what was asked.
idempotency = table(
    "idempotency",
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("request", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", Document, nullable=False),
    sa.Column("body", Bytes, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)

#: Token buckets of the API: how many requests somebody may still make, as of an instant.
buckets = table(
    "buckets",
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("level", sa.Float, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
