"""What was done is counted by day, action, workspace, outcome and time, whether or not a day was added up (S4, S53)."""

import asyncio
import csv
import io
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import Reply
from jeeves_contracts.delivery import AnswerItem
from support.api import Api
from support.clock import START
from support.eventually import succeeds
from support.messages import item, message
from support.users import Users
from users_service.engine import Database
from users_service.models import activity, activity_counts, activity_days, activity_people, messages
from users_service.service.rollups import Rollups

DAY = timedelta(days=1)
TODAY = START.date()
_number = iter(range(1, 1_000_000))


def did(day: date = TODAY, **more: Any) -> dict[str, Any]:
    """A record of an answer at noon of a day."""
    at = START.replace(year=day.year, month=day.month, day=day.day, hour=more.pop("hour", 8))
    return {
        "message_id": f"m{next(_number)}", "fence": 1, "installation_id": "slack:T1", "person_id": "p1", "trigger": "message",
        "feature": "weather", "command": "weather", "outcome": "answered", "duration_ms": 120, "at": at, **more,
    }  # fmt: skip


async def recorded(users: Users, *rows: dict[str, Any]) -> None:
    await users.change(activity.insert().values(list(rows)))


async def added_up(users: Users, *days: date) -> None:
    """Wait until exactly these days are added up, the clock moving on by a round."""
    await users.clock.advance(601)

    async def look() -> None:
        assert [row.day for row in await users.rows(sa.select(activity_days).order_by(activity_days.c.day))] == list(days)

    await succeeds(look, AssertionError)


async def told(api: Api, query: str = "") -> Any:
    answer = await api.operator("GET", f"/statistics?{query}")
    assert answer.status == 200, answer
    return answer.json


def column(answer: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in answer["rows"]]


async def test_three_weathers_and_one_help_are_told_as_three_and_one(api: Api) -> None:  # S4
    for _ in range(3):
        await api.users.answered(item(), "Sunny.", feature="weather", command="weather")
    await api.users.answered(item(message("help")), "I can …", feature=None, command="help")
    answer = (await api.admin("GET", "/statistics?by=feature")).json
    assert column(answer, "feature", "count", "failed") == [("", 1, 0), ("weather", 3, 0)]
    answer = (await api.admin("GET", "/statistics?by=command")).json
    assert column(answer, "command", "count", "active_people") == [("help", 1, None), ("weather", 3, None)]
    assert (answer["totals"]["count"], answer["totals"]["active_people"]) == (4, 1)


async def test_an_answer_is_recorded_once_with_its_time_and_without_a_word(users: Users) -> None:  # S53
    said = item(message("my secret is a secret"))
    fence = await users.claimed(said)
    await users.clock.advance(1.25)
    answer = AnswerItem(
        message_id=said.message.message_id, fence=fence, outcome="answered", feature="config", command="tell",
        replies=[Reply(text="a secret, too")],
    )  # fmt: skip
    for _ in range(3):
        await users.answer(answer)
    (row,) = await users.rows(sa.select(activity))
    assert (row.installation_id, row.feature, row.command, row.outcome) == ("slack:T1", "config", "tell", "answered")
    assert (row.trigger, row.duration_ms, row.at) == ("message", 1250, users.clock.now())
    assert "secret" not in repr(row)


async def test_what_was_claimed_weeks_ago_can_still_be_recorded(users: Users) -> None:
    said = item()
    fence = await users.claimed(said)
    await users.change(messages.update().values(created_at=START - timedelta(days=60)))
    (result,) = await users.answer(AnswerItem(message_id=said.message.message_id, fence=fence, outcome="answered"))
    assert result.state == "stored"
    assert [row.duration_ms for row in await users.rows(sa.select(activity))] == [2**31 - 1]


