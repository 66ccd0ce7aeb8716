"""From a message on the bus to its reply, by way of real users-service and an action that does as told."""

import asyncio
import json
from pathlib import Path

from quart import Response

from jeeves_contracts.delivery import ClaimAnswer, ClaimRequest
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import WORK, overflow_queue
from jeeves_service.errors import BusUnavailableError
from support.dispatching import dispatching
from support.eventually import eventually
from support.fake_action import words
from support.messages import envelope, item, message
from support.sending import FastClock

ECHO = {"facts": ["location"]}


def refused(status: int, detail: str = "", **more: object) -> Response:
    problem = {"title": "No", "status": status, "detail": detail, **more}
    return Response(json.dumps(problem), status, content_type="application/problem+json")


async def test_an_action_is_given_what_was_asked_and_by_whom(tmp_path: Path) -> None:  # S30, S43, S46
    async with dispatching(tmp_path, echo=ECHO) as world:
        said = message("echo  Hello, World", user="U7")
        assert await world.answer(said) == "echo done"
        (call,) = world.actions["echo"].calls
    assert (call["command"], call["text"], call["trigger"]) == ("echo", "Hello, World", "message")
    assert call["id"] == call["key"] == said.message_id
    assert call["actor"]["user_id"] == "U7"
    assert call["conversation"] == said.conversation.model_dump(mode="json")
    assert len(call["traceparent"]) == 55


async def test_only_granted_facts_are_handed_out(tmp_path: Path) -> None:
    async with dispatching(
        tmp_path, echo=ECHO, store={"command": {"effect": "changes"}, "facts": ["location", "birthday"]}
    ) as world:
        facts = [{"op": "fact.set", "name": name, "value": "x"} for name in ("location", "birthday")]
        world.actions["store"].answers = [words("kept", changes=facts)]
        await world.answer(message("store"))
        await world.answer(message("echo"))
        assert world.actions["echo"].calls[0]["facts"] == {"location": "x"}


async def test_help_names_what_one_may_use_and_nothing_else(tmp_path: Path) -> None:  # S39
    boss = {"command": {"roles": ["admin"], "usage": "secret"}}
    async with dispatching(tmp_path, echo=ECHO, boss=boss) as world:
        text = await world.answer(message("help"))
    assert "`echo <what>`: Does echo." in text
    assert "secret" not in text
    assert "`help`" in text


async def test_an_unknown_word_gets_a_hint_and_an_empty_message_too(tmp_path: Path) -> None:  # S48, P5
    async with dispatching(tmp_path, echo=ECHO) as world:
        hint = await world.answer(message("ehco me"))
        assert "ehco me" in hint
        assert "`echo`" in hint
        assert "`help`" in await world.answer(message(""))
        assert world.actions["echo"].calls == []


async def test_a_command_for_admins_is_refused_to_others_in_words(tmp_path: Path) -> None:  # S111
    async with dispatching(tmp_path, boss={"command": {"roles": ["admin"]}}) as world:
        assert await world.answer(message("boss")) == "Only admins may use `boss`."
        assert world.actions["boss"].calls == []


async def test_an_action_without_words_posts_nothing(tmp_path: Path) -> None:  # S47
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [Response(status=204)]
        said = message("echo")
        await world.say(said)
        await eventually(lambda: world.actions["echo"].calls)
        assert await world.answer(message("help"))
        assert world.replies(said.message_id) == []


async def test_a_new_action_is_known_without_a_change_here(tmp_path: Path) -> None:  # S44, S163
    async with dispatching(tmp_path, brandnew={}) as world:
        assert await world.answer(message("BrandNew thing")) == "brandnew done"


async def test_what_a_redelivery_brings_is_answered_once(tmp_path: Path) -> None:  # S36
    async with dispatching(tmp_path, echo=ECHO) as world:
        said = message("echo")
        await world.answer(said)
        for number in range(3):
            await world.say(said, delivery=f"again {number}")
        assert await world.answer(message("echo"))
        assert world.replies(said.message_id) == ["echo done"]
        assert len(world.actions["echo"].calls) == 2


async def test_a_passing_failure_is_tried_again_with_the_same_key(tmp_path: Path) -> None:  # S56
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(500), refused(503), words("third time")]
        said = message("echo")
        assert await world.answer(said) == "third time"
        assert [call["key"] for call in world.actions["echo"].calls] == [said.message_id] * 3


