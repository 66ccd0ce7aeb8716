"""What people of two installations say, and what services ask for them: every type of message, change, ask and topic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import sqlalchemy as sa

from jeeves_contracts.actions import (
    Change,
    FactClear,
    FactDelete,
    FactSet,
    Reply,
    ScheduleDelete,
    SchedulePut,
    SettingSet,
)  # fmt: skip
from jeeves_contracts.asks import Ask, EraseAsk, FeatureAsk, LinkAsk
from jeeves_contracts.delivery import AnswerItem, SettleItem, TakeItem, Yours
from jeeves_contracts.ids import reference
from jeeves_contracts.knowledge import HeldRequest, RecallRequest
from jeeves_contracts.messages import Message
from jeeves_contracts.schedules import LeaseAnswer, LeaseRequest, PublishedAnswer, PublishedRequest, Rule, Timing
from jeeves_contracts.shown import Topic
from jeeves_service.bus.topology import DEAD, WORK
from support.crossing import Crossing
from support.eventually import succeeds
from support.messages import envelope, item, message
from support.people import CODE
from support.sides import LINKED, Side
from users_service.models import dead_letters

TIMING = Timing(rule=Rule(cron="0 8 * * *"))


def _set(side: Side, scope: Any) -> FactSet:
    return FactSet(name=side.word(), value=side.word(), scope=scope)


#: What an answer can carry, by kind. Each is said of a side, with the other side's things where they could be named.
CHANGES: Mapping[type[Any], Any] = {
    FactSet: lambda side, n: _set(side, ("person", "channel", "workspace")[n % 3]),
    FactDelete: lambda _, n: FactDelete(name="a", scope=("person", "workspace")[n % 2]),
    FactClear: lambda _, n: FactClear(scope=("person", "channel", "workspace")[n % 3]),
    SettingSet: lambda side, _: SettingSet(name="greeting", value=side.word()),
    SchedulePut: lambda side, _: SchedulePut(name="daily", timing=TIMING, command=f"notes {side.word()}"),
    ScheduleDelete: lambda *_: ScheduleDelete(name="daily"),
}
ASKS: Mapping[type[Any], Any] = {
    FeatureAsk: lambda side, n: FeatureAsk(
        name="notes", **({"enabled": True} if n % 2 else {"settings": {"greeting": side.word()}})
    ),
    LinkAsk: lambda _, n: LinkAsk(code="" if n % 2 else "222-333-444"),
    EraseAsk: lambda _, n: EraseAsk(confirmed=bool(n % 2)),
}
TOPICS: tuple[str, ...] = get_args(Topic)
KINDS = (
    *(("change", kind.__name__) for kind in CHANGES), *(("ask", kind.__name__) for kind in ASKS),
    *(("show", topic) for topic in TOPICS), ("undo", ""), ("report", ""), ("recall", ""), ("reports", ""), ("book", ""),
    ("begin", ""), ("send", ""), ("bury", ""), ("link", ""), ("run", ""),
)  # fmt: skip
#: Internal routes that something above asks.
ROUTES = {
    "/internal/v1/messages/claim", "/internal/v1/messages/begin", "/internal/v1/messages/answer", "/internal/v1/replies/take",
    "/internal/v1/replies/settle", "/internal/v1/people/book", "/internal/v1/messages/recall", "/internal/v1/show",
    "/internal/v1/reports/list", "/internal/v1/runs/lease", "/internal/v1/runs/published",
    "/internal/v1/passwords/set", "/internal/v1/passwords/verify",  # which no key may ask yet
}  # fmt: skip


def members(union: Any) -> set[type[Any]]:
    """Return the kinds of a discriminated union."""
    return set(get_args(get_args(union)[0]))


def unknown() -> set[type[Any]]:
    """Return the kinds of messages' contents that nothing here says."""
    return (members(Change) - CHANGES.keys()) | (members(Ask) - ASKS.keys())


def _said(side: Side, user: str, **more: Any) -> Message:
    word = side.word()
    return message(f"notes {word}", user=user, team=side.workspace, channel=f"Czz{side.workspace}q", name=word, **more)


@dataclass(frozen=True)
class Saying:
    """Something of a kind is said in a side. `strange` names a message of the other, where one can be named."""

    kind: tuple[str, str]
    side: Side
    number: int = 0
    strange: str = ""


async def say(crossing: Crossing, kind: tuple[str, str], side: Side, user: str, number: int) -> None:
    """Let something of a kind be said in a side."""
    if kind[0] in OTHERS:
        await OTHERS[kind[0]](crossing, side, number)
        return
    (other,) = [one for one in crossing.sides if one is not side]
    await crossing.awake(side, user)
    strange = other.named["reference"][number % len(other.named["reference"])]

    async def doing() -> tuple[str, str]:
        said = item(_said(side, user, received_at=crossing.api.users.clock.now()))
        return said.message.text, await _answer(crossing, Saying(kind, side, number, strange), said)

    await crossing.watched(side, " ".join(kind).strip(), doing)
    if kind[1] == EraseAsk.__name__:
        crossing.forget()


