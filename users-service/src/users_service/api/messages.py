"""Messages: what somebody said and was answered, for themself; and the way of one, for whoever looks after it."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.pages import Instant, Page, PageQuery, after, cursor, instant
from users_service.api.paths import PersonPath, themself
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.domain.references import reference_of
from users_service.repository import timelines
from users_service.repository.timelines import Wanted
from users_service.scope import OPERATOR, Scope
from users_service.service import operations
from users_service.service.timelines import Timeline, timeline
from users_service.words import words

READ_OWN = Policy("messages-own-read", "self", "messages:read")
TIMELINE = Policy("messages-timeline", "involved", "messages:read")
RESOURCE = Resource()


class MessagesQuery(PageQuery):
    """`since` and `until` are of when a message was claimed first; `feature` is what answered it."""

    since: Instant | None = None
    until: Instant | None = None
    feature: Annotated[str, Field(min_length=1, max_length=40)] | None = None


class ReferencePath(Contract):
    """The code by which people speak of a message, in any case."""

    reference: Annotated[str, Field(min_length=8, max_length=8)]


class AnswerTold(Contract):
    """`text` is null once it is erased."""

    text: str | None
    state: str
    settled_at: AwareDatetime | None


class MessageTold(Contract):
    """`text` is what was said, null once it is erased; a schedule's or job's is the command."""

    reference: str
    at: AwareDatetime
    installation_id: str
    channel_id: str
    trigger: str
    text: str | None
    feature: str | None
    command: str | None
    state: str
    replies: list[AnswerTold]


class StationTold(Contract):
    """`name` is stable, `says` is for people. `at` is null where it is not kept."""

    name: str
    at: AwareDatetime | None
    says: str


class ReplyTold(Contract):
    """`pending` → `sending` → `sent` or `refused`. `takes`: how often it was taken, `resent_in_doubt`: how often blindly."""

    n: int
    state: str
    takes: int
    taken_at: AwareDatetime | None
    settled_at: AwareDatetime | None
    reason: str | None
    resent_in_doubt: int


class RunBefore(Contract):
    """The run of a schedule, or the job, that this message was of."""

    id: str
    schedule_id: str | None
    due_at: AwareDatetime
    published_at: AwareDatetime | None
    expires_at: AwareDatetime


class LetterOf(Contract):
    """A dead letter of the message, or of a reply."""

    id: int
    kind: str
    reason: str
    origin: str
    tries: int
    state: str
    stored_at: AwareDatetime


class TimelineTold(Contract):
    """`says` answers in a sentence why the message was answered, or not. Nothing of what was said is in it."""

    reference: str
    installation_id: str
    person_id: str
    trigger: str
    state: str
    reason: str | None
    feature: str | None
    command: str | None
    fence: int
    says: str
    stations: list[StationTold]
    replies: list[ReplyTold]
    run: RunBefore | None
    dead_letters: list[LetterOf]


@RESOURCE.operation(
    "GET", "/people/{person_id}/messages", READ_OWN, takes=PersonPath, query=MessagesQuery, answers=Page[MessageTold]
)
async def list_own_messages(call: Call[PersonPath, MessagesQuery, Nothing]) -> Page[MessageTold]:
    """List what one said and was answered, the newest first. Nobody else sees it."""
    asked = call.query
    begin = after(asked.cursor, str, str)
    before = (instant(begin[0]), str(begin[1])) if begin else None
    wanted = Wanted(themself(call), asked.feature, asked.since, asked.until, before)
    rows = await timelines.said(OPERATOR, call.connection, wanted, asked.limit + 1)
    shown = rows[: asked.limit]
    replies = await timelines.answers(OPERATOR, call.connection, [row.message_id for row in shown]) if shown else {}
    more = cursor(shown[-1].created_at.isoformat(), shown[-1].message_id) if len(rows) > len(shown) else None
    return Page[MessageTold](items=[_message(row, replies.get(row.message_id, [])) for row in shown], next=more)


@RESOURCE.operation("GET", "/messages/{reference}/timeline", TIMELINE, takes=ReferencePath, answers=TimelineTold)
async def show_timeline(call: Call[ReferencePath, Nothing, Nothing]) -> TimelineTold:
    """Tell the way of a message: to its person, to admins of its installation, to operators.

    Two messages share a reference by a rare chance: then it is the newer one's.
    """
    paused = await operations.paused(call.connection, call.now)
    reference = reference_of(call.path.reference)
    for scope, person in _looks(call):
        row = await timelines.of_reference(scope, call.connection, reference, person) if reference else None
        if row is not None:
            return _timeline(await timeline(scope, call.connection, row, call.now))
    raise NotFoundError(words("timeline.unknown_paused" if paused else "timeline.unknown"))


def _looks(call: Call[Any, Any, Any]) -> list[tuple[Scope, str | None]]:
    """Return where to look for it: among all that they look after, and among their own."""
    mine: list[tuple[Scope, str | None]] = [(scope, None) for scope in call.scopes()]
    return mine + ([(OPERATOR, call.principal.person_id)] if call.principal.person_id else [])


def _message(row: Any, replies: list[Any]) -> MessageTold:
    return MessageTold(
        reference=row.reference,
        at=row.created_at,
        installation_id=row.installation_id,
        channel_id=row.channel_id,
        trigger=row.trigger,
        text=row.data.get("text") if row.data else None,
        feature=row.feature,
        command=row.command,
        state=row.state,
        replies=[
            AnswerTold(text=one.content.get("text") if one.content else None, state=one.state, settled_at=one.settled_at)
            for one in replies
        ],
    )


def _timeline(found: Timeline) -> TimelineTold:
    row, run = found.message, found.run
    return TimelineTold(
        reference=row.reference,
        installation_id=row.installation_id,
        person_id=row.person_id,
        trigger=row.trigger,
        state=row.state,
        reason=row.reason,
        feature=row.feature,
        command=row.command,
        fence=row.fence,
        says=found.says,
        stations=[StationTold(name=one.name, at=one.at, says=one.says) for one in found.stations],
        replies=[
            ReplyTold(
                n=one.n, state=one.state, takes=one.take, taken_at=one.taken_at, settled_at=one.settled_at,
                reason=one.reason, resent_in_doubt=one.resent_in_doubt,
            )
            for one in found.replies
        ],
        run=RunBefore(**{name: getattr(run, name) for name in RunBefore.model_fields}) if run else None,
        dead_letters=[LetterOf(**{name: getattr(one, name) for name in LetterOf.model_fields}) for one in found.letters],
    )  # fmt: skip
