"""Facts told, asked for and taken back in plain words, through the public face."""

from datetime import UTC, datetime
from typing import Any

import pytest

from jeeves_actions.contract import ActionContract
from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import ActionAnswer, FactSet
from jeeves_contracts.blocks import ContextBlock, TextBlock
from jeeves_contracts.knowledge import Book, KnownFact
from support.hearing import hear


class TestContract(ActionContract):
    pass


async def test_anything_is_remembered_in_plain_words(ana: Caller) -> None:  # S2, S41
    await converse(
        ana,
        ("what do you know about me", "I know nothing about you yet."),
        ("remember my birthday is 3 May", "Your birthday is now 3 May."),
        ("when is my birthday?", "Your birthday is 3 May."),
        ("my birthday is 4 May", "Your birthday is now 4 May."),
        ("my birthday is 4 May.", "Your birthday is 4 May already."),
        ("my birthday isn't 4 May, it's 5 May", "Your birthday is now 5 May."),
        ("my birthday is not 5 May", "Then what is your birthday? Tell me: `my birthday is …`."),
        ("remember that my favourite tea is Assam", "Your favourite tea is now Assam."),
        ("what is my favourite tea", "Your favourite tea is Assam."),
        ("my shoe size is 42", "Your shoe size is now 42."),
        ("remember my kids are Ann and Bo", "Your kids are now Ann and Bo."),
        ("what are my kids", "Your kids are Ann and Bo."),
        ("remember my wife's name is Eva", "Your wife's name is now Eva."),
        ("remember Ben's birthday is 1 May", "Ben's birthday is now 1 May."),
        ("when is Ben's birthday", "Ben's birthday is 1 May."),
        ("my motto is “Just do it!”", "Your motto is now Just do it!"),
        ("what is my ip address?", "I do not know your ip address. Tell me: `my ip address is …`."),
        ("remember my hat size", "What is your hat size? Tell me: `my hat size is …`."),
        ("my hat size is", "What is your hat size?"),
    )
    assert ana.facts == {
        "birthday": "5 May", "favourite tea": "Assam", "shoe size": "42", "kids": "Ann and Bo", "wife's name": "Eva",
        "ben's birthday": "1 May", "motto": "Just do it!",
    }  # fmt: skip


async def test_the_ways_of_before_still_work(ana: Caller) -> None:
    await converse(
        ana,
        ("my location is Reykjavik", "Your location is now Reykjavík, Capital Region, Iceland."),
        ("what is my location", "Your location is Reykjavík, Capital Region, Iceland."),
        ("my location?", "Your location is Reykjavík"),
        ("where do I live", "Your location is Reykjavík"),
        ("config get city", "Your location is Reykjavík"),
        ("config set location Paris", "Your location is now Paris, Île-de-France Region, France."),
        ("settings set city “New York”", "Your location is now New York, United States."),
        ("preferences location: Dublin", "Your location is now Dublin, Leinster, Ireland."),
        ("I moved to Berlin.", "Your location is now Berlin, State of Berlin, Germany."),
        ("config location Berlin", "Your location is Berlin, State of Berlin, Germany already."),
        ("set location", "Where are you?"),
        ("my location is", "Where are you?"),
        ("config set", "Tell me what it is"),
        ("use fahrenheit", "Your units are now imperial."),
        ("config use celsius please", "Your units are now metric."),
        ("config set units °F", "Your units are now imperial."),
        ("my units", "Your units are imperial."),
        ("config set units furlongs", "I know the units metric and imperial."),
        ("config", "location: Berlin, State of Berlin, Germany"),
        ("config show", "units: imperial"),
        ("forget my location", "I have forgotten your location."),
        ("forget location", "there is nothing to forget"),
        ("config unset units", "I have forgotten your units."),
        ("config forget", "What should I forget?"),
        ("config help", "`what do you know about me` shows it"),
        ("config set colour blue", "Your colour is now blue."),
        ("config colour", "Your colour is blue."),
    )
    assert ana.facts == {"colour": "blue"}


async def test_a_sentence_is_noted_under_its_own_words(ana: Caller) -> None:
    await converse(
        ana,
        ("remember that I am vegetarian", 'Noted: "I am vegetarian".'),
        ("note that I'm tall", 'Noted: "I\'m tall".'),
        ("note to self: buy milk", 'Noted: "buy milk".'),
        ("remember that I am vegetarian.", 'I know that already: "I am vegetarian".'),
        ("what do you know about vegetarian", 'I noted: "I am vegetarian". You told me on 9 March 2026.'),
        ("what do you know about me", "vegetarian: I am vegetarian"),
        ("forget that I'm vegetarian", 'I have forgotten it: "I am vegetarian".'),
        ("forget buy milk", "I have forgotten it"),
    )
    assert ana.facts == {"tall": "I'm tall"}


