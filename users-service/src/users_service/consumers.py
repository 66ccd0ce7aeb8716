"""The clerk of the dead letters."""

from jeeves_contracts.delivery import ReplyRef
from jeeves_contracts.messages import ReplyRequested
from jeeves_service.bus.port import Bus, Delivery, Subscription
from jeeves_service.bus.replies import Replies
from jeeves_service.bus.topology import DEAD
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from jeeves_service.patience import Patience
from users_service.service.dead_letters import DeadLetters, Letter

SENDERS_MOMENT = 2.0  # seconds after which no older take can still begin its post
BACKOFF = 1.0  # seconds between two tries when the database or the bus is away
log = logger(__name__)


class Clerk:
    """Stores each dead letter, publishes what is unsent of its message, then acks. It tries until it can."""

    def __init__(self, letters: DeadLetters, bus: Bus, clock: Clock) -> None:
        self._letters, self._bus, self._clock, self._patience = letters, bus, clock, Patience(clock)
        self._replies = Replies(bus, clock, "users-service")
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Begin to consume."""
        self._subscription = await self._bus.consume(DEAD, self.handle, prefetch=8)

    async def stop(self) -> None:
        """Finish what is in hand, give back what waits."""
        if self._subscription:
            await self._subscription.cancel()
            self._patience.stop()
            await self._subscription.stop()

    async def handle(self, delivery: Delivery) -> None:
        """Bury one: what goes wrong with it, whatever it is, is tried again after a while."""
        letter = letter_of(delivery)
        envelope = letter.read()
        log.warning(
            "dead letter", origin=letter.origin, reason=letter.reason, about=envelope.correlationid if envelope else None
        )
        if envelope and isinstance(envelope.data, ReplyRequested):
            await self._patience.pause(SENDERS_MOMENT)
        stored: list[ReplyRef] | None = None
        while True:
            try:
                stored = await self._letters.store(letter) if stored is None else stored
                if envelope and stored:
                    await self._replies.publish(envelope.correlationid, stored, envelope.id, envelope.traceparent)
                break
            except Exception as error:  # noqa: BLE001 - its queue has no limit: nothing may come back at once
                log.warning("dead letter waits", error=f"{error.__class__.__name__}: {error}"[:300])
                await self._patience.pause(BACKOFF)
        await delivery.ack()


def letter_of(delivery: Delivery) -> Letter:
    """Read a dead letter and what its sender said of it."""
    headers = delivery.headers
    tries = headers.get("tries", 0)
    return Letter(
        body=delivery.body,
        origin=str(headers.get("origin", "")),
        reason=str(headers.get("reason", "")),
        tries=tries if isinstance(tries, int) else 0,
    )
