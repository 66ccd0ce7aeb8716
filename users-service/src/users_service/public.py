"""The public face of users-service: the API, with all its resources."""

from dataclasses import dataclass

from quart import Quart

from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.tokens import Verifier
from jeeves_service.web import create_quart
from users_service.api import (
    audit,
    dead_letters,
    erasure,
    facts,
    installations,
    jobs,
    messages,
    operations,
    people,
    policies_told,
    runs,
    schedules,
    statistics,
    tokens,
)
from users_service.api import roles as granting
from users_service.api.app import api_routes
from users_service.api.authenticate import Authenticator
from users_service.api.door import Door
from users_service.api.exports import export_routes
from users_service.api.features import feature_operations
from users_service.api.forms import form_routes
from users_service.api.limits import Limits
from users_service.api.routing import Resource
from users_service.engine import Database
from users_service.service.features import Features
from users_service.service.manifests import Manifests
from users_service.service.roles import Roles
from users_service.settings import Settings

NAME = "users-service"


@dataclass(frozen=True)
class Parts:
    """What the API shares with the rest of the service."""

    bus: Bus
    roles: Roles
    features: Features
    manifests: Manifests
    verifier: Verifier


def public_app(settings: Settings, database: Database, clock: Clock, parts: Parts) -> Quart:
    """Return the app of the public port."""
    token = settings.jeeves_admin_token
    secret = token.get_secret_value() if token else None
    door = Door(
        database,
        clock,
        Authenticator(database, clock, parts.roles, parts.verifier, secret),
        Limits(database, clock, settings.jeeves_api_rate),
    )
    app = create_quart(NAME)
    app.register_blueprint(api_routes(door, _resources(database, parts)))
    return app


def _resources(database: Database, parts: Parts) -> list[Resource]:
    roles = parts.roles
    resources = [
        tokens.resource(roles), people.resource(roles), granting.resource(roles), installations.RESOURCE,
        feature_operations(database, parts.manifests), facts.RESOURCE, schedules.RESOURCE, runs.RESOURCE, jobs.RESOURCE,
        messages.RESOURCE, statistics.RESOURCE, audit.RESOURCE, dead_letters.resource(database, parts.bus),
        operations.RESOURCE, export_routes(roles), erasure.RESOURCE, form_routes(roles),
    ]  # fmt: skip
    resources.append(policies_told.resource(lambda: [one for resource in resources for one in resource.operations]))
    return resources
