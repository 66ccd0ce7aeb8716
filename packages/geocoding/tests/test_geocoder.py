"""Places, asked of an Open-Meteo on this machine over real sockets, and of one that answers oddly."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import respx

from jeeves_geocoding import Found, Geocoder, GeocodingError, Missed, Place, parse
from jeeves_service.clock import SystemClock
from jeeves_service.http import HttpClient
from support.openmeteo import OpenMeteo, recorded

ORIGIN = "https://geocoding-api.open-meteo.com"


@pytest.fixture
def meteo() -> Iterator[OpenMeteo]:
    with OpenMeteo() as meteo:
        yield meteo


@pytest.fixture
async def geocoder(meteo: OpenMeteo) -> AsyncIterator[Geocoder]:
    http = HttpClient()
    yield Geocoder(http, SystemClock(), meteo.url, patience=2)
    await http.aclose()


async def find(geocoder: Geocoder, words: str, language: str = "en", country: str | None = None) -> Found | Missed:
    asked = parse(words)
    assert asked
    return await geocoder.find(asked, language, country=country)


async def found(geocoder: Geocoder, words: str, **hints: str) -> Place:
    place = await find(geocoder, words, **hints)
    assert isinstance(place, Found), words
    return place.best


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Paris", "Paris, Île-de-France Region, France"), ("Paris, Texas", "Paris, Texas, United States"),
        ("paris tx", "Paris, Texas, United States"), ("Springfield IL", "Springfield, Illinois, United States"),
        ("London Ontario Canada", "London, Ontario, Canada"), ("London, CA", "London, Ontario, Canada"),
        ("Washington, D.C.", "Washington, District of Columbia, United States"), ("Paris 🇺🇸", "Paris, Texas, United States"),
        ("10115 Berlin", "Berlin, State of Berlin, Germany"), ("Berlin 10115", "Berlin, State of Berlin, Germany"),
        ("D-10115 Berlin", "Berlin, State of Berlin, Germany"), ("10115, Germany", "Berlin, State of Berlin, Germany"),
        ("75460 Paris", "Paris, Texas, United States"), ("Paris 75001", "Paris, Île-de-France Region, France"),
        ("99999 Paris", "Paris, Île-de-France Region, France"), ("90210", "Beverly Hills, California, United States"),
        ("SW1A 1AA London", "London, England, United Kingdom"), ("1012 AB", "Amsterdam, North Holland, Netherlands"),
        ("München", "München, Bavaria, Germany"), ("munich", "München, Bavaria, Germany"), ("sao paulo", "São Paulo, Brazil"),
        ("東京", "東京, 東京都, 日本"), ("Москва", "Москва, Россия"),
        ("The Hague", "The Hague, South Holland, Netherlands"),
        ("NYC", "New York, United States"), ("LA", "Los Angeles, California, United States"),
        ("sf", "San Francisco, California, United States"),
    ],
)  # fmt: skip
async def test_a_place_is_found_as_people_name_it(geocoder: Geocoder, words: str, label: str) -> None:  # S40
    assert (await found(geocoder, words)).label in (label, label.replace("東京都", "东京都"))


async def test_a_label_finds_its_place_again(geocoder: Geocoder) -> None:
    for words in (
        "Paris",
        "Paris, Texas",
        "London, Ontario",
        "Springfield",
        "Zürich",
        "São Paulo",
        "Nice",
        "Friday Harbor",
        "Null Island",
    ):
        place = await found(geocoder, words)
        assert await found(geocoder, place.label) == place


async def test_a_place_has_all_that_people_and_clocks_need(geocoder: Geocoder) -> None:
    assert await found(geocoder, "Paris, Texas") == Place(
        "Paris, Texas, United States", "Paris", 33.66094, -95.55551, "America/Chicago", "US"
    )
    assert (await found(geocoder, "Null Island")).country_code is None


async def test_a_postcode_of_many_countries_is_one_of_the_asker_s_first(geocoder: Geocoder) -> None:
    answer = await find(geocoder, "10115")
    assert isinstance(answer, Found)
    assert [place.name for place in (answer.best, *answer.others)] == ["New York", "Berlin"]
    assert (await found(geocoder, "10115", country="DE")).name == "Berlin"
    assert (await found(geocoder, "10115", country="FR")).name == "New York"


async def test_coordinates_are_asked_of_nobody(geocoder: Geocoder, meteo: OpenMeteo) -> None:
    assert await found(geocoder, "52.5N 13.4E") == Place("52.5° N, 13.4° E", "52.5° N, 13.4° E", 52.5, 13.4)
    assert not meteo.calls


async def test_what_is_nearly_right_is_offered(geocoder: Geocoder) -> None:
    for words, label in (
        ("Londn", "London, England, United Kingdom"), ("Reykjavk", "Reykjavík, Capital Region, Iceland"),
        ("London, Atlantis", "London, England, United Kingdom"),
    ):  # fmt: skip
        missed = await find(geocoder, words)
        assert isinstance(missed, Missed), words
        assert missed.near[0].label == label
    assert await find(geocoder, "Qxzqxzqx") == Missed()


async def test_too_long_a_name_is_looked_for_nowhere(geocoder: Geocoder, meteo: OpenMeteo) -> None:
    assert await find(geocoder, "x" * 300) == Missed()
    assert not meteo.calls


async def test_names_go_to_the_provider_as_parameters(geocoder: Geocoder, meteo: OpenMeteo) -> None:
    for name in (
        "?appid=1&q=../../etc",
        "a&count=1#x?y=../%2e%2e/v1/forecast",
        "%2f%2e%0d%0aHost: x",
        "+&name=Paris",
        "<!channel>",
    ):
        meteo.calls.clear()
        await find(geocoder, name)
        assert {path for path, _ in meteo.calls} == {"/v1/search"}
        assert meteo.calls[0][1] == {"name": name.removeprefix("?"), "count": "10", "language": "en", "format": "json"}


async def test_the_provider_away_is_an_error_that_says_nothing_of_the_place(geocoder: Geocoder, meteo: OpenMeteo) -> None:
    meteo.down = True
    with pytest.raises(GeocodingError) as raised:
        await find(geocoder, "Paris")
    assert "Paris" not in str(raised.value)


GOOD = {"name": "Samara", "latitude": 53.2, "longitude": 50.1, "timezone": "Europe/Samara", "population": "many", "country": 5}


@pytest.mark.parametrize(
    ("odd", "label", "zone"),
    [
        ({"timezone": "Mars/Olympus"}, "Samara", None), ({"timezone": "../../etc/passwd"}, "Samara", None),
        ({"timezone": "America"}, "Samara", None), ({"timezone": 7}, "Samara", None), ({}, "Samara", "Europe/Samara"),
        ({"country_code": "<script>"}, "Samara", "Europe/Samara"), ({"country": "X" * 300}, "Samara", "Europe/Samara"),
        ({"country": "A\nB\x00C\u202e"}, "Samara, A B C", "Europe/Samara"), ({"admin1": "Samara"}, "Samara", "Europe/Samara"),
        ({"postcodes": "443000"}, "Samara", "Europe/Samara"), ({"postcodes": [None, 5, "443"]}, "Samara", "Europe/Samara"),
        ({"population": -5, "admin1": ""}, "Samara", "Europe/Samara"),
    ],
)  # fmt: skip
async def test_odd_fields_are_left_out(odd: dict[str, Any], label: str, zone: str | None) -> None:
    with respx.mock() as internet:
        internet.get(f"{ORIGIN}/v1/search").mock(return_value=httpx.Response(200, json={"results": [GOOD | odd]}))
        http = HttpClient(default_transport=True)
        place = await found(Geocoder(http, SystemClock(), ORIGIN, patience=1), "Samara")
        assert (place.label, place.timezone, place.country_code) == (label, zone, None)
        await http.aclose()


@pytest.mark.parametrize("name", [".", "\u200b", "  ", "\ud83d\ude00"])
async def test_a_result_without_a_name_is_none(name: str) -> None:
    body = json.dumps({"results": [GOOD | {"name": name}]}).encode()
    with respx.mock() as internet:
        internet.get(f"{ORIGIN}/v1/search").mock(return_value=httpx.Response(200, content=body))
        http = HttpClient(default_transport=True)
        assert await find(Geocoder(http, SystemClock(), ORIGIN, patience=1), "Samara") == Missed()
        await http.aclose()


@pytest.mark.parametrize(
    "file",
    ["geocoding.samara.en.json", "geocoding.samara.ru.json", "geocoding.cordoba.json", "geocoding.no_country.json",
     "geocoding.no_results.json", "error.minutely_limit.json"],
)  # fmt: skip
async def test_every_recorded_answer_is_read(file: str) -> None:
    with respx.mock() as internet:
        internet.get(f"{ORIGIN}/v1/search").mock(return_value=httpx.Response(200, content=recorded(file)))
        http = HttpClient(default_transport=True)
        answer = await find(Geocoder(http, SystemClock(), ORIGIN, patience=1), "Anything")
        expected = json.loads(recorded(file)).get("results", [])
        assert isinstance(answer, Found if expected else Missed)
        await http.aclose()
