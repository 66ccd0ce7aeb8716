"""Things that paths of the API can name, and bodies that its operations can be given: made for any operation there is.

What is told here by name is told once, for all tests that ask every operation.
"""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from jeeves_contracts.actions import FactSet, SchedulePut
from jeeves_contracts.ids import reference
from jeeves_contracts.people import Identity
from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.bus.topology import DEAD, WORK
from support.api import Api
from support.eventually import succeeds
from support.messages import envelope, item, message
from support.people import spoken
from users_service.api.openapi import placeholders
from users_service.api.routing import Operation
from users_service.models import dead_letters

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Things:
    """What is there of one person in one installation. `values` are those of a path's parameters: by the parameter, or by the
    word before it and the parameter.
    """

    workspace: str
    user: str
    person: str
    values: Mapping[str, str]

    @property
    def installation(self) -> str:
        return f"slack:{self.workspace}"

    def path(self, operation: Operation) -> str:
        """Return an operation's path that names these things. Raises AssertionError for a parameter that nobody knows."""
        path = operation.path
        for name in placeholders(path):
            before = [word for word in operation.path.partition("{" + name + "}")[0].split("/") if word and "{" not in word][-1]
            value = self.values.get(f"{before}.{name}", self.values.get(name))
            assert value is not None, (
                f"{operation.method} {operation.path}: nobody knows what `{name}` is; "
                "say in tests/support/things.py what there is that it can name"
            )
            path = path.replace("{" + name + "}", value)
        return path

    @property
    def identity(self) -> dict[str, str]:
        return Identity(platform="slack", workspace_id=self.workspace, user_id=self.user).model_dump()


async def made(api: Api, workspace: str = "T1", user: str = "") -> Things:
    """Make one of everything, of a new person in an installation."""
    await mended(api)
    user = user or f"U{next(_numbers)}N"
    person = await spoken(api.users, user, workspace)
    put = SchedulePut(name="daily", timing=Timing(rule=Rule(cron="0 8 * * *")), command="notes today")
    said = item(message(user=user, team=workspace))
    changes = [FactSet(name="a", value="x"), put]
    await api.users.answered(said, "Done.", feature="notes", command="notes", changes=changes)
    identity = {"workspace_id": workspace, "user_id": user}
    job = await api.operator("POST", "/jobs", {**identity, "command": "help"})
    assert job.status == 202, job
    asked = {"name": "one of a test", "scopes": ["jobs:read"], "person": {"platform": "slack", **identity}}
    asked["expires_at"] = (api.users.clock.now() + timedelta(days=30)).isoformat()
    token = await api.operator("POST", "/tokens", asked)
    assert token.status == 201, token
    place = f"/installations/slack:{workspace}"
    assert (await api.operator("PUT", f"{place}/facts/a", {"value": "x"})).status == 200
    granted = await spoken(api.users, f"{user}G", workspace)
    for role in (f"{place}/admins/{granted}", f"/operators/{granted}"):
        assert (await api.operator("PUT", role)).status == 200
    values = {
        "person_id": person, "installation_id": f"slack:{workspace}", "job_id": job.json["id"], "token_id": token.json["id"],
        "reference": reference(said.message.message_id), "letter_id": str(await letter(api, workspace, user)),
        "form": "person", "subject": person, "feature": "notes", "features.name": "notes",
        "schedules.name": "daily", "facts.name": "a", "admins.person_id": granted, "operators.person_id": granted,
    }  # fmt: skip
    return Things(workspace, user, person, values)


async def mended(api: Api) -> None:
    """Let what belongs to nobody be as at the beginning, whatever an operation did to it."""
    assert (await api.operator("POST", "/operations/resume", {})).status < 300
    assert (await api.operator("PUT", "/features/notes", {"url": "http://notes.test", "enabled": True})).status == 200


async def letter(api: Api, workspace: str, user: str) -> int:
    """Bury a message of somebody; return the dead letter's number."""
    said = message(user=user, team=workspace)
    body = envelope(said).to_bytes()
    await api.users.bus.send(DEAD, body, {"reason": "crash limit", "origin": WORK, "tries": 2})
    found: list[int] = []
    query = sa.select(dead_letters.c.id).where(dead_letters.c.subject == said.message_id)

    async def there() -> None:
        found.extend((await api.users.rows(query))[0])

    await succeeds(there, IndexError)
    return found[0]


def _token(things: Things, at: str) -> dict[str, Any]:
    return {"name": "t", "scopes": ["jobs:read"], "expires_at": at, "person": things.identity}


#: A body that an operation does something with, by its name: of these things, at an instant to come.
BODIES: Mapping[str, Callable[[Things, str], Any]] = {
    "make_token": _token,
    "add_job": lambda things, _: {"workspace_id": things.workspace, "user_id": things.user, "command": "help"},
    "put_fact": lambda *_: {"value": "y"},
    "put_workspace_fact": lambda *_: {"value": "y"},
    "change_person": lambda *_: {},
    "change_feature": lambda *_: {"enabled": True},
    "preview_feature": lambda *_: {"enabled": False},
    "put_feature": lambda *_: {"url": "http://notes.test"},
    "erase_person": lambda things, _: {"confirm": things.person},
    "check_form": lambda *_: {"values": {}},
    "save_form": lambda *_: {"values": {}},
}
#: A query that an operation needs.
QUERIES: Mapping[str, str] = {"check_policy": "?method=GET&path=/me"}


def body(operation: Operation, things: Things, at: str) -> Any:
    """Return a body for an operation, None where it takes none. Raises AssertionError for one that nobody knows."""
    if operation.body is None:
        return None
    if operation.name in BODIES:
        return BODIES[operation.name](things, at)
    needed = operation.body.model_json_schema().get("required", [])
    assert not needed, f"{operation.name}: say in tests/support/things.py what body it can be given ({', '.join(needed)})"
    return {}


def told(answer: Any) -> str:
    """Return what an answer says, for a failed comparison."""
    return f"{answer.status} {json.dumps(answer.json)[:300] if answer.json is not None else answer.body[:300]!r}"
