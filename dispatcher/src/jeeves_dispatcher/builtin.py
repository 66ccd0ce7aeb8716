"""What Jeeves answers by itself: manners, help, hints, and what is asked about its own doings."""

from jeeves_contracts.actions import Reply, ScheduleDelete
from jeeves_contracts.delivery import AnswerItem
from jeeves_contracts.knowledge import RecallRequest
from jeeves_dispatcher import corrections, help, hint, stop  # noqa: A004 - it is what it is about
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.manners import Manners
from jeeves_dispatcher.own import NAMES, Help, ListReports, ListSchedules, NotMeant, Own, ReportAnswer, Stop, Undo
from jeeves_dispatcher.policy import usable
from jeeves_dispatcher.showing import coded, pressing, replying
from jeeves_dispatcher.task import Task
from jeeves_dispatcher.users import Users
from jeeves_dispatcher.words import listed

TRIED = 3  # examples beside a greeting


class Builtin:
    """Answers without any action. Every call of users-service is made under the claim that is held."""

    def __init__(self, users: Users) -> None:
        self._users = users

    async def answer(self, task: Task, asked: Own | Manners) -> AnswerItem:
        """Answer what is asked of Jeeves itself. Raises PermanentError where users-service refuses to tell."""
        if isinstance(asked, Manners):
            return self._mannerly(task, asked)
        if isinstance(asked, Stop):
            return await self._stop(task, asked)
        if isinstance(asked, Undo):
            return task.result("answered", [], command=NAMES[Undo], undo=asked.reference)
        if isinstance(asked, ReportAnswer) and asked.reference:
            return task.result("answered", [], command=NAMES[ReportAnswer], report=asked.reference)
        return task.result("answered", [await self._told(task, asked)], command=NAMES[type(asked)])

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
        can = usable(self._users.registry, actor, conversation)
        is_admin = "admin" in actor.roles
        return Desk(can, self._users.grammar, task.locale, task.aside, is_direct=conversation.is_direct, is_admin=is_admin)
