"""One run as an event on the bus."""

from dataclasses import dataclass

from jeeves_contracts.envelope import Envelope, routing_key, stamped
from jeeves_contracts.messages import JOB_DUE, JobDue
from jeeves_service import trace
from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock


@dataclass(frozen=True)
class Publisher:
    """Publishes as one service (`source`)."""

    bus: Bus
    clock: Clock
    source: str

    async def publish(self, job: JobDue) -> None:
        """Return once a run is confirmed durable, under a delivery_id of its own. Raises BusUnavailableError."""
        envelope = Envelope[JobDue](
            source=self.source,
            type=JOB_DUE,
            time=self.clock.now(),
            installationid=job.conversation.installation_id,
            traceparent=trace.begin(),
            correlationid=job.message_id,
            times=stamped("", "due", job.due_at),
            data=job,
        )
        await self.bus.publish(routing_key(JOB_DUE, job.identity.platform), envelope.to_bytes())