@pytest.mark.parametrize(
    ("known", "said", "told"),
    [
        ({"name": "birthday", "value": "3 May"}, "what is my birthday",
         "Your birthday is 3 May. You told me on 12 March 2026."),
        ({"name": "tea", "value": "Assam", "source": "button"}, "what is my tea",
         "Your tea is Assam. You chose it with a button on 12 March 2026."),
        ({"name": "units", "value": "metric", "source": "schedule"}, "what are my units",
         "Your units are metric. It came from one of your schedules on 12 March 2026."),
        ({"name": "language", "value": "de", "source": "dashboard"}, "what is my language",
         "Your language is German. You set it on the dashboard on 12 March 2026."),
        ({"name": "timezone", "value": "Pacific/Auckland", "with_fact": "location"}, "what is my time zone",
         "Your time zone is Pacific/Auckland. I took it from your location on 12 March 2026."),
        ({"name": "standup", "value": "at 9:30", "scope": "channel"}, "what is our standup",
         "This channel's standup is at 9:30. Somebody told me in this channel on 12 March 2026."),
        ({"name": "wifi", "value": "Acme", "scope": "workspace"}, "what is our wifi",
         "The workspace's wifi is Acme. An admin told me on 12 March 2026."),
    ],
)  # fmt: skip
async def test_a_fact_is_told_with_its_source_and_since_when(ana: Caller, known: dict[str, Any], said: str, told: str) -> None:
    """The day is that of the person: in Auckland it is the next one by now."""
    since = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
    ana.facts["timezone"] = "Pacific/Auckland"
    request = ana.request("facts", said)
    book = Book(facts=[KnownFact.model_validate({**known, "since": since})])
    answer = await ana.invoke(request.model_copy(update={"book": book}))
    assert isinstance(answer, ActionAnswer)
    assert told in answer.messages[0].text
    text, source = answer.messages[0].blocks
    assert isinstance(text, TextBlock)
    assert isinstance(source, ContextBlock)
    assert f"{text.text} {source.text}" == answer.messages[0].text


async def test_what_a_fact_was_is_told_on_request(ana: Caller, clock: Any) -> None:
    for day, tea in ((1, "Assam"), (5, "Earl Grey"), (9, "Sencha")):
        clock.today = datetime(2026, 3, day, tzinfo=UTC)
        await ana.say(f"my tea is {tea}")
    told = "Your tea is Sencha now. Before, it was:\nEarl Grey, until 9 March 2026\nAssam, until 5 March 2026"
    for asked in ("what was my tea before?", "history of my tea", "what was my tea", "show me the history of my tea"):
        assert await ana.say(asked) == told
    await ana.say("my coffee is black")
    await converse(
        ana,
        ("what was my coffee before", "Your coffee is black, and I know of nothing that it was before."),
        ("what was my juice", "I do not know your juice."),
    )


async def test_the_known_kinds_are_checked(ana: Caller) -> None:
    await converse(
        ana,
        ("I speak German", "Your language is now German. So far I answer in English, but I name places in German."),
        ("my language is 日本語", "Your language is now Japanese."),
        ("my language is British English", "Your language is now British English."),
        ("my language is Klingon", 'I know no language "Klingon".'),
        ("I speak German and French", "Which one should I use with you?"),
        ("my working hours are 9 to 17:30", "Your working hours are now 09:00-17:30."),
        ("my working hours are 9am to 5pm, Monday to Friday", "Your working hours are now Mon-Fri 09:00-17:00."),
        ("I work from 10 to 6", "Your working hours are now 10:00-18:00."),
        ("my office hours are late", 'I cannot read "late" as working hours.'),
        ("my time zone is Europe/Berlin", "Your time zone is now Europe/Berlin."),
        ("my timezone is Berlin time", "Your time zone is Europe/Berlin already."),
        ("my tz = CET", "Your time zone is now CET."),
        ("my time zone is UTC+2", "Your time zone is now UTC+2. That never changes to summer time"),
        ("my time zone is UTC+5:17", 'I know no time zone that is always "UTC+5:17".'),
        ("my time zone is Mars/Olympus", 'I know no time zone "Mars/Olympus".'),
    )
    assert ana.facts == {"language": "en-GB", "working hours": "10:00-18:00", "timezone": "Etc/GMT-2"}


