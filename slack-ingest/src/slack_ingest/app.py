"""The composition root of slack-ingest: what Slack sends goes to the bus, what the bus asks for goes to Slack."""

from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.ops import create_ops
from jeeves_service.patience import Patience
from jeeves_service.peers import Peer
from jeeves_service.service import Service
from jeeves_service.tokens import Signer
from jeeves_service.web import create_quart
from slack_ingest.attachments import Attachments
from slack_ingest.courier import Courier
from slack_ingest.installations import Installations
from slack_ingest.metrics import Metrics
from slack_ingest.pace import Pace
from slack_ingest.profiles import Profiles
from slack_ingest.receive import Receiver
from slack_ingest.routes import SlackRoutes
from slack_ingest.sender import Sender
from slack_ingest.settings import Settings
from slack_ingest.slack_api import SlackApi
from slack_ingest.tries import Tries
from slack_ingest.users import Replies


def create_app(settings: Settings, *, bus: Bus, http: HttpClient, clock: Clock) -> Service:
    """Build the service. Without a bot token it only receives; the lanes keep what was to be sent."""
    token, metrics = settings.slack_bot_token.get_secret_value(), Metrics()
    api = SlackApi(settings.slack_api_url, token)
    signer = Signer(settings.jeeves_service_key.get_secret_value(), clock)
    peer = Peer("users-service", settings.jeeves_users_service_url, http, signer)
    installations = Installations(api if token else None, clock)
    profiles = Profiles(api if token else None, installations, clock)
    receiver = Receiver(settings.signing_secrets, bus, clock, installations, profiles, metrics)
    ops = create_ops(
        "slack-ingest",
        {
            "bus": bus.check,
            "users-service": peer.check,
            "slack": installations.check,
        },
        metrics.registry,
    )
    public = SlackRoutes(receiver, metrics, create_quart("slack-ingest"))
    service = Service("slack-ingest", ops, public, [installations.start], [api.close, installations.stop, profiles.stop])
    if token:
        sender = create_sender(settings, bus=bus, peer=peer, clock=clock, api=api, installations=installations, metrics=metrics)
        service.on_start.append(sender.start)
        service.on_stop.append(sender.stop)
    return service


def create_sender(
    settings: Settings,
    *,
    bus: Bus,
    peer: Peer,
    clock: Clock,
    api: SlackApi,
    installations: Installations,
    metrics: Metrics,
) -> Sender:
    """Build the half that sends."""
    replies = Replies(peer)
    pace, patience, in_thread = Pace(clock), Patience(clock), settings.jeeves_reply_in_thread
    attachments = Attachments(api, installations, Tries(patience, clock), metrics, clock)
    courier = Courier(api, replies, attachments, installations, pace, patience, metrics, clock, in_thread=in_thread)
    return Sender(bus, api, courier, pace, patience, clock, in_thread=in_thread)
