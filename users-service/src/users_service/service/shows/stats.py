"""`stats`: what Jeeves did here in a month or a year, for the admins."""

import asyncio
from datetime import date

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ContextBlock, PictureBlock, TableBlock, TextBlock
from users_service.domain.months import Named, read
from users_service.domain.periods import beginning, days
from users_service.service.charts import Bar, bars
from users_service.service.shows.showing import Showing
from users_service.service.statistics import Asked, Tally, Told, tell
from users_service.words import words

MOST = 20  # features in the table
EACH = 5  # days from one that is named below the chart to the next


async def stats(showing: Showing) -> list[Reply]:
    """Show an admin the month or the year that they name: this month where they name none."""
    locale = showing.asker.locale
    if not showing.asker.is_admin:
        return [_told(words("stats.not_admin", locale))]
    today, names = showing.now.date(), words("stats.months", locale).split()
    named = read(showing.about, today, names)
    if named is None:
        return [_told(words("stats.unknown", locale, said=" ".join(showing.about.split()).replace("`", "'")[:40]))]
    last = max(named.first, min(named.last, today))
    by_time = await _count(showing, Asked(named.first, last, ("day" if named.month else "month",)))
    title = f"{names[named.month - 1]} {named.year}" if named.month else str(named.year)
    if not by_time.total.answers:
        return [_told(words("stats.none", locale, title=title))]
    by_feature = await _count(showing, Asked(named.first, last, ("feature",)))
    blocks: list[Block] = [
        TextBlock(text=_summary(by_time.total, title, locale)),
        await _picture(by_time, named, title, locale),
        _table(by_feature, locale),
        ContextBlock(text=words("stats.more", locale)),
    ]
    return [_told(_summary(by_time.total, title, locale), blocks)]


async def _count(showing: Showing, asked: Asked) -> Told:
    return await tell(showing.asker.tenant, showing.connection, asked, showing.now)


def _told(text: str, blocks: list[Block] | None = None) -> Reply:
    return Reply(text=text, blocks=blocks or [], visibility="ephemeral")


def _summary(total: Tally, title: str, locale: str | None) -> str:
    number, people = total.answers, total.people
    whom = "stats.people.one" if people == 1 else "stats.people.many" if people else "stats.people.unknown"
    return words(
        "stats.summary",
        locale,
        title=title,
        answers=words("stats.answers.one" if number == 1 else "stats.answers.many", locale, number=f"{number:,}"),
        people=words(whom, locale, number=people),
        failed=_failed(total, locale),
        half=_time(total, 0.5, locale),
        most=_time(total, 0.95, locale),
    )


async def _picture(told: Told, named: Named, title: str, locale: str | None) -> PictureBlock:
    short, tallies = words("months_short", locale).split(), {key[0]: tally for key, tally in told.rows.items()}
    if named.month:
        times = days(named.first, named.last)
        labels = [str(day.day) if day.day == 1 or day.day % EACH == 0 else "" for day in times]
    else:
        times = sorted({beginning(day, "month") for day in days(named.first, named.last)})
        labels = [short[day.month - 1] for day in times]
    some = [_bar(label, tallies.get(day)) for label, day in zip(labels, times, strict=True)]
    kind = "day" if named.month else "month"
    what = words(f"stats.chart.{kind}", locale, title=title)
    best: date = max(tallies, key=lambda day: tallies[day].answers)
    when = f"{best.day} {short[best.month - 1]}" if named.month else short[best.month - 1]
    alt = words(
        f"stats.alt.{kind}", locale, what=what, when=when, most=tallies[best].answers, failed=_failed(told.total, locale)
    )
    png = await asyncio.to_thread(bars, some, what, words("stats.chart.failed", locale))
    return PictureBlock.of(png, alt[:150])


def _bar(label: str, tally: Tally | None) -> Bar:
    return Bar(label, tally.answers, tally.failed) if tally else Bar(label, 0)


def _table(told: Told, locale: str | None) -> TableBlock:
    often = sorted(told.rows.items(), key=lambda row: (-row[1].answers, row[0]))
    rows = [
        [
            key[0] or words("stats.itself", locale),
            f"{tally.answers:,}",
            _failed(tally, locale),
            f"{tally.people:,}" if tally.people else "–",
            _time(tally, 0.5, locale),
            _time(tally, 0.95, locale),
        ]
        for key, tally in often[:MOST]
    ]
    return TableBlock(header=words("stats.header", locale).split("|"), rows=rows)


def _failed(tally: Tally, locale: str | None) -> str:
    share = 100 * tally.failed / tally.answers
    if not tally.failed:
        return words("stats.failed.none", locale)
    return words("stats.failed", locale, number=f"{tally.failed:,}", share=f"{share:.0f}" if share >= 1 else "<1")


def _time(tally: Tally, part: float, locale: str | None) -> str:
    took = tally.within_ms(part) or 0
    if took < 1000:  # noqa: PLR2004 - milliseconds of a second
        return words("stats.milliseconds", locale, number=took)
    return words("stats.seconds", locale, number=f"{took / 1000:.1f}")