async def _answer(crossing: Crossing, saying: Saying, said: Any) -> str:
    """Claim and answer a message; return all that its person and the services learn."""
    users, side = crossing.api.users, saying.side
    (verdict,) = await users.claim(said)
    if not isinstance(verdict, Yours):
        return ""
    name, fence = said.message.message_id, verdict.fence
    learnt = [verdict.model_dump_json(), await _asked(crossing, saying, HeldRequest(message_id=name, fence=fence))]
    (result,) = await users.answer(AnswerItem(message_id=name, fence=fence, outcome="answered", **_given(saying)))
    crossing.outcomes[result.state] += 1
    if result.state == "refused":
        plain = AnswerItem(message_id=name, fence=fence, outcome="answered", replies=[Reply(text=result.reason or "No.")])
        (result,) = await users.answer(plain)
    learnt.append(result.model_dump_json())
    side.name("reference", reference(name))
    return "\n".join([*learnt, *[await _sent(crossing, ref.reply_id) for ref in result.replies]])


def _given(saying: Saying) -> dict[str, Any]:
    """Return what an answer carries."""
    kind, which, side, number = *saying.kind, saying.side, saying.number
    given: dict[str, Any] = {"feature": "notes", "command": "notes", "replies": [Reply(text=side.word())]}
    if kind == "change":
        return {**given, "changes": [next(make for one, make in CHANGES.items() if one.__name__ == which)(side, number)]}
    if kind == "ask":
        ask = next(make for one, make in ASKS.items() if one.__name__ == which)(side, number)
        return {**given, "feature": None, "ask": ask}
    return {**given, "feature": None, kind: saying.strange} if kind in ("undo", "report") else given


async def _asked(crossing: Crossing, saying: Saying, held: HeldRequest) -> str:
    """Ask what a dispatcher may ask of a message that it holds, where the kind is that; return the answer."""
    users, (kind, which) = crossing.api.users, saying.kind
    if kind == "begin":
        return await users.begin(held.message_id, held.fence)
    asked: dict[str, tuple[str, bytes]] = {
        "show": ("show", _show(held, which)),
        "recall": ("messages/recall", RecallRequest(**held.model_dump(), reference=saying.strange).to_bytes()),
        "reports": ("reports/list", held.to_bytes()),
        "book": ("people/book", held.to_bytes()),
    }
    if kind not in asked:
        return ""
    path, given = asked[kind]
    return str(await users.peer.call(f"/internal/v1/{path}", given, scope="people:book"))


def _show(held: HeldRequest, topic: str) -> bytes:
    return json.dumps({**held.model_dump(), "topic": topic, "about": ""}).encode()


async def _sent(crossing: Crossing, reply_id: str) -> str:
    (taken,) = await crossing.api.users.take(TakeItem(reply_id=reply_id))
    number = getattr(taken, "number", 1)
    await crossing.api.users.settle(SettleItem(reply_id=reply_id, number=number, outcome="sent", ts="1.1"))
    return taken.model_dump_json()


async def _bury(crossing: Crossing, side: Side, number: int) -> None:
    """A message of a side is given up: it is kept, and its person told."""

    async def doing() -> tuple[str, str]:
        users = crossing.api.users
        said = _said(side, "U2", received_at=users.clock.now())
        await users.bus.send(DEAD, envelope(said).to_bytes(), {"reason": "crash limit", "origin": WORK, "tries": 2})
        query = sa.select(dead_letters.c.id).where(dead_letters.c.subject == said.message_id)

        async def kept() -> None:
            side.name("letter_id", str((await users.rows(query))[0][0]))

        await succeeds(kept, IndexError)
        return said.text, await _sent(crossing, f"{said.message_id}/1")

    await crossing.watched(side, "bury", doing)


async def _link(crossing: Crossing, side: Side, number: int) -> None:
    """One human joins an account here and one there, in three steps, and speaks: all they read may be of both."""
    (other,) = [one for one in crossing.sides if one is not side]
    code = ""
    for where in (side, other, side):
        said = item(_said(where, LINKED, received_at=crossing.api.users.clock.now()))
        (verdict,) = await crossing.api.users.claim(said)
        if not isinstance(verdict, Yours):
            return
        crossing.joined.add(verdict.context.actor.person_id)
        name, fence, ask = said.message.message_id, verdict.fence, LinkAsk(code=code)
        answer = AnswerItem(message_id=name, fence=fence, outcome="answered", command="link", ask=ask)
        (result,) = await crossing.api.users.answer(answer)
        found = CODE.search("".join([await _sent(crossing, ref.reply_id) for ref in result.replies]))
        if found is None:
            break
        code = found[1]
    crossing.forget()
    crossing.asked["link"] += 1


async def _run(crossing: Crossing, side: Side, number: int) -> None:
    """A scheduler takes what is due of both; each run is of one side, and is claimed as the message that it is."""
    users = crossing.api.users
    assert users.scheduler is not None
    leased = await users.scheduler.ask("/internal/v1/runs/lease", LeaseRequest(owner="one"), LeaseAnswer, scope="runs:lease")
    for run in leased.runs:
        (mine,) = [one for one in crossing.sides if one.installation == run.job.conversation.installation_id]
        request = PublishedRequest(owner="one", run_ids=[run.run_id])
        await users.scheduler.ask("/internal/v1/runs/published", request, PublishedAnswer, scope="runs:lease")

        async def doing(job: Any = run.job, mine: Side = mine) -> tuple[str, str]:
            return "", job.model_dump_json() + await _answer(crossing, Saying(("run", ""), mine), item(job))

        await crossing.watched(mine, "run", doing)
    crossing.asked["lease"] += 1


OTHERS = {"bury": _bury, "link": _link, "run": _run}
