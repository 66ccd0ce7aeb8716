# ruff: noqa: S101, PLR2004 - a suite that actions inherit in their tests
"""What every action promises: inherit `ActionContract` in a test class that has a fixture `caller` (see the README)."""

import itertools
import json
import re
import warnings
from datetime import UTC, datetime

from pydantic import JsonValue

from jeeves_actions.promised import broken
from jeeves_actions.testing import Caller, match
from jeeves_contracts.actions import ALL_FACTS, ActionAnswer, ActionRequest, Manifest
from jeeves_contracts.grammar import RESERVED, Template
from jeeves_contracts.knowledge import Book, KnownFact
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service.http import Response

__all__ = ["ActionContract", "answered", "refused", "shown"]

PLACEHOLDER = re.compile("[a-z_]+")
ODD = (
    "", " ", "\u00a0", "\u200b", "\x00", "\u202eabc", "👩🏽‍🚀" * 50, "Þórshöfn", "東京", "مكة المكرمة", "{0}{name}{", "%s%n",
    "`", "<!channel> & <@U1>", "'; drop table facts; --", "../../etc/passwd", "a\n\nb", "x" * 40_000, "a " * 20_000,
)  # fmt: skip
ANY_KIND: tuple[JsonValue, ...] = (1, 1e308, True, [], {}, {"a": [1]}, "", "x" * 40_000)
FACTS = ("location", "timezone", "language", "units", "working hours", "anything else")  # of who is granted all
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def shown(response: Response) -> ActionAnswer | Problem:
    """Read what a person would be shown. Raises AssertionError for anything else."""
    if response.status == 200:
        return ActionAnswer.from_bytes(response.body)
    problem = refused(response, response.status)
    assert problem.user_facing, f"{problem.status} {problem.title}: {problem.detail}"
    assert 400 <= problem.status < 500, problem.status
    return problem


def refused(response: Response, status: int) -> Problem:
    """Read a problem of this status. Raises AssertionError for anything else."""
    assert response.status == status, f"{response.status}: {response.body[:300]!r}"
    assert response.headers["content-type"] == MEDIA_TYPE, response.headers["content-type"]
    return Problem.from_bytes(response.body)


async def answered(caller: Caller, request: ActionRequest) -> None:
    """Ask, and see that a person is shown something and nothing is done that the manifest does not say."""
    answer = shown(await caller.post(request.to_bytes()))
    if isinstance(answer, ActionAnswer):
        command = next(command for command in caller.manifest.commands if command.name == request.command)
        promise = broken(caller.manifest, command, answer)
        assert promise is None, f"{command.name} {promise}"


