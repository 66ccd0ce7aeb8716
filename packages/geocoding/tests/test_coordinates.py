"""Coordinates are a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_geocoding import parse
from jeeves_geocoding.coordinates import Spot, read


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("52.5, 13.4", 52.5, 13.4), ("52.5,13.4", 52.5, 13.4), ("52.5 13.4", 52.5, 13.4), ("52, 13", 52, 13),
        ("52.5N 13.4E", 52.5, 13.4), ("52.5 N, 13.4 E", 52.5, 13.4), ("52.5° N, 13.4° E", 52.5, 13.4),
        ("N 52.5 E 13.4", 52.5, 13.4), ("33.9S 151.2E", -33.9, 151.2), ("-33.9, 151.2", -33.9, 151.2),
        ("−33.9, −70.6", -33.9, -70.6), ("40.7n 74w", 40.7, -74), ("52°30'N 13°24'E", 52.5, 13.4),
        ("52°30′36″N, 13°24′0″E", 52.51, 13.4), ('52° 30\' 36" N 13° 24\' E', 52.51, 13.4),
        ("lat 52.5 lon 13.4", 52.5, 13.4), ("latitude: -33.9, longitude: 151.2", -33.9, 151.2), ("geo:52.5,13.4", 52.5, 13.4),
        ("@52.5,13.4", 52.5, 13.4), ("(52.5, 13.4)", 52.5, 13.4), ("52,5 13,4", 52.5, 13.4), ("52,5; 13,4", 52.5, 13.4),
        ("0, 0", 0, 0), ("90.0, 180.0", 90, 180), ("in 52.5, 13.4?", 52.5, 13.4), ("at 52.5/13.4 please", 52.5, 13.4),
    ],
)  # fmt: skip
def test_coordinates_are_read_as_people_write_them(text: str, latitude: float, longitude: float) -> None:
    asked = parse(text)
    assert asked
    assert asked.spot
    assert (asked.spot.latitude, asked.spot.longitude) == (pytest.approx(latitude), pytest.approx(longitude))


@pytest.mark.parametrize(
    "text",
    ["91, 0", "0.0, 181.0", "-90.1, 5", "10115", "52 13", "52.5", "1,2,3", "13.4E", "N E", "nan, nan", "1e5, 2", "52.5.1, 13.4",
     "٥٢, ١٣.٥x",
     "9" * 30 + ", 1", "Paris 52.5"],
)  # fmt: skip
def test_what_is_no_pair_on_this_earth_is_none(text: str) -> None:
    assert read(text) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_label_is_read_as_the_same_spot(latitude: float, longitude: float) -> None:
    spot = read(Spot(latitude, longitude).label)
    assert spot
    assert spot.latitude == pytest.approx(latitude, abs=1e-4)
    assert spot.longitude == pytest.approx(longitude, abs=1e-4)


@given(st.text("0123456789.,-−°'\"′″NSEWnsew latong:=/;()", max_size=90))
def test_no_text_is_misread(text: str) -> None:
    spot = read(text)
    assert spot is None or (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180)