async def test_numbers_are_the_same_before_and_after_a_day_is_added_up(api: Api) -> None:
    users = api.users
    days = [TODAY - n * DAY for n in (40, 25, 2, 1, 0)]
    rows = [
        did(day, person_id=f"p{person}", feature=feature, command=feature, outcome=outcome, duration_ms=took)
        for day in days
        for person, feature, outcome, took in (
            (1, "weather", "answered", 120), (2, "weather", "failed", 9000), (1, "config", "answered", 40),
            (day.day, None, "answered", 1),
        )
    ]  # fmt: skip
    await recorded(users, *rows, did(installation_id="slack:T2", person_id="p1", trigger="schedule"))
    since = TODAY - 60 * DAY
    asked = [
        f"from={since}&to={TODAY}&by={by}{more}"
        for by in ("day", "week", "month", "feature", "command", "installation", "outcome", "trigger", "month,feature",
                   "day,feature", "installation,week", "command,trigger", "day,installation")
        for more in ("", "&feature=weather", "&feature=", "&outcome=failed", "&installation_id=slack:T2")
    ]  # fmt: skip
    before = [await told(api, query) for query in asked]
    await added_up(users, *(TODAY - n * DAY for n in range(40, 0, -1)))
    assert [await told(api, query) for query in asked] == before
    total = before[0]["totals"]
    assert (total["count"], total["failed"], total["p50_ms"], total["p99_ms"]) == (21, 5, 150, 9000)
    # p1 and p2, p1 of the other workspace, and one a day
    assert total["active_people"] == 3 + len({day.day for day in days} - {1, 2})


async def test_people_are_counted_once_in_whatever_time_is_asked_for(api: Api) -> None:
    sunday, monday, tuesday = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
    saturday = date(2026, 10, 31)
    await recorded(
        api.users,
        *(did(day, person_id="p1") for day in (saturday, sunday, monday, tuesday)),
        did(saturday, person_id="p2"), did(sunday, person_id="p3", feature="config"), did(tuesday, person_id="p2"),
    )  # fmt: skip
    await added_up(api.users, *(saturday + n * DAY for n in range(25)))
    span = f"from={saturday}&to={tuesday}"
    assert column(await told(api, f"{span}&by=day"), "day", "active_people") == [
        ("2026-10-31", 2), ("2026-11-01", 2), ("2026-11-02", 1), ("2026-11-03", 2),
    ]  # fmt: skip
    assert column(await told(api, f"{span}&by=week"), "week", "active_people") == [("2026-10-26", 3), ("2026-11-02", 2)]
    assert column(await told(api, f"{span}&by=month"), "month", "active_people") == [("2026-10-01", 2), ("2026-11-01", 3)]
    assert column(await told(api, f"{span}&by=feature"), "feature", "active_people") == [("config", 1), ("weather", 2)]
    assert (await told(api, span))["totals"]["active_people"] == 3
    assert (await told(api, f"from={sunday}&to={monday}"))["totals"]["active_people"] == 2


async def test_a_day_is_added_up_ten_minutes_after_its_end_and_what_comes_late_is_not_lost(api: Api) -> None:
    users = api.users
    await recorded(users, did())
    await users.clock.advance(15 * 3600 + 9 * 60)  # 00:09
    await recorded(users, did(hour=23))
    assert await users.rows(sa.select(activity_days)) == []
    assert (await told(api))["totals"]["count"] == 2
    await added_up(users, TODAY)
    await recorded(users, did(hour=23, person_id="p2"))  # by a clock that is an hour late

    async def found() -> None:
        await users.clock.advance(601)
        totals = (await told(api))["totals"]
        assert (totals["count"], totals["active_people"]) == (3, 2)

    await succeeds(found, AssertionError)


async def test_a_day_whose_activity_was_erased_keeps_its_numbers(api: Api) -> None:
    yesterday = TODAY - DAY
    await recorded(api.users, did(yesterday), did(yesterday, person_id="p2"), did(TODAY - 9 * DAY), did())
    await added_up(api.users, *(TODAY - n * DAY for n in range(9, 0, -1)))
    before = await told(api, "by=day,feature")
    await api.users.change(activity.delete().where(activity.c.at < START - timedelta(hours=9)))
    await added_up(api.users, *(TODAY - n * DAY for n in range(9, 0, -1)))
    assert await told(api, "by=day,feature") == before
    assert before["totals"]["count"] == 4


async def test_numbers_stay_and_people_are_unknown_once_nobody_knows_who_was_there(api: Api) -> None:
    await recorded(api.users, did(TODAY - 2 * DAY))
    await added_up(api.users, TODAY - 2 * DAY, TODAY - DAY)
    await api.users.change(activity_people.delete())
    answer = await told(api, "by=day")
    assert column(answer, "count", "active_people") == [(1, None)]
    assert answer["totals"]["active_people"] is None


