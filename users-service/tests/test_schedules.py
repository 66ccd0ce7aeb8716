"""People put and stop schedules through an action's answer, and are told what that means (S134, S139)."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import ScheduleDelete, SchedulePut
from jeeves_contracts.base import Json
from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.tokens import Signer
from support.messages import item, message
from support.scheduling import WEEKDAYS, Office
from users_service.models import replies, runs, schedules
from users_service.service.timetable import in_words, told

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
EVENING = Timing(rule=Rule(cron="0 18 * * 6,7", timezone="Europe/Paris"))


async def said(desk: Office) -> str:
    """What the newest reply says."""
    (row,) = await desk.rows(
        sa.select(replies.c.content).order_by(replies.c.created_at.desc(), replies.c.message_id.desc()).limit(1)
    )
    return str(row.content["text"])


async def operate(desk: Office, method: str, body: Json | None = None) -> None:
    """Do something with the action as the operator's command does."""
    token = Signer(desk.keys[0]["operator"], desk.clock).token("users-service", "api")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = desk.users.public.test_client().open(  # type: ignore[union-attr]
        "/api/v1/features/weather", method=method, data=json.dumps(body), headers=headers
    )
    assert (await asked).status_code in (200, 204)


async def test_without_asking_nobody_has_a_schedule(desk: Office) -> None:  # S139
    await desk.say()
    assert await desk.rows(sa.select(schedules)) == []


async def test_a_schedule_is_kept_with_its_receipt_that_tells_the_next_times(desk: Office) -> None:  # S134
    await desk.put()
    rule = "every weekday at 07:30 (Europe/Paris), `weather in Paris`"
    assert f"morning weather: not set → {rule}, next Thu 26 Nov 07:30, Fri 27 Nov 07:30" in await said(desk)
    (row,) = await desk.rows(sa.select(schedules))
    assert (row.feature, row.name, row.command) == ("weather", "morning-weather", "weather in Paris")
    assert (row.installation_id, row.platform, row.workspace_id, row.user_id) == ("slack:T1", "slack", "T1", "U1")
    assert row.next_due == datetime(2026, 11, 26, 6, 30, tzinfo=UTC)


async def test_a_schedule_of_the_same_name_takes_the_place_of_the_one_before(desk: Office) -> None:
    await desk.put()
    await desk.clock.advance(1)
    await desk.put(timing=EVENING, command="weather in Rome")
    was = "every weekday at 07:30 (Europe/Paris), `weather in Paris`"
    now = "every Saturday and Sunday at 18:00 (Europe/Paris), `weather in Rome`"
    assert f"morning weather: {was} → {now}, next Sat 28 Nov 18:00, Sun 29 Nov 18:00" in await said(desk)
    rows = await desk.rows(sa.select(schedules))
    assert [(row.command, row.next_due) for row in rows] == [("weather in Rome", datetime(2026, 11, 28, 17, tzinfo=UTC))]


async def test_what_is_just_the_name_is_not_told_again_in_a_receipt(desk: Office) -> None:
    desk.action.manifest["jobs"] = ["weather"]
    await operate(desk, "PUT", {"url": "http://weather.test"})
    await desk.put("weather", EVENING, command="Weather")
    assert "weather: not set → every Saturday and Sunday at 18:00 (Europe/Paris), next" in await said(desk)
    await desk.clock.advance(1)
    await desk.put("weather", command="weather in `Oslo`")
    assert (
        "at 18:00 (Europe/Paris), `Weather` → every weekday at 07:30 (Europe/Paris), `weather in 'Oslo'`, next"
        in await said(desk)
    )


async def test_names_are_apart_by_person_and_installation(desk: Office) -> None:  # S134
    for user, team in (("U1", "T1"), ("U2", "T1"), ("U1", "T2")):
        await desk.put(user=user, said=item(message(user=user, team=team)))
    await desk.put("evening-weather", EVENING)
    assert len(await desk.rows(sa.select(schedules))) == 4
    await desk.say(ScheduleDelete(name="morning-weather"))
    left = await desk.rows(sa.select(schedules.c.workspace_id, schedules.c.user_id, schedules.c.name))
    assert ("T1", "U1", "morning-weather") not in [tuple(row) for row in left]
    assert len(left) == 3


