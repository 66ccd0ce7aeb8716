"""Talk to an action in a test: in one process, with real tokens, as its dispatcher would."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import JsonValue

from jeeves_actions.notebook import Notebook
from jeeves_actions.server import SCOPE
from jeeves_contracts.actions import ALL_FACTS, ActionAnswer, ActionRequest, Command, Manifest
from jeeves_contracts.base import Json
from jeeves_contracts.blocks import ButtonsBlock, Choice, ChoicesBlock, MenuBlock
from jeeves_contracts.grammar import Grammar, Match, Phrasebook, unquoted
from jeeves_contracts.people import Actor, Conversation, Role
from jeeves_contracts.problem import Problem
from jeeves_service.clock import Clock, SystemClock
from jeeves_service.http import HttpClient, Response
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings
from jeeves_service.tokens import Signer, new_keys

__all__ = ["Caller", "calling", "converse", "follow_up", "match"]

Kind = TypeVar("Kind", bound=ServiceSettings)
ORIGIN = "http://action.test"


@dataclass
class Caller:
    """A dispatcher and a users-service in small: it signs calls, and keeps what answers change in a `notebook`.

    `answered` is the command of the answer before, which may be followed up, and that answer.
    """

    service: Service | None
    http: HttpClient
    signer: Signer
    manifest: Manifest
    origin: str = ORIGIN
    answered: tuple[str, ActionAnswer] | None = None
    notebook: Notebook = field(default_factory=Notebook)
    locale: str | None = None
    is_direct: bool = False
    roles: list[Role] = field(default_factory=lambda: ["member"])
    clock: Clock = field(default_factory=SystemClock)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def facts(self) -> Json:
        """The person's own facts, for a test to read and to write."""
        return self.notebook.own

    @facts.setter
    def facts(self, facts: Json) -> None:
        self.notebook.own = facts

    def request(self, command: str, text: str = "", args: Mapping[str, JsonValue] | None = None) -> ActionRequest:
        """Return a request of somebody in a channel, with what its action was granted."""
        known = self.notebook.effective(is_direct=self.is_direct)
        everything = ALL_FACTS in self.manifest.facts
        language, zone = known.get("language"), known.get("timezone")
        return ActionRequest(
            id=f"test:T1:C1:{next(self._numbers)}",
            trigger="message",
            command=command,
            text=text,
            args=dict(args or {}),
            actor=Actor(
                platform="test",
                workspace_id="T1",
                user_id="U1",
                person_id="P1",
                roles=self.roles,
                locale=language if isinstance(language, str) else self.locale,
                timezone=zone if isinstance(zone, str) else None,
            ),
            conversation=Conversation(installation_id="test:T1", channel_id="C1", thread_id="1", is_direct=self.is_direct),
            facts={name: value for name, value in known.items() if everything or name in self.manifest.facts},
            book=self.notebook.book(self.clock.now(), is_direct=self.is_direct) if everything else None,
            memo=self._memo(command),
        )

    def _memo(self, command: str) -> Json:
        """Return what the answer before asked to be reminded of: it comes back to its own command only."""
        return self.answered[1].memo if self.answered and self.answered[0] == command else {}

    async def post(
        self, body: bytes, *, token: str | None = None, audience: str | None = None, scope: str = SCOPE, key: str = "test:1"
    ) -> Response:
        """Send a body to `/v1/invoke`, signed for it unless `token` (`""` for none) says otherwise."""
        token = self.signer.token(audience or self.manifest.name, scope, body=body) if token is None else token
        headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token}"} if token else {})
        return await self.http.request("POST", f"{self.origin}/v1/invoke", body=body, headers=headers, timeout=45)

    async def invoke(self, request: ActionRequest) -> ActionAnswer | Problem:
        """Ask, and apply the answer's changes. Raises ValidationError for what is neither answer nor problem."""
        response = await self.post(request.to_bytes(), key=request.id)
        if response.status != 200:  # noqa: PLR2004
            return Problem.from_bytes(response.body)
        answer = ActionAnswer.from_bytes(response.body)
        self.answered = request.command, answer
        self.notebook.apply(answer.changes, self.manifest.name, self.clock.now())
        return answer

    async def say(self, said: str) -> str:
        """Say something as a person would, and return what that person reads.

        Raises LookupError when it reaches none of the action's commands.
        """
        found = match(self.manifest, said) or self._followed_up(said)
        if found is None:
            raise LookupError(f"nothing in the manifest answers {said!r}")
        answer = await self.invoke(self.request(found.command.name, found.text, dict(found.args)))
        if isinstance(answer, Problem):
            return answer.detail if answer.user_facing else f"(problem {answer.status}: {answer.title})"
        return "\n".join(message.text for message in answer.messages)

    async def press(self, label: str) -> str:
        """Press what begins so on the answer before: a button, or an entry of a list or menu. As `say`."""
        choices = _choices(self.answered[1]) if self.answered else []
        chosen = next((choice for choice in choices if choice.label.startswith(label)), None)
        if chosen is None:
            raise LookupError(f"{label!r} is none of {[choice.label for choice in choices]}")
        return await self.say(chosen.command)

    def _followed_up(self, said: str) -> Match[Manifest] | None:
        commands = {command.name: command for command in self.manifest.commands}
        command = commands.get(self.answered[0]) if self.answered else None
        return follow_up(self.manifest, command, said) if command else None


def _choices(answer: ActionAnswer) -> list[Choice]:
    """Return all that may be pressed."""
    found: list[Choice] = []
    for block in (block for message in answer.messages for block in message.blocks):
        if isinstance(block, ButtonsBlock):
            found += block.buttons
        elif isinstance(block, ChoicesBlock | MenuBlock):
            found += block.choices
    return found


def match(manifest: Manifest, said: str) -> Match[Manifest] | None:
    """Return which command of an action a text asks for, as a dispatcher decides it where there is no other action."""
    return Grammar((manifest, command) for command in manifest.commands).match(unquoted(said))


def follow_up(manifest: Manifest, command: Command, said: str) -> Match[Manifest] | None:
    """Return the command again when a text follows up its answer."""
    words = unquoted(said).strip()
    found = Phrasebook((phrase, command) for phrase in command.follow_ups).match(words)
    return Match(manifest, command, words, found[1]) if found else None


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
        yield Caller(service, inside, Signer(private["dispatcher"], clock), manifest, clock=clock)
    finally:
        await service.stop()
        await inside.aclose()
        await outside.aclose()
