"""Talk to an action in a test: in one process, with real tokens, as its dispatcher would."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from jeeves_actions.server import SCOPE
from jeeves_contracts.actions import ActionAnswer, ActionRequest, FactSet, Manifest
from jeeves_contracts.grammar import Grammar, Match, unquoted
from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.problem import Problem
from jeeves_service.clock import Clock, SystemClock
from jeeves_service.http import HttpClient, Response
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings
from jeeves_service.tokens import Signer, new_keys

Kind = TypeVar("Kind", bound=ServiceSettings)
ORIGIN = "http://action.test"


@dataclass
class Caller:
    """A dispatcher and a users-service in small: it signs calls, and keeps the facts that answers change."""

    service: Service
    http: HttpClient
    signer: Signer
    manifest: Manifest
    facts: dict[str, JsonValue] = field(default_factory=dict)
    locale: str | None = None
    is_direct: bool = False
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def request(self, command: str, text: str = "", args: Mapping[str, JsonValue] | None = None) -> ActionRequest:
        """Return a request of somebody in a channel."""
        return ActionRequest(
            id=f"test:T1:C1:{next(self._numbers)}",
            trigger="message",
            command=command,
            text=text,
            args=dict(args or {}),
            actor=Actor(platform="test", workspace_id="T1", user_id="U1", person_id="P1", locale=self.locale),
            conversation=Conversation(installation_id="test:T1", channel_id="C1", thread_id="1", is_direct=self.is_direct),
            facts={name: self.facts[name] for name in self.manifest.facts if name in self.facts},
        )

    async def post(
        self, body: bytes, *, token: str | None = None, audience: str | None = None, scope: str = SCOPE, key: str = "test:1"
    ) -> Response:
        """Send a body to `/v1/invoke`, signed for it unless `token` (`""` for none) says otherwise."""
        token = self.signer.token(audience or self.manifest.name, scope, body=body) if token is None else token
        headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token}"} if token else {})
        return await self.http.request("POST", f"{ORIGIN}/v1/invoke", body=body, headers=headers, timeout=45)

    async def invoke(self, request: ActionRequest) -> ActionAnswer | Problem:
        """Ask, and apply the answer's changes to the facts. Raises ValidationError for what is neither answer nor problem."""
        response = await self.post(request.to_bytes(), key=request.id)
        if response.status != 200:  # noqa: PLR2004
            return Problem.from_bytes(response.body)
        answer = ActionAnswer.from_bytes(response.body)
        for change in answer.changes:
            if isinstance(change, FactSet):
                self.facts[change.name] = change.value
            elif change.op == "fact.delete":
                self.facts.pop(change.name, None)
        return answer

    async def say(self, said: str) -> str:
        """Say something as a person would, and return what that person reads.

        Raises LookupError when it reaches none of the action's commands.
        """
        found = match(self.manifest, said)
        if found is None:
            raise LookupError(f"nothing in the manifest answers {said!r}")
        answer = await self.invoke(self.request(found.command.name, found.text, dict(found.args)))
        if isinstance(answer, Problem):
            return answer.detail if answer.user_facing else f"(problem {answer.status}: {answer.title})"
        return "\n".join(message.text for message in answer.messages)


def match(manifest: Manifest, said: str) -> Match[Manifest] | None:
    """Return which command of an action a text asks for, as a dispatcher decides it where there is no other action."""
    return Grammar((manifest, command) for command in manifest.commands).match(unquoted(said))


async def converse(caller: Caller, *turns: tuple[str, str]) -> None:
    """Hold a conversation, each turn `(said, words of the answer)`. Raises AssertionError with the transcript so far."""
    transcript = ""
    for said, expected in turns:
        answer = await caller.say(said)
        transcript += f"> {said}\n{answer}\n"
        if expected not in answer:
            raise AssertionError(f"the answer lacks {expected!r}:\n{transcript}")


@asynccontextmanager
async def calling(
    create_app: Callable[..., Service],
    settings: type[Kind],
    *,
    http: HttpClient | None = None,
    clock: Clock | None = None,
    environ: Mapping[str, str] | None = None,
) -> AsyncIterator[Caller]:
    """Start an action with fresh keys and yield who calls it. `http` is what the action itself uses for the outside world."""
    clock = clock or SystemClock()
    private, public = new_keys({"dispatcher": (SCOPE, "messages:claim"), "action": ()})
    given = {"JEEVES_SERVICE_KEY": private["action"], "JEEVES_SERVICE_KEYS": public, **(environ or {})}
    outside = http or HttpClient()
    service = create_app(settings.load(given), http=outside, clock=clock)
    if service.public is None:
        raise ValueError("an action has a public face")
    inside = HttpClient(mounts={"action.test": service.public})
    await service.start()
    try:
        manifest = Manifest.from_bytes((await inside.request("GET", f"{ORIGIN}/v1/manifest")).body)
        yield Caller(service, inside, Signer(private["dispatcher"], clock), manifest)
    finally:
        await service.stop()
        await inside.aclose()
        await outside.aclose()