async def test_a_schedule_that_is_stopped_is_gone_with_what_was_due_and_not_done(desk: Office) -> None:  # S139
    await desk.put()
    await desk.until("2026-11-26T06:30Z")
    assert len((await desk.lease()).runs) == 1
    await desk.say(ScheduleDelete(name="morning-weather"))
    assert "morning weather: every weekday at 07:30 (Europe/Paris), `weather in Paris` → stopped" in await said(desk)
    assert await desk.rows(sa.select(schedules)) == await desk.rows(sa.select(runs)) == []
    await desk.clock.advance(30 * 86_400)
    assert (await desk.lease()).runs == []


async def test_stopping_what_there_is_not_changes_nothing(desk: Office) -> None:
    result = await desk.say(ScheduleDelete(name="morning-weather"))
    assert result.state == "stored"
    assert "→" not in await said(desk)


async def test_an_undo_brings_back_what_was_and_takes_away_what_was_not(desk: Office) -> None:
    await desk.put()
    await desk.clock.advance(1)
    assert (await desk.say(undo="")).state == "stored"
    assert await desk.rows(sa.select(schedules)) == []
    await desk.put(timing=EVENING)
    await desk.clock.advance(1)
    await desk.say(ScheduleDelete(name="morning-weather"))
    await desk.clock.advance(1)
    await desk.say(undo="")
    (row,) = await desk.rows(sa.select(schedules))
    assert Timing.model_validate(row.timing) == EVENING
    assert row.next_due == datetime(2026, 11, 28, 17, tzinfo=UTC)


