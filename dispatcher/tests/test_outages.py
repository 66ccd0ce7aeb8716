"""What surrounds the dispatcher goes away, or the dispatcher itself does: nothing is lost or counted."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_contracts.ids import reference
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import WORK, overflow_queue
from jeeves_service.errors import BusUnavailableError
from support.dispatching import World, dispatching
from support.eventually import eventually
from support.fake_action import words
from support.messages import envelope, item, message
from support.recording import Recorded
from support.sending import FastClock

ECHO = {"facts": ["location"]}


class Watched:
    """An app in users-service's place, with the paths of the calls that it has answered."""

    def __init__(self, app: Any) -> None:
        self._app, self._paths = app, list[str]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)
        self._paths.append(scope["path"])

    async def asked(self, path: str, times: int) -> None:
        """Wait until it has answered so many calls whose paths end so."""
        await eventually(lambda: sum(one.endswith(path) for one in self._paths) >= times, f"{times} × {path}")


def always(status: int, body: bytes) -> Watched:
    """Return an app that gives every call the same answer."""

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return Watched(app)


async def counted(world: World, outcome: str) -> float:
    """Return how many messages the dispatcher counts with this outcome."""
    response = await world.service.ops.test_client().get("/metrics")
    name = f'jeeves_dispatcher_messages_total{{outcome="{outcome}"}} '
    lines = (await response.get_data(as_text=True)).splitlines()
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


async def test_users_service_away_costs_time_and_no_try(tmp_path: Path) -> None:  # S155
    async with dispatching(tmp_path, echo=ECHO) as world:
        app, world.mounts["users-service"] = world.mounts["users-service"], (down := always(502, b""))
        said = message("echo")
        await world.say(said)
        await down.asked("/claim", 3)
        ready = await world.service.ops.test_client().get("/readyz")
        assert ready.status_code == 503
        assert "users-service" in (await ready.get_data(as_text=True))
        world.mounts["users-service"] = app
        await eventually(lambda: world.replies(said.message_id) == ["echo done"])
        assert await counted(world, "answered") == 1
        assert await counted(world, "retry") == 0


class Broken:
    """Passes calls on to users-service, but answers those of one path with a status, as often as it is told."""

    def __init__(self, app: Any, path: str, times: int) -> None:
        self._app, self._path, self.left = app, path, times

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not scope["path"].endswith(self._path) or self.left <= 0:
            await self._app(scope, receive, send)
            return
        self.left -= 1
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize(("path", "said"), [("/show", "who am i"), ("/book", "stop"), ("/recall", "not what I meant")])
async def test_a_question_that_users_service_cannot_answer_ends_with_an_apology(tmp_path: Path, path: str, said: str) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        world.mounts["users-service"] = Broken(world.mounts["users-service"], path, times=1000)
        asked = message(said)
        assert reference(asked.message_id) in await world.answer(asked)
        assert await counted(world, "retry") == 3
        assert await counted(world, "failed") == 1
        assert await world.answer(message("echo")) == "echo done"


