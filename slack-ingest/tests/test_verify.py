"""Slack's signature, over bytes, by a function that cannot raise (S20; reliability D1 to D4)."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from slack_ingest.verify import Verdict, verify

NOW = 1_764_000_000
BODY = b'{"type":"event_callback"}'


def sign(secret: bytes, stamp: bytes, body: bytes) -> bytes:
    return b"v0=" + hmac.new(secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()


class FixedClock(Clock):
    def now(self) -> float:
        return NOW


@given(
    secret=st.text("abcdef0123456789", min_size=1, max_size=40),
    stamp=st.one_of(st.integers(NOW - 400, NOW + 400), st.integers(0, 10**12 - 1)).map(str),
    body=st.text().map(lambda text: text.encode("utf-8", "ignore")),
    forge=st.sampled_from(["", "cut", "other secret", "upper case", "other body"]),
)
@settings(deadline=None, max_examples=400)
def test_it_judges_as_slacks_own_verifier_does(secret: str, stamp: str, body: bytes, forge: str) -> None:  # S20, D2
    signed = sign(b"other" if forge == "other secret" else secret.encode(), stamp.encode(), body)
    signed = {"cut": signed[:-1], "upper case": signed.upper()}.get(forge, signed)
    body = body + b"!" if forge == "other body" else body
    theirs = SignatureVerifier(secret, FixedClock()).is_valid(body, stamp, signed.decode())
    ours = verify([secret.encode()], stamp.encode(), signed, body, NOW)
    assert (ours is Verdict.GENUINE) == theirs


@given(st.lists(st.binary(max_size=20), max_size=3), st.binary(), st.binary(), st.binary(), st.floats(allow_nan=False))
@settings(deadline=None)
def test_it_refuses_rubbish_and_raises_nothing(
    secrets: list[bytes], stamp: bytes, signature: bytes, body: bytes, now: float
) -> None:
    assert verify(secrets, stamp, signature, body, now) is not Verdict.GENUINE


def test_every_single_bit_counts() -> None:  # D2
    stamp = str(NOW).encode()
    good = sign(b"secret", stamp, BODY)
    assert verify([b"secret"], stamp, good, BODY, NOW) is Verdict.GENUINE
    for part, flipped in [(at, bytes([byte ^ 1 << bit])) for at, byte in enumerate(BODY) for bit in range(8)]:
        body = BODY[:part] + flipped + BODY[part + 1 :]
        assert verify([b"secret"], stamp, good, body, NOW) is Verdict.FORGED
    for at, byte in enumerate(good):
        for bit in range(8):
            signature = good[:at] + bytes([byte ^ 1 << bit]) + good[at + 1 :]
            assert verify([b"secret"], stamp, signature, BODY, NOW) is Verdict.FORGED
    for at, byte in enumerate(stamp):
        for bit in range(8):
            other = stamp[:at] + bytes([byte ^ 1 << bit]) + stamp[at + 1 :]
            assert verify([b"secret"], other, good, BODY, NOW) is not Verdict.GENUINE


@pytest.mark.parametrize(
    ("away", "verdict"), [(-301, "stale"), (-300, "genuine"), (0, "genuine"), (299, "genuine"), (301, "stale")]
)
def test_five_minutes_either_way(away: int, verdict: str) -> None:  # D3
    stamp = str(NOW + away).encode()
    assert verify([b"secret"], stamp, sign(b"secret", stamp, BODY), BODY, NOW) == verdict


@pytest.mark.parametrize("stamp", [b"", b"soon", b"1.5", b"+1", b" 1", b"1" * 13, "١٢٣".encode(), b"\xff", b"-1", b"1_0"])
def test_a_timestamp_is_a_few_ascii_digits(stamp: bytes) -> None:
    assert verify([b"secret"], stamp, sign(b"secret", stamp, BODY), BODY, 1) in (Verdict.UNSIGNED, Verdict.MALFORMED)


def test_all_secrets_are_good_while_rotating() -> None:  # S20, D4
    stamp = str(NOW).encode()
    for secret in (b"old", b"new"):
        assert verify([b"new", b"old"], stamp, sign(secret, stamp, BODY), BODY, NOW) is Verdict.GENUINE
    assert verify([b"new"], stamp, sign(b"old", stamp, BODY), BODY, NOW) is Verdict.FORGED
    assert verify([], stamp, sign(b"", stamp, BODY), BODY, NOW) is Verdict.FORGED
