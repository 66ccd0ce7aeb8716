"""Ids are made in one place, and mean the same in every process and every release."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeeves_contracts.ids import LANES, lane, message_id, reference, reply_id, split_reply_id


def test_a_message_is_named_by_where_it_came_from() -> None:
    assert message_id("slack:T1", "C1", "169.1") == "slack:T1:C1:169.1"
    assert message_id("slack:org:E1", "cmd", "12.34") == "slack:org:E1:cmd:12.34"


@given(st.text(min_size=1), st.integers(0, 1000))
def test_a_reply_id_can_be_taken_apart(message: str, number: int) -> None:
    assert split_reply_id(reply_id(message, number)) == (message, number)


@given(st.text())
def test_what_is_no_reply_id_is_a_value_error(text: str) -> None:
    message, slash, number = text.rpartition("/")
    if message and slash and number.strip().isdecimal():
        return
    try:
        split_reply_id(text)
    except ValueError:
        return
    assert int(number) is not None  # `+1` and `1_0` are numbers to Python


@pytest.mark.parametrize("text", ["", "/", "/1", "m", "m/", "m/one", "m/1.5"])
def test_these_are_no_reply_ids(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        split_reply_id(text)


def test_a_channel_keeps_its_lane_for_ever() -> None:
    """Fixed values: a change would let the replies of one channel overtake each other during an update."""
    assert LANES == 8
    found = {channel: lane("slack:T1", channel) for channel in ("C1", "C2", "D0PQR", "G77", "ünï")}
    assert found == {"C1": 6, "C2": 4, "D0PQR": 0, "G77": 7, "ünï": 2}
    assert lane("slack:T2", "C1") == 0


@given(st.text(), st.text())
def test_a_lane_is_one_of_those_that_there_are(installation: str, channel: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in installation + channel):
        return
    assert 0 <= lane(installation, channel) < LANES
    assert lane(installation, channel) == lane(installation, channel)


def test_channels_are_spread_over_the_lanes() -> None:
    counts = [0] * LANES
    for number in range(8000):
        counts[lane("slack:T1", f"C{number:08X}")] += 1
    assert min(counts) > 800


def test_a_reference_is_short_and_stable() -> None:
    assert reference("slack:T1:C1:169.1") == reference("slack:T1:C1:169.1")
    assert len(reference("slack:T1:C1:169.1")) == 8
    assert reference("slack:T1:C1:169.1") != reference("slack:T1:C1:169.2")
