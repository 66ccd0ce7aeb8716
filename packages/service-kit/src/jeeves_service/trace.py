"""One trace id over HTTP and the bus (W3C Trace Context)."""

import re
import secrets

PATTERN = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def begin() -> str:
    """Return a new traceparent."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def onward(traceparent: str | None) -> str:
    """Return a traceparent for the next step of the same trace; a new trace when there is none that can be read."""
    if not traceparent or not PATTERN.fullmatch(traceparent):
        return begin()
    return f"{traceparent[:36]}{secrets.token_hex(8)}{traceparent[52:]}"


def trace_id(traceparent: str | None) -> str | None:
    """Return the trace's id, the reference that people are given."""
    return traceparent[3:35] if traceparent and PATTERN.fullmatch(traceparent) else None
