"""The embedded edge: what is not in the routing table is not there."""

import string
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jeeves import gateway, registry
from jeeves.edge import create_edge
from jeeves_service.http import HttpClient, Response

TABLE = {("POST", "/slack/events"): "slack-ingest", ("GET", "/login"): "dashboard"}
PREFIX = {("GET", "/api/v1/*"): "users-service"}
INTERNAL = ["/metrics", "/healthz", "/readyz", "/internal/v1/messages/claim", "/v1/invoke", "/v1/manifest"]


class App:
    """Answers 200 to everything, and remembers what reached it."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        event = await receive()
        self.bodies.append(event["body"])
        headers = [(b"server", b"app"), (b"x-frame-options", b"ALLOWALL"), (b"x-own", b"kept")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    http = HttpClient(mounts={"edge": create_edge(TABLE, {"slack-ingest": App(), "dashboard": App()})})
    yield http
    await http.aclose()


async def ask(edge: Any, method: str, raw_path: bytes, chunks: list[bytes] | None = None, **headers: bytes) -> Response:
    """Send bytes as a server hands them over: no client in between that tidies a path up."""
    told: list[Any] = []
    parts = chunks if chunks is not None else [b""]
    events = [{"type": "http.request", "body": part, "more_body": at < len(parts)} for at, part in enumerate(parts, 1)]
    path = raw_path.decode("latin-1")
    scope = {"type": "http", "method": method, "path": path, "raw_path": raw_path, "query_string": b""}
    scope["headers"] = [(name.replace("0", "_").encode(), value) for name, value in headers.items()]

    async def receive() -> Any:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        told.append(event)

    await edge(scope, receive, send)
    given_back = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    return Response(told[0]["status"], given_back, b"".join(event.get("body", b"") for event in told[1:]))


def spellings(path: str) -> st.SearchStrategy[bytes]:
    """Ways in which somebody may write a path that a lenient reader takes for the same."""
    return st.sampled_from(
        [
            path,
            "/" + path,
            path + "/",
            "/." + path,
            "/slack/.." + path,
            "/slack/events/../.." + path,
            "/slack/events" + path,
            "".join(f"%{ord(c):02x}" if c != "/" else c for c in path),
            "/" + path[1:].replace("/", "%2f"),
            path.upper(),
            path + "?x",
            path + "#x",
            path + "%00",
            path + ";x",
            "http://elsewhere" + path,
        ]
    ).map(str.encode)


PATHS = st.one_of(st.sampled_from(INTERNAL).flatmap(spellings), st.binary(max_size=40))


@given(raw_path=PATHS, method=st.sampled_from(["GET", "POST"]))
async def test_no_path_reaches_what_is_not_in_the_table(raw_path: bytes, method: str) -> None:  # S160
    apps = {"slack-ingest": App(), "dashboard": App()}
    answer = await ask(create_edge(TABLE, apps), method, raw_path)
    known = (method, raw_path.decode("latin-1")) in TABLE
    assert answer.status == (200 if known else 404)
    assert sum(len(app.seen) for app in apps.values()) == known


UNRESERVED = set(string.ascii_letters + string.digits + "._~-:@'")
SEGMENT = st.text("abcXYZ019._~-", min_size=1, max_size=5).filter(lambda part: part not in (".", ".."))
HOSTILE = st.one_of(
    st.sampled_from(
        ["/", "//", "/..", "/../x", "/./x", "/x/../../metrics", "/%2e%2e/x", "/x%2fy", "/%41", "/x;y", "/x\\y", "/*"]
    ),
    st.text(max_size=12).map(lambda text: "/" + text),
)


@given(parts=st.lists(SEGMENT, max_size=4), slash=st.booleans())
async def test_a_prefix_lets_through_what_lies_below_it(parts: list[str], slash: bool) -> None:
    app = App()
    edge = create_edge(PREFIX, {"users-service": app})
    path = "/api/v1" + "".join("/" + part for part in parts) + "/" * slash
    assert (await ask(edge, "GET", path.encode())).status == 200
    assert (await ask(edge, "POST", path.encode())).status == 404
    assert [scope["raw_path"] for scope in app.seen] == [path.encode()]


@pytest.mark.parametrize("tail", ["/slack%3AT1", "/slack:T1", "/favourite%20colour", "/caf%C3%A9", "/it's"])
async def test_names_may_stand_encoded_below_a_prefix(tail: str) -> None:
    assert (await ask(create_edge(PREFIX, {"users-service": App()}), "GET", f"/api/v1/x{tail}".encode())).status == 200


@pytest.mark.parametrize("code", ["2f", "2F", "5c", "00", "0a", "7f", "25", "3b", "3f", "23", "2e", "41", "7E", "g0", "4"])
async def test_what_two_readers_could_take_otherwise_may_not(code: str) -> None:  # S160
    assert (await ask(create_edge(PREFIX, {"users-service": App()}), "GET", f"/api/v1/x%{code}".encode())).status == 404


@given(tail=HOSTILE)
async def test_below_a_prefix_nothing_needs_decoding_or_folding(tail: str) -> None:  # S160
    app = App()
    path = ("/api/v1" + tail).encode()
    answer = await ask(create_edge(PREFIX, {"users-service": app}), "GET", path)
    parts = tail.removesuffix("/").split("/")[1:]
    tame = all(part and set(part) <= UNRESERVED and part not in (".", "..") for part in parts)
    assert answer.status == 404 or tame
    assert len(app.seen) == (answer.status == 200)


@pytest.mark.parametrize("path", ["/api/v1x", "/api", "/api/", "/api/v1/*", "/API/v1/x", "/x/api/v1/y", "//api/v1/x"])
async def test_what_only_looks_like_a_prefix_is_not_there(path: str) -> None:
    assert (await ask(create_edge(PREFIX, {"users-service": App()}), "GET", path.encode())).status == 404


async def test_what_is_not_there_is_a_problem_with_the_gateways_headers(client: HttpClient) -> None:
    answer = await client.request("GET", "http://edge/metrics")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert gateway.HEADERS.items() <= {name.title(): value for name, value in answer.headers.items()}.items()


async def test_another_method_on_a_public_path_is_not_there(client: HttpClient) -> None:
    assert (await client.request("GET", "http://edge/slack/events")).status == 404
    assert (await client.request("POST", "http://edge/slack/events", body=b"{}")).status == 200


async def test_a_service_cannot_weaken_the_headers_and_keeps_its_own(client: HttpClient) -> None:
    answer = await client.request("POST", "http://edge/slack/events", body=b"{}")
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-own"] == "kept"
    assert "server" not in answer.headers


@pytest.mark.parametrize(("size", "status"), [(gateway.MAX_BODY, 200), (gateway.MAX_BODY + 1, 413)])
async def test_a_body_may_have_one_mebibyte(client: HttpClient, size: int, status: int) -> None:
    assert (await client.request("POST", "http://edge/slack/events", body=b"x" * size)).status == status


async def test_whose_pages_need_headers_of_their_own_is_named() -> None:
    apps = {"slack-ingest": App(), "dashboard": App()}
    edge = create_edge(TABLE, apps, trusted=["dashboard"])
    assert (await ask(edge, "GET", b"/login")).headers["x-frame-options"] == "ALLOWALL"
    assert (await ask(edge, "POST", b"/slack/events")).headers["x-frame-options"] == "DENY"
    assert (await ask(edge, "GET", b"/elsewhere")).headers["x-frame-options"] == "DENY"


async def test_a_body_of_unknown_length_is_counted() -> None:
    app = App()
    edge = create_edge(TABLE, {"slack-ingest": app, "dashboard": app})
    half = gateway.MAX_BODY // 2
    assert (await ask(edge, "POST", b"/slack/events", [b"x" * half, b"y" * half])).status == 200
    assert app.bodies == [b"x" * half + b"y" * half]
    assert (await ask(edge, "POST", b"/slack/events", [b"x" * half, b"y" * half, b"z"])).status == 413
    assert len(app.bodies) == 1


async def test_headers_that_pretend_to_come_from_a_proxy_never_arrive() -> None:
    app = App()
    edge = create_edge(TABLE, {"slack-ingest": app, "dashboard": app})
    await ask(edge, "GET", b"/login", x0forwarded0user=b"ana", host=b"edge")
    assert app.seen[0]["headers"] == [(b"host", b"edge")]


def test_two_services_cannot_have_the_same_route() -> None:
    service = next(service for service in registry.services() if service.routes)
    with pytest.raises(ValueError, match="declared by"):
        gateway.table([service, service.model_copy(update={"name": "other"})])


@pytest.mark.parametrize("path", ["/slack/*", "/slack/events/*", "/slack/events"])
def test_no_service_can_take_a_prefix_over_anothers_route(path: str) -> None:
    one = next(service for service in registry.services() if service.name == "slack-ingest")
    routes = (registry.Route(path=path, methods=("POST",)),)
    with pytest.raises(ValueError, match="declared by"):
        gateway.table([one, one.model_copy(update={"name": "other", "routes": routes})])


def test_one_service_may_have_a_prefix_and_routes_below_it() -> None:
    one = next(service for service in registry.services() if service.routes)
    routes = tuple(registry.Route(path=path, methods=("GET",)) for path in ("/api/v1/*", "/api/v1/docs", "/api/v10"))
    assert len(gateway.table([one.model_copy(update={"routes": routes})])) == 3


def test_traefik_takes_the_same_prefix() -> None:
    one = next(service for service in registry.services() if service.routes)
    routes = (registry.Route(path="/api/v1/*", methods=("GET", "POST")),)
    rule = "(Path(`/api/v1`) || PathPrefix(`/api/v1/`)) && (Method(`GET`) || Method(`POST`))"
    assert f'rule: "{rule}"' in gateway.render([one.model_copy(update={"routes": routes})])


@pytest.mark.parametrize("path", ["api", "/api/", "/a*", "/*/a", "/*", "/a b", "/a`", "//a", ""])
def test_a_path_that_is_none_is_no_route(path: str) -> None:
    with pytest.raises(ValidationError):
        registry.Route(path=path, methods=("GET",))


def test_the_gateways_file_is_what_the_services_declare() -> None:  # S160
    assert not gateway.differs()