async def test_two_that_add_up_at_once_count_each_answer_once(users: Users) -> None:
    await recorded(users, *(did(TODAY - n * DAY, person_id=f"p{n % 3}") for n in range(1, 9) for _ in range(3)))
    databases = [Database(users.url) for _ in range(3)]
    try:
        done = await asyncio.gather(*(Rollups(one, users.clock).add_up() for one in databases))
    finally:
        for one in databases:
            await one.aclose()
    assert sum(done) == 8
    assert await users.rows(sa.select(sa.func.sum(activity_counts.c.count))) == [(24,)]
    people = sa.select(activity_people.c.person_id, activity_people.c.days).where(activity_people.c.feature == "*")
    days = {f"p{k}": sum(1 << (TODAY - n * DAY).day - 1 for n in range(1, 9) if n % 3 == k) for k in range(3)}
    assert dict(tuple(row) for row in await users.rows(people)) == days


async def test_percentiles_are_the_borders_of_buckets_and_never_above_the_slowest(api: Api) -> None:
    await recorded(api.users, *(did(duration_ms=took) for took in [10] * 50 + [90] * 45 + [700] * 4 + [45_000]))
    totals = (await told(api))["totals"]
    assert (totals["p50_ms"], totals["p95_ms"], totals["p99_ms"]) == (25, 100, 800)
    (only,) = (await told(api, f"from={TODAY}&to={TODAY}&feature=weather"))["rows"]
    assert only["count"] == 100
    none = (await told(api, "feature=other"))["totals"]
    assert (none["count"], none["active_people"], none["p50_ms"]) == (0, 0, None)


async def test_csv_has_a_header_and_no_formula(api: Api) -> None:  # S4
    await recorded(api.users, did(command='=HYPERLINK("x")'), did(command="a,b\nc"), did(command="-1"), did(command="@x"))
    for query, headers in (("&format=csv", {}), ("", {"Accept": "text/csv, application/json;q=0.5"})):
        answer = await api.operator("GET", f"/statistics?by=command{query}", **headers)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        lines = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
        assert lines[0] == ["command", "count", "failed", "active_people", "p50_ms", "p95_ms", "p99_ms"]
        assert sorted(line[0] for line in lines[1:]) == ["'-1", '\'=HYPERLINK("x")', "'@x", "a,b\nc"]
        assert lines[1][1:] == ["1", "0", "", "120", "120", "120"]
        assert answer.body.count(b"\r\n") == 5
    assert "json" in (await api.operator("GET", "/statistics", Accept="*/*")).headers["Content-Type"]


async def test_an_admin_sees_their_own_installation_alone(api: Api) -> None:  # S4, S111
    for team in ("T1", "T2", "T2"):
        await api.users.answered(item(message(team=team)), "x")
    counts = [(await api.admin("GET", "/statistics", of=of)).json["totals"]["count"] for of in ("slack:T1", "slack:T2")]
    assert counts == [1, 2]
    assert column(await told(api, "by=installation"), "installation_id", "count") == [("slack:T1", 1), ("slack:T2", 2)]
    assert (await told(api, "installation_id=slack:T2"))["totals"]["count"] == 2
    assert (await api.admin("GET", "/statistics?installation_id=slack:T2")).status == 404
    refused = await api.admin("GET", "/statistics?by=installation")
    assert (refused.status, refused.json["policy"]) == (403, "statistics-read")
    assert (await api.person("GET", "/statistics")).status == 403


async def test_what_cannot_be_told_is_refused_in_one_sentence(api: Api) -> None:
    await api.token("operator")
    for wrong in (
        "by=day,day", "by=day,month", "by=mood", "by=", "by=day,feature,command", "from=2026-11-02&to=2026-11-01",
        "from=2025-01-01&to=2026-11-01", "from=yesterday", "from=0001-01-01&to=0001-01-02", "to=9999-12-31", "outcome=good",
        "format=xml", "feature=*", "feature=A", "more=1", "from=2026-13-01", "to=1e400",
    ):  # fmt: skip
        answer = await api.operator("GET", f"/statistics?{wrong}")
        assert (answer.status, bool(answer.json["errors"])) == (422, True), (wrong, answer)
    for right in ("from=2025-10-22&to=2026-11-25", "to=2000-01-01", "from=2999-12-31", "from=2026-12-24", "by=feature,day"):
        assert (await api.operator("GET", f"/statistics?{right}")).status == 200, right
