"""`stats` in chat: what was done here in a month, for admins, with a small picture (S4)."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import ContextBlock, PictureBlock, TableBlock
from support.clock import START
from support.messages import item, message
from support.users import Users
from users_service.domain.months import read
from users_service.models import activity
from users_service.service.charts import HEIGHT, WIDTH, Bar, bars
from users_service.words import words

MONTHS = words("stats.months").split()
TODAY = date(2026, 11, 25)


async def recorded(users: Users, *rows: dict[str, Any]) -> None:
    usual = {
        "fence": 1, "installation_id": "slack:T1", "person_id": "p1", "trigger": "message", "feature": "weather",
        "command": "weather", "outcome": "answered", "duration_ms": 180,
    }  # fmt: skip
    await users.change(activity.insert().values([{"message_id": f"m{n}", **usual, **row} for n, row in enumerate(rows)]))


async def stats(users: Users, about: str = "", user: str = "UADMIN") -> Reply:
    (reply,) = await users.show(item(message(f"stats {about}", user=user)), "stats", about)
    return reply


async def test_an_admin_reads_what_was_done_this_month(users: Users) -> None:  # S4
    day = timedelta(days=1)
    await recorded(
        users,
        *({"at": START - n * day, "person_id": f"p{n}"} for n in range(3)),
        {"at": START, "outcome": "failed", "duration_ms": 2500},
        {"at": START - day, "feature": None, "command": "help", "duration_ms": 3},
        {"at": START - 30 * day, "feature": "config"},
        {"at": START, "installation_id": "slack:T2"},
    )
    reply = await stats(users)
    assert reply.text == (
        "In November 2026 I gave 5 answers here, to 3 people. Failed: 1 (20%). Half came within 200 ms, 19 of 20 within 2.5 s."
    )
    assert reply.visibility == "ephemeral"
    _, picture, table, context = reply.blocks
    assert isinstance(table, TableBlock)
    assert table.rows == [
        ["weather", "4", "1 (25%)", "3", "200 ms", "2.5 s"],
        ["Jeeves itself", "1", "none", "1", "3 ms", "3 ms"],
    ]
    assert isinstance(picture, PictureBlock)
    assert picture.alt == "Answers a day, November 2026: most on 24 Nov (2). Failed in all: 1 (20%)."
    assert Image.open(io.BytesIO(picture.content)).size == (640, 200)
    assert isinstance(context, ContextBlock)
    assert "UTC" in context.text


async def test_another_month_or_a_whole_year_is_shown_by_its_name(users: Users) -> None:
    await recorded(users, {"at": START - timedelta(days=30), "feature": "config"}, {"at": START})
    for about in ("october", "2026-10", "last month", "Oct 2026"):
        assert (await stats(users, about)).text.startswith("In October 2026 I gave 1 answer here, to 1 person. Failed: none.")
    year = await stats(users, "this year")
    assert year.text.startswith("In 2026 I gave 2 answers here")
    assert "Answers a month, 2026: most in Oct (1)" in str(year.blocks[1])
    for empty in ("2025", "march", "2031-01"):
        assert (await stats(users, empty)).text.endswith("I gave no answers here.")
    assert "I know no month called `'brumaire'`" in (await stats(users, "`brumaire`")).text


async def test_who_is_no_admin_reads_why_not(users: Users) -> None:  # S111
    await recorded(users, {"at": START})
    reply = await stats(users, user="U1")
    assert reply.text == "The statistics are for the admins of this workspace. (policy: installation-admin)"
    assert reply.blocks == []


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("", (2026, 11)), ("  This  Month ", (2026, 11)), ("last month", (2026, 10)), ("november", (2026, 11)),
        ("December", (2025, 12)), ("dec", (2025, 12)), ("may 2024", (2024, 5)), ("2026-1", (2026, 1)), ("2026/01", (2026, 1)),
        ("this year", (2026, None)), ("last year", (2025, None)), ("2024", (2024, None)),
        ("ju", None), ("ma", None), ("2026-13", None), ("2026-00", None), ("1999", None), ("0000-01", None), ("octobre", None),
        ("٢٠٢٦", None), ("x" * 200, None), ("month", None), ("[a-z]+", None),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(said: str, month: tuple[int, int | None] | None) -> None:
    named = read(said, TODAY, MONTHS)
    assert (named and (named.year, named.month)) == month


@pytest.mark.parametrize("most", [0, 1, 7, 99, 100, 101, 12_345, 3_000_000])
def test_a_chart_is_small_and_its_bars_are_within_it(most: int) -> None:
    png = bars([Bar("1", most, most // 9), Bar("", most // 2), Bar("31", 0)], "Answers a day", "failed")
    image = Image.open(io.BytesIO(png)).convert("RGB")
    assert (image.size, len(png) < 10_000) == ((WIDTH, HEIGHT), True)
    found = {colour for _, colour in image.getcolors(1000) or []}
    assert ((37, 99, 235) in found) is (most > 0)
    assert ((220, 38, 38) in found) is (most > 9)
