"""One's own schedules over the API: seen and stopped by oneself alone (S112, S134, S139)."""

from datetime import UTC, datetime

from jeeves_contracts.actions import SchedulePut
from jeeves_contracts.schedules import Rule, Timing
from support.api import Api
from support.messages import item, message

EVERY_DAY = Timing(rule=Rule(cron="0 9 * * *", timezone="UTC"))


async def put(api: Api, name: str, user: str = "U1") -> str:
    change = SchedulePut(name=name, timing=EVERY_DAY, command="notes")
    await api.users.answered(item(message(user=user)), "ok", feature="notes", changes=[change])
    return str((await api.person("GET", "/me", user=user)).json["person_id"])


async def test_people_see_and_stop_their_own(api: Api) -> None:  # S134, S139
    me = await put(api, "daily")
    await put(api, "weekly")
    page = (await api.person("GET", f"/people/{me}/schedules?limit=1")).json
    rest = (await api.person("GET", f"/people/{me}/schedules?limit=1&cursor={page['next']}")).json
    assert [(one["name"], one["command"]) for one in page["items"] + rest["items"]] == [("daily", "notes"), ("weekly", "notes")]
    assert rest["next"] is None
    path = f"/people/{me}/schedules/notes/daily"
    assert (await api.person("DELETE", path.replace("daily", "Daily"))).status == 404
    assert [(await api.person("DELETE", path)).status for _ in range(2)] == [204, 404]
    assert [one["name"] for one in (await api.person("GET", f"/people/{me}/schedules")).json["items"]] == ["weekly"]
    assert datetime.fromisoformat(rest["items"][0]["next_due"]) > datetime(2026, 11, 25, tzinfo=UTC)


async def test_others_do_not(api: Api) -> None:  # S110, S112
    me = await put(api, "daily")
    for user in ("U2", "UADMIN", "UOP"):
        assert (await api.person("GET", f"/people/{me}/schedules", user=user)).status == 404
        assert (await api.person("DELETE", f"/people/{me}/schedules/notes/daily", user=user)).status == 404
    assert (await api.operator("DELETE", f"/people/{me}/schedules/notes/daily")).json["policy"] == "schedules-own-stop"
    (listed,) = (await api.admin("GET", f"/schedules?person_id={me}")).json["items"]
    assert (listed["name"], listed["command"]) == ("daily", None)
    await api.users.answered(item(message(team="T2")))
    assert (await api.admin("GET", f"/schedules?person_id={me}", of="slack:T2")).json["items"] == []
    assert (await api.admin("GET", "/schedules?installation_id=slack:T1", of="slack:T2")).status == 404
    job = {"workspace_id": "T1", "user_id": "U1", "command": "notes"}
    assert (await api.admin("POST", "/jobs", job, of="slack:T2")).status == 404
    assert (await api.admin("POST", "/jobs", job)).status == 202
    assert (await api.person("GET", "/schedules")).status == 403
    assert (await api.admin("GET", "/runs?installation_id=slack:T2")).status == 404