REFUSED: dict[str, tuple[SchedulePut | ScheduleDelete, str]] = {
    "a name that the action was not granted": (
        SchedulePut(name="spam", timing=WEEKDAYS, command="x"), "I may not keep “spam” for you"),
    "stopping under such a name": (ScheduleDelete(name="spam"), "I may not keep “spam” for you"),
    "31 February": (
        SchedulePut(name="job-1", timing=Timing(rule=Rule(cron="0 7 31 2 *")), command="x"), "I cannot read the times"),
    "never": (
        SchedulePut(name="job-1", timing=Timing(rule=Rule(cron="* * */20 * 1L")), command="x"), "not come within the next ten"),
    "a zone that there is not": (
        SchedulePut(name="job-1", timing=Timing(rule=Rule(cron="0 7 * * *", timezone="Mars/A")), command="x"), "zone “Mars/A”"),
    "the past": (
        SchedulePut(name="job-1", timing=Timing(rule=Rule(at=NOW)), command="x"), "has passed"),
    "words that no database keeps": (SchedulePut(name="job-1", timing=WEEKDAYS, command="weather \0"), "I may not keep"),
    "the words of another action": (
        SchedulePut(name="job-1", timing=WEEKDAYS, command="forget everything"), "I may not keep “job 1”"),
    "a name that only begins as its own": (
        SchedulePut(name="job-1", timing=WEEKDAYS, command="weathered in Paris"), "I may not keep “job 1”"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_kept_is_refused_with_a_sentence(
    desk: Office, change: SchedulePut | ScheduleDelete, words: str
) -> None:  # S136
    result = await desk.say(change)
    assert (result.state, result.told) == ("refused", True)
    assert words in result.reason
    assert await desk.rows(sa.select(schedules)) == []


async def test_an_action_that_says_not_who_it_is_keeps_no_schedule(desk: Office) -> None:
    result = await desk.say(SchedulePut(name="job-1", timing=WEEKDAYS, command="x"), feature=None)
    assert result.state == "refused"


async def test_what_an_action_may_not_keep_any_more_can_still_be_stopped(desk: Office) -> None:
    await desk.put()
    desk.action.manifest["jobs"] = []
    await operate(desk, "PUT", {"url": "http://weather.test"})
    assert (await desk.say(SchedulePut(name="morning-weather", timing=EVENING, command="weather"))).state == "refused"
    assert (await desk.say(ScheduleDelete(name="morning-weather"))).state == "stored"
    assert await desk.rows(sa.select(schedules)) == []


async def test_what_an_action_left_that_was_taken_out_is_kept_for_it_and_can_be_stopped(desk: Office) -> None:
    await desk.put()
    await desk.put("evening-weather", EVENING)
    await operate(desk, "DELETE")
    assert (await desk.say(ScheduleDelete(name="morning-weather"))).state == "stored"
    assert (await desk.say(SchedulePut(name="morning-weather", timing=EVENING, command="weather"))).state == "refused"
    assert [row.name for row in await desk.rows(sa.select(schedules.c.name))] == ["evening-weather"]
    other = dict((await desk.rows(sa.select(schedules)))[0]._mapping) | {"id": "other", "feature": "other"}
    await desk.change(sa.insert(schedules).values(other))
    assert (await desk.say(ScheduleDelete(name="evening-weather"))).state == "refused"  # which of them?
    await operate(desk, "PUT", {"url": "http://weather.test"})
    assert (await desk.say(ScheduleDelete(name="evening-weather"))).state == "stored"
    assert [row.feature for row in await desk.rows(sa.select(schedules.c.feature))] == ["other"]


async def test_what_cannot_be_read_any_more_can_still_be_stopped(desk: Office) -> None:
    await desk.put()
    gone = WEEKDAYS.model_copy(update={"rule": Rule(cron="30 7 * * *", timezone="Gone/Away")}).model_dump(mode="json")
    await desk.change(sa.update(schedules).values(timing=gone))
    assert (await desk.say(ScheduleDelete(name="morning-weather"))).state == "stored"
    assert await desk.rows(sa.select(schedules)) == []


async def test_nobody_has_more_than_fifty(desk: Office) -> None:
    await desk.put()
    (row,) = await desk.rows(sa.select(schedules))
    more = [dict(row._mapping) | {"id": f"more-{n}", "feature": f"feature-{n}"} for n in range(49)]
    await desk.change(sa.insert(schedules).values(more))
    refused = await desk.say(SchedulePut(name="job-1", timing=WEEKDAYS, command="x"))
    assert refused.state == "refused"
    assert "50 schedules" in refused.reason
    await desk.put(timing=EVENING)  # one that is there may be changed
    await desk.put(user="U2")


WORDS = {
    "30 7 * * 1-5": "every weekday at 07:30 (Europe/Paris)",
    "30 7 * * MON-FRI": "every weekday at 07:30 (Europe/Paris)",
    "0 9,17 * * *": "every day at 09:00 and 17:00 (Europe/Paris)",
    "5 8 * * 0,6": "every Saturday and Sunday at 08:05 (Europe/Paris)",
    "0 12 * * MON,WED,FRI": "every Monday, Wednesday and Friday at 12:00 (Europe/Paris)",
    "0 9 1,15 * *": "on day 1 and 15 of every month at 09:00 (Europe/Paris)",
    "0 9 L * *": "by the rule 0 9 L * * (Europe/Paris)",
    "0 9 1 * 1": "by the rule 0 9 1 * 1 (Europe/Paris)",
    "0 9 * 12 *": "by the rule 0 9 * 12 * (Europe/Paris)",
    "0 9 * * 1#1": "by the rule 0 9 * * 1#1 (Europe/Paris)",
    "*/5 9 * * *": "by the rule */5 9 * * * (Europe/Paris)",
    "0  *   * * *": "by the rule 0 * * * * (Europe/Paris)",
}


@pytest.mark.parametrize(("cron", "words"), WORDS.items())
def test_a_rule_is_said_in_words(cron: str, words: str) -> None:
    assert in_words(Rule(cron=cron, timezone="Europe/Paris"), NOW, "en-GB") == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "every minute"), (5400, "every 90 minutes"), (3600, "every hour"), (7200, "every 2 hours"),
     (86_400, "every 24 hours"), (172_800, "every 2 days"), (61, "every 61 seconds")],
)  # fmt: skip
def test_an_interval_is_said_in_words(seconds: int, words: str) -> None:
    assert in_words(Rule(every_seconds=seconds), NOW, None) == words


def test_an_instant_is_said_in_the_persons_zone_with_its_year_where_it_is_another() -> None:
    rule = Rule(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC), timezone="Asia/Tokyo")
    assert told(rule, NOW, NOW, None) == "once, Fri 1 Jan 2027 08:30 (Asia/Tokyo)"
