"""Composition root of users-service."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter

from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.ops import create_ops
from jeeves_service.service import Service
from jeeves_service.tokens import Verifier
from users_service.consumers import Clerk
from users_service.engine import Database
from users_service.knowledge_routes import knowledge_routes
from users_service.password_routes import password_routes
from users_service.public import Parts, public_app
from users_service.routes import delivery_routes
from users_service.run_routes import run_routes
from users_service.service.answers import Answers
from users_service.service.claims import Claims
from users_service.service.dead_letters import DeadLetters
from users_service.service.erasure import Leftovers
from users_service.service.features import Features
from users_service.service.forgotten import Forgotten
from users_service.service.knowledge import Knowledge
from users_service.service.manifests import Manifests
from users_service.service.passwords import Passwords
from users_service.service.retention import Retention
from users_service.service.roles import Roles
from users_service.service.rollups import Rollups
from users_service.service.runs import Runs
from users_service.service.sending import Sending
from users_service.service.tidy import MINUTELY, Chore, Tidy
from users_service.settings import Settings

NAME = "users-service"


def create_app(settings: Settings, *, bus: Bus, http: HttpClient, clock: Clock) -> Service:
    """Build users-service. Its database is expected at the newest revision (`users_service.migrate`)."""
    database = Database(settings.jeeves_database_url.get_secret_value())
    manifests = Manifests(http, settings.jeeves_action_origins)
    features = Features(database, manifests, clock, settings.jeeves_actions)
    letters = DeadLetters(database, clock)
    clerk, rollups = Clerk(letters, bus, clock), Rollups(database, clock)

    checks = {"database": database.check, "bus": bus.check, "actions": features.settle}
    metrics = CollectorRegistry()
    resent = Counter("jeeves_replies_resent_in_doubt_total", "Posts made again that could not be looked up", registry=metrics)
    gone = Counter("jeeves_rows_erased_total", "Rows that were kept long enough, by table", ["table"], registry=metrics)
    tidy = Tidy(
        clock,
        Chore("forgotten", Forgotten(database, clock).tidy),
        Chore("erased", Leftovers(database, clock).tidy, MINUTELY),
        Chore("old", Retention(database, clock, timedelta(days=settings.jeeves_retention_days), gone).tidy),
    )
    ops = create_ops(NAME, checks, metrics)
    ops.extensions["verifier"] = Verifier(settings.jeeves_service_keys, NAME, clock)
    roles = Roles.of(settings)
    claims, answers = Claims(database, clock, roles, features), Answers(database, clock, features, roles)
    ops.register_blueprint(delivery_routes(claims, answers, Sending(database, clock, resent)))
    ops.register_blueprint(password_routes(Passwords(database, clock)))
    ops.register_blueprint(knowledge_routes(Knowledge(database, clock, roles, features)))
    leased = Counter(
        "jeeves_runs_total", "Runs of schedules by what became of them at the lease", ["outcome"], registry=metrics
    )
    ops.register_blueprint(run_routes(Runs(database, clock, leased)))

    public = public_app(settings, database, clock, Parts(bus, roles, features, manifests, ops.extensions["verifier"]))

    return Service(
        NAME,
        ops,
        public,
        on_start=[clerk.start, features.start, tidy.start, rollups.start],
        on_stop=[database.aclose, rollups.stop, tidy.stop, features.stop, clerk.stop],
    )
