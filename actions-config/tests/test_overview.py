"""All that is known, shown at once or page by page."""

import pytest

from jeeves_actions.testing import Caller, converse
from jeeves_contracts.blocks import ContextBlock, TableBlock, TextBlock
from support.hearing import hear


@pytest.mark.parametrize(
    "said",
    ["config", "Config?", "settings", "preferences", "config show", "config show all", "config list", "config get",
     "config all", "facts", "facts all", "what do you know about me", "who am I?", "what have I told you",
     "config show my facts"],
)  # fmt: skip
async def test_all_of_it_is_shown(ana: Caller, said: str) -> None:
    ana.facts["units"] = "metric"
    ana.facts["birthday"] = "3 May"
    ana.facts["location"] = "Paris"
    told = await ana.say(said)
    assert told.startswith("This is what I know about you.\nlocation: Paris\nunits: metric\nbirthday: 3 May\n")
    assert "`forget my birthday`" in told
    assert told.endswith("I could also use your time zone, language and working hours.")


async def test_a_table_tells_what_and_since_when(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    title, table, notes = (await hear(ana, "what do you know about me")).messages[0].blocks
    assert isinstance(title, TextBlock)
    assert isinstance(table, TableBlock)
    assert isinstance(notes, ContextBlock)
    assert (table.header, table.rows) == (["What", "It is", "Since"], [["birthday", "3 May", "9 March 2026"]])


async def test_a_hundred_long_facts_are_shown_page_by_page(ana: Caller) -> None:
    for number in range(100):
        ana.facts[f"fact {number:03} {'n' * 50}"] = "v" * 1_990
    first = await hear(ana, "what do you know about me")
    told = first.messages[0].text
    assert told.startswith("This is what I know about you. 1 to 20 of 100:\nfact 000")
    assert len(told) < 6_000
    assert "fact 020 " in await ana.press("Show more")
    assert "fact 040 " in await ana.say("more")
    assert "fact 060 " in await ana.say("next")
    last = await ana.say("show more")
    assert "81 to 100 of 100" in last
    with pytest.raises(LookupError):
        await ana.press("Show more")
    assert "81 to 100 of 100" in await ana.say("facts page 99")


@pytest.mark.parametrize("memo", [{}, {"page": "2"}, {"page": -1}, {"page": True}, {"page": 10**9}, {"scope": 5}, {"asked": 1}])
async def test_an_odd_memo_is_no_harm(ana: Caller, memo: dict[str, object]) -> None:
    ana.facts["birthday"] = "3 May"
    for text in ("more", "yes", "no"):
        request = ana.request("facts", text).model_copy(update={"memo": memo})
        await ana.invoke(request)
    assert ana.facts == {"birthday": "3 May"}


async def test_an_odd_value_of_a_known_kind_fits_the_table(ana: Caller) -> None:
    ana.facts = {"language": "de-" + "x" * 70, "timezone": "Etc/GMT-" + "9" * 70}
    assert "language: German (de-xxx" in await ana.say("config")


async def test_one_of_them_is_asked_for_by_its_name_alone(ana: Caller) -> None:
    ana.facts["name of my first cat"] = "Tom"
    await converse(
        ana,
        ("facts name of my first cat", "Your name of my first cat is Tom."),
        ("facts colour", 'I know nothing called "colour". Tell me: `remember colour is …`.'),
        ("facts help", "`what do you know about me` shows it"),
    )
