"""Is a request Slack's? Decided over bytes, before anything is parsed, by a function that cannot raise.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from enum import StrEnum

WINDOW = 300  # seconds that a timestamp may be away from now, either way
TIMESTAMP = re.compile(rb"[0-9]{1,12}")


class Verdict(StrEnum):
    """Why a request is believed or refused; the answer to a refused one does not tell."""

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"
    STALE = "stale"
    FORGED = "forged"


def verify(secrets: Sequence[bytes], timestamp: bytes | None, signature: bytes | None, body: bytes, now: float) -> Verdict:
    """Judge a request by its headers `X-Slack-Request-Timestamp` and `X-Slack-Signature` and its raw body.

    `now` in seconds since 1970. Every secret is tried, in constant time.
    """
    if not timestamp or not signature:
        return Verdict.UNSIGNED
    if not TIMESTAMP.fullmatch(timestamp):
        return Verdict.MALFORMED
    if abs(now - int(timestamp)) > WINDOW:
        return Verdict.STALE
    genuine = False
    for secret in secrets:
        digest = hmac.new(secret, b"v0:" + timestamp + b":" + body, hashlib.sha256).hexdigest()
        genuine |= hmac.compare_digest(b"v0=" + digest.encode(), signature)
    return Verdict.GENUINE if genuine else Verdict.FORGED
