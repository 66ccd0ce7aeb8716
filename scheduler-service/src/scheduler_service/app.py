"""Composition root of scheduler-service."""

from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.ops import create_ops
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer
from scheduler_service.metrics import Metrics
from scheduler_service.publish import Publisher
from scheduler_service.service import Scheduler
from scheduler_service.settings import Settings
from scheduler_service.users import Users

NAME = "scheduler-service"


def create_app(settings: Settings, *, bus: Bus, http: HttpClient, clock: Clock) -> Service:
    """Build scheduler-service. It has no public face and keeps nothing."""
    metrics = Metrics()
    signer = Signer(settings.jeeves_service_key.get_secret_value(), clock)
    peer = Peer("users-service", settings.jeeves_users_service_url, http, signer)
    scheduler = Scheduler(Users(peer), Publisher(bus, clock, NAME), bus, clock, metrics)
    checks = {"bus": bus.check, "users-service": peer.check, "loop": scheduler.check}
    ops = create_ops(NAME, checks, metrics.registry)
    return Service(NAME, ops, on_start=[scheduler.start], on_stop=[scheduler.stop])
