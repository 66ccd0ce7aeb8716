"""What people, channels and workspaces told of themselves."""

import sqlalchemy as sa

from users_service.models.base import table
from users_service.types import Document, Moment, Opaque, Serial, Short

#: `scope` is `person`, `channel` or `workspace`; `subject` is whose: a person's id, `<installation>:<channel>`, or an
#: installation's id. `source` is the message that told it.
facts = table(
    "facts",
    sa.Column("scope", Short, primary_key=True),
    sa.Column("subject", Opaque, primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", Document, nullable=False),
    sa.Column("source", Opaque, nullable=False),
    sa.Column("since", Moment, nullable=False),
)

#: What a fact became: a row for each change, the newest six of a name, `value` null where it was forgotten.
fact_history = table(
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
