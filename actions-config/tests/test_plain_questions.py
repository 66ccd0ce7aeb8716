"""What people ask and tell in few words: `what is the wifi?`, `am I vegetarian?`, `units imperial`."""

import pytest

from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import FactSet
from support.hearing import hear


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("what is the wifi?", "This channel's wifi is Acme."),
        ("what's the wifi", "This channel's wifi is Acme."),
        ("when is lunch?", "The workspace's lunch is at 12."),
        ("when is lunch today", "The workspace's lunch is at 12."),
        ("where is standup", "Your standup is in room 4."),
        ("who is the boss", "Your boss is Ben."),
        ("where are the bikes", "Your bikes are in the yard."),
    ],
)
async def test_what_is_shared_and_what_is_ones_own_is_asked_for_by_its_bare_name(ana: Caller, said: str, told: str) -> None:
    ana.is_direct = False
    ana.notebook.channel = {"wifi": "Acme"}
    ana.notebook.workspace = {"lunch": "at 12", "wifi": "other"}
    ana.facts = {"standup": "in room 4", "boss": "Ben", "bikes": "in the yard"}
    assert (await ana.say(said)).startswith(told)


async def test_of_what_nobody_told_it_is_said_how_to_tell_it(ana: Caller) -> None:
    await converse(
        ana,
        ("what is the wifi?", 'I know nothing called "wifi". Tell me: `remember wifi is …`.'),
        ("when is lunch", 'I know nothing called "lunch". Tell me: `remember lunch is …`.'),
        ("what's the wifi password", "I do not keep secrets such as passwords"),
        ("who is <@U123>", "I keep only what people tell me about themselves."),
        ("what is the location", "I do not know your location."),
    )
    ana.is_direct = False
    assert "or for everybody here: `remember for this channel: wifi is …`." in await ana.say("what is the wifi?")


async def test_a_note_answers_the_question_whether_it_is_so(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    await converse(
        ana,
        ("remember that I am vegetarian", "Noted"),
        ("remember that I like jazz", "Noted"),
        ("am I vegetarian?", 'You told me: "I am vegetarian".'),
        ("am i a vegetarian", 'You told me: "I am vegetarian".'),
        ("what do I like?", 'You told me: "I like jazz".'),
        ("do I like jazz", 'You told me: "I like jazz".'),
        ("am I tall?", "This is what I know about you."),
    )


async def test_questions_about_anything_else_are_left_alone(ana: Caller) -> None:
    for said in ("who are you", "where are you", "what do I do now", "do I have messages"):
        with pytest.raises(LookupError):
            await ana.say(said)


async def test_known_kinds_are_told_by_name_and_value_alone(ana: Caller) -> None:
    await converse(
        ana,
        ("units imperial", "Your units are now imperial"),
        ("units metric", "Your units are now metric"),
        ("location Paris", "Your location is now Paris"),
        ("language German", "Your language is now German"),
    )


async def test_a_name_alone_is_asked_about(ana: Caller) -> None:
    await converse(
        ana,
        ("remember tea", "What is your tea? Tell me: `my tea is …`."),
        ("remember my tea", "What is your tea?"),
        ("remember 明日は休みです", "Noted"),
        ("remember buy tea", "Noted"),
    )


async def test_two_facts_in_one_sentence_are_both_kept(ana: Caller) -> None:
    answer = await hear(ana, "my favourite tea is Earl Grey and my birthday is 3 May")
    assert answer.changes == [FactSet(name="favourite tea", value="Earl Grey"), FactSet(name="birthday", value="3 May")]
    assert answer.messages[0].text == "Your favourite tea is now Earl Grey.\nYour birthday is now 3 May."
    await ana.say("remember my units are metric, and my location is Paris and my motto is carpe diem")
    assert {"units": "metric", "motto": "carpe diem"}.items() <= ana.facts.items()
    assert str(ana.facts["location"]).startswith("Paris")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("my favourite things are tea and my cat", "tea and my cat"),
        ('my motto is "be kind and my peace is here"', "be kind and my peace is here"),
        ("my kids are Ann and Bo", "Ann and Bo"),
    ],
)
async def test_and_within_a_value_belongs_to_it(ana: Caller, said: str, value: str) -> None:
    await ana.say(said)
    assert list(ana.facts.values()) == [value]


async def test_of_others_nothing_is_kept_that_might_be_forgotten(ana: Caller) -> None:
    told = 'I know nothing called "ben", and I keep nothing about other people.'
    assert await ana.say("forget everything about Ben") == told
    ana.facts = {"ben": "a friend", "ben's birthday": "3 May", "ben's shoe size": "42"}
    assert await ana.say("forget everything about Ben") == "I have forgotten your ben, ben's birthday and ben's shoe size."
    assert await ana.say("forget everything about ben") == told
    assert ana.facts == {}
