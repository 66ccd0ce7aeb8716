"""What a call of Slack's Web API came to, over real sockets (pitfalls P24)."""

import asyncio
import contextlib
import csv
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from slack_ingest.outcomes import Kind, judged
from slack_ingest.slack_api import SlackApi
from support.slack import TOKEN, SlackStandIn

POST = "chat.postMessage"


@contextlib.asynccontextmanager
async def calling(url: str, *, timeout: float = 5, token: str = TOKEN) -> AsyncIterator[SlackApi]:  # noqa: ASYNC109
    api = SlackApi(url, token, timeout=timeout)
    try:
        yield api
    finally:
        await api.close()


OK = b'{"ok":true}'
ANSWERS: list[tuple[dict[str, Any], Kind, str]] = [
    ({"body": {"ok": False, "error": "channel_not_found"}}, Kind.REFUSED, "channel_not_found"),
    ({"body": {"ok": False, "error": "x" * 200}}, Kind.DOUBT, "unreadable_answer"),
    ({"body": {"ok": False, "error": "<b>"}}, Kind.DOUBT, "unreadable_answer"),
    ({"body": {"ok": False, "error": ["x"]}}, Kind.DOUBT, "unreadable_answer"),
    ({"body": {"ok": False}}, Kind.DOUBT, "unreadable_answer"),
    ({"body": {"ok": False, "error": "invalid_auth"}}, Kind.BARRED, "invalid_auth"),
    ({"body": {"ok": False, "error": "internal_error"}}, Kind.DOUBT, "internal_error"),
    ({"body": {"ok": False, "error": "rate_limited"}}, Kind.LIMITED, "rate_limited"),
    ({"body": b"<html>", "status": 200}, Kind.DOUBT, "unreadable_answer"),
    ({"body": b"<html>", "status": 502}, Kind.DOUBT, "http_502"),
    ({"body": b"<html>", "status": 404}, Kind.REFUSED, "http_404"),
    ({"body": b"<html>", "status": 429}, Kind.LIMITED, "ratelimited"),
    ({"body": {"ok": True}, "status": 500}, Kind.DOUBT, "http_500"),
]


@pytest.mark.parametrize(("how", "kind", "code"), ANSWERS, ids=range(len(ANSWERS)))
async def test_an_answer_is_judged_by_its_kind(how: dict[str, Any], kind: Kind, code: str) -> None:
    with SlackStandIn() as slack:
        async with calling(slack.url) as api:
            slack.fail(POST, **how)
            outcome = await api.post(POST, {"channel": "C1", "text": "x"})
            assert (outcome.kind, outcome.code) == (kind, code)


async def test_a_good_answer_and_the_token_in_a_header_only(monkeypatch: pytest.MonkeyPatch) -> None:  # P25
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # the SDK would take it
    with SlackStandIn() as slack:
        async with calling(slack.url) as api:
            posted = await api.post(POST, {"channel": "C1", "text": "x"})
            assert posted.kind is Kind.OK
            read = await api.read("conversations.history", {"channel": "C1", "include_all_metadata": True})
            assert read.data["messages"]
            assert TOKEN not in str([call.args for call in slack.calls])
        async with calling(slack.url, token="other") as api:
            assert (await api.post(POST, {"channel": "C1", "text": "x"})).code == "invalid_auth"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2), (" 30 ", 30), ("0.5", 0.5), ("0", 0), ("", 3), ("soon", 3), ("-1", 3), ("inf", 3), ("1e9", 3), ("٣", 3)],
)
def test_retry_after_is_read_as_seconds(header: str, seconds: float) -> None:
    assert judged(429, {"Retry-After": header}, None).retry_after == seconds


async def serve(answer: Callable[[asyncio.StreamWriter], None]) -> tuple[asyncio.Server, str]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        answer(writer)
        with contextlib.suppress(OSError):
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"


def response(kind: str, body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


BROKEN = [
    b"", b"HTTP/1.1 200 OK\r\n", b"nonsense\r\n\r\n", response("application/json", b"{"),
    response("application/json", b"\xff"), response("application/json", b"[]"), response("text/plain", b"ok"),
    response("application/json", b""), response("application/json", OK)[:-5], response("application/gzip", b"x"),
    response("application/json", b"{", "503 Service Unavailable"), response("text/plain", b"busy", "503 Service Unavailable"),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
async def test_an_answer_that_is_none_leaves_doubt(broken: bytes) -> None:
    server, url = await serve(lambda writer: writer.write(broken))
    async with server, calling(url) as api:
        assert (await api.post(POST, {"text": "x"})).kind is Kind.DOUBT


async def test_a_time_out_leaves_doubt() -> None:
    with SlackStandIn() as slack:
        slack.dark = True
        async with calling(slack.url, timeout=0.2) as api:
            assert (await api.post(POST, {"text": "x"})).kind is Kind.DOUBT
        slack.dark = False


async def test_no_connection_surely_was_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        async with calling(f"http://127.0.0.1:{taken.getsockname()[1]}/api/") as api:
            assert (await api.post(POST, {"text": "x"})).kind is Kind.NOT_SENT
    async with calling("http://no-such-host.invalid/api/") as api:
        assert (await api.post(POST, {"text": "x"})).kind is Kind.NOT_SENT


async def test_what_is_no_longer_fresh_once_it_is_connected_is_not_written_and_the_connection_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # no-deadline
    loop, connected = asyncio.get_running_loop(), 0
    connect = loop.create_connection

    async def counted(*how: Any, **more: Any) -> Any:
        nonlocal connected
        made = await connect(*how, **more)
        connected += 1
        return made

    monkeypatch.setattr(loop, "create_connection", counted)
    with SlackStandIn() as slack:
        async with calling(slack.url) as api:
            body: dict[str, object] = {"channel": "C1", "text": "x"}
            late = await api.post(POST, body, fresh=lambda: connected == 0)  # its time was over when the connection was there
            assert late.kind is Kind.LATE
            assert not slack.calls
            assert (await api.post(POST, body, fresh=lambda: connected == 1)).kind is Kind.OK
            assert connected == 1
            assert (await api.post(POST, body, fresh=lambda: False)).kind is Kind.LATE
            assert (await api.read("auth.test", {})).kind is Kind.OK  # which has no deadline
            assert len(slack.called(POST)) == 1


def test_every_documented_error_is_of_a_kind() -> None:
    with (Path(__file__).parent / "payloads/webapi/errors.tsv").open() as file:
        codes = [row["error"] for row in csv.DictReader(file, delimiter="\t")]
    kinds = {code: judged(200, {}, {"ok": False, "error": code}).kind for code in codes}
    assert {code for code, kind in kinds.items() if kind is not Kind.REFUSED} == {
        "account_inactive", "invalid_auth", "not_authed", "token_revoked", "org_login_required", "rate_limited",
        "fatal_error", "request_timeout", "team_added_to_org",
    }  # fmt: skip
