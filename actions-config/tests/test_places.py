"""Where people are: looked up, told apart from its namesakes, and what follows for the time zone."""

import pytest

from actions_config.app import create_app
from actions_config.settings import Settings
from jeeves_actions.testing import Caller, calling, converse
from jeeves_contracts.actions import FactDelete, FactSet
from support.hearing import hear
from support.openmeteo import OpenMeteo

BERLIN = "Berlin, State of Berlin, Germany"


@pytest.mark.parametrize(
    ("said", "place", "zone"),
    [
        ("my location is Paris", "Paris, Île-de-France Region, France", "Europe/Paris"),
        ("my location is Paris, Texas", "Paris, Texas, United States", "America/Chicago"),
        ("My Location IS paris.", "Paris, Île-de-France Region, France", "Europe/Paris"),
        ("my location is now Paris!", "Paris, Île-de-France Region, France", "Europe/Paris"),
        ("I live in Paris these days", "Paris, Île-de-France Region, France", "Europe/Paris"),
        ("I moved to New  York last month", "New York, United States", "America/New_York"),
        ("i live in London, ON", "London, Ontario, Canada", "America/Toronto"),
        ("change my location to são paulo", "São Paulo, Brazil", "America/Sao_Paulo"),
        ("my location is “Zürich”, please", "Zürich, Switzerland", "Europe/Zurich"),
        ("my Wohnort is Reykjavík", "Reykjavík, Capital Region, Iceland", "Atlantic/Reykjavik"),
        ("remember that I live in Tokyo", "Tokyo, Japan", "Asia/Tokyo"),
        ("my location is Самара", "Самара, Самарская Область, Россия", "Europe/Samara"),
    ],
)
async def test_a_place_is_kept_by_its_whole_name_with_its_time_zone(ana: Caller, said: str, place: str, zone: str) -> None:
    answer = await hear(ana, said)
    assert answer.messages[0].text.startswith(f"Your location is now {place}. Your time zone goes with it: {zone}.")
    assert answer.changes == [FactSet(name="location", value=place), FactSet(name="timezone", value=zone)]


async def test_its_namesakes_are_offered(ana: Caller) -> None:
    await converse(ana, ("my location is Springfield", "Your location is now Springfield, Missouri, United States."))
    assert "If you meant another place" in await ana.say("my location is Springfield")
    await ana.press("Springfield, Massachusetts")
    assert ana.facts == {"location": "Springfield, Massachusetts, United States", "timezone": "America/New_York"}


async def test_who_moves_takes_along_the_zone_of_the_old_place_but_not_one_of_their_own(ana: Caller) -> None:
    await ana.say("I live in Springfield, Illinois")
    await ana.say("I live in Springfield, Missouri")  # in the same zone
    answer = await hear(ana, "I live in Berlin")
    assert ana.facts == {"location": BERLIN, "timezone": "Europe/Berlin"}
    assert "goes with it: Europe/Berlin" in answer.messages[0].text
    await ana.say("my time zone is Asia/Tokyo")
    await converse(ana, ("I live in Paris", "Your time zone stays Asia/Tokyo."))
    assert ana.facts["timezone"] == "Asia/Tokyo"
    answer = await hear(ana, "forget my location")
    assert answer.changes == [FactDelete(name="location")]


async def test_the_zone_that_came_with_a_place_is_forgotten_with_it(ana: Caller) -> None:
    await ana.say("I live in Berlin")
    await ana.say("forget my location")
    assert ana.facts == {}
    await ana.say("I live in Berlin")
    await ana.say("my location is 52.5, 13.4")  # whose zone nobody knows
    assert ana.facts == {"location": "52.5° N, 13.4° E"}


async def test_a_channel_has_a_place_without_a_time_zone(ana: Caller) -> None:
    ana.is_direct = False
    answer = await hear(ana, "this channel's location is Springfield")
    assert answer.changes == [FactSet(name="location", value="Springfield, Missouri, United States", scope="channel")]
    await ana.press("Springfield, Illinois")
    assert ana.notebook.channel == {"location": "Springfield, Illinois, United States"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("my location is Narnia", 'I know no place named "Narnia".'),
        ("my location is here", "Where are you?"),
        ("my location is ☀️", "Where are you?"),
        ("my location is ???", "Where are you?"),
        ("my location is " + "long " * 50, "too long for the name of a place"),
        ("my location is <!channel>", 'no place named "<!channel>"'),
        ("my location is a`b", 'no place named "a\'b"'),
        ("my location is {place}", 'no place named "{place}"'),
        ("my location is ?appid=1&q=../../etc", "no place named"),
        ("my location is Londn", "Did you mean one of these?"),
        ("my location is London, Atlantis", "Did you mean one of these?"),
    ],
)
async def test_a_place_that_nobody_knows_is_not_kept(ana: Caller, said: str, told: str) -> None:
    assert told in await ana.say(said)
    assert ana.facts == {}


async def test_what_may_have_been_meant_can_be_pressed(ana: Caller) -> None:
    await ana.say("my location is London, Atlantis")
    await ana.press("London, Ontario")
    assert ana.facts["location"] == "London, Ontario, Canada"


async def test_names_go_to_the_provider_as_parameters(ana: Caller, meteo: OpenMeteo) -> None:
    await ana.say('my location is "a&count=1#x?y=../%2e%2e/v1/forecast"')
    path, query = meteo.calls[0]
    assert path == "/v1/search"
    assert query["name"] == "a&count=1#x?y=../%2e%2e/v1/forecast"


async def test_a_place_is_kept_as_it_was_said_while_nobody_can_be_asked(ana: Caller, meteo: OpenMeteo) -> None:
    await ana.say("I live in Berlin")
    meteo.down = True
    await converse(
        ana,
        ("I live in Nuuk, please", "Your location is now Nuuk. I could not look it up just now, so I keep it as you said it."),
        ("my time zone is Springfield", 'I cannot look up "Springfield" just now.'),
        ("my time zone is Tokyo", "Your time zone is now Asia/Tokyo."),
    )
    assert ana.facts == {"location": "Nuuk", "timezone": "Asia/Tokyo"}
    meteo.down = False
    await converse(ana, ("I live in Nuuk", "Your location is now Nuuk, Sermersooq, Greenland."))


async def test_nobody_waits_long_for_a_provider_that_hangs(meteo: OpenMeteo) -> None:
    meteo.dark = True
    environ = {"JEEVES_GEOCODING_URL": meteo.url}

    def create(*args: object, **more: object) -> object:
        return create_app(*args, patience=0.2, budget=0.3, **more)  # type: ignore[arg-type]

    async with calling(create, Settings, environ=environ) as caller:  # type: ignore[arg-type]
        assert "I keep it as you said it" in await caller.say("my location is Paris")
    meteo.dark = False


async def test_a_time_zone_may_be_any_place(ana: Caller) -> None:
    await converse(
        ana,
        ("my time zone is Zürich", "Your time zone is now Europe/Zurich."),
        ("my time zone is São Paulo", "Your time zone is now America/Sao_Paulo."),
        ("my time zone is Springfield", "Your time zone is now America/Chicago. If you meant another place"),
        ("my time zone is Narnia", 'I know no time zone "Narnia".'),
    )
    await ana.say("my time zone is Springfield")
    await ana.press("Springfield, Massachusetts")
    assert ana.facts == {"timezone": "America/New_York"}


async def test_a_place_is_named_in_the_persons_language(ana: Caller, meteo: OpenMeteo) -> None:
    ana.locale = "ru"
    await ana.say("my location is Самара")
    assert meteo.calls[0][1]["language"] == "ru"