async def test_after_three_retries_there_is_one_apology_with_a_reference(tmp_path: Path) -> None:  # S56, I10
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(500)]
        text = await world.answer(message("echo"))
        assert len(world.actions["echo"].calls) == 4
    assert text.startswith("Sorry")
    assert "reference is" in text
    assert "500" not in text


async def test_a_refusal_is_final_and_shown_only_where_it_is_meant_for_people(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [refused(404, "No such city: Qx.", user_facing=True), refused(400, "KeyError: 'x'")]
        assert await world.answer(message("echo")) == "No such city: Qx."
        text = await world.answer(message("echo"))
        assert "KeyError" not in text
        assert len(world.actions["echo"].calls) == 2


async def test_answers_that_are_none_get_an_apology_at_once(tmp_path: Path) -> None:
    hostile = [
        Response("<html>", content_type="text/html"),
        Response("[]"),
        Response('{"messages": 7}'),
        Response(json.dumps(words("x" * 50_000))),
        Response(b"\xff\xfe"),
        Response(json.dumps({"messages": [{"text": str(n)} for n in range(6)]})),
    ]
    async with dispatching(tmp_path, echo=ECHO) as world:
        for answer in hostile:
            world.actions["echo"].answers = [answer]
            assert (await world.answer(message("echo"))).startswith("Sorry")
        assert len(world.actions["echo"].calls) == len(hostile)


async def test_200_mb_are_not_read(tmp_path: Path) -> None:
    async def endless() -> object:
        for _ in range(200):
            yield b"x" * 1024 * 1024

    async with dispatching(tmp_path, echo=ECHO) as world:
        world.actions["echo"].answers = [lambda _: Response(endless())]
        assert (await world.answer(message("echo"), within=30)).startswith("Sorry")


async def test_changes_that_a_manifest_does_not_announce_are_not_made(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        change = {"op": "fact.set", "name": "location", "value": "x"}
        world.actions["echo"].answers = [words("done", changes=[change]), words("second")]
        assert (await world.answer(message("echo"))).startswith("Sorry")
        assert await world.answer(message("echo")) == "second"
        assert world.actions["echo"].calls[1]["facts"] == {}


async def test_an_external_call_that_surely_was_not_taken_is_made_again(tmp_path: Path) -> None:
    async with dispatching(tmp_path, issue={"command": {"effect": "external"}}) as world:
        world.actions["issue"].answers = [refused(503, taken=False), refused(429), words("filed")]
        assert await world.answer(message("issue")) == "filed"
        assert len(world.actions["issue"].calls) == 3


async def test_an_external_call_in_doubt_is_never_made_again(tmp_path: Path) -> None:  # I4, unmarked-external
    async with dispatching(tmp_path, issue={"command": {"effect": "external"}}) as world:
        world.actions["issue"].answers = [refused(500)]
        assert "cannot tell whether it was done" in await world.answer(message("issue"))
        assert len(world.actions["issue"].calls) == 1


async def test_a_slow_action_gets_a_status_that_the_answer_replaces(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={}) as world:
        world.actions["slow"].held.clear()
        said = message("slow")
        await world.say(said)
        await eventually(lambda: world.statuses == [said.message_id], "a status")
        assert world.replies(said.message_id) == []
        world.actions["slow"].held.set()
        await eventually(lambda: world.replies(said.message_id) == ["slow done"])


async def test_an_action_that_does_not_answer_in_time_is_apologised_for(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={"timeout_seconds": 0.1}) as world:
        world.actions["slow"].held.clear()
        assert (await world.answer(message("slow"))).startswith("Sorry")
        world.actions["slow"].held.set()


async def test_one_slow_action_delays_no_other(tmp_path: Path) -> None:  # bulkhead and overflow
    async with dispatching(tmp_path, slow={}, quick={}) as world:
        world.actions["slow"].held.clear()
        said = [message("slow", user=f"U{n}") for n in range(40)]
        for one in said:
            await world.say(one)
        await eventually(lambda: len(world.actions["slow"].calls) == 16, "a full bulkhead")
        assert await world.answer(message("quick"), within=3) == "quick done"
        assert len(world.actions["slow"].calls) == 16
        world.actions["slow"].held.set()
        await eventually(lambda: all(world.replies(one.message_id) == ["slow done"] for one in said), "all answered")
        assert len(world.actions["slow"].calls) == 40


async def test_a_failing_action_is_left_alone_for_a_while(tmp_path: Path) -> None:  # S154
    async with dispatching(tmp_path, echo=ECHO, other={}) as world:
        world.actions["echo"].answers = [refused(500)]
        await world.answer(message("echo"))  # four failures
        await world.say(message("echo"))
        await eventually(lambda: len(world.actions["echo"].calls) == 5)
        text = await world.answer(message("echo", user="U2"))
        assert "try again in a few minutes" in text
        assert len(world.actions["echo"].calls) == 5
        assert await world.answer(message("other")) == "other done"


async def test_what_cannot_be_decoded_goes_to_the_dead_letters_and_the_rest_goes_on(tmp_path: Path) -> None:  # A5, S144
    async with dispatching(tmp_path, echo=ECHO) as world:
        for body in (b"", b"{}", b"\xff", b'{"specversion":"1.0"}', b"[" * 10_000):
            await world.bus.publish("chat.message.received.v1.slack", body)
        assert await world.answer(message("echo")) == "echo done"
        listed: list[object] = []

        async def look() -> int:
            body = await world.operator.call("/internal/v1/dead-letters/list", b"{}", scope="dead-letters:manage")
            listed[:] = json.loads(body)["items"]
            return len(listed)

        for _ in range(300):
            if await look() == 5:
                break
            await asyncio.sleep(0.02)
        assert len(listed) == 5


async def test_users_service_away_costs_time_and_no_try(tmp_path: Path) -> None:  # S155
    async with dispatching(tmp_path, echo=ECHO) as world:
        app = world.mounts.pop("users-service")
        world.mounts["users-service"] = _down
        said = message("echo")
        await world.say(said)
        ready = await world.service.ops.test_client().get("/readyz")
        assert ready.status_code == 503
        assert "users-service" in (await ready.get_data(as_text=True))
        world.mounts["users-service"] = app
        await eventually(lambda: world.replies(said.message_id) == ["echo done"])


async def _down(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 502, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


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


async def test_an_odd_answer_of_users_service_costs_nobody_his_message(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        await world.answer(message("echo"))
        app, world.mounts["users-service"] = world.mounts["users-service"], _html
        said = [message("echo", user=f"U{n}") for n in range(10)]
        for one in said:
            await world.say(one)
        await asyncio.sleep(0.2)
        world.mounts["users-service"] = app
        await eventually(lambda: all(world.replies(one.message_id) == ["echo done"] for one in said))


async def _html(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"<html>"})  # type: ignore[operator]


async def test_a_long_thread_that_waits_delays_nobody_else(tmp_path: Path) -> None:
    async with dispatching(tmp_path, slow={}, quick={}) as world:
        world.actions["slow"].held.clear()
        root = message("slow")
        await world.say(root)
        await eventually(lambda: len(world.actions["slow"].calls) == 1)
        for _ in range(300):
            await world.say(message("quick", thread=root.conversation.thread_id))
        assert await world.answer(message("quick", user="U2"), within=4) == "quick done"
        world.actions["slow"].held.set()


async def test_it_stops_soon_and_gives_back_what_waits_uncounted(tmp_path: Path) -> None:  # A6
    async with dispatching(tmp_path, slow={}) as world:
        world.actions["slow"].held.clear()
        root = message("slow")
        await world.say(root)
        await eventually(lambda: world.actions["slow"].calls)
        waits = message("slow", thread=root.conversation.thread_id)
        await world.say(waits)
        stopping = asyncio.create_task(world.service.stop())
        await asyncio.sleep(0.3)
        world.actions["slow"].held.set()  # what is at work is finished
        began = asyncio.get_running_loop().time()
        await stopping
        assert asyncio.get_running_loop().time() - began < 5
        await eventually(lambda: world.replies(root.message_id) == ["slow done"])
        back: list[tuple[bytes, int]] = []

        async def look(delivery: Delivery) -> None:
            back.append((delivery.body, delivery.returns))
            await delivery.ack()

        await world.bus.consume(WORK, look, prefetch=9)
        await eventually(lambda: len(back) == 1)
        assert waits.message_id.encode() in back[0][0]
        assert back[0][1] == 0


async def test_it_stops_soon_while_users_service_is_away(tmp_path: Path) -> None:
    async with dispatching(tmp_path, echo=ECHO) as world:
        app, world.mounts["users-service"] = world.mounts["users-service"], _down
        await world.say(message("echo"))
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
