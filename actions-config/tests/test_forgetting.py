"""Facts forgotten: one, several, all of them once that is sure."""

import pytest

from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import FactClear, FactDelete
from jeeves_contracts.blocks import ButtonsBlock
from support.hearing import hear


@pytest.fixture
def ana(ana: Caller) -> Caller:
    ana.facts["location"] = "Paris"
    ana.facts["birthday"] = "3 May"
    return ana


@pytest.mark.parametrize(
    "said",
    ["forget my location", "Forget where I live.", "config forget location", "config clear my city", "delete my location",
     "forget my home", "remove my location please", "forget about my location", "don't remember my location"],
)  # fmt: skip
async def test_one_is_forgotten_by_any_of_its_names(ana: Caller, said: str) -> None:
    answer = await hear(ana, said)
    assert answer.messages[0].text == "I have forgotten your location."
    assert answer.changes == [FactDelete(name="location")]
    assert ana.facts == {"birthday": "3 May"}


async def test_several_are_forgotten_at_once_or_none(ana: Caller) -> None:
    await converse(
        ana,
        ("forget my location and my shoe size", "so there is nothing to forget"),
        ("forget my location, birthday", "I have forgotten your location and your birthday."),
    )
    assert ana.facts == {}


@pytest.mark.parametrize("yes", ["yes", "Yes, please!", "do it", "yes, forget everything", "* Yes"])
async def test_everything_is_forgotten_once_that_is_sure(ana: Caller, yes: str) -> None:
    ana.notebook.channel["standup"] = "at 9:30"
    asked = await ana.say("forget everything")
    assert asked == "Shall I forget everything that I know about you, 2 things in all? Undo brings it back for a day."
    assert len(ana.facts) == 2
    told = await (ana.press(yes[2:]) if yes.startswith("* ") else ana.say(yes))
    assert told == "I have forgotten everything that I knew about you."
    assert (ana.facts, ana.notebook.channel) == ({}, {"standup": "at 9:30"})
    assert await ana.say("forget everything") == "I know nothing about you, so there is nothing to forget."


@pytest.mark.parametrize("no", ["no", "No, thanks.", "better not", "* No"])
async def test_nothing_is_forgotten_otherwise(ana: Caller, no: str) -> None:
    await ana.say("forget everything")
    told = await (ana.press(no[2:]) if no.startswith("* ") else ana.say(no))
    assert told == "All right, I forget nothing."
    assert len(ana.facts) == 2


async def test_a_yes_counts_only_for_the_question_before_it(ana: Caller) -> None:
    await ana.say("forget everything")
    await ana.say("forget my birthday")
    assert "I have not asked you anything" in await ana.say("yes")
    assert ana.facts == {"location": "Paris"}


async def test_the_question_has_a_button_that_warns(ana: Caller) -> None:
    answer = await hear(ana, "forget everything")
    assert answer.changes == []
    buttons = next(block for block in answer.messages[0].blocks if isinstance(block, ButtonsBlock))
    assert [(button.label, button.style) for button in buttons.buttons] == [
        ("Yes, forget everything", "danger"), ("No, keep it", "plain"),
    ]  # fmt: skip


async def test_a_channel_is_forgotten_apart_from_its_people(ana: Caller) -> None:
    ana.is_direct = False
    ana.notebook.channel["standup"] = "at 9:30"
    assert "everything that I know about this channel, one thing in all?" in await ana.say(
        "forget everything about this channel"
    )
    assert await ana.say("yes") == "I have forgotten everything that I knew about this channel."
    assert ana.answered
    assert ana.answered[1].changes == [FactClear(scope="channel")]
    assert len(ana.facts) == 2
    await converse(ana, ("forget everything about this channel", "I know nothing about this channel"))


async def test_what_is_no_fact_is_answered_kindly(ana: Caller) -> None:
    await converse(
        ana,
        ("forget", "What should I forget?"),
        ("forget it", "To take back your last change: `undo`."),
        ("forget my middle name", "I do not know your middle name, so there is nothing to forget."),
        ("forget that I am tall", "there is nothing to forget"),
    )
    assert len(ana.facts) == 2
