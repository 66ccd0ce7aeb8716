"""Requests that are none: what is answered to the forged, the malformed and the endless (S18, S20; reliability D1)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeeves_contracts.problem import Problem
from support.asgi import Got, ask
from support.ingest import Ingest
from support.slack_events import (
    PATH,
    direct,
    envelope,
    form_body,
    json_body,
    mention,
    new_ts,
    signed,
)

FORM = "application/x-www-form-urlencoded"
MIB = 1024 * 1024


async def raw(ingest: Ingest, method: str = "POST", headers: dict[str, str] | None = None, *chunks: bytes) -> Got | None:
    given_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    assert ingest.service.public
    return await ask(ingest.service.public, method, PATH, given_headers, chunks or (b"",))


NESTED = b'{"type":"event_callback","event":' + b"[" * 100_000


HOSTILE = [
    b"", b"null", b"[]", b'"x"', b"1", b"NaN", b"{", b"{}", b'{"type":null}', b'{"type":1}', b"\xff\xfe{", b"\x00", NESTED,
    b'{"type":"event_callback","n":' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}", b"payload=x", b'{"a":1}' * 2,
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
async def test_nonsense_is_401_unsigned_and_400_signed(ingest: Ingest, body: bytes) -> None:  # S20
    for kind in ("application/json", FORM, "text/plain", "multipart/form-data; boundary=x", ""):
        refused = await ingest.put({"Content-Type": kind, "X-Slack-Signature": "v0=\xe9"}, body)
        assert (refused.status, refused.body) == (401, b"")
        got = await ingest.send(kind, body)
        assert (got.status, got.headers["x-slack-no-retry"]) == (400, "1")
        assert Problem.from_bytes(got.body).status == 400
    assert not ingest.published


async def test_json_at_the_edge_of_sense_is_read(ingest: Ingest) -> None:
    ts = new_ts()
    for said, words in (
        (b"NaN", ""), (b"1e999", ""), (b'"\\ud800x"', "x"), (b'"a\\u0000b"', "ab"), (b'"a","text":"b"', "b"),
        (b"[" * 400 + b"]" * 400, ""),
    ):  # fmt: skip
        event = b'{"type":"message","channel":"D1","user":"U1","ts":"%s","text":%s}' % (ts.encode(), said)
        outer = b'{"type":"event_callback","team_id":"T1","authorizations":[{"team_id":"T1"}],"event":%s}' % event
        assert (await ingest.send("application/json", outer)).status == 200
        assert ingest.published[-1].data.text == words


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "1"},
        {**signed("", b"{}"), "X-Slack-Signature": ""},
        {**signed("", b"{}"), "X-Slack-Request-Timestamp": "soon"},
        signed("", b"{}", secret="wrong"),
        signed("", b"{}", at=1_000_000_000),
        signed("", b"{}", at=4_000_000_000),
        signed("", b"{ }"),
    ],
)
async def test_whatever_is_wrong_with_a_signature_is_401_without_a_word(ingest: Ingest, headers: dict[str, str]) -> None:  # S20
    got = await raw(ingest, "POST", {"Content-Type": "application/json", **headers}, b"{}")
    assert got
    assert (got.status, got.body) == (401, b"")


@given(st.binary(max_size=200), st.dictionaries(st.sampled_from(["x-slack-signature", "content-type"]), st.text("v0=aé1")))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_unsigned_request_gets_anything_but_401(ingest: Ingest, body: bytes, headers: dict[str, str]) -> None:  # D1
    got = await raw(ingest, "POST", {"x-slack-request-timestamp": "1", **headers}, body)
    assert got
    assert got.status == 401


async def test_a_header_given_twice_is_not_guessed_at(ingest: Ingest) -> None:
    kind, body = json_body(envelope(mention("weather")))
    headers = [(name.lower().encode(), value.encode()) for name, value in signed(kind, body).items()]
    assert ingest.service.public
    got = await ask(ingest.service.public, "POST", PATH, [*headers, (b"x-slack-signature", b"v0=00")], [body])
    assert got
    assert got.status == 401


async def test_ssl_check_carries_nothing_through(ingest: Ingest) -> None:  # EDGE 24
    kind, check = form_body({"ssl_check": "1", "token": "t", "payload": "{}", "command": "/weather"})
    assert (await ingest.put({"Content-Type": kind}, check)).status == 200
    for value in ("0", "true", ""):
        assert (await ingest.put({"Content-Type": kind}, form_body({"ssl_check": value})[1])).status == 401
    assert (await ingest.put({"Content-Type": "application/json"}, check)).status == 401
    assert (await ingest.put({"Content-Type": kind}, check + b"&x=" + b"y" * 5000)).status == 401
    assert not ingest.published


async def test_a_body_that_is_too_long_is_not_read_to_its_end(ingest: Ingest) -> None:  # S18
    told = await raw(ingest, "POST", {"Content-Length": str(10 * MIB)}, *[b"x" * MIB] * 10)
    assert told
    assert (told.status, told.read) == (413, 0)
    chunked = await raw(ingest, "POST", {}, *[b"x" * (MIB // 2)] * 20)
    assert chunked
    assert (chunked.status, chunked.read) == (413, 3)
    kind, body = json_body(envelope(direct("weather")))
    assert (await ingest.send(kind, body.ljust(MIB))).status == 200
    assert (await ingest.send(kind, body.ljust(MIB + 1))).status == 413


async def test_only_post_is_taken(ingest: Ingest) -> None:  # S18
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        got = await raw(ingest, method)
        assert got
        assert (got.status, got.headers["allow"]) == (405, "POST")


async def test_other_paths_are_not_there(ingest: Ingest) -> None:  # S18
    assert ingest.service.public
    for path in ("/", "/slack/events/", "/slack", "/metrics", "/healthz", "/internal/v1/x"):
        got = await ask(ingest.service.public, "POST", path, [(b"host", b"test")], [b""])
        assert got
        assert got.status == 404


async def test_a_client_that_hangs_up_gets_nothing(ingest: Ingest) -> None:
    assert await raw(ingest, "POST", {"Content-Length": "5"}) is not None  # an empty body is a body
    assert ingest.service.public
    sent: list[Any] = []

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
    await ingest.service.public(scope, gone, send)
    assert not sent


@pytest.mark.parametrize("payload", [b"payload=", b"payload=x", b"payload=[]", b"payload={}", b"payload={}&payload={}", b"x=1"])
async def test_a_form_that_makes_no_sense_is_400(ingest: Ingest, payload: bytes) -> None:  # EDGE 26
    got = await ingest.send(FORM, payload)
    assert (got.status, got.headers["x-slack-no-retry"]) == (400, "1")
