"""Traefik for real, with the repository's files, before a tiny upstream."""

import os
import signal
import socket
import subprocess
import sysconfig
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jeeves import gateway, registry
from jeeves.servers.processes import free_ports, last_lines, until
from support.processes import ask

PATH = "/slack/events"


class Upstream:
    """A service that answers 200, and remembers the headers and lengths that reached it."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None: ...

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.seen.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


class Gateway:
    def __init__(self, folder: Path, upstream: Upstream) -> None:
        port, ops_port, self.dead_port = free_ports(3)
        self.port = port
        self.url, self.ops_url, self.upstream = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{ops_port}", upstream
        self.log = folder / "traefik.log"
        config = folder / "traefik.yml"
        config.write_text(gateway.static(f"127.0.0.1:{port}", f"127.0.0.1:{ops_port}"), encoding="utf-8")
        origins = f"http://127.0.0.1:{self.dead_port},http://127.0.0.1:{upstream.port}"
        upstreams = {gateway.upstreams(service): origins for service in registry.services() if service.routes}
        with self.log.open("wb") as out:
            traefik = Path(sysconfig.get_path("scripts")) / "traefik"
            command = [str(traefik), f"--configFile={config}"]
            self.process = subprocess.Popen(command, env={**os.environ, **upstreams}, stdout=out, stderr=out)
        if not until(lambda: ask(self.url + PATH, "POST")[0] == 200, 15):
            self.process.kill()
            self.process.wait(5)
            raise RuntimeError(f"Traefik does not route:\n{last_lines(self.log)}")


@pytest.fixture(scope="module")
def traefik(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    upstream = Upstream()
    one = Gateway(tmp_path_factory.mktemp("traefik"), upstream)
    yield one
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(15) == 0
    upstream.server.shutdown()
    upstream.server.server_close()


def test_only_declared_methods_and_paths_are_let_through(traefik: Gateway) -> None:  # S160
    assert ask(traefik.url + PATH, "POST", b"{}")[0] == 200
    for method, path in (("GET", PATH), ("POST", "/"), ("POST", PATH + "/"), ("GET", "/metrics"), ("GET", "/ping")):
        assert ask(traefik.url + path, method)[0] == 404
    for path in ("/%69nternal/v1/messages/claim", "//metrics", "/healthz", "/api/rawdata", "/dashboard/"):
        assert ask(traefik.url + path)[0] == 404


def test_a_path_that_two_readers_could_read_differently_is_refused(traefik: Gateway) -> None:
    before = len(traefik.upstream.seen)
    for path in ("/slack%2fevents", "/slack/events%00", "/slack%5cevents", "/slack/events%3b"):
        assert ask(traefik.url + path, "POST", b"{}")[0] in (400, 404)
    assert len(traefik.upstream.seen) == before


def test_a_body_may_have_one_mebibyte(traefik: Gateway) -> None:
    assert ask(traefik.url + PATH, "POST", b"x" * gateway.MAX_BODY)[0] == 200
    with socket.create_connection(("127.0.0.1", traefik.port), 5) as connection:  # announced, and refused before it is sent
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {gateway.MAX_BODY + 1}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_other_names_of_a_proxys_headers_never_arrive(traefik: Gateway) -> None:
    sent = {"X_Forwarded_User": "ana", "X.Forwarded.User": "ana", "X-Forwarded-For": "203.0.113.7", "X-Own": "kept"}
    assert ask(traefik.url + PATH, "POST", b"{}", sent)[0] == 200
    seen = traefik.upstream.seen[-1]
    assert seen["x-own"] == "kept"
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert not {name for name in seen if "user" in name and name != "user-agent"}


def test_a_replica_that_is_gone_is_passed_over(traefik: Gateway) -> None:  # S152
    assert {ask(traefik.url + PATH, "POST", b"{}")[0] for _ in range(6)} == {200}


def test_health_and_metrics_are_for_operators_only(traefik: Gateway) -> None:
    assert ask(traefik.ops_url + "/ping")[0] == 200
    assert b"traefik_router_requests_total" in ask(traefik.ops_url + "/metrics")[1]


def test_the_access_log_holds_neither_queries_nor_credentials(traefik: Gateway) -> None:
    assert ask(f"{traefik.url}{PATH}?state=secret-query", "POST", b"{}", {"Authorization": "Bearer secret-token"})[0] == 200
    assert until(lambda: '"RequestPath":"/slack/events"' in traefik.log.read_text(encoding="utf-8"), 5)
    text = traefik.log.read_text(encoding="utf-8")
    assert "secret-query" not in text
    assert "secret-token" not in text
