"""The million records that statistics are measured with: the same each time, and like a year of real ones."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from bench.statistics_rows import COLUMNS, DAYS, PLACES, rows

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_records_are_the_same_for_the_same_time_and_fill_a_year() -> None:
    made = list(rows(NOW, 5_000))
    assert made == list(rows(NOW, 5_000))
    told = [dict(zip(COLUMNS, row, strict=True)) for row in made]
    assert len({row["message_id"] for row in told}) == 5_000
    assert all(NOW - timedelta(days=DAYS) <= row["at"] <= NOW for row in told)
    assert len({row["at"].date() for row in told}) > 360
    assert 10 < len({row["installation_id"] for row in told}) <= PLACES
    assert 0 < Counter(row["outcome"] for row in told)["failed"] < 300
    assert min(row["duration_ms"] for row in told) > 0


def test_a_person_is_of_one_workspace() -> None:
    homes = {(row[3], row[2]) for row in rows(NOW, 5_000)}
    assert len(homes) == len({person for person, _ in homes})
