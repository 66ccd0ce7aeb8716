"""The steps by which accounts become one person, in every order that there is, beside a model of them."""

import itertools
from dataclasses import dataclass, field

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.people import CODE, link, spoken
from support.users import Users
from users_service.models import identities

#: Who says it, and which of the codes that were told so far: -1 for `link accounts`, 99 for one that nobody was told.
SAID = st.tuples(st.integers(0, 2), st.sampled_from([-1, -1, 0, 1, 2, 3, 4, 5, 99]))
#: What each outcome sounds like.
SOUNDS = {
    "told": "within ten minutes: `link", "asked": "That code is from", "done": "Done:", "unknown": "no such code",
    "same": "the account that asked", "not_here": "Almost:", "guessed": "too many wrong codes",
}  # fmt: skip
_numbers = itertools.count()


@dataclass
class Model:
    """`person` of each account; `open`: what a code that is good belongs to; `wrong` codes of each person."""

    person: dict[int, int] = field(default_factory=lambda: {0: 0, 1: 1, 2: 2})
    open: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    wrong: dict[int, int] = field(default_factory=lambda: {0: 0, 1: 0, 2: 0})

    def say(self, account: int, code: str | None) -> tuple[str, tuple[int, int | None] | None]:
        """Return what comes of it, and what the code that is told then belongs to."""
        me = self.person[account]
        if code is None:
            self.open = {one: pair for one, pair in self.open.items() if pair != (me, None)}
            return "told", (me, None)
        first, second = self.open.get(code, (None, None))
        if self.wrong[me] >= 5:
            return "guessed", None
        if first is None or me not in (first, me if second is None else second):
            self.wrong[me] += 1
            return "unknown", None
        if me == second or (second is None and first == me):
            return ("same" if second is None else "not_here"), None
        if second is None:
            del self.open[code]
            return "asked", (first, me)
        self.open = {one: pair for one, pair in self.open.items() if not {*pair} & {first, second}}
        self.person = {one: first if person == second else person for one, person in self.person.items()}
        return "done", None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, max_size=14))
async def test_whatever_is_said_in_whatever_order_accounts_join_by_the_three_steps_alone(
    users: Users, said: list[tuple[int, int]]
) -> None:
    model, codes = Model(), list[str]()
    accounts = [(f"L{next(_numbers)}", team) for team in ("T1", "T2", "T2")]
    for account in accounts:
        await spoken(users, *account)
    for who, which in said:
        if which == 99:
            code: str | None = "222-222-222"
        elif 0 <= which < len(codes):
            code = codes[which]
        else:
            code = None
        heard = await link(users, *accounts[who], code or "")
        outcome, pair = model.say(who, code)
        assert SOUNDS[outcome] in heard
        if pair is not None:
            found = CODE.search(heard)
            assert found
            codes.append(found[1])
            model.open[found[1]] = pair
        if outcome == "done":
            assert await partition(users, accounts) == sorted(sorted(same) for same in groups(model))
    assert await partition(users, accounts) == sorted(sorted(same) for same in groups(model))


def groups(model: Model) -> list[list[int]]:
    return [[one for one, person in model.person.items() if person == wanted] for wanted in set(model.person.values())]


async def partition(users: Users, accounts: list[tuple[str, str]]) -> list[list[int]]:
    """Return which accounts are one person."""
    names = [user for user, _ in accounts]
    found: dict[str, list[int]] = {}
    for row in await users.rows(sa.select(identities).where(identities.c.user_id.in_(names))):
        found.setdefault(row.person_id, []).append(names.index(row.user_id))
    return sorted(sorted(same) for same in found.values())
