"""Many runs that are due soon, put into a database behind its owner's back, and what became of them."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.ids import split_reply_id
from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.clock import SystemClock
from support.slack import TEAM, SlackStandIn
from users_service.engine import Database
from users_service.models import identities, installations, messages, people, replies, runs, schedules

COMMANDS = ("weather in Paris", "weather in Zürich")


@dataclass
class Due:
    """`count` schedules of as many people, each due once, spread over `seconds` from now on. `url` is the database's."""

    url: str
    count: int
    seconds: float
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database(self.url)

    async def put(self) -> None:
        """Store them."""
        now, place = SystemClock().now(), f"slack:{TEAM}"
        who = [(str(uuid.uuid4()), f"U0N{number:05d}") for number in range(self.count)]
        dues = [now + timedelta(seconds=1 + number * self.seconds / self.count) for number in range(self.count)]
        named = {"platform": "slack", "workspace_id": TEAM}
        async with self.database.write() as connection:
            known = sa.select(installations.c.id).where(installations.c.id == place)
            if (await connection.execute(known)).one_or_none() is None:
                await connection.execute(installations.insert(), {"id": place, "platform": "slack", "created_at": now})
            await connection.execute(people.insert(), [{"id": one, "created_at": now} for one, _ in who])
            links = [{**named, "user_id": user, "person_id": one, "created_at": now} for one, user in who]
            await connection.execute(identities.insert(), links)
            rows = [
                {
                    **named, "id": str(uuid.uuid4()), "person_id": one, "user_id": user, "installation_id": place,
                    "feature": "weather", "name": "once", "command": COMMANDS[number % len(COMMANDS)], "since": now,
                    "timing": Timing(rule=Rule(at=due)).model_dump(mode="json"), "next_due": due,
                }
                for number, ((one, user), due) in enumerate(zip(who, dues, strict=True))
            ]  # fmt: skip
            await connection.execute(schedules.insert(), rows)

    async def let_leases_pass(self) -> None:
        """Let every lease end now, whether its holder lives or not."""
        async with self.database.write() as connection:
            early = runs.update().where(runs.c.state == "leased").values(ready_at=SystemClock().now())
            await connection.execute(early)

    async def lose_notes(self, most: int) -> None:
        """Let it be unknown of some runs that they are published, as when a scheduler dies before it says so."""
        async with self.database.write() as connection:
            newest = sa.select(runs.c.id).where(runs.c.state == "published").order_by(runs.c.published_at.desc()).limit(most)
            ids = list((await connection.execute(newest)).scalars())
            back = runs.update().where(runs.c.id.in_(ids)).values(state="leased", ready_at=SystemClock().now())
            await connection.execute(back)

    async def counts(self) -> dict[str, int]:
        """Count runs, those that are published, messages, those that are answered, replies that are not settled."""
        asked = {
            "runs": sa.select(sa.func.count()).select_from(runs),
            "published": sa.select(sa.func.count()).select_from(runs).where(runs.c.state == "published"),
            "messages": sa.select(sa.func.count()).select_from(messages),
            "answered": sa.select(sa.func.count()).select_from(messages).where(messages.c.state == "answered"),
            "unsettled": sa.select(sa.func.count()).select_from(replies).where(replies.c.state.in_(("pending", "sending"))),
        }
        async with self.database.read() as connection:
            return {name: (await connection.execute(query)).scalar_one() for name, query in asked.items()}

    async def over(self) -> bool:
        """Tell whether all is done."""
        found = await self.counts()
        return found == {**dict.fromkeys(found, self.count), "unsettled": 0}


def shown(slack: SlackStandIn) -> Counter[str]:
    """Count the posts that people see, by the message that they answer."""
    names: Iterable[Any] = (post["metadata"]["event_payload"]["reply_id"] for post in slack.shown())
    return Counter(split_reply_id(name)[0] for name in names)
