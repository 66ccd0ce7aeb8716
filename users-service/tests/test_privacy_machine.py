"""Whatever people say and do in whatever order: after an erasure no column of any table has their words or ids (S7)."""

import asyncio
import contextlib
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from jeeves_contracts.actions import FactClear, FactSet, Reply, SchedulePut
from jeeves_contracts.delivery import AnswerItem, Send, SettleItem, TakeItem, Yours
from support.eventually import succeeds
from support.messages import item
from support.privacy import DAILY, erase_in_chat, left, said
from support.users import Users, running
from users_service.models import dead_letters, messages, people

USERS = ("UANABEL", "UBERTHA")
HOUR, DAY = 3_601, 86_400
who = st.sampled_from(USERS)


class Machine(RuleBasedStateMachine):
    """Two people; each says words of a kind of their own, which change at each erasure."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = contextlib.AsyncExitStack()
        number = len(list(self.folder.iterdir()))
        home = self.folder / str(number)
        home.mkdir()
        shutil.copy(self.template, home / "jeeves.sqlite")
        url = f"sqlite+aiosqlite:///{home}/jeeves.sqlite"
        self.users: Users = self.run(self.stack.enter_async_context(running(url, home)))
        self.lives = dict.fromkeys(USERS, 0)
        self.gone: list[str] = []
        self.silent: set[str] = set()  # who said nothing since they were erased
        self.flying: list[tuple[str, Any]] = []
        self.unclaimed: list[Any] = []
        self.unsent: list[str] = []

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()

    def word(self, user: str) -> str:
        return f"{user.lower()}life{self.lives[user]}end"

    def said(self, user: str) -> Any:
        self.run(self.users.clock.advance(1))
        self.silent.discard(user)
        return said(self.users, self.word(user), user=user)

    @rule(user=who)
    def say(self, user: str) -> None:
        self.unsent += self.run(
            self.users.answered(self.said(user), f"You said {self.word(user)}", memo={"m": self.word(user)})
        )

    @rule(user=who)
    def tell(self, user: str) -> None:
        self.run(self.users.change_facts(self.said(user), FactSet(name="a", value=self.word(user))))

    @rule(user=who)
    def forget(self, user: str) -> None:
        self.run(self.users.change_facts(self.said(user), FactClear()))

    @rule(user=who)
    def undo(self, user: str) -> None:
        self.run(self.users.undo(self.said(user)))

    @rule(user=who)
    def schedule(self, user: str) -> None:
        put = SchedulePut(name="daily", timing=DAILY, command=f"notes {self.word(user)}")
        self.run(self.users.change_facts(self.said(user), put))

    @rule(user=who)
    def claim(self, user: str) -> None:
        one = self.said(user)
        self.run(self.users.claimed(one))
        self.flying.append((user, one))

    @rule(user=who)
    def speak_and_wait(self, user: str) -> None:
        self.unclaimed.append(self.said(user))

    @rule()
    def late(self) -> None:
        """What was on its way arrives, and is answered if it is still wanted."""
        for one in self.unclaimed:
            (verdict,) = self.run(self.users.claim(one))
            if isinstance(verdict, Yours):
                self.flying.append((one.message.identity.user_id, one))
        self.unclaimed = []

    @rule()
    def answer(self) -> None:
        for _, one in self.flying:
            given: dict[str, Any] = {
                "outcome": "answered",
                "feature": "notes",
                "changes": [FactSet(name="b", value=one.message.text)],
            }
            made = AnswerItem(
                message_id=one.message.message_id, fence=1, replies=[Reply(text=one.message.text)], **given
            )  # fmt: skip
            (result,) = self.run(self.users.answer(made))
            self.unsent += [ref.reply_id for ref in result.replies]
        self.flying = []

    @rule()
    def send(self) -> None:
        for one in self.unsent:
            (taken,) = self.run(self.users.take(TakeItem(reply_id=one)))
            if isinstance(taken, Send):
                settled = SettleItem(reply_id=taken.reply_id, number=taken.number, outcome="sent", ts="1.1")
                self.run(self.users.settle(settled))
        self.unsent = []

    @rule()
    def lease(self) -> None:
        """Runs that are due come back as messages."""
        self.unclaimed += [item(one) for one in self.run(self.users.lease())]

    @rule(user=who, busy=st.booleans(), echo=st.booleans())
    def erase(self, user: str, busy: bool, echo: bool) -> None:
        """Perhaps while something of theirs is at work and on its way, which may go on at once after it."""
        if busy:
            self.claim(user)
            self.speak_and_wait(user)
        self.run(self.users.clock.advance(1))
        asked = self.run(erase_in_chat(self.users, user))
        self.run(self.users.read(list(asked)))
        self.gone.append(self.word(user))
        self.lives[user] += 1
        self.silent.add(user)
        if echo:
            self.late()
            self.answer()
        self.run(self.users.clock.advance(61))
        self.run(self.tidied())

    @rule(days=st.sampled_from([1, 9, 95]))
    def grow_old(self, days: int) -> None:
        self.run(self.users.clock.advance(days * DAY))
        self.run(self.users.clock.advance(HOUR))

    async def tidied(self) -> None:
        async def empty() -> None:
            await self.users.clock.advance(61)
            erased = sa.select(people.c.id, people.c.erased_at).where(people.c.erased_at.is_not(None))
            for row in await self.users.rows(erased):
                words = sa.select(messages).where(
                    messages.c.person_id == row.id, messages.c.created_at <= row.erased_at, messages.c.data.is_not(None)
                )
                assert not await self.users.rows(words)

        await succeeds(empty, AssertionError)

    @invariant()
    def nothing_that_was_erased_is_there(self) -> None:
        if self.gone:
            assert self.run(left(self.users, *self.gone, *self.silent)) == {}

    @invariant()
    def nothing_died(self) -> None:
        assert self.run(self.users.rows(sa.select(dead_letters))) == []


def test_no_order_of_events_brings_back_what_was_erased(sqlite_template: Path, tmp_path: Path) -> None:
    machine = type("Case", (Machine,), {"template": sqlite_template, "folder": tmp_path})
    few = settings(
        max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,), derandomize=True,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)
