"""All tables. Only users-service knows them; every change of them is a migration."""

from users_service.models.activity import activity, activity_counts, activity_days, activity_people, audit
from users_service.models.api import api_tokens, buckets, idempotency
from users_service.models.base import metadata
from users_service.models.facts import fact_history, facts
from users_service.models.features import counters, feature_settings, features
from users_service.models.messages import dead_letters, messages, receipts, replies, reports
from users_service.models.people import identities, installations, merges, people, roles
from users_service.models.schedules import runs, schedules

__all__ = [
    "activity",
    "activity_counts",
    "activity_days",
    "activity_people",
    "api_tokens",
    "audit",
    "buckets",
    "counters",
    "dead_letters",
    "fact_history",
    "facts",
    "feature_settings",
    "features",
    "idempotency",
    "identities",
    "installations",
    "merges",
    "messages",
    "metadata",
    "people",
    "receipts",
    "replies",
    "reports",
    "roles",
    "runs",
    "schedules",
]