class ActionContract:
    """The tests. `caller` is a fixture of the class that inherits."""

    async def test_anybody_may_read_the_manifest(self, caller: Caller) -> None:
        response = await caller.http.request("GET", f"{caller.origin}/v1/manifest")
        assert response.status == 200
        assert Manifest.from_bytes(response.body) == caller.manifest

    async def test_no_two_commands_answer_to_one_name_or_phrase(self, caller: Caller) -> None:  # P4
        names = [name for command in caller.manifest.commands for name in (command.name, *command.aliases)]
        assert len(names) == len(set(names)), names
        phrases = [" ".join(p.casefold().split()) for command in caller.manifest.commands for p in command.phrases]
        assert len(phrases) == len(set(phrases)), phrases

    async def test_no_command_takes_a_name_of_jeeves_itself(self, caller: Caller) -> None:
        names = {name for command in caller.manifest.commands for name in (command.name, *command.aliases)}
        assert not names & RESERVED, names & RESERVED

    async def test_placeholders_are_whole_words_apart_and_named_once(self, caller: Caller) -> None:
        commands = caller.manifest.commands
        for phrase in (phrase for command in commands for phrase in (*command.phrases, *command.follow_ups)):
            template = Template.of(phrase)
            holes = [is_placeholder for _, is_placeholder in template.parts]
            assert phrase.count("{") == phrase.count("}") == sum(holes), phrase
            assert not any(a and b for a, b in itertools.pairwise(holes)), phrase
            assert len(set(template.placeholders)) == sum(holes), phrase
            assert all(PLACEHOLDER.fullmatch(name) for name in template.placeholders), phrase
            assert not all(holes), phrase

    async def test_every_example_is_understood_and_answered(self, caller: Caller) -> None:
        for command in caller.manifest.commands:
            for example in command.examples:
                found = match(caller.manifest, example)
                assert found, example
                assert found.command == command, example
                assert await caller.say(example), example

    async def test_who_does_not_sign_is_refused(self, caller: Caller) -> None:  # S168
        body = caller.request(caller.manifest.commands[0].name).to_bytes()
        for token in ("", "x", "a.b.c", caller.signer.token(caller.manifest.name, "actions:invoke")):
            refused(await caller.post(body, token=token), 401)

    async def test_a_token_is_good_for_one_body_one_audience_and_one_scope(self, caller: Caller) -> None:
        body = caller.request(caller.manifest.commands[0].name).to_bytes()
        other = caller.request(caller.manifest.commands[0].name, "other").to_bytes()
        token = caller.signer.token(caller.manifest.name, "actions:invoke", body=other)
        refused(await caller.post(body, token=token), 401)
        refused(await caller.post(body, audience="some-other-action"), 401)
        refused(await caller.post(body, scope="messages:claim"), 403)

    async def test_a_body_that_is_no_request_is_refused(self, caller: Caller) -> None:
        whole = caller.request(caller.manifest.commands[0].name).to_bytes()
        for body in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", whole[:-1], b"[" * 100_000):
            refused(await caller.post(body), 422)
        for missing in ("id", "command", "actor", "conversation"):
            value = {name: part for name, part in json.loads(whole).items() if name != missing}
            refused(await caller.post(json.dumps(value).encode()), 422)
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # aiohttp's, about the length
            refused(await caller.post(b" " * (1024 * 1024 + 1)), 413)

    async def test_a_command_that_it_does_not_have_is_not_found(self, caller: Caller) -> None:
        refused(await caller.post(caller.request("no-such-command").to_bytes()), 404)

    async def test_whatever_is_said_gets_an_answer(self, caller: Caller) -> None:
        for command in caller.manifest.commands:
            for text in ODD:
                await answered(caller, caller.request(command.name, text))

    async def test_arguments_and_facts_of_any_shape_get_an_answer(self, caller: Caller) -> None:
        for command in caller.manifest.commands:
            holes = {hole for phrase in (*command.phrases, *command.follow_ups) for hole in Template.of(phrase).placeholders}
            for value in ANY_KIND:
                caller.facts = dict.fromkeys(FACTS if ALL_FACTS in caller.manifest.facts else caller.manifest.facts, value)
                await answered(caller, caller.request(command.name, "", dict.fromkeys(holes, value)))

    async def test_a_memo_of_any_shape_gets_an_answer(self, caller: Caller) -> None:
        """Another version of the action wrote it, or an answer of long ago."""
        for command in caller.manifest.commands:
            names = {"memo"}
            for example in command.examples:
                await caller.say(example)
                names |= set(caller.answered[1].memo) if caller.answered else set()
            for value in ANY_KIND:
                request = caller.request(command.name, " ".join(command.follow_ups[:1]))
                await answered(caller, request.model_copy(update={"memo": dict.fromkeys(names, value)}))

    async def test_all_that_is_known_of_a_person_gets_an_answer(self, caller: Caller) -> None:
        """A grant of all brings a book with each request; where users-service could not be asked, there is none."""
        if ALL_FACTS not in caller.manifest.facts:
            return
        books = [Book(facts=[KnownFact(name=name, value=value, since=LONG_AGO) for name in FACTS]) for value in ANY_KIND]
        for command in caller.manifest.commands:
            for book in (None, Book(), *books):
                for text in ("", *command.examples):
                    await answered(caller, caller.request(command.name, text).model_copy(update={"book": book}))

    async def test_the_same_request_again_gets_the_same_answer(self, caller: Caller) -> None:
        for command in caller.manifest.commands:
            body = caller.request(command.name, "").to_bytes()
            first, second = await caller.post(body), await caller.post(body)
            assert (first.status, first.body) == (second.status, second.body)
