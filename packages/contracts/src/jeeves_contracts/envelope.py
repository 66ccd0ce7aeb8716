"""The wrapper of everything on the bus: CloudEvents 1.0 in structured JSON, with our extension attributes.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

import uuid
from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract, Id

Data = TypeVar("Data", bound=Contract)


class Envelope(Contract, Generic[Data]):
    """`id` is the delivery_id: new for each publish of an event by its origin, kept by retries.

    `correlationid` is the message_id that all of it is about, `causationid` the id of the event that led to this one.
    `times` are stations so far, `name=microseconds since 1970` separated by blanks.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Id = Field(default_factory=lambda: str(uuid.uuid4()))
    source: Id
    type: Id
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    installationid: Id
    traceparent: str | None = Field(default=None, max_length=128)
    correlationid: Id
    causationid: Id | None = None
    times: str = Field(default="", max_length=1000)
    data: Data


def routing_key(event_type: str, platform: str) -> str:
    """Return the routing key of an event: its type and its platform, so that a sender binds only its own."""
    return f"{event_type}.{platform}"


def stamped(times: str, station: str, at: datetime) -> str:
    """Return `times` with one more station."""
    return f"{times} {station}={int(at.timestamp() * 1_000_000)}".strip()
