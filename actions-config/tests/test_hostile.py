"""Facts that are too many, too long, not theirs, secret, or not what they look like."""

from time import process_time

import pytest

from actions_config.names import of_note
from actions_config.reading import understand
from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import FactSet
from support.hearing import hear


async def test_a_hundred_facts_are_enough(ana: Caller) -> None:  # P14
    for number in range(100):
        ana.facts[f"fact {number}"] = "x"
    await converse(
        ana,
        ("my birthday is 3 May", "I remember at most 100 things"),
        ("remember that I am tall", "I remember at most 100 things"),
        ("my fact 7 is y", "Your fact 7 is now y."),
    )
    assert len(ana.facts) == 100


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("my essay is " + "x" * 10_000, "That is too long: I keep up to 2000 characters"),
        ("my essay is " + "x" * 1_999, "That is too long"),
        ('my essay is a"' + '"' * 1_500, "That is too long"),
        ("remember that I " + "word " * 2_000, "That is too long"),
        (f"my {'n' * 65} is 1", "A name has at most 64 characters."),
        (f"what is my {'n' * 65}", "A name has at most 64 characters."),
        ("remember my 🎉 is 1", "I need a name with letters or digits"),
        ("remember 🎉🎉🎉", "I need a name with letters or digits"),
        ("remember \u200b\u202e", "What should I remember?"),
        ("my birthday is \u200b\u202e\x00", "What is your birthday?"),
    ],
)
async def test_what_cannot_be_kept_is_told_kindly(ana: Caller, said: str, told: str) -> None:  # P13, P14
    answer = await ana.say(said)
    assert told in answer
    assert len(answer) < 300
    assert ana.facts == {}


@pytest.mark.parametrize("said", ["forget " * 5_000, "remember " * 4_000, "set " * 9_000, "remember that " + "i " * 19_000])
def test_what_is_said_again_and_again_keeps_nobody_waiting(said: str) -> None:
    began = process_time()
    understand(said)
    of_note(said.removeprefix("remember that "))
    assert process_time() - began < 0.3  # seconds: twice as long and more where each word is read again for each before it


async def test_the_longest_that_fits_is_kept(ana: Caller) -> None:
    await ana.say(f"remember my {'n' * 64} is {'x' * 1_998}")
    assert ana.facts == {"n" * 64: "x" * 1_998}
    told = await ana.say(f"what is my {'n' * 64}")
    assert "x" * 1_998 in told


@pytest.mark.parametrize(
    "said",
    ["remember <@U0BEN>'s birthday is 1 May", "my <@U0BEN> is nice", "remember that <@U0BEN> likes tea", "what is my <@U0BEN>",
     "remember <#C0GENERAL> is loud", "remember @channel is loud", "forget <@U0BEN>", "what do you know about <@U0BEN>"],
)  # fmt: skip
async def test_nobody_tells_of_others(ana: Caller, said: str) -> None:  # S112
    assert "I keep only what people tell me about themselves." in await ana.say(said)
    assert ana.facts == {}


@pytest.mark.parametrize(
    "value", ["<!channel> hello", "<@U0BEN>", "@everyone", "{name} %s", "&lt;b&gt;", "'; drop table facts; --"]
)
async def test_a_value_is_text_whatever_it_looks_like(ana: Caller, value: str) -> None:
    answer = await hear(ana, f"remember my note is {value}")
    assert answer.changes == [FactSet(name="note", value=value)]
    assert value in await ana.say("what is my note")


async def test_what_is_shown_is_no_markup(ana: Caller) -> None:
    await ana.say("remember my code is a`b`\nc")
    assert ana.facts == {"code": "a`b`\nc"}
    assert "Your code is a'b' c." in await ana.say("what is my code")


@pytest.mark.parametrize(
    "said",
    ["remember my wifi password is hunter2", "my PIN is 1234", "remember: api key = hunter2", "my bank pin code is 1234",
     "remember that my password is hunter2", "for everybody here: wifi password is hunter2", "remember my Passwort is hunter2",
     "my client secret is hunter2", "my credit card number is 4111 1111"],
)  # fmt: skip
async def test_secrets_are_not_kept_and_not_repeated(ana: Caller, said: str) -> None:
    ana.is_direct = False
    answer = await ana.say(said)
    assert "I do not keep secrets" in answer
    assert "hunter2" not in answer
    assert "1234" not in answer
    assert (ana.facts, ana.notebook.channel) == ({}, {})


async def test_a_secret_that_was_kept_before_can_be_forgotten(ana: Caller) -> None:
    ana.facts["wifi password"] = "hunter2"
    await converse(ana, ("forget my wifi password", "I have forgotten your wifi password."))
    assert ana.facts == {}


async def test_names_that_look_alike_are_one(ana: Caller) -> None:
    for name in ("Shoe  Size", "shoe\u00a0size", "SHOE SIZE", "sh\u200boe size", "shoe size:"):
        await ana.say(f"remember my {name} is {len(name)}" if ":" not in name else f"remember my {name} 42")
    assert ana.facts == {"shoe size": "42"}
