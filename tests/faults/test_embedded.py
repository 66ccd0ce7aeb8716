"""The embedded form is killed again and again while messages are under way: each is answered once (A1, A8, S142)."""

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

from support.eventually import eventually
from support.ledger import Ledger
from support.openmeteo import OpenMeteo
from support.processes import Embedded
from support.slack import SlackStandIn
from support.talker import credentials

MESSAGES, KILLS = int(os.environ.get("FAULT_MESSAGES", "200")), 5
SAYINGS = ("@weather in Paris", "my location is Rome", "@weather in Zürich", "help", "@wether")


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask the database, beside whoever writes."""
    connection = sqlite3.connect(folder / "data" / "jeeves.sqlite", timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def settings(slack: SlackStandIn, meteo: OpenMeteo) -> dict[str, str]:
    return {
        **credentials(slack),
        **meteo.settings,
    }


async def test_killed_again_and_again_it_answers_every_message_once(tmp_path: Path) -> None:
    with SlackStandIn() as slack, OpenMeteo() as meteo:
        slack.slow, meteo.slow = 0.2, 0.1
        jeeves = await asyncio.to_thread(Embedded(tmp_path, settings(slack, meteo)).start)
        ledger = Ledger(jeeves.url, slack)
        try:
            flow = asyncio.create_task(ledger.flow([SAYINGS[n % len(SAYINGS)] for n in range(MESSAGES)], per_second=25))
            for number in range(1, KILLS + 1):
                due = number * MESSAGES // (KILLS + 2)
                await eventually(lambda due=due: len(ledger.accepted) >= due or flow.done(), "the flow", within=60)  # type: ignore[misc]
                jeeves.end(signal.SIGKILL)
                await asyncio.to_thread(jeeves.start)
            await flow
            await ledger.answered(60)
            unsettled = "select count(*) from replies where state not in ('sent', 'refused')"
            await eventually(lambda: query(tmp_path, unsettled) == [(0,)], "every reply is settled", within=30)
            code = await asyncio.to_thread(jeeves.end, signal.SIGTERM)
        finally:
            jeeves.close()
        numbers = ledger.numbers()
        ((resent,),) = query(tmp_path, "select sum(resent_in_doubt) from replies")
        print(f"\n{MESSAGES} messages, {KILLS} kills: {numbers | {'resent in doubt': resent}}")
        assert code == 0
        assert numbers["acknowledged"] == MESSAGES
        assert (numbers["lost"], numbers["doubled"], numbers["unexpected"], resent) == (0, 0, 0, 0), numbers
        assert query(tmp_path, "select state, count(*) from messages group by state") == [("answered", MESSAGES)]
        ((facts, people),) = query(
            tmp_path, "select count(*), count(distinct subject) from fact_history where name = 'location'"
        )
        assert facts == people == sum(SAYINGS[n % len(SAYINGS)].startswith("my location") for n in range(MESSAGES))
        for name in ("jeeves.sqlite", "bus.sqlite"):
            connection = sqlite3.connect(tmp_path / "data" / name)
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            connection.close()
