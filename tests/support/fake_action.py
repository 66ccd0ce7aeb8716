"""An action that does as a test says, over the real action contract."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from quart import Quart, Response, request

from jeeves_service.tokens import Verifier
from jeeves_service.web import create_quart

Answer = Response | dict[str, Any]


def manifest(name: str, **more: Any) -> dict[str, Any]:
    """A manifest with one command of the same name."""
    command = {"name": name, "usage": f"{name} <what>", "summary": f"Does {name}.", "effect": "none", **more.pop("command", {})}
    return {"name": name, "version": "1", "summary": name, "commands": [command], **more}


def words(text: str, **more: Any) -> dict[str, Any]:
    """An answer of one message."""
    return {"messages": [{"text": text}], **more}


class FakeAction:
    """`answers` are given in turn, the last one for ever: a body, a Response, or a function of the request."""

    def __init__(self, name: str, verifier: Verifier, **more: Any) -> None:
        self.name, self.manifest = name, manifest(name, **more)
        self.answers: list[Answer | Callable[[dict[str, Any]], Any]] = [words(f"{name} done")]
        self.held = asyncio.Event()
        self.held.set()
        self.calls: list[dict[str, Any]] = []
        self.app: Quart = create_quart(name)
        self.app.add_url_rule("/v1/manifest", "manifest", self._manifest)
        self.app.add_url_rule("/v1/invoke", "invoke", self._invoke, methods=["POST"])
        self._verifier = verifier

    async def _manifest(self) -> Response:
        return Response(json.dumps(self.manifest), content_type="application/json")

    async def _invoke(self) -> Response:
        body: bytes = await request.body
        self._verifier.issuer(request.headers.get("Authorization", ""), "actions:invoke", body=body)
        given = json.loads(body)
        self.calls.append(given | {"key": request.headers["Idempotency-Key"], "traceparent": request.headers["traceparent"]})
        await self.held.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        made = answer(given) if callable(answer) else answer
        return made if isinstance(made, Response) else Response(json.dumps(made), content_type="application/json")
