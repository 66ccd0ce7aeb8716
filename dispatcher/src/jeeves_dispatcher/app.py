"""Composition root of the dispatcher."""

from prometheus_client import CollectorRegistry, Counter

from jeeves_dispatcher.calls import Actions
from jeeves_dispatcher.consumers import Consumers
from jeeves_dispatcher.service import Handler
from jeeves_dispatcher.settings import Settings
from jeeves_dispatcher.task import Bulkheads
from jeeves_dispatcher.users import Users
from jeeves_dispatcher.work import Work
from jeeves_service.bus.port import Bus
from jeeves_service.bus.replies import Replies
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.ops import create_ops
from jeeves_service.patience import Patience
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer

NAME = "dispatcher"


def create_app(settings: Settings, *, bus: Bus, http: HttpClient, clock: Clock) -> Service:
    """Build the dispatcher. It has no public face and keeps nothing."""
    metrics = CollectorRegistry()
    outcomes = Counter("jeeves_dispatcher_messages_total", "Messages by what came of them", ["outcome"], registry=metrics)
    signer = Signer(settings.jeeves_service_key.get_secret_value(), clock)
    patience = Patience(clock)
    users = Users(Peer("users-service", settings.jeeves_users_service_url, http, signer), patience)
    work = Work(users, Actions(http, signer), Replies(bus, clock, NAME), clock, Bulkheads())
    consumers = Consumers(bus, users, Handler(users, work, bus, clock, patience=patience, outcomes=outcomes), clock, patience)
    ops = create_ops(NAME, {"bus": bus.check, "users-service": users.check}, metrics)
    return Service(NAME, ops, on_start=[consumers.start], on_stop=[consumers.stop])
