"""What people ask of Jeeves itself about themselves and, as admins, about features: who may is decided elsewhere (S5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.grammar import RESERVED
from jeeves_contracts.registry import Registry
from jeeves_dispatcher.intent import Grammar, Intent, Unknown
from jeeves_dispatcher.keeping import Erase, Link, Tell
from jeeves_dispatcher.own import Own, is_for_admins, name_of
from jeeves_dispatcher.switching import Configure, Share, Switch
from support.registries import CONFIG, GET, WEATHER, feature

PROPERTIES = {"units": {"type": "string", "enum": ["metric", "imperial"]}, "days_ahead": {"type": "integer"}, "Loud": {}}
REGISTRY = Registry(
    revision=1,
    features=[feature("weather", WEATHER, settings_schema={"properties": PROPERTIES}), feature("config", CONFIG, GET)],
)
GRAMMAR = Grammar(REGISTRY)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("who am i", Tell("whoami")), ("Who am I?", Tell("whoami")), ("whoami", Tell("whoami")), ("WHOAMI!", Tell("whoami")),
        ("please, who am I", Tell("whoami")), ("what are my roles?", Tell("whoami")), ("am I an admin?", Tell("whoami")),
        ("export my data", Tell("export")), ("Export my data, please", Tell("export")), ("export", Tell("export")),
        ("give me my data", Tell("export")), ("download my data", Tell("export")),
        ("delete everything about me", Erase()), ("Delete everything about me!", Erase()), ("delete my data", Erase()),
        ("delete everything about me now", Erase(confirmed=True)), ("erase all my data now", Erase(confirmed=True)),
        ("link accounts", Link()), ("link my accounts", Link()), ("link", Link()), ("link ABCD2345", Link("ABCD2345")),
        ("link `abcd-2345`", Link("abcd-2345")), ("Link ABCD2345.", Link("ABCD2345")),
        ("stats", Tell("stats")), ("Stats!", Tell("stats")), ("show me the statistics", Tell("stats")),
        ("stats november", Tell("stats", "november")), ("stats for October 2026", Tell("stats", "october 2026")),
        ("stats 2026-10", Tell("stats", "2026-10")), ("stats last month", Tell("stats", "last month")),
    ],
)  # fmt: skip
def test_what_people_ask_about_themselves_is_understood(said: str, own: Own) -> None:
    assert GRAMMAR.parse(said) == own
    assert GRAMMAR.parse(said, is_admin=True) == own
    assert name_of(own) in RESERVED


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("features", Tell("features")), ("Features?", Tell("features")), ("show me the features", Tell("features")),
        ("features weather", Tell("features", "weather")), ("features `Weather`", Tell("features", "weather")),
        ("feature weather", Tell("features", "weather")), ("features chess", Tell("features", "chess")),
        ("features off weather", Switch("weather", enabled=False)), ("features weather off", Switch("weather", enabled=False)),
        ("Features ON Weather!", Switch("weather", enabled=True)), ("features on chess", Switch("chess", enabled=True)),
        ("features off weather until Monday 8:00", Switch("weather", enabled=False, until="until Monday 8:00")),
        ("features weather off for 2 hours", Switch("weather", enabled=False, until="for 2 hours")),
        ("features off weather please", Switch("weather", enabled=False)),
        ("features off weather whenever", Switch("weather", enabled=False, until="whenever")),
        ("turn weather off", Switch("weather", enabled=False)), ("turn on weather", Switch("weather", enabled=True)),
        ("please turn the weather off", Switch("weather", enabled=False)),
        ("features share weather", Share("weather", "")),
        ("turn weather off until tomorrow", Switch("weather", enabled=False, until="until tomorrow")),
        ("switch off config until 18:00", Switch("config", enabled=False, until="until 18:00")),
        ("disable weather", Switch("weather", enabled=False)), ("enable weather", Switch("weather", enabled=True)),
        ("features share weather 10%", Share("weather", "10%")), ("features weather share 10 percent",
                                                                  Share("weather", "10 percent")),
    ],
)  # fmt: skip
def test_features_are_shown_and_switched_in_plain_words(said: str, own: Own) -> None:
    assert GRAMMAR.parse(said) == own
    assert name_of(own) in RESERVED


@pytest.mark.parametrize(
    "said",
    ["turn the lights on", "turn chess off", "turn weather into a song", "turn weather off and on again", "switch weather",
     "enable chess", "feature requests are welcome", "feature", "features of the new release are great",
     "statistics are a hard subject to learn", "link this", "link to the docs", "who am i talking to", "who am i?!x",
     "export to csv", "delete everything", "delete all about it now", "turn", "turn on", "turn the"],
)  # fmt: skip
def test_what_only_begins_like_it_is_none_of_it(said: str) -> None:
    assert isinstance(GRAMMAR.parse(said), Unknown | Intent)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("config weather", Tell("features", "weather")), ("Config Weather?", Tell("features", "weather")),
        ("config weather units", Tell("features", "weather")),
        ("config weather units imperial", Configure("weather", "units", "imperial")),
        ("config weather UNITS “imperial”", Configure("weather", "units", "imperial")),
        ("config weather units default", Configure("weather", "units", "default")),
        ("config weather days ahead 3", Configure("weather", "days_ahead", "3")),
        ("config weather days-ahead 3", Configure("weather", "days_ahead", "3")),
        ("config weather loud yes please", Configure("weather", "Loud", "yes")),
        ("config weather loud yes  and  more", Configure("weather", "Loud", "yes  and  more")),
    ],
)  # fmt: skip
def test_to_an_admin_config_and_a_feature_is_about_its_settings(said: str, own: Own) -> None:
    assert GRAMMAR.parse(said, is_admin=True) == own
    assert isinstance(GRAMMAR.parse(said), Intent)  # the action's, to everybody else


@pytest.mark.parametrize(
    "said", ["config", "config chess", "config weather colour red", "config location Paris", "config get location"]
)
def test_anything_else_stays_with_the_action_config(said: str) -> None:
    assert isinstance(GRAMMAR.parse(said, is_admin=True), Intent)


def test_what_is_for_admins_is_known() -> None:
    for said in ("stats", "features off weather", "features share weather 1%", "reports"):
        assert is_for_admins(GRAMMAR.parse(said))  # type: ignore[arg-type]
    for said in ("who am i", "features", "features weather", "link", "export", "delete my data", "help"):
        assert not is_for_admins(GRAMMAR.parse(said))  # type: ignore[arg-type]


WORDS = st.sampled_from(
    ["features", "feature", "on", "off", "share", "weather", "config", "units", "10%", "until", "for", "turn", "switch",
     "stats", "link", "who", "am", "i", "delete", "everything", "about", "me", "now", "`", "?", "\n", "ABCD2345", "default"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=16).map(" ".join) | st.text(max_size=200), st.booleans())
def test_anything_at_all_is_read_without_a_fault(said: str, is_admin: bool) -> None:
    GRAMMAR.parse(said, is_admin=is_admin)
