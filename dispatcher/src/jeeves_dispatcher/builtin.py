"""What Jeeves answers by itself: manners, help, hints, and what is asked about its own doings."""

from jeeves_contracts.actions import Reply, ScheduleDelete
from jeeves_contracts.asks import EraseAsk, FeatureAsk, LinkAsk
from jeeves_contracts.delivery import AnswerItem
from jeeves_contracts.knowledge import RecallRequest
from jeeves_contracts.shown import ShowRequest
from jeeves_dispatcher import administration, corrections, help, hint, stop  # noqa: A004 - it is what it is about
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.keeping import Erase, Link, Tell
from jeeves_dispatcher.manners import Manners
from jeeves_dispatcher.own import NAMES, Help, ListReports, ListSchedules, NotMeant, Own, ReportAnswer, Stop, Undo, name_of
from jeeves_dispatcher.policy import usable
from jeeves_dispatcher.showing import coded, pressing, replying
from jeeves_dispatcher.switching import Configure, Share, Switch
from jeeves_dispatcher.task import Task
from jeeves_dispatcher.users import Users
from jeeves_dispatcher.words import listed
from jeeves_service.clock import Clock

TRIED = 3  # examples beside a greeting
ABOUT = 200  # characters of what is asked about


class Builtin:
    """Answers without any action. Every call of users-service is made under the claim that is held."""

    def __init__(self, users: Users, clock: Clock) -> None:
        self._users, self._clock = users, clock

    async def answer(self, task: Task, asked: Own | Manners) -> AnswerItem:
        """Answer what is asked of Jeeves itself. Raises PermanentError where users-service refuses to tell."""
        if isinstance(asked, Manners):
            return self._mannerly(task, asked)
        if isinstance(asked, Stop):
            return await self._stop(task, asked)
        if wish := _handed_on(asked):
            return task.result("answered", [], command=name_of(asked), **wish)
        if isinstance(asked, Switch | Share | Configure):
            return await self._administered(task, asked)
        if isinstance(asked, Tell):
            return await self._shown(task, asked)
        return task.result("answered", [await self._told(task, asked)], command=name_of(asked))

    def unknown(self, task: Task, said: str) -> AnswerItem:
        """Answer what nobody understands."""
        desk = self._desk(task)
        if guesses := hint.guessed(said, desk):
            reply, memo = hint.suggestion(guesses, desk)
            return task.result("answered", [reply], reason=hint.SUGGESTION, memo=memo)
        return task.result("answered", hint.hint(said, desk, task.previous), reason=hint.HINT)

    def _mannerly(self, task: Task, manners: Manners) -> AnswerItem:
        """Answer in kind; but to thanks for "you are welcome" there is no end."""
        desk, previous = self._desk(task), task.previous
        if manners.kind == "hi":
            tried = help.harmless(desk.can, TRIED)
            trying = listed([coded(one) for one in tried], desk.locale, "or") or coded("help")
            greeting = manners.word or desk.text("hello")
            replies = [replying(desk.text("hi", greeting=greeting, examples=trying), [pressing(one) for one in tried])]
        else:
            again = previous is not None and previous.feature is None and previous.command == manners.kind
            replies = [] if again else [Reply(text=desk.text(manners.kind))]
        return task.result("answered", replies, command=manners.kind)

    async def _stop(self, task: Task, asked: Stop) -> AnswerItem:
        schedules = (await self._users.book(task.held)).schedules
        schedule = stop.found(asked.name, schedules) if asked.name else None
        if schedule is None:
            reply = stop.choices(asked.name, schedules, self._desk(task))
            asks = "" if asked.name else stop.asked(schedules)
            return task.result("answered", [reply], command=NAMES[Stop], memo=hint.kept(asks) if asks else {})
        changes = [ScheduleDelete(name=schedule.name)]
        reply = stop.stopped(schedule, self._desk(task))
        return task.result("answered", [reply], changes=changes, feature=schedule.feature, command=NAMES[Stop])

    async def _administered(self, task: Task, asked: Switch | Share | Configure) -> AnswerItem:
        """Ask for what an admin wants; who is none hears why not from users-service, which decides it."""
        if not administration.is_name(asked.name):
            return await self._shown(task, Tell("features", asked.name[:ABOUT]))
        wanted = self._wanted(task, asked)
        if isinstance(wanted, FeatureAsk):
            return task.result("answered", [], command=name_of(asked), ask=wanted)
        return task.result("answered", [wanted], command=name_of(asked))

    def _wanted(self, task: Task, asked: Switch | Share | Configure) -> FeatureAsk | Reply:
        if isinstance(asked, Switch):
            timezone = task.yours.context.actor.timezone
            return administration.switched(asked, self._desk(task), self._clock.now(), timezone)
        if isinstance(asked, Share):
            return administration.shared(asked, self._desk(task))
        return administration.configured(asked, self._users.grammar.shape(asked.name, asked.setting))

    async def _shown(self, task: Task, asked: Tell) -> AnswerItem:
        shown = await self._users.show(ShowRequest(**dict(task.held), topic=asked.topic, about=asked.about[:ABOUT]))
        return task.result("answered", shown.replies, command=name_of(asked))

    async def _told(self, task: Task, asked: Own) -> Reply:
        desk = self._desk(task)
        if isinstance(asked, NotMeant):
            request = RecallRequest(**dict(task.held), reference=asked.reference)
            return corrections.choices(await self._users.recall(request), desk)
        if isinstance(asked, ListSchedules):
            return stop.listing((await self._users.book(task.held)).schedules, desk)
        if isinstance(asked, ListReports):
            return corrections.listing(await self._users.reports(task.held), desk)
        if isinstance(asked, Help):
            return help.topic(asked.topic, desk) if asked.topic else help.overview(desk)
        return replying(desk.text("own.report"), visibility=desk.aside)

    def _desk(self, task: Task) -> Desk:
        actor, conversation = task.yours.context.actor, task.message.conversation
        can = usable(self._users.registry, actor, conversation, self._clock.now())
        is_admin = "admin" in actor.roles
        return Desk(can, self._users.grammar, task.locale, task.aside, is_direct=conversation.is_direct, is_admin=is_admin)


def _handed_on(asked: Own) -> dict[str, object]:
    """Return what users-service does, with the answer that it adds itself; empty where it is not its doing."""
    if isinstance(asked, Undo):
        return {"undo": asked.reference}
    if isinstance(asked, ReportAnswer) and asked.reference:
        return {"report": asked.reference}
    if isinstance(asked, Erase):
        return {"ask": EraseAsk(confirmed=asked.confirmed)}
    if isinstance(asked, Link):
        return {"ask": LinkAsk(code=asked.code)}
    return {}