async def test_a_question_that_is_answered_when_it_is_asked_again_needs_no_apology(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.mounts["users-service"] = Broken(world.mounts["users-service"], "/show", times=2)
        assert "U1" in await world.answer(message("who am i"))
        assert await counted(world, "failed") == 0


async def test_what_is_known_of_features_is_kept_while_users_service_is_away(tmp_path: Path) -> None:  # F4, S45
    async with dispatching(tmp_path, echo=ECHO, other={}) as world:
        await world.answer(message("echo"))
        await world.api("PATCH", "/features/echo", {"enabled": False})
        assert "(policy: feature-enabled)" in await world.answer(message("echo"))
        app, world.mounts["users-service"] = world.mounts["users-service"], (down := always(502, b""))
        said = [message("echo"), message("other")]
        for one in said:
            await world.say(one)
        await down.asked("/claim", 3)
        world.mounts["users-service"] = asked = Recorded(app)
        await eventually(lambda: all(world.replies(one.message_id) for one in said), "both answers")
        off, other = (world.replies(one.message_id)[0] for one in said)
        assert "(policy: feature-enabled)" in off
        assert other == "other done"
        known = {ClaimRequest.from_bytes(body).registry_revision for body in asked.bodies("/claim")}
        assert len(known) == 1  # which it did not have to ask for again
        assert known != {-1}
        assert await counted(world, "failed") == 0


class Late:
    """Passes calls on to users-service, but keeps the answer of the first claim back until it is `free`."""

    def __init__(self, app: Any) -> None:
        self._app, self._first = app, True
        self.is_late, self.free = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        held, self._first = self._first and scope["path"].endswith("/claim"), False

        async def sent(event: Any) -> None:
            if held:
                self.is_late.set()
                await self.free.wait()
            await send(event)

        await self._app(scope, receive, sent)


async def test_an_older_registry_that_arrives_late_is_not_taken_for_a_newer_one(tmp_path: Path) -> None:  # F4
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        world.mounts["users-service"] = late = Late(asked := Recorded(world.mounts["users-service"]))
        await world.api("PATCH", "/features/echo", {"enabled": False})
        first = message("echo", user="U0")
        await world.say(first)
        await eventually(late.is_late.is_set, "the claim that was answered, and is late")
        await world.api("PATCH", "/features/echo", {"enabled": True})
        others = [message("echo", user=f"U{n}") for n in range(1, 41)]  # so many that another claim begins beside it
        for one in others:
            await world.say(one)
        await eventually(lambda: any(world.replies(one.message_id) == ["echo done"] for one in others), "the newer state")
        late.free.set()
        await eventually(lambda: all(world.replies(one.message_id) for one in (first, *others)), "every answer")
        assert all(world.replies(one.message_id) == ["echo done"] for one in others)
        before = len(asked.bodies("/claim"))
        assert await world.answer(message("echo")) == "echo done"
        revisions = [ClaimRequest.from_bytes(body).registry_revision for body in asked.bodies("/claim")[before:]]
        assert revisions == [max(ClaimRequest.from_bytes(body).registry_revision for body in asked.bodies("/claim"))]


async def test_an_odd_answer_of_users_service_costs_nobody_his_message(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        app, world.mounts["users-service"] = world.mounts["users-service"], (odd := always(200, b"<html>"))
        said = [message("echo", user=f"U{n}") for n in range(10)]
        for one in said:
            await world.say(one)
        await odd.asked("/claim", 3)
        world.mounts["users-service"] = app
        await eventually(lambda: all(world.replies(one.message_id) == ["echo done"] for one in said))


async def test_a_bus_that_does_not_confirm_loses_no_reply(tmp_path: Path) -> None:  # S142, S156
    async with dispatching(tmp_path, echo=ECHO) as world:
        publish, failures = world.bus.publish, []

        async def flaky(key: str, body: bytes, headers: object = None) -> None:
            await publish(key, body, headers)  # type: ignore[arg-type]
            if "reply" in key and len(failures) < 2:
                failures.append(key)
                raise BusUnavailableError("the confirm was lost")

        world.bus.publish = flaky  # type: ignore[method-assign]
        assert await world.answer(message("echo")) == "echo done"
        await eventually(lambda: len(failures) == 2, "both lost confirms")
        assert await world.answer(message("echo")) == "echo done"


async def test_what_cannot_be_decoded_goes_to_the_dead_letters_and_the_rest_goes_on(tmp_path: Path) -> None:  # A5, S144
    async with dispatching(tmp_path, echo=ECHO) as world:
        for body in (b"", b"{}", b"\xff", b'{"specversion":"1.0"}', b"[" * 10_000):
            await world.bus.publish("chat.message.received.v1.slack", body)
        assert await world.answer(message("echo")) == "echo done"
        listed: list[object] = []

        async def look() -> int:
            listed[:] = (await world.api("GET", "/dead-letters"))["items"]
            return len(listed)

        for _ in range(300):
            if await look() == 5:
                break
            await asyncio.sleep(0.02)
        assert len(listed) == 5


async def test_it_stops_soon_and_gives_back_what_waits_uncounted(tmp_path: Path) -> None:  # A6
    async with dispatching(tmp_path, slow={}) as world:
        world.actions["slow"].held.clear()
        root = message("slow")
        await world.say(root)
        await eventually(lambda: world.actions["slow"].calls)
        waits = message("slow", thread=root.conversation.thread_id)
        world.mounts["users-service"] = users = Watched(world.mounts["users-service"])
        await world.say(waits)
        await users.asked("/claim", 1)  # it is in hand, and told to wait
        back: list[tuple[bytes, int]] = []

        async def look(delivery: Delivery) -> None:
            back.append((delivery.body, delivery.returns))
            await delivery.ack()

        await world.bus.consume(WORK, look, prefetch=9)
        began = asyncio.get_running_loop().time()
        stopping = asyncio.create_task(world.service.stop())
        await eventually(lambda: back, "what waits is given back while the other one is at work")
        assert not stopping.done()
        world.actions["slow"].held.set()  # what is at work is finished
        await stopping
        assert asyncio.get_running_loop().time() - began < 5
        await eventually(lambda: world.replies(root.message_id) == ["slow done"])
        assert len(back) == 1
        assert waits.message_id.encode() in back[0][0]
        assert back[0][1] == 0


async def test_it_stops_soon_while_users_service_is_away(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        app, world.mounts["users-service"] = world.mounts["users-service"], (down := always(502, b""))
        await world.say(message("echo"))
        await down.asked("/claim", 1)
        began = asyncio.get_running_loop().time()
        await world.service.stop()
        assert asyncio.get_running_loop().time() - began < 5
        world.mounts["users-service"] = app


async def test_what_lies_in_an_overflow_queue_is_found_again_after_a_restart(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
    async with dispatching(tmp_path, start=False, echo=ECHO) as world:
        said = message("echo")
        await world.bus.declare(overflow_queue("echo"))
        await world.bus.send(overflow_queue("echo").name, envelope(said).to_bytes())
        await world.service.start()
        await eventually(lambda: world.replies(said.message_id) == ["echo done"])


async def test_a_stale_answer_acks_nothing_and_the_message_is_answered_once(tmp_path: Path) -> None:  # stale-acked
    async with dispatching(tmp_path, clock=FastClock(), slow={}) as world:
        action = world.actions["slow"]
        action.held.clear()
        action.answers = [words("stale"), words("fresh")]
        said = message("slow")
        await world.say(said, delivery="one")
        await eventually(lambda: len(action.calls) == 1)
        zombie = ClaimRequest(items=[item(said, delivery="one")]).to_bytes()  # the broker gave it to another one as well
        taken = ClaimAnswer.from_bytes(
            await world.dispatcher.call("/internal/v1/messages/claim", zombie, scope="messages:claim")
        )
        assert taken.verdicts[0].verdict == "yours"
        action.held.set()
        await eventually(lambda: world.replies(said.message_id) == ["fresh"], "the other one died", within=20)
        assert len(action.calls) == 2
