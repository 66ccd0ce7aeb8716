"""Statistics: how much Jeeves did, how well, how fast, for how many people."""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from quart import request

from jeeves_contracts.base import Contract
from jeeves_service.errors import InvalidError
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.policies import Policy
from users_service.api.routing import Raw, Resource
from users_service.service.statistics import COLUMNS, Asked, By, Tally, Told, tell

READ = Policy("statistics-read", "admin", "statistics:read")
CSV = "text/csv"
USUAL = timedelta(days=29)  # before the last day
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets may take for one at the beginning of a cell
ONE_BY = "(day|week|month|feature|command|installation|outcome|trigger)"
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
Feature = Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]{0,39})?$")]
RESOURCE = Resource()


class StatisticsQuery(Contract):
    """Days in UTC from `from` to `to`, both included: the last thirty where they are not given. `by`: one or two things to tell
    apart by, of which one may be a time. `feature` empty: what Jeeves does itself.
    """

    model_config = {"extra": "forbid"}
    begin: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    by: Annotated[str, Field(pattern=f"^{ONE_BY}(,{ONE_BY})?$")] = "day"
    feature: Feature | None = None
    installation_id: Name | None = None
    outcome: Literal["answered", "failed"] | None = None
    format: Literal["json", "csv"] | None = None


class Numbers(Contract):
    """Of `count` answers, `failed` were apologies. `p95_ms`: 95 of 100 came within so many milliseconds, from when Jeeves took
    the message to when its answer was there. `active_people` is null where people are not counted: by command, outcome and
    trigger, and in times of which it is not known any more.
    """

    count: int
    failed: int
    active_people: int | None
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


class StatisticsRow(Numbers):
    """What it is told apart by has a value, the rest is null. Days, weeks (from Monday) and months are told by their first day;
    `feature` and `command` are empty for what Jeeves does itself.
    """

    day: date | None = None
    week: date | None = None
    month: date | None = None
    feature: str | None = None
    command: str | None = None
    installation_id: str | None = None
    outcome: str | None = None
    trigger: str | None = None


class Statistics(Contract):
    first_day: date
    last_day: date
    by: list[str]
    rows: list[StatisticsRow]
    totals: Numbers


@RESOURCE.operation("GET", "/statistics", READ, query=StatisticsQuery, answers=Statistics, media_types=(CSV,))
async def show_statistics(call: Call[Nothing, StatisticsQuery, Nothing]) -> Statistics | Raw:
    """Count answers, failures, active people and percentiles of time; as CSV with `format=csv` or `Accept: text/csv`.

    Operators may ask about all installations, and by installation.
    """
    query, by = call.query, _by(call.query.by)
    if "installation" in by:
        call.operator()
    last = query.to or max(call.now.date(), query.begin or call.now.date())
    asked = Asked(query.begin or max(last - USUAL, date.min), last, by, query.feature, query.outcome)
    told = await tell(call.scope(query.installation_id), call.connection, asked, call.now)
    names = [COLUMNS.get(one, one) for one in by]
    if _wants_csv(query.format):
        return Raw(_csv(names, told), f"{CSV}; charset=utf-8", f"statistics-{asked.first}-{asked.last}.csv")
    rows = [StatisticsRow(**dict(zip(names, key, strict=True)), **_numbers(tally)) for key, tally in told.rows.items()]
    return Statistics(
        first_day=asked.first, last_day=asked.last, by=list(by), rows=rows, totals=Numbers(**_numbers(told.total))
    )


def _by(words: str) -> tuple[By, ...]:
    named = words.split(",")
    by = tuple(one for one in get_args(By) if one in named)  # a time comes first
    if len(by) != len(named) or len({"day", "week", "month"}.intersection(by)) > 1:
        raise InvalidError({"by": "name two different things, of which one may be a time"})
    return by


def _wants_csv(form: str | None) -> bool:
    wanted = request.accept_mimetypes.best_match(["application/json", CSV])
    return form == "csv" if form else wanted == CSV


def _numbers(tally: Tally) -> dict[str, Any]:
    parts = {f"p{part}_ms": tally.within_ms(part / 100) for part in (50, 95, 99)}
    return {"count": tally.answers, "failed": tally.failed, "active_people": tally.people, **parts}


def _csv(names: list[str], told: Told) -> bytes:
    """Return the rows as RFC 4180 has it, with a header; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, *Numbers.model_fields])
    for key, tally in told.rows.items():
        writer.writerow(_safe([*key, *_numbers(tally).values()]))
    return text.getvalue().encode()


def _safe(cells: Iterable[Any]) -> list[str]:
    words = ("" if cell is None else str(cell) for cell in cells)
    return [f"'{word}" if word.startswith(FORMULA) else word for word in words]
