"""What people are called, their languages and time zones: known where Slack tells them soon, never waited for long (S28)."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.people import Identity
from jeeves_service.service import Service
from slack_ingest.installations import Installations
from slack_ingest.profiles import FRESH, IN_FLIGHT, KEPT, NOBODY, REST, Profile, Profiles
from slack_ingest.slack_api import SlackApi
from support.clock import FakeClock
from support.eventually import eventually, succeeds
from support.ingest import receiving
from support.slack import TEAM, TOKEN, SlackStandIn
from support.slack_events import direct, envelope, interaction_body, json_body, pressed

INFO = "users.info"
WRONG_ADDRESSES = (
    "", "ana", "ana@", "@example.org", "ana@localhost", "<ana@example.org>", "ana@example.org\n", "a b@example.org", "a@b@c.de",
    "ana@exämple.org", '"a"@example.org', "ana@example..org", f"{'x' * 65}@example.org", f"ana@{'x.' * 130}org",
    f"{'x' * 60}@{'y' * 63}.{'y' * 63}.{'y' * 63}.de",
)  # fmt: skip


def person(user: str = "U0ANA", team: str = TEAM) -> Identity:
    return Identity(platform="slack", workspace_id=team, user_id=user)


def told(**user: Any) -> dict[str, Any]:
    return {"body": {"ok": True, "user": user}}


@contextlib.asynccontextmanager
async def asking(slack: SlackStandIn, clock: FakeClock, *, start: bool = True) -> AsyncIterator[Profiles]:
    api = SlackApi(slack.url, TOKEN, timeout=2)
    installations = Installations(api, clock)
    profiles = Profiles(api, installations, clock)
    if start:
        await installations.start()
        await installations.known()
    try:
        yield profiles
    finally:
        slack.dark = False
        await profiles.stop()
        await installations.stop()
        await api.close()


async def test_a_person_s_language_and_zone_travel_with_what_they_say(tmp_path: Path) -> None:
    with SlackStandIn() as slack:
        slack.fail(INFO, **told(locale="de-DE", tz="Europe/Berlin"))
        async with receiving(tmp_path / "bus", SLACK_API_URL=slack.url) as ingest:
            await ingest.service.start()
            await eventually(lambda: slack.called("auth.test"))
            await ready(ingest.service)
            for _ in range(3):
                await ingest.send(*json_body(envelope(direct("weather"))))
            post = {"ts": "1764000000.000100", "channel": "D0ANA"}
            await ingest.send(*interaction_body(pressed(post, {"action_id": "jeeves:0", "value": "weather"})))
            await ingest.service.stop()
        assert [(one.data.locale, one.data.timezone) for one in ingest.published] == [("de-DE", "Europe/Berlin")] * 4
        (call,) = slack.called(INFO)
        assert call.args["user"] == "U0ANA"
        assert call.args["include_locale"] in ("1", "true", "True")


async def test_what_a_person_is_called_and_their_address_travel_with_it_without_a_further_call(tmp_path: Path) -> None:  # S28
    with SlackStandIn() as slack:
        async with receiving(tmp_path / "bus", SLACK_API_URL=slack.url) as ingest:
            await ingest.service.start()
            await ready(ingest.service)
            await ingest.send(*json_body(envelope(direct("weather"))))
            slack.without.add(INFO)
            await ingest.send(*json_body(envelope(direct("weather", user="U0BEN"))))
            await eventually(lambda: len(ingest.published) == 2)
            await ingest.service.stop()
        known, unknown = (one.data for one in ingest.published)
        assert (known.name, known.email) == ("Ana", "ana@sandbox.example")
        assert (unknown.name, unknown.email, unknown.text) == (None, None, "weather")  # served all the same
        assert [call.method for call in slack.calls] == ["auth.test", INFO, INFO]


async def ready(service: Service) -> None:
    async def check() -> None:
        assert (await (await service.ops.test_client().get("/readyz")).get_json())["checks"]["slack"] == "ok"

    await succeeds(check, AssertionError)


async def test_before_slack_has_told_whose_token_it_is_nobody_is_asked_about() -> None:
    with SlackStandIn() as slack:
        async with asking(slack, FakeClock(), start=False) as profiles:
            assert await profiles.of(person()) is NOBODY
        assert not slack.called(INFO)


async def test_without_a_token_nobody_is_known() -> None:
    assert await Profiles(None, Installations(None, FakeClock()), FakeClock()).of(person()) is NOBODY


async def test_a_person_is_asked_about_once_an_hour_and_the_old_answer_serves_meanwhile() -> None:
    clock = FakeClock()
    with SlackStandIn() as slack:
        slack.fail(INFO, **told(locale="en-GB", tz="Europe/London"))
        async with asking(slack, clock) as profiles:
            london = Profile("en-GB", "Europe/London")
            assert [await profiles.of(person()) for _ in range(3)] == [london] * 3
            await clock.advance(FRESH + 1)
            slack.fail(INFO, **told(locale="fr-FR", tz="Europe/Paris"))
            assert await profiles.of(person()) == london
            await eventually(lambda: len(slack.called(INFO)) == 2)
            await _until(profiles, Profile("fr-FR", "Europe/Paris"))
            assert len(slack.called(INFO)) == 2


async def _until(profiles: Profiles, wanted: Profile, who: Identity | None = None) -> None:
    async def known() -> None:
        assert await profiles.of(who or person()) == wanted

    await succeeds(known, AssertionError)


async def test_a_slow_slack_holds_a_message_up_a_quarter_of_a_second_and_is_known_the_next_time() -> None:
    with SlackStandIn() as slack:
        async with asking(slack, FakeClock()) as profiles:
            slack.slow = 0.6
            began = time.monotonic()
            assert await profiles.of(person()) is NOBODY
            assert 0.2 < time.monotonic() - began < 0.55
            assert await profiles.of(person()) is NOBODY  # nor is it waited for twice
            assert time.monotonic() - began < 0.55
            await _until(profiles, Profile("en-GB", "Europe/London", "Ana", "ana@sandbox.example"))
            assert len(slack.called(INFO)) == 1


async def test_a_slack_that_stays_dark_is_left_alone() -> None:
    clock = FakeClock()
    with SlackStandIn() as slack:
        async with asking(slack, clock) as profiles:
            slack.dark = True
            await asyncio.gather(*(profiles.of(person(f"U{n}")) for n in range(3)))
            began = time.monotonic()
            assert [await profiles.of(person(f"U{n}")) for n in range(100)] == [NOBODY] * 100
            assert time.monotonic() - began < 0.2
            assert len(slack.called(INFO)) == 3
            slack.dark = False
            await clock.advance(REST + 1)
            slack.fail(INFO, **told(locale="sv", tz="Europe/Stockholm"))
            await _until(profiles, Profile("sv", "Europe/Stockholm"), person("U200"))


async def test_no_more_than_so_many_are_asked_about_at_once() -> None:
    with SlackStandIn() as slack:
        async with asking(slack, FakeClock()) as profiles:
            slack.dark = True
            await asyncio.gather(*(profiles.of(person(f"U{n}")) for n in range(50)))
            assert len(slack.called(INFO)) <= IN_FLIGHT


async def test_without_the_scope_slack_is_not_asked_again_for_an_hour() -> None:
    clock = FakeClock()
    with SlackStandIn() as slack:
        slack.without.add(INFO)
        async with asking(slack, clock) as profiles:
            assert [await profiles.of(person(f"U{n}")) for n in range(5)] == [NOBODY] * 5
            assert len(slack.called(INFO)) == 1
            await clock.advance(FRESH + 1)
            await profiles.of(person())
            assert len(slack.called(INFO)) == 2


async def test_whom_slack_does_not_know_is_remembered_too_and_a_limit_is_kept_to() -> None:
    clock = FakeClock()
    with SlackStandIn() as slack:
        slack.fail(INFO, "user_not_found")
        async with asking(slack, clock) as profiles:
            assert [await profiles.of(person("U0STRANGER", "T0OTHER")) for _ in range(3)] == [NOBODY] * 3
            assert len(slack.called(INFO)) == 1
            slack.limit(30, method=INFO)
            assert await profiles.of(person()) is NOBODY
            await clock.advance(29)
            assert await profiles.of(person()) is NOBODY
            assert len(slack.called(INFO)) == 2
            await clock.advance(2)
            slack.fail(INFO, **told(locale="en", tz="UTC"))
            assert await profiles.of(person()) == Profile("en", "UTC")


@pytest.mark.parametrize(
    ("user", "profile"),
    [
        ({"locale": "en-US"}, Profile("en-US")),
        ({"tz": "America/Argentina/Buenos_Aires"}, Profile(None, "America/Argentina/Buenos_Aires")),
        ({"tz": "Etc/GMT+5", "locale": "zh-Hant-TW"}, Profile("zh-Hant-TW", "Etc/GMT+5")),
        ({"locale": "<b>", "tz": "../../etc/passwd"}, Profile()),
        ({"locale": ["en"], "tz": 5}, Profile()),
        ({"locale": "x" * 100, "tz": "A/" + "b" * 100}, Profile()),
        ({"locale": "en-US\n", "tz": "UTC\x00"}, Profile()),
        ({"profile": {"display_name": "Ana", "real_name": "Ana Ferreira"}, "name": "af"}, Profile(name="Ana")),
        ({"profile": {"display_name": "", "real_name": " Ana  Ferreira "}}, Profile(name="Ana Ferreira")),
        ({"profile": {"display_name": "\u200b\u202e"}, "real_name": "R"}, Profile(name="R")),
        ({"name": "login"}, Profile(name="login")),
        ({"profile": {"display_name": "<!channel> *Ana* &amp; `Ben` &lt;b&gt;"}}, Profile(name="Ana & Ben")),
        ({"profile": {"display_name": "a\u202eb\u2066c\u200fd\x00\x1b[1m\ne\ud800"}}, Profile(name="abcd[1m e")),
        ({"profile": {"display_name": "花子 \U0001f338"}}, Profile(name="花子 \U0001f338")),
        ({"profile": {"display_name": "x" * 199 + " y" * 5000}}, Profile(name="x" * 199)),
        ({"profile": {"display_name": ["x"], "email": 5}, "name": {}}, Profile()),
        ({"profile": {"email": "ana+jeeves@mail.example.org"}}, Profile(email="ana+jeeves@mail.example.org")),
        *(({"profile": {"email": wrong}}, Profile()) for wrong in WRONG_ADDRESSES),
        ({}, Profile()),
    ],
)
async def test_only_what_is_a_language_a_zone_a_name_or_an_address_is_passed_on(user: dict[str, Any], profile: Profile) -> None:
    with SlackStandIn() as slack:
        slack.fail(INFO, **told(**user))
        async with asking(slack, FakeClock()) as profiles:
            assert await profiles.of(person()) == profile


@pytest.mark.parametrize("body", [{"ok": True}, {"ok": True, "user": None}, {"ok": True, "user": []}, b"<html>"])
async def test_an_odd_answer_is_no_profile(body: Any) -> None:
    with SlackStandIn() as slack:
        slack.fail(INFO, body=body)
        async with asking(slack, FakeClock()) as profiles:
            assert await profiles.of(person()) == NOBODY


def test_thousands_are_remembered_and_no_more() -> None:
    profiles = Profiles(None, Installations(None, FakeClock()), FakeClock())
    for number in range(KEPT + 5):
        profiles._keep((TEAM, f"U{number}"), Profile("en"))
    assert len(profiles._kept) == KEPT
    assert (TEAM, "U0") not in profiles._kept
