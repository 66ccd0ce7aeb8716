"""Small tables: some days, some hours."""

from collections.abc import Sequence
from datetime import date

from actions_weather.forecast.weather import Day, Forecast, Hour
from actions_weather.telling.days import clock, short_name
from actions_weather.telling.values import number, sky, warmth
from actions_weather.words import WORDS
from jeeves_contracts.blocks import TableBlock

CELL, ROWS = 60, 24  # characters, hours that a table may have
FEW = 8  # hours that are read at a glance


def days_table(days: Sequence[Day], forecast: Forecast, today: date, locale: str | None) -> TableBlock:
    """Return a row for each day."""
    rows = [
        [
            short_name(day.date, today, locale),
            sky(day.code, locale) or WORDS.text("nothing", locale),
            warmth(day.low, day.high, forecast, locale),
            number(day.rain, "%", locale),
            number(day.wind, forecast.speed, locale),
        ]
        for day in days[:ROWS]
    ]
    return _table(("day", "sky", "range", "rain", "wind"), rows, locale)


def hours_table(hours: Sequence[Hour], forecast: Forecast, locale: str | None) -> TableBlock:
    """Return a row for every, every second or every third hour, so that they are few."""
    step = -(-len(hours) // FEW) or 1
    rows = [
        [
            clock(hour.at, locale),
            sky(hour.code, locale) or WORDS.text("nothing", locale),
            number(hour.temperature, forecast.degree, locale),
            number(hour.rain, "%", locale),
            number(hour.wind, forecast.speed, locale),
        ]
        for hour in hours[::step]
    ]
    return _table(("time", "sky", "temperature", "rain", "wind"), rows, locale)


def _table(columns: Sequence[str], rows: list[list[str]], locale: str | None) -> TableBlock:
    header = [WORDS.text(f"column.{name}", locale) for name in columns]
    return TableBlock(header=header, rows=[[cell[:CELL] for cell in row] for row in rows])
