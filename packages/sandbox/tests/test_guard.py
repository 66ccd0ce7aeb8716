"""Only this machine's browser, from the sandbox's own page, may read or change anything."""

import itertools
import json
from typing import Any

import pytest

from jeeves_sandbox.guard import is_loopback

ORIGIN = "http://127.0.0.1:8000"
GOOD_HOSTS = ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"]
BAD_HOSTS = [
    "evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:9000", "localhost", "localhost.evil.example:8000",
    "127.0.0.1.evil.example:8000", "127.0.0.1:8000.evil.example", "evil.example:8000@127.0.0.1:8000", "0.0.0.0:8000",
    "[::]:8000", "192.168.0.1:8000", "[::ffff:8.8.8.8]:8000", "127.1:8000", "2130706433:8000", "0x7f.0.0.1:8000", "", ":8000",
    " 127.0.0.1:8000", "127.0.0.1:8000 ", "127.0.0.1:8000,evil.example", "127.0.0.1:8000²", "[::1]:8000:8000",
]  # fmt: skip
BAD = list(itertools.product(BAD_HOSTS, ["/sandbox/", "/sandbox/api/auth.test", "/sandbox/state"]))
BAD_ORIGINS = [
    None,
    "null",
    "http://evil.example",
    "http://127.0.0.1:9000",
    "https://127.0.0.1:8000",
    "http://localhost:8000",
    "",
]
SITES = ["cross-site", "same-site", "nonsense", ""]
PATHS = [
    "/sandbox/state",
    "/sandbox/stream?person=U0ANA",
    "/sandbox/record/1",
    "/sandbox/file/F0CHART",
    "/sandbox/nothing",
    "/elsewhere",
    "/sandbox/fil",
]
SAID = json.dumps({"person": "U0ANA", "channel": "C0GENERAL", "text": "hello"}).encode()
CHANGES = ["/say", "/press", "/trouble", "/weather"]


@pytest.mark.parametrize("host", GOOD_HOSTS)
async def test_the_page_is_given_to_who_asks_for_this_machine(world: Any, host: str) -> None:
    got = await world.request("GET", "/sandbox/", headers={"host": host})
    assert got.status == 200
    cookie = got.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/sandbox/"))


@pytest.mark.parametrize(("host", "path"), BAD)
async def test_a_name_that_is_made_to_point_here_gets_nothing(world: Any, host: str, path: str) -> None:
    headers = {"host": host, "cookie": (await world.open()).cookie, "authorization": f"Bearer {world.credentials.token}"}
    got = await world.request("GET", path, headers=headers)
    assert got.status == 421
    assert "set-cookie" not in got.headers


async def test_no_host_or_two_are_none(world: Any) -> None:
    assert (await world.request("GET", "/sandbox/", headers={"host": None})).status == 421
    assert (await world.request("GET", "/sandbox/", headers={"Host": "evil.example"})).status == 421


async def test_a_link_from_elsewhere_gets_a_door_and_no_key(world: Any) -> None:
    for site in SITES:
        got = await world.request("GET", "/sandbox/", headers={"sec-fetch-site": site})
        assert (got.status, "set-cookie" in got.headers, b"Open the sandbox" in got.body) == (200, False, True)
    for site in ("none", "same-origin"):
        got = await world.request("GET", "/sandbox/protocol", headers={"sec-fetch-site": site})
        assert "set-cookie" in got.headers


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_read_without_the_page_s_session(world: Any, path: str) -> None:
    await world.open()
    name = world.cookie.partition("=")[0]
    cookies = [None, "", f"{name}=", f"{name}=other", f"{name}=é", "other=x", f"{name}", "=;;=", world.cookie + "x"]
    for cookie in cookies:
        assert (await world.request("GET", path, headers={"cookie": cookie})).status == 403
    for site in SITES:
        assert (await world.request("GET", path, headers={"cookie": world.cookie, "sec-fetch-site": site})).status == 403


@pytest.mark.parametrize("path", CHANGES)
async def test_nothing_is_changed_but_by_the_page_itself(world: Any, path: str) -> None:
    await world.open()
    good = world.changing()
    wrong = [
        *({**good, "origin": origin} for origin in BAD_ORIGINS),
        *({**good, "sec-fetch-site": site} for site in SITES),
        *({**good, "x-sandbox-token": token} for token in (None, "", "other", world.token + "x", world.cookie)),
        *({**good, "content-type": kind} for kind in (None, "text/plain", "application/x-www-form-urlencoded", "x/json")),
        {**good, "cookie": None},
        {**good, "cookie": world.cookie + "x"},
    ]
    for headers in wrong:
        assert (await world.request("POST", f"/sandbox{path}", SAID, headers)).status == 403, headers
    assert not world.sandbox.space.posts
    assert not world.sandbox.troubles.faults


async def test_the_page_itself_may(world: Any) -> None:
    await world.open()
    assert (await world.request("POST", "/sandbox/say", SAID, world.changing())).status == 200
    other = {**world.changing(), "host": "localhost:8000", "origin": "http://localhost:8000"}
    assert (await world.request("POST", "/sandbox/say", SAID, other)).status == 200


async def test_what_the_page_sends_is_bounded(world: Any) -> None:
    await world.open()
    assert (await world.do("/say", person="U0ANA", channel="C0GENERAL", text="x" * 60_000)).status == 422
    assert (await world.do("/trouble", method="x; drop", kind="limited")).status == 422
    assert (await world.do("/trouble", method="chat.postMessage", kind="limited", times=51)).status == 422
    assert (await world.do("/weather", slow=3600)).status == 422
    assert (await world.request("POST", "/sandbox/say", b"[", world.changing())).status == 422


async def test_every_answer_lets_scripts_and_styles_come_from_here_only(world: Any) -> None:
    await world.open()
    for path in ("/sandbox/", "/sandbox/files/app.js", "/sandbox/nothing", "/sandbox/state"):
        got = await world.request("GET", path, headers={"cookie": world.cookie})
        policy = got.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert (got.headers["x-frame-options"], got.headers["referrer-policy"]) == ("DENY", "no-referrer")


async def test_the_page_s_files_hold_no_script_or_style_between_their_lines(world: Any) -> None:
    for path in ("/sandbox/", "/sandbox/files/door.html"):
        body = (await world.request("GET", path)).body.decode()
        assert "<style" not in body
        assert " style=" not in body
        assert " on" not in [part[:3] for part in body.split("<")]
        assert body.count("<script") == body.count('<script type="module" src="/sandbox/files/')


async def test_a_file_that_is_known_is_not_sent_again(world: Any) -> None:
    first = await world.request("GET", "/sandbox/files/app.js")
    again = await world.request("GET", "/sandbox/files/app.js", headers={"if-none-match": first.headers["etag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    for name in ("..%2fapp.py", "app.py", ".", "x.js"):
        assert (await world.request("GET", f"/sandbox/files/{name}")).status == 404


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("", False),  # noqa: S104
     ("example.org", False), ("::", False), ("10.0.0.1", False), ("127.0.0.1.evil.example", False)],
)  # fmt: skip
def test_this_machine_is_known_by_its_own_names_only(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
