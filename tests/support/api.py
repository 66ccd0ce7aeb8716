"""The public API of a users-service, asked as programs ask it: bytes in, status, headers and JSON out."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import Headers

from jeeves_contracts.people import Identity
from support.messages import item, message
from support.users import ADMIN_TOKEN, Users

SCOPES = (
    "people:read", "people:write", "roles:write", "facts:read", "facts:write", "features:read", "features:write",
    "schedules:read", "schedules:write", "jobs:read", "jobs:write", "messages:read", "statistics:read", "audit:read",
    "installations:read", "dead-letters:read", "dead-letters:write", "exports:read", "erase:write", "operations:write",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An answer. `json` is its body, None where it has none."""

    status: int
    headers: Headers
    body: bytes
    json: Any


@dataclass
class Api:
    """`tokens` by whom they stand for."""

    users: Users
    tokens: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str) -> Told:
        """Ask below /api/v1; `headers` are named with underscores for hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if body is not None:
            given.setdefault("Content-Type", "application/json")
        public = self.users.service.public
        response = await public.test_client().open(f"/api/v1{path}", method=method, data=data, headers=given)  # type: ignore[union-attr]
        raw = await response.get_data(as_text=False)
        is_json = "json" in response.headers.get("Content-Type", "") and raw
        return Told(response.status_code, response.headers, raw, json.loads(raw) if is_json else None)

    async def operator(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        """Ask as an operator's program."""
        return await self.ask(method, path, body, token=await self.token("operator"), **headers)

    async def admin(self, method: str, path: str, body: Any = None, *, of: str = "slack:T1", **headers: str) -> Told:
        """Ask as the admin of an installation."""
        return await self.ask(method, path, body, token=await self.token(of, installation_id=of), **headers)

    async def person(
        self, method: str, path: str, body: Any = None, *, user: str = "U1", workspace: str = "T1", **headers: str
    ) -> Told:
        """Ask as a person, who has spoken to Jeeves before."""
        name = f"{workspace}:{user}"
        if name not in self.tokens:
            await self.users.answered(item(message(user=user, team=workspace)))
        who = Identity(platform="slack", workspace_id=workspace, user_id=user)
        return await self.ask(method, path, body, token=await self.token(name, person=who.model_dump()), **headers)

    async def token(self, name: str, **of: Any) -> str:
        """Return a token for everything, made when it is first asked for."""
        if name not in self.tokens:
            expires = (self.users.clock.now() + timedelta(days=300)).isoformat()
            asked = {"name": name.replace(":", " "), "scopes": list(SCOPES), "expires_at": expires, **of}
            made = await self.ask("POST", "/tokens", asked, token=ADMIN_TOKEN)
            assert made.status == 201, made
            self.tokens[name] = made.json["token"]
        return self.tokens[name]
