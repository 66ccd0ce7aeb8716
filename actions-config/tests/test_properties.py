"""What holds for any text."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from actions_config import names, values
from actions_config.kinds import hours, language, units, zones
from actions_config.names import Refused
from actions_config.reading import understand
from actions_config.reading.wishes import Tell
from jeeves_contracts.actions import FactName

FITS = TypeAdapter(FactName)
word = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
ODD = st.text(max_size=300) | st.text(" \n=:'\"`<@#!>.,?isaremynotforthischannel", max_size=200)
BEGUN = (
    "remember", "remember my", "forget", "set", "my", "what is my", "what do you know about", "for this channel:", "our",
    "remember that i", "show", "my x is not",
)  # fmt: skip
SAID = st.one_of(ODD, st.builds("{} {}".format, st.sampled_from(BEGUN), ODD))
#: Words that part a name from a value, or are left out around them.
TAKEN = frozenset(
    {"is", "are", "be", "not", "equals", "called", "to", "as", "isn", "aren", "isnt", "arent", "ain", "my", "our", "the", "a",
     "an", "for", "in", "from", "now", "currently", "actually", "please", "pls", "plz", "i", "we", "you", "he", "she", "they",
     "there", "what", "when", "where", "who", "which", "how", "why", "whose"}
)  # fmt: skip
plain_word = word.filter(lambda one: one.casefold() not in TAKEN)


@given(SAID)
@settings(max_examples=400)
@example("my x is not " + "a " * 20_000)
@example("remember " + "👩🏽‍🚀" * 10_000)
@example("what is my " + "a" * 40_000)
@example("forget " + "a and " * 7_000)
def test_any_text_is_read(text: str) -> None:
    understand(text)
    hours.read(text)
    language.read(text)
    units.read(text)
    zones.near(zones.stripped(text.casefold()[:100]))


@given(ODD)
@example("\u1e9e\u0130 Stra\u00dfe")
@example("'s. -_x")
@example("ŉ ᾳ ᾶ ǅ ﬃ")
def test_a_name_stays_as_it_is_and_fits(text: str) -> None:
    name = names.called(text)
    assert names.called(name) == name
    assert " ".join(unicodedata.normalize("NFC", name).casefold().split()) == name
    read = names.read(text)
    if not isinstance(read, Refused):
        assert FITS.validate_python(read) == read
    if note := names.of_note(text):
        assert FITS.validate_python(note) == note
        assert names.called(note) == note


@given(
    st.lists(plain_word, min_size=1, max_size=4).map(" ".join).filter(lambda name: names.called(name) not in names.SYNONYMS),
    st.lists(plain_word, min_size=1, max_size=6).map(" ".join),
    st.sampled_from(["remember that my {} is {}", "my {} is {}.", "set my {} to {}", "remember for this channel: {} = {}"]),
)
def test_no_value_loses_a_character(name: str, value: str, form: str) -> None:
    wish = understand(form.format(name, value))
    assert isinstance(wish, Tell)
    assert names.called(wish.name) == names.called(name)
    assert values.meant(wish.value) == value


@given(ODD)
def test_a_value_is_what_can_be_seen(text: str) -> None:
    value = values.meant(text)
    assert value == value.strip()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", value)
    assert values.cleaned(value) == value
    assert len(values.shown(text, 60)) <= 60


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3 May.", "3 May"), ("3 May?", "3 May"), ("Wham!", "Wham!"), ("Washington, D.C.", "Washington, D.C."),
        ("“Just do it.”", "Just do it."), ("'s-Hertogenbosch", "'s-Hertogenbosch"), ("«bonjour»", "bonjour"),
        ("5月3日。", "5月3日"), ("<@U1>", "<@U1>"), ("wait…", "wait…"), ("???", ""), ('"a" and "b"', '"a" and "b"'),
        ("a\u200bb\u202ec\x00d", "abcd"), ("a\r\nb\tc", "a\nb c"), ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
    ],
)  # fmt: skip
def test_a_value_is_kept_as_it_was_meant(said: str, meant: str) -> None:
    assert values.meant(said) == meant
