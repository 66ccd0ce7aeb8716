"""What is told of a time: a headline for the blocks, the same with all numbers as text, and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions_weather.forecast.weather import Day, Forecast, Hour
from actions_weather.reading.question import About
from actions_weather.resolve import Dates, Moment, Now, Stretch
from actions_weather.telling.days import clock, day_name
from actions_weather.telling.question import Told, lead, named
from actions_weather.telling.tables import days_table, hours_table
from actions_weather.telling.values import listed, number, rain, rounded, sky, warmth, wind
from actions_weather.words import SNOW, WORDS
from jeeves_contracts.blocks import Block, FieldsBlock, LabelledValue

BY_DAY, STEP = (6, 22), 3  # the hours of a day that are told, and how far apart
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """`text` has every number of it, `headline` stands above `blocks`. `moved` says that it is not the day that was meant."""

    text: str
    headline: str
    blocks: list[Block] = field(default_factory=list)
    moved: str = ""


@dataclass(frozen=True)
class Teller:
    """Tells the forecast of a place, where it is `now` by the clocks there."""

    place: str
    forecast: Forecast
    now: datetime
    about: About | None
    locale: str | None

    def tell(self, target: Now | Moment | Stretch | Dates, *, by_hour: bool) -> Story | None:
        """Return what is told; None when the forecast says nothing of that time. `by_hour`: today is told hour by hour too."""
        if isinstance(target, Now):
            return self._now(by_hour=by_hour or target.day)
        if isinstance(target, Moment):
            return self._moment(target)
        if isinstance(target, Stretch):
            return self._stretch(target)
        days = [day for date in target.dates if (day := self.forecast.day(date))]
        return self._days(days) if len(target.dates) > 1 and days else self._day(days[0]) if days else None

    def _now(self, *, by_hour: bool) -> Story:
        forecast, now, day = self.forecast, self.forecast.now, self.forecast.day(self.now.date())
        headline = self._current()
        today = ""
        if day:
            told = listed(
                "" if now.temperature is not None else sky(day.code, self.locale),
                warmth(day.low, day.high, forecast, self.locale),
                rain(day.rain, [day.code], self.locale),
            )
            told = listed(told, wind(now.wind, forecast, self.locale))
            today = self._text("todays", parts=told)
        answer = lead(self.about, [Told(day)] if day else [], forecast, self.locale, now=True)
        hours = self._hours(self.now.date(), self.now) if by_hour else ()
        blocks: list[Block] = [FieldsBlock(fields=fields)] if (fields := self._fields(day)) else []
        blocks += [hours_table(hours, forecast, self.locale)] if hours else []
        return Story(_joined(answer, headline, today), _joined(answer, headline), blocks)

    def _current(self) -> str:
        now = self.forecast.now
        if now.temperature is None:
            return self._text("place", place=self.place)
        told = {"place": self.place, "now": rounded(now.temperature), "degree": self.forecast.degree}
        above = sky(now.code, self.locale)
        return self._text("now", sky=above, **told) if above else self._text("now.plain", **told)

    def _moment(self, target: Moment) -> Story | None:
        hour = self.forecast.near(target.at)
        if hour is None:
            return None
        day = (
            self._text("today")
            if target.at.date() == self.now.date()
            else day_name(target.at.date(), self.now.date(), self.locale)
        )
        time = clock(target.at, self.locale)
        parts = listed(
            f"{rounded(hour.temperature)} {self.forecast.degree}",
            sky(hour.code, self.locale),
            rain(hour.rain, [hour.code], self.locale),
            wind(hour.wind, self.forecast, self.locale),
        )
        headline = self._text("told", place=self.place, when=self._text("moment", day=day, time=time), parts=parts)
        answer = lead(self.about, [Told(hour)], self.forecast, self.locale, now=False)
        moved = self._text("moved.time", time=time) if target.moved else ""
        return Story(_joined(answer, headline), _joined(answer, headline), moved=moved)

    def _stretch(self, target: Stretch) -> Story | None:
        hours = self.forecast.between(target.start, target.end)
        if not hours:
            return None
        headline = self._text("told", place=self.place, when=self._stretch_name(target), parts=self._parts(hours))
        answer = lead(self.about, [Told(hour) for hour in hours], self.forecast, self.locale, now=False)
        moved = self._text("moved.part", part=self._text(f"part.{target.part}")) if target.moved and target.part else ""
        told = _joined(answer, headline)
        return Story(told, told, [hours_table(hours, self.forecast, self.locale)], moved)

    def _parts(self, hours: Sequence[Hour]) -> str:
        temperatures = [hour.temperature for hour in hours]
        worst = max(hours, key=lambda hour: (hour.rain or 0, hour.code or 0))
        winds = [hour.wind for hour in hours if hour.wind is not None]
        return listed(
            warmth(min(temperatures), max(temperatures), self.forecast, self.locale),
            sky(worst.code, self.locale),
            rain(worst.rain, [hour.code for hour in hours], self.locale),
            wind(max(winds, default=None), self.forecast, self.locale, most=True),
        )

    def _stretch_name(self, target: Stretch) -> str:
        if target.hours:
            return self._text("stretch.hour" if target.hours == 1 else "stretch.hours", count=target.hours)
        if target.part is None:
            return self._text("stretch.rest")
        if target.of == self.now.date():
            part = self._text(f"part.{target.part}")
            return self._text("stretch.tonight") if target.part == "night" else self._text("stretch.this", part=part)
        return self._text(f"stretch.{target.part}", day=day_name(target.of, self.now.date(), self.locale))

    def _day(self, day: Day) -> Story:
        when = day_name(day.date, self.now.date(), self.locale)
        headline = self._text("told", place=self.place, when=when, parts=self._day_parts(day))
        told = _joined(lead(self.about, [Told(day)], self.forecast, self.locale, now=False), headline)
        hours = self._hours(day.date, self.now)
        return Story(told, told, [hours_table(hours, self.forecast, self.locale)] if hours else [])

    def _days(self, days: Sequence[Day]) -> Story:
        names = [day_name(day.date, self.now.date(), self.locale) for day in days]
        lines = [self._text("line", when=name, parts=self._day_parts(day)) for name, day in zip(names, days, strict=True)]
        answer = lead(self.about, list(named(days, names)), self.forecast, self.locale, now=False)
        head = _joined(answer, self._text("place", place=self.place))
        return Story("\n".join([head, *lines]), head, [days_table(days, self.forecast, self.now.date(), self.locale)])

    def _day_parts(self, day: Day) -> str:
        return listed(
            sky(day.code, self.locale),
            warmth(day.low, day.high, self.forecast, self.locale),
            rain(day.rain, [day.code], self.locale),
            wind(day.wind, self.forecast, self.locale, most=True),
        )

    def _hours(self, day: object, now: datetime) -> tuple[Hour, ...]:
        first, last = BY_DAY
        return tuple(
            hour
            for hour in self.forecast.hours
            if hour.at.date() == day and hour.at >= now and first <= hour.at.hour <= last and hour.at.hour % STEP == 0
        )

    def _fields(self, day: Day | None) -> list[LabelledValue]:
        forecast, now = self.forecast, self.forecast.now
        wet = "snow" if day and day.code in SNOW else "rain"
        values = {
            "feels": now.feels is not None and number(now.feels, forecast.degree, self.locale),
            "today": day and warmth(day.low, day.high, forecast, self.locale),
            wet: day and day.rain is not None and number(day.rain, "%", self.locale),
            "wind": now.wind is not None and number(now.wind, forecast.speed, self.locale),
        }
        return [LabelledValue(label=self._text(f"field.{name}"), value=value) for name, value in values.items() if value]

    def _text(self, key: str, **values: object) -> str:
        return WORDS.text(key, self.locale, **values)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
