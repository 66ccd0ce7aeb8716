"""Tokens between services: only what we signed, for us, now, for this body, is believed."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OKPKey

from jeeves_service.errors import ForbiddenError, UnauthenticatedError
from jeeves_service.tokens import Signer, Verifier, digest, new_keys


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


PRIVATE, PUBLIC = new_keys({"dispatcher": ("messages:claim", "messages:answer"), "slack-ingest": ("replies:send",)})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signer(clock: Clock) -> Signer:
    return Signer(PRIVATE["dispatcher"], clock)


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return Verifier(PUBLIC, "users-service", clock)


def refused(verifier: Verifier, token: str, body: bytes | None = None) -> None:
    with pytest.raises(UnauthenticatedError):
        verifier.issuer(f"Bearer {token}", "messages:claim", body=body)


def claims(clock: Clock, **changed: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {
        "iss": "dispatcher",
        "aud": "users-service",
        "scope": "messages:claim",
        "iat": now,
        "exp": now + 60,
        **changed,
    }


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_token_names_its_issuer(signer: Signer, verifier: Verifier) -> None:
    token = signer.token("users-service", "messages:claim")
    for _ in range(2):  # the second time from memory
        assert verifier.issuer(f"Bearer {token}", "messages:claim", "messages:answer") == "dispatcher"


def test_a_token_for_another_audience_is_refused(signer: Signer, verifier: Verifier) -> None:
    refused(verifier, signer.token("weather", "messages:claim"))


def test_a_token_with_another_scope_is_forbidden(signer: Signer, verifier: Verifier) -> None:
    token = signer.token("users-service", "replies:send")
    for _ in range(2):
        with pytest.raises(ForbiddenError, match="messages:claim"):
            verifier.issuer(f"Bearer {token}", "messages:claim")


def test_a_token_lives_a_minute_and_five_seconds_of_difference(signer: Signer, verifier: Verifier, clock: Clock) -> None:
    token = signer.token("users-service", "messages:claim")
    clock.at += timedelta(seconds=64)
    verifier.issuer(f"Bearer {token}", "messages:claim")
    clock.at += timedelta(seconds=1)
    refused(verifier, token)  # also one that was believed before


def test_a_token_that_lives_longer_than_ours_do_is_refused(verifier: Verifier, clock: Clock) -> None:
    key = OKPKey.import_key(json.loads(PRIVATE["dispatcher"]))
    now = int(clock.now().timestamp())
    for exp in (now + 66, now + 10**9):
        refused(verifier, jwt.encode({"alg": "Ed25519", "kid": "dispatcher"}, claims(clock, exp=exp), key, ["Ed25519"]))


@pytest.mark.parametrize("exp", ["soon", None, 1.5, [], True])
def test_a_token_whose_end_is_no_whole_number_is_refused(verifier: Verifier, clock: Clock, exp: object) -> None:
    key = OKPKey.import_key(json.loads(PRIVATE["dispatcher"]))
    refused(verifier, jwt.encode({"alg": "Ed25519", "kid": "dispatcher"}, claims(clock, exp=exp), key, ["Ed25519"]))


def test_a_token_bound_to_a_body_is_good_for_no_other(signer: Signer, verifier: Verifier) -> None:
    token = signer.token("users-service", "messages:claim", body=b"{}")
    verifier.issuer(f"Bearer {token}", "messages:claim", body=b"{}")
    refused(verifier, token, b"{} ")
    refused(verifier, signer.token("users-service", "messages:claim"), b"{}")  # bound to none
    assert digest(b"{}") == hashlib.sha256(b"{}").hexdigest()


def test_tokens_are_kept_for_half_their_life(signer: Signer, clock: Clock) -> None:
    token = signer.token("users-service", "messages:claim")
    clock.at += timedelta(seconds=29)
    assert signer.token("users-service", "messages:claim") == token
    assert signer.token("users-service", "messages:answer") != token
    clock.at += timedelta(seconds=2)
    assert signer.token("users-service", "messages:claim") != token


def test_a_token_from_before_the_clock_was_set_back_is_not_used(signer: Signer, verifier: Verifier, clock: Clock) -> None:
    signer.token("users-service", "messages:claim")
    clock.at -= timedelta(hours=2)
    assert verifier.issuer(f"Bearer {signer.token('users-service', 'messages:claim')}", "messages:claim") == "dispatcher"


def test_a_service_cannot_sign_as_another(verifier: Verifier, clock: Clock) -> None:
    own = OKPKey.import_key(json.loads(PRIVATE["slack-ingest"]))
    for kid in ("dispatcher", "slack-ingest"):
        refused(verifier, jwt.encode({"alg": "Ed25519", "kid": kid}, claims(clock), own, ["Ed25519"]))


def test_an_unknown_key_is_refused(verifier: Verifier, clock: Clock) -> None:
    foreign = OKPKey.generate_key("Ed25519")
    for header in ({"kid": "dispatcher"}, {"kid": "nobody"}, {}, {"kid": "dispatcher", "jku": "http://127.0.0.1:1/"}):
        refused(verifier, jwt.encode({"alg": "Ed25519", **header}, claims(clock), foreign, ["Ed25519"]))


def test_an_algorithm_of_the_token_s_choice_is_refused(verifier: Verifier, clock: Clock) -> None:
    body = b64(json.dumps(claims(clock)).encode())
    for alg in ("none", "None", "nOnE", "HS256"):
        head = b64(json.dumps({"alg": alg, "kid": "dispatcher"}).encode())
        refused(verifier, f"{head}.{body}.")
        for secret in (PUBLIC.encode(), json.loads(PUBLIC)["keys"][0]["x"].encode()):
            refused(verifier, f"{head}.{body}.{b64(hmac.digest(secret, f'{head}.{body}'.encode(), 'sha256'))}")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "bearer\tx", "Bearer a.b.c", "Bearer ..."])
def test_a_header_that_is_no_bearer_token_is_refused(verifier: Verifier, header: str) -> None:
    with pytest.raises(UnauthenticatedError):
        verifier.issuer(header, "messages:claim")


VERIFIER, SIGNED = (
    Verifier(PUBLIC, "users-service", Clock()),
    Signer(PRIVATE["dispatcher"], Clock()).token("users-service", "messages:claim"),
)
PARTS = st.one_of(st.text(), st.binary().map(b64), st.sampled_from(SIGNED.split(".")))


@given(st.one_of(st.text(), st.lists(PARTS, max_size=6).map(".".join).filter(lambda token: token != SIGNED)))
def test_garbage_is_refused_and_never_an_error_of_ours(token: str) -> None:
    refused(VERIFIER, token)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    ),
    st.recursive(
        st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64"]), x)
    ),
)
def test_json_of_any_shape_in_both_parts_is_refused(payload: object, head: object) -> None:
    refused(VERIFIER, ".".join([b64(json.dumps(head).encode()), b64(json.dumps(payload).encode()), SIGNED.split(".")[2]]))


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 63))
def test_a_changed_character_is_refused(place: int, change: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    old = SIGNED[place]
    if old == "." or place == len(SIGNED) - 1:  # the last one has bits that mean nothing
        return
    new = alphabet[(alphabet.index(old) + change) % 64]
    refused(VERIFIER, SIGNED[:place] + new + SIGNED[place + 1 :])


def test_a_service_is_not_believed_for_a_scope_that_is_not_its_own(clock: Clock, verifier: Verifier) -> None:  # S124
    sender = Signer(PRIVATE["slack-ingest"], clock)
    with pytest.raises(ForbiddenError):
        verifier.issuer(f"Bearer {sender.token(verifier.audience, 'messages:claim')}", "messages:claim")
    with pytest.raises(ForbiddenError):
        verifier.issuer(f"Bearer {sender.token(verifier.audience, 'replies:send')}", "messages:claim")
    assert verifier.issuer(f"Bearer {sender.token(verifier.audience, 'replies:send')}", "replies:send") == "slack-ingest"
