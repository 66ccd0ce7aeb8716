"""slack-ingest as it receives: signed requests in, what it published out, over the embedded bus."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from jeeves_contracts.envelope import Envelope
from jeeves_contracts.messages import MessageReceived
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import WORK, queues
from jeeves_service.clock import Clock, SystemClock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from slack_ingest.app import create_app
from slack_ingest.settings import Settings
from support.asgi import Got, ask
from support.keys import service_keys
from support.slack import TOKEN, USER
from support.slack_events import PATH, SECRET, form_body, interaction_body, json_body, signed

NOWHERE = "http://127.0.0.1:9/api/"  # nobody listens there: Slack has not told yet whose token it is
FOLDERS = ("events", "events-masked", "inner", "slash", "interactivity", "form")


@dataclass
class Ingest:
    """A slack-ingest that has not been started: it accepts for every installation, and sends nothing."""

    service: Service
    bus: SqliteBus
    published: list[Envelope[MessageReceived]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def send(self, content_type: str, body: bytes, *, secret: str = SECRET) -> Got:
        """Deliver a signed body."""
        return await self.put(signed(content_type, body, secret=secret, at=time.time()), body)

    async def put(self, headers: dict[str, str], body: bytes) -> Got:
        """Deliver a body with headers as they are."""
        given = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        assert self.service.public
        got = await ask(self.service.public, "POST", PATH, given, [body])
        assert got
        return got

    async def counted(self) -> Counter[tuple[str, str]]:
        """Return how many deliveries came to each outcome and reason, as `/metrics` shows."""
        shown = await (await self.service.ops.test_client().get("/metrics")).get_data(as_text=True)
        samples = (sample for metric in text_string_to_metric_families(str(shown)) for sample in metric.samples)
        found: Counter[tuple[str, str]] = Counter()
        for sample in samples:
            if sample.name == "jeeves_slack_deliveries_total":
                found[sample.labels["outcome"], sample.labels["reason"]] = int(sample.value)
        return found

    async def _take(self, delivery: Delivery) -> None:
        self.raw.append(delivery.body)
        self.published.append(Envelope[MessageReceived].from_bytes(delivery.body))
        await delivery.ack()


@contextlib.asynccontextmanager
async def receiving(path: Path, *, clock: Clock | None = None, **environ: str) -> AsyncIterator[Ingest]:
    """Make one on a bus in `path`."""
    private, public = service_keys()
    given = {
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": NOWHERE,
        "JEEVES_AMQP_URL": f"sqlite:///{path}",
        "JEEVES_USERS_SERVICE_URL": "http://users-service",
        "JEEVES_SERVICE_KEY": private["slack-ingest"],
        "JEEVES_SERVICE_KEYS": public,
    }
    bus, http = SqliteBus(path, queues()), HttpClient()
    service = create_app(Settings.load({**given, **environ}), bus=bus, http=http, clock=clock or SystemClock())
    ingest = Ingest(service, bus)
    await bus.start()
    await bus.consume(WORK, ingest._take, prefetch=100)
    try:
        yield ingest
    finally:
        await bus.stop()
        await http.aclose()


def payloads(folder: Path) -> list[Path]:
    """Return the recorded deliveries under a folder: those of the kinds that come to the one address."""
    files = sorted(file for kind in FOLDERS for file in (folder / kind).glob("*") if file.suffix in (".json", ".form"))
    return files or sorted(file for file in folder.glob("*") if file.suffix in (".json", ".form"))


def body_of(file: Path) -> tuple[str, bytes]:
    """Return content type and body as Slack would send what a file holds; an inner event gets an envelope."""
    if file.suffix == ".form":
        return form_body({})[0], file.read_bytes()
    payload = json.loads(file.read_bytes())
    kind = file.parent.name
    if kind == "interactivity":
        return interaction_body(payload)
    if kind == "slash":
        return form_body({name: str(value) for name, value in payload.items()})
    if kind == "inner":
        authorization = {"team_id": "T0INNER", "user_id": USER, "is_bot": True, "is_enterprise_install": False}
        payload = {"type": "event_callback", "team_id": "T0INNER", "authorizations": [authorization], "event": payload}
    return json_body(payload)
