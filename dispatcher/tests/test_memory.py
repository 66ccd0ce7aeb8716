"""What an action is reminded of, and told of the person: memos, follow-ups, facts and the book (S2, S46)."""

from pathlib import Path
from typing import Any

from jeeves_contracts.ids import reference
from support.dispatching import dispatching
from support.fake_action import words
from support.messages import message

CHANGES = {"effect": "changes"}
TALK: dict[str, Any] = {"command": {"follow_ups": ["and {what}", "again"], "phrases": ["talk to me"]}}


def fact(name: str, value: object, **more: Any) -> dict[str, Any]:
    return {"op": "fact.set", "name": name, "value": value, **more}


async def test_a_follow_up_comes_with_the_memo_of_the_answer_before(tmp_path: Path) -> None:
    async with dispatching(tmp_path, talk=TALK, other={}) as world:
        talk = world.actions["talk"]
        talk.answers = [words("one", memo={"of": "one"}), words("two", memo={"of": "two"}), words("three")]
        root = message("talk")
        thread = root.conversation.thread_id
        assert await world.answer(root) == "one"
        assert await world.answer(message("and that?", thread=thread)) == "two"
        assert await world.answer(message("talk to me", thread=thread)) == "three"
        first, second, third = talk.calls
        assert (first["memo"], second["memo"], third["memo"]) == ({}, {"of": "one"}, {"of": "two"})
        assert (second["command"], second["text"], second["args"]) == ("talk", "and that?", {"what": "that"})
        assert "do not understand" in await world.answer(message("and that?"))  # in a new thread
        assert "do not understand" in await world.answer(message("and that?", thread=thread, user="U2"))
        assert await world.answer(message("other", thread=thread)) == "other done"
        assert "do not understand" in await world.answer(message("again", thread=thread))
        assert await world.answer(message("talk", thread=thread)) == "three"
        assert talk.calls[-1]["memo"] == {}
        assert world.actions["other"].calls[0]["memo"] == {}


async def test_only_granted_facts_are_handed_out(tmp_path: Path) -> None:
    store = {"command": CHANGES, "facts": ["location", "birthday"]}
    async with dispatching(tmp_path, echo={"facts": ["location"]}, store=store) as world:
        world.actions["store"].answers = [words("kept", changes=[fact("location", "x"), fact("birthday", "x")])]
        await world.answer(message("store"))
        await world.answer(message("echo"))
        (call,) = world.actions["echo"].calls
        assert call["facts"] == {"location": "x"}
        assert "book" not in call


async def test_an_action_that_is_granted_all_is_given_the_book(tmp_path: Path) -> None:
    store = {"command": CHANGES, "facts": ["*"], "jobs": ["daily"]}
    async with dispatching(tmp_path, store=store) as world:
        store_ = world.actions["store"]
        timing = {"rule": {"cron": "30 7 * * 1-5", "timezone": "Europe/Paris"}}
        job = {"op": "schedule.put", "name": "daily", "timing": timing, "command": "store it"}
        store_.answers = [words("kept", changes=[fact("location", "Oslo"), fact("shoe size", 42), job]), words("so")]
        await world.answer(message("store"))
        await world.answer(message("store"))
        call = store_.calls[-1]
        assert call["facts"] == {"location": "Oslo", "shoe size": 42}
        known = {one["name"]: (one["value"], one["scope"], one["source"]) for one in call["book"]["facts"]}
        assert known == {"location": ("Oslo", "person", "said"), "shoe size": (42, "person", "said")}
        (schedule,) = call["book"]["schedules"]
        assert (schedule["feature"], schedule["name"], schedule["command"]) == ("store", "daily", "store it")


async def test_what_is_known_of_the_channel_is_told_there_and_one_s_own_goes_first(tmp_path: Path) -> None:
    async with dispatching(tmp_path, store={"command": CHANGES, "facts": ["*"]}) as world:
        team = [fact("standup", "9:30", scope="channel"), fact("wifi", "Acme", scope="channel"), fact("wifi", "mine")]
        world.actions["store"].answers = [words("kept", changes=team), words("so")]
        await world.answer(message("store"))
        await world.answer(message("store"))
        await world.answer(message("store", user="U2"))
        await world.answer(message("store", user="U2", channel="C2"))
        facts = [call["facts"] for call in world.actions["store"].calls[1:]]
        assert facts == [{"standup": "9:30", "wifi": "mine"}, {"standup": "9:30", "wifi": "Acme"}, {}]


async def test_why_a_change_is_refused_is_told_to_the_person(tmp_path: Path) -> None:
    async with dispatching(tmp_path, store={"command": CHANGES, "facts": ["location"]}) as world:
        world.actions["store"].answers = [words("kept", changes=[fact("location", "Mars", scope="workspace")]), words("next")]
        said = message("store")
        text = await world.answer(said)
        assert "admins" in text
        assert "reference" not in text
        assert world.shown(said.message_id)[0].visibility == "ephemeral"
        assert await world.answer(message("store")) == "next"
        assert world.actions["store"].calls[-1]["facts"] == {}
        about = reference(said.message_id)
        await world.answer(message(f"report {about}"))
        listed = await world.answer(message("reports", user="UADMIN"))
        assert f"`{about}`: store, answered, change refused (" in listed  # what they wanted to be kept is nobody else's


async def test_what_cannot_be_stored_is_apologised_for(tmp_path: Path) -> None:
    async with dispatching(tmp_path, store={"command": CHANGES}) as world:
        world.actions["store"].answers = [words("kept", memo={"x": "y" * 5_000})]
        assert (await world.answer(message("store"))).startswith("Sorry")