@pytest.mark.parametrize(
    ("said", "offered", "kept"),
    [
        ("my language is Germn", "German", {"language": "de"}),
        ("I speak German and French", "French", {"language": "fr"}),
        ("my time zone is Europe/Berln", "Europe/Berlin", {"timezone": "Europe/Berlin"}),
    ],
)
async def test_what_was_meant_is_offered(ana: Caller, said: str, offered: str, kept: dict[str, str]) -> None:
    await ana.say(said)
    assert ana.facts == {}
    await ana.press(offered)
    assert ana.facts == kept


async def test_what_they_did_not_tell_is_not_taken_for_theirs(ana: Caller) -> None:
    nothing = 'I know nothing about "{}". `what do you know about me` shows what I keep.'
    await converse(
        ana,
        ("what do you know about Ben", nothing.format("Ben".casefold())),
        ("what do you know about a b`c", nothing.format("b'c")),
        ("what do you know about my hat", "I do not know your hat. Tell me: `my hat is …`."),
        ("what do you know about my location", "I do not know your location."),
        ("my cat is Tom", "Your cat is now Tom."),
        ("what is my cat called?", "Your cat is Tom."),
        ("what is my dog named", "I do not know your dog."),
    )


async def test_a_name_that_is_a_slip_away_is_offered(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    assert await ana.say("what is my brithday") == "I do not know your brithday. Did you mean `what is my birthday`?"
    assert "3 May" in await ana.press("birthday")
    assert (await ana.say("forget my birthdya")).endswith("there is nothing to forget. Did you mean `forget my birthday`?")
    assert await ana.press("birthday") == "I have forgotten your birthday."


@pytest.mark.parametrize(
    "said",
    [
        "my computer is broken",
        "my train is late",
        "my question is how do I reset it",
        "my coffee is too cold",
        "my phone is down",
    ],
)
async def test_mere_talk_is_kept_only_on_request(ana: Caller, said: str) -> None:
    assert "sounds like news" in await ana.say(said)
    assert ana.facts == {}
    await ana.press("Remember it")
    assert len(ana.facts) == 1


@pytest.mark.parametrize(
    "said",
    ["I am in a meeting", "use the force", "I live for this", "mylocation is Paris", "is my birthday 3 May", "my birthday",
     "the weather is nice", "meine Lieblingsfarbe"],
)  # fmt: skip
async def test_other_talk_reaches_nothing_here(ana: Caller, said: str) -> None:  # P2
    with pytest.raises(LookupError):
        await ana.say(said)


async def test_a_change_says_nothing_of_what_was_for_that_is_the_receipts(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    answer = await hear(ana, "my birthday is 4 May")
    assert answer.changes == [FactSet(name="birthday", value="4 May")]
    assert "3 May" not in answer.messages[0].text


async def test_follow_ups_go_on_with_what_was_asked(ana: Caller) -> None:
    ana.facts["shoe size"] = "42"
    ana.facts["birthday"] = "3 May"
    await converse(
        ana, ("what is my birthday", "3 May"), ("and my shoe size?", "42"), ("what about my hat size", "do not know")
    )


@pytest.mark.parametrize("value", [5, True, [], {}, ""])
async def test_a_stored_location_of_another_kind_is_taken_for_none(ana: Caller, value: Any) -> None:
    ana.facts["location"] = value
    await converse(ana, ("what is my location", "I do not know your location."), ("my location is Paris", "is now Paris"))


async def test_values_of_any_kind_are_shown(ana: Caller) -> None:
    ana.facts = {"number": 5, "flag": True, "pair": ["a", 1], "thing": {"a": None}}
    await converse(
        ana, ("what is my number", "is 5."), ("what is my flag", "is true."), ("what is my pair", 'is ["a", 1].'),
        ("what do you know about me", 'thing: {"a": null}'),
    )  # fmt: skip


async def test_without_a_book_the_facts_that_count_are_known(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    for said, told in (
        ("what is my birthday", "Your birthday is 3 May."), ("my birthday is 3 May", "Your birthday is 3 May already."),
        ("what do you know about me", "birthday: 3 May"),
    ):  # fmt: skip
        answer = await ana.invoke(ana.request("config", said).model_copy(update={"book": None}))
        assert isinstance(answer, ActionAnswer)
        assert told in answer.messages[0].text
