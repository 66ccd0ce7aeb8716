"""Composition root of users-service."""

import asyncio
import contextlib

from prometheus_client import CollectorRegistry, Counter

from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.ops import create_ops
from jeeves_service.service import Service
from jeeves_service.tokens import Verifier
from jeeves_service.web import create_quart
from users_service.api import api_routes
from users_service.consumers import Clerk
from users_service.engine import Database
from users_service.knowledge_routes import knowledge_routes
from users_service.registry_routes import registry_routes
from users_service.routes import dead_letter_routes, delivery_routes
from users_service.run_routes import run_routes
from users_service.service.answers import Answers
from users_service.service.claims import Claims
from users_service.service.dead_letters import DeadLetters
from users_service.service.features import Features
from users_service.service.jobs import Jobs
from users_service.service.knowledge import Knowledge
from users_service.service.roles import Roles
from users_service.service.runs import Runs
from users_service.service.sending import Sending
from users_service.service.tidy import Tidy
from users_service.settings import Settings

NAME = "users-service"


def create_app(settings: Settings, *, bus: Bus, http: HttpClient, clock: Clock) -> Service:
    """Build users-service. Its database is expected at the newest revision (`users_service.migrate`)."""
    database = Database(settings.jeeves_database_url.get_secret_value())
    features = Features(database, http, clock, settings.jeeves_actions)
    letters = DeadLetters(database, clock)
    clerk, tidy = Clerk(letters, bus, clock), Tidy(database, clock)

    checks = {"database": database.check, "bus": bus.check, "actions": features.settle}
    metrics = CollectorRegistry()
    resent = Counter("jeeves_replies_resent_in_doubt_total", "Posts made again that could not be looked up", registry=metrics)
    ops = create_ops(NAME, checks, metrics)
    ops.extensions["verifier"] = Verifier(settings.jeeves_service_keys, NAME, clock)
    roles = Roles.of(settings)
    claims, answers = Claims(database, clock, roles, features), Answers(database, clock, features, roles)
    ops.register_blueprint(delivery_routes(claims, answers, Sending(database, clock, resent)))
    ops.register_blueprint(knowledge_routes(Knowledge(database, clock, roles)))
    ops.register_blueprint(dead_letter_routes(letters, bus, clock))
    ops.register_blueprint(registry_routes(features))
    leased = Counter(
        "jeeves_runs_total", "Runs of schedules by what became of them at the lease", ["outcome"], registry=metrics
    )
    ops.register_blueprint(run_routes(Runs(database, clock, leased)))

    public = create_quart(NAME)
    token = settings.jeeves_admin_token
    public.register_blueprint(api_routes(Jobs(database, clock), token.get_secret_value() if token else None))

    seeding: list[asyncio.Task[None]] = []

    async def begin_seeding() -> None:
        seeding.append(asyncio.create_task(features.seed()))

    async def end_seeding() -> None:
        for task in seeding:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return Service(
        NAME,
        ops,
        public,
        on_start=[clerk.start, begin_seeding, tidy.start],
        on_stop=[database.aclose, tidy.stop, end_seeding, clerk.stop],
    )
