"""From what was said to what is meant (S38, S46, P1 to P5)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.delivery import Previous
from jeeves_contracts.grammar import RESERVED
from jeeves_dispatcher.intent import Grammar, Intent, Unknown
from jeeves_dispatcher.manners import Manners
from jeeves_dispatcher.own import NAMES, Help, ListReports, NotMeant, ReportAnswer, Stop, Undo
from support.registries import REGISTRY

GRAMMAR = Grammar(REGISTRY)
BEFORE = Previous(feature="weather", command="weather", memo={"place": "Paris"})


def meant(said: str, previous: Previous | None = None) -> Intent:
    intent = GRAMMAR.parse(said, previous)
    assert isinstance(intent, Intent), intent
    return intent


@pytest.mark.parametrize(
    ("said", "command", "text"),
    [
        ("weather in Rome", "weather", "in Rome"),
        ("Weather in Rome", "weather", "in Rome"),
        ("  WEATHER\u00a0in\u2003Rome ", "weather", "in\u2003Rome"),
        ("forecast Berlin", "weather", "Berlin"),
        ("weather", "weather", ""),
        ("weather?", "weather", ""),
        ("weather: Paris, Texas", "weather", "Paris, Texas"),
        ("config get location", "config-get", "location"),  # the longest name first
        ("config-get location", "config-get", "location"),
        ("config getlocation", "config", "getlocation"),
        ("settings", "config", ""),
        ("*weather* in Rome", "weather", "in Rome"),
        ("_weather_ in Rome", "weather", "in Rome"),
        ("~weather~ in Rome", "weather", "in Rome"),
        ("weather\nin Rome", "weather", "in Rome"),
        ("`weather in Rome`", "weather", "in Rome"),
        ("```weather in Rome```", "weather", "in Rome"),
        ("```\nweather in Rome\n```", "weather", "in Rome"),
        ("_weather in Rome_", "weather", "in Rome"),
        ("*weather in Rome*!", "weather", "in Rome"),
        ('"weather London"', "weather", "London"),
        ("\u201cweather in Rome\u201d?", "weather", "in Rome"),
        ("'Weather in Rome'", "weather", "in Rome"),
        ("\u2018weather\u2019", "weather", ""),
        ('weather "New York"', "weather", '"New York"'),
        ('"weather" in "Rome"', "weather", 'in "Rome"'),
    ],
)
def test_a_command_is_known_by_its_name_at_the_start(said: str, command: str, text: str) -> None:
    intent = meant(said)
    assert (intent.command.name, intent.text, intent.args) == (command, text, {})


@pytest.mark.parametrize(
    "said",
    [
        "weatherman",
        "weatherproof jackets in Paris",
        "configure it",
        "wether in Paris",
        "🌧",
        "http://x.y",
    ],
)
def test_a_word_that_only_begins_like_a_command_is_not_it(said: str) -> None:
    assert GRAMMAR.parse(said) == Unknown(said)


@pytest.mark.parametrize(
    ("said", "command", "args"),
    [
        ("will it rain in New York?", "weather", {"place": "New York"}),
        ("Will it rain in São Paulo", "weather", {"place": "São Paulo"}),
        ("is it very cold in New York in winter?", "weather", {"how": "very cold", "place": "New York in winter"}),
        ("my location is Paris", "config", {"location": "Paris"}),
        ("My Location Is is", "config", {"location": "is"}),
        ("what’s my location", "config-get", {}),
        ("Whats my location", "config-get", {}),
        ("forget my location!", "config", {"fact": "location"}),
        ("stop weather", "weather", {}),  # before Jeeves's own `stop`
        ("remember to say thanks", "config", {"what": "to say thanks"}),
    ],
)
def test_a_phrase_fills_its_placeholders(said: str, command: str, args: dict[str, str]) -> None:
    intent = meant(said)
    assert (intent.command.name, intent.args, intent.text) == (command, args, said)


def test_a_phrase_may_be_quoted_as_a_whole() -> None:
    assert meant("\u2018what\u2019s my location?\u2019").command.name == "config-get"


@pytest.mark.parametrize("said", ["my location is", "will it rain in", "is it in", "forget my"])
def test_a_phrase_with_an_empty_place_is_none(said: str) -> None:
    assert isinstance(GRAMMAR.parse(said), Unknown)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("help", ""), ("Help!", ""), ("HELP?", ""), ('"help"', ""), ("help me", ""), ("help me please", ""),
        ("please help", ""),
        ("What can you do?", ""), ("hello Jeeves, what can you do", ""), ("help weather", "weather"),
        ("help with Weather?", "Weather"),
        ("help config get", "config get"), ("help `weather`", "weather"), ("help me find a hotel", "find a hotel"),
    ],
)  # fmt: skip
def test_help_is_help(said: str, topic: str) -> None:
    assert GRAMMAR.parse(said) == Help(topic)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("undo", Undo()), ("Undo that!", Undo()), ("undo abcd2345", Undo("ABCD2345")), ("please undo", Undo()),
        ("take that back", Undo()), ("stop", Stop()), ("STOP!", Stop()), ("stop everything", Stop()), ("stop please", Stop()),
        ("stop daily", Stop("daily")), ("stop the daily news", Stop("the daily news")), ("reports", ListReports()),
        ("report ABCD2345", ReportAnswer("ABCD2345")), ("report", ReportAnswer()), ("report this answer", ReportAnswer()),
        ("not what I meant", NotMeant()), ("That's not what I meant.", NotMeant()),
        ("no, this is not what i wanted", NotMeant()),
        ("not what i meant ABCD2345", NotMeant("ABCD2345")), ("that’s wrong", NotMeant()),
    ],
)  # fmt: skip
def test_what_is_asked_of_jeeves_itself_is_understood(said: str, own: object) -> None:
    assert GRAMMAR.parse(said) == own


@pytest.mark.parametrize("said", ["undo the dishes", "report on sales", "reports of rain", "not what i like", "undo ABCD234!"])
def test_what_only_begins_so_is_none_of_it(said: str) -> None:
    assert isinstance(GRAMMAR.parse(said), Unknown)


def test_no_action_may_take_the_names_of_what_is_jeeves_s_own() -> None:
    assert set(NAMES.values()) <= RESERVED


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("hi, weather in Rome", "in Rome"),
        ("hey @jeeves, weather in Rome", "in Rome"),
        ("Hello Jeeves! Weather in Rome", "in Rome"),
        ("good morning jeeves\nweather in Rome", "in Rome"),
        ("please weather in Rome", "in Rome"),
        ("the weather in Rome", "in Rome"),
        ("could you please tell me the weather in Rome", "in Rome"),
        ("Can you tell me the forecast for Rome please?", "for Rome"),
        ("I'd like to know the weather in Rome", "in Rome"),
        ("I’d like the weather in Rome", "in Rome"),
        ("id like to know the weather in Rome", "in Rome"),
        ("ok, weather in Rome thanks", "in Rome"),
        ("WEATHER IN ROME PLEASE", "IN ROME"),
        ("weather in Rome, please.", "in Rome"),
        ("weather in Rome thank you very much!", "in Rome"),
        ("weather please", ""),
        (":wave: weather in Rome", "in Rome"),
        (":wave::skin-tone-3: weather in Rome", "in Rome"),
        ("👋🏽 weather in Rome", "in Rome"),
        ("bonjour, s'il te plaît weather in Rome", "in Rome"),
        ("please, `weather in Rome`", "in Rome"),
        ("oops, actually weather in Rome", "in Rome"),
    ],
)
def test_courtesies_around_a_request_are_no_part_of_it(said: str, text: str) -> None:
    intent = meant(said)
    assert (intent.command.name, intent.text) == ("weather", text)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("hey Jeeves, Zürich weather", "Zürich"),
        ("could you please tell me the Rome weather please", "Rome"),
        ("Zürich weather", "Zürich"),
        ("New York weather, thanks", "New York"),
    ],
)
def test_a_phrase_that_begins_with_any_word_takes_no_courtesy(said: str, place: str) -> None:
    assert meant(said).args == {"place": place}


def test_a_courtesy_is_kept_where_it_is_what_was_told() -> None:
    assert meant("my motto is please").args == {"fact": "motto", "value": "please"}
    assert meant("my units are metric and my location is Paris please").text.endswith("Paris")
    assert meant("could you tell me will it rain in Paris please?").args == {"place": "Paris"}


@pytest.mark.parametrize(
    ("said", "kind", "word"),
    [
        ("hi", "hi", "Hi"), ("Hi there!", "hi", "Hi"), ("hello Jeeves", "hi", "Hello"), ("good morning", "hi", "Good morning"),
        ("Good evening everyone", "hi", "Good evening"), ("hola", "hi", "Hola"), ("bonjour !", "hi", "Bonjour"),
        ("hi, how are you?", "hi", "Hi"), (":wave:", "hi", ""), ("👋🏽", "hi", ""), ("hi :wave:", "hi", "Hi"),
        ("heeeeey", "hi", "Hey"),
        ("hi hi", "hi", "Hi"), ("*hello*", "hi", "Hello"),
        ("thanks", "thanks", "Thanks"), ("thank you very much", "thanks", "Thank you"), ("thx!", "thanks", "Thx"),
        ("Thank you so much :heart:", "thanks", "Thank you"), ("👍", "thanks", ""), (":+1::skin-tone-2:", "thanks", ""),
        ("danke", "thanks", "Danke"), ("Merci beaucoup", "thanks", "Merci"), ("gracias", "thanks", "Gracias"),
        ("ok thanks", "thanks", "Thanks"), ("great, thank you Jeeves!", "thanks", "Thank you"),
        ("ありがとう", "thanks", "ありがとう"),
        ("ok", "nod", "Ok"), ("very good", "nod", "Good"), ("bye for now", "bye", "Bye"), ("good night", "bye", "Good night"),
    ],
)  # fmt: skip
def test_manners_are_a_message_of_their_own(said: str, kind: str, word: str) -> None:
    parsed = GRAMMAR.parse(said)
    assert isinstance(parsed, Manners), parsed
    assert parsed.kind == kind
    assert parsed.word == word


@pytest.mark.parametrize(
    "said", ["hi fi systems", "thanks to the weather", "thank the team", "good morning vietnam film", "oklahoma", "tata", "hit"]
)
def test_what_only_sounds_polite_is_no_manners(said: str) -> None:
    assert not isinstance(GRAMMAR.parse(said), Manners)


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("and in Berlin?", {"place": "Berlin"}),
        ("What about New York", {"place": "New York"}),
        ("tomorrow", {}),
        ("and tomorrow please", {"when": "tomorrow"}),
        ("hey, what about Rome?", {"place": "Rome"}),
        ("ok", {}),  # a follow-up is more than a nod
    ],
)
def test_a_follow_up_is_understood_after_its_command(said: str, args: dict[str, str]) -> None:
    intent = meant(said, BEFORE)
    assert (intent.command.name, intent.args) == ("weather", args)


@pytest.mark.parametrize("previous", [None, Previous(), Previous(feature="config", command="config"), Previous(reason="hint")])
def test_a_follow_up_is_nothing_after_anything_else(previous: Previous | None) -> None:
    assert GRAMMAR.parse("and in Berlin?", previous) == Unknown("and in Berlin?")


def test_names_and_phrases_go_before_follow_ups() -> None:
    assert meant("config tomorrow", BEFORE).command.name == "config"
    assert meant("what's my location", BEFORE).command.name == "config-get"
    assert GRAMMAR.parse("thanks", BEFORE) == Manners("thanks", "Thanks")


@pytest.mark.parametrize("said", ["", " ", "\u00a0\u2003\t\n"])
def test_nothing_is_unknown(said: str) -> None:
    assert GRAMMAR.parse(said) == Unknown("")


SAYINGS = st.lists(
    st.sampled_from(["please", "hi", "Jeeves,", "weather", "in", "Rome", "help", "stop", "undo", "thanks", "ok",
    "?", '"', "`", ":wave:",
                     "👍", "the", "not", "what", "i", "meant", "could", "you", "tell", "me", "is", "my", "\n", "ABCD2345"]),
    max_size=14,
).map(" ".join)  # fmt: skip


@given(st.text(max_size=300) | SAYINGS)
def test_anything_at_all_is_understood_or_not_but_never_breaks(said: str) -> None:
    parsed = GRAMMAR.parse(said, BEFORE)
    if isinstance(parsed, Intent):
        assert parsed.text in said
    GRAMMAR.guesses(said)


@pytest.mark.parametrize(
    "unit", ["a", "a ", "\u00a0", "please ", "hi ", "thanks ", '"', "`", ":wave:", "👍", "👍 ", "help ", "weather ", "not ",
    "{x} ",
             "will it rain ", "wether ", "1:", ":a", "the wether in "]
)  # fmt: skip
def test_40000_characters_cost_little(unit: str) -> None:
    said = (unit * 40_000)[:40_000]
    began = time.perf_counter()
    GRAMMAR.parse(said, BEFORE)
    GRAMMAR.guesses(said)
    assert time.perf_counter() - began < 1
