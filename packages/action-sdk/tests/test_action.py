"""An action written with the SDK, through its HTTP face."""

import json
from collections.abc import AsyncIterator

import pytest
from quart import Quart

from jeeves_actions import Action, NotTakenError, UserFacingError, say, serve_action
from jeeves_actions.contract import ActionContract, refused
from jeeves_actions.testing import Caller, calling, converse, match
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Command, Manifest
from jeeves_service.clock import Clock
from jeeves_service.errors import NoAnswerError
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

MANIFEST = Manifest(
    name="echo",
    version="1.0.0",
    summary="Says it again",
    commands=[
        Command(
            name="echo",
            aliases=["repeat"],
            usage="echo <words>",
            summary="Says it again",
            examples=["echo hello", "say hello again"],
            phrases=["say {words} again", "say it again", "remember that {what} is {value}"],
        )
    ],
)


def create_app(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:
    action = Action(MANIFEST)

    @action.command("echo")
    async def echo(request: ActionRequest) -> ActionAnswer:
        return say(str(request.args.get("words") or request.text.strip() or "(nothing)")[:1000])

    return serve_action(action, settings, clock)


class TestContract(ActionContract):
    @pytest.fixture
    async def caller(self) -> AsyncIterator[Caller]:
        async with calling(create_app, ServiceSettings) as caller:
            yield caller


def failing(error: Exception) -> object:
    def create(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:
        action = Action(MANIFEST)

        @action.command("echo")
        async def echo(request: ActionRequest) -> ActionAnswer:
            raise error

        return serve_action(action, settings, clock)

    return create


async def test_a_conversation_is_held_in_a_test_as_in_a_chat() -> None:
    async with calling(create_app, ServiceSettings) as caller:
        await converse(caller, ("ECHO hello", "hello"), ("repeat  me", "me"), ("Say good day again!", "good day"))
        with pytest.raises(AssertionError, match="> echo a\na"):
            await converse(caller, ("echo a", "b"))
        with pytest.raises(LookupError):
            await caller.say("echoes of the past")


@pytest.mark.parametrize(
    ("error", "status", "user_facing", "taken"),
    [
        (UserFacingError("Not on Sundays."), 422, True, None),
        (UserFacingError("There is no such thing.", status=404), 404, True, None),
        (NotTakenError("busy"), 503, False, False),
        (NoAnswerError("the far side did not answer"), 503, False, None),
        (RuntimeError("secret detail"), 500, False, None),
    ],
)
async def test_errors_become_problems(error: Exception, status: int, user_facing: bool, taken: bool | None) -> None:
    async with calling(failing(error), ServiceSettings) as caller:  # type: ignore[arg-type]
        problem = refused(await caller.post(caller.request("echo").to_bytes()), status)
    assert (problem.user_facing, problem.taken) == (user_facing, taken)
    assert "secret" not in problem.detail


@pytest.mark.parametrize("status", [200, 302, 429, 500, 503])
def test_a_final_answer_is_a_4xx_that_nobody_retries(status: int) -> None:
    with pytest.raises(ValueError, match="4xx"):
        UserFacingError("no", status=status)


async def test_an_answer_that_is_not_valid_is_no_fault_of_the_caller() -> None:
    def create(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:
        action = Action(MANIFEST)

        @action.command("echo")
        async def echo(request: ActionRequest) -> ActionAnswer:
            return say("")

        return serve_action(action, settings, clock)

    async with calling(create, ServiceSettings) as caller:
        problem = refused(await caller.post(caller.request("echo").to_bytes()), 500)
    assert problem.errors == []


@pytest.mark.parametrize("header", ["Bearer \xe9", "Bearer", "Basic eA==", "Bearer a.b.c, Bearer d"])
async def test_a_header_that_is_no_token_is_refused(header: str) -> None:
    async with calling(create_app, ServiceSettings) as caller:
        body = caller.request("echo").to_bytes()
        app = caller.service.public
        assert isinstance(app, Quart)
        response = await app.test_client().post("/v1/invoke", data=body, headers={"Authorization": header})
    assert response.status_code == 401


def test_mistakes_of_an_author_are_told_at_the_start() -> None:
    action = Action(MANIFEST)
    with pytest.raises(ValueError, match="no handler for: echo"):
        action.check()
    with pytest.raises(ValueError, match="no command shout"):
        action.command("shout")(None)  # type: ignore[arg-type]
    action.command("echo")(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two handlers"):
        action.command("echo")(None)  # type: ignore[arg-type]
    own = Action(MANIFEST.model_copy(update={"commands": [MANIFEST.commands[0].model_copy(update={"aliases": ["stop"]})]}))
    with pytest.raises(ValueError, match="Jeeves answers to these itself: stop"):
        own.check()


async def test_calls_are_counted_by_command_and_outcome() -> None:  # S53
    async with calling(create_app, ServiceSettings) as caller:
        await caller.say("echo hello")
        await caller.invoke(caller.request("any-name-at-all"))
        ops = caller.service.ops.test_client()
        metrics = await (await ops.get("/metrics")).get_data(as_text=True)
    assert 'jeeves_action_seconds_count{command="echo",outcome="answered"} 1.0' in metrics
    assert 'command="unknown",outcome="failed"' in metrics
    assert "any-name-at-all" not in metrics


async def test_a_problem_names_the_trace_it_belongs_to() -> None:
    async with calling(create_app, ServiceSettings) as caller:
        body = caller.request("no-such").to_bytes()
        headers = {
            "Authorization": f"Bearer {caller.signer.token('echo', 'actions:invoke', body=body)}",
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        }
        response = await caller.http.request("POST", "http://action.test/v1/invoke", body=body, headers=headers)
    assert json.loads(response.body)["trace_id"] == "a" * 32


@pytest.mark.parametrize(
    ("said", "text", "args"),
    [
        ("echo hello", "hello", {}),
        ("REPEAT hello", "hello", {}),
        ("say a b again", "say a b again", {"words": "a b"}),
        ("say it again", "say it again", {}),
        ("“Say it again”", "Say it again", {}),
        ("remember that a is b is c", "remember that a is b is c", {"what": "a", "value": "b is c"}),
    ],
)
def test_a_text_is_matched_to_a_command(said: str, text: str, args: dict[str, str]) -> None:
    found = match(MANIFEST, said)
    assert found
    assert (found.text, found.args) == (text, args)


@pytest.mark.parametrize("said", ["", "ech", "echoes", "say", "say again", "please say it again"])
def test_other_texts_match_nothing(said: str) -> None:  # P2
    assert match(MANIFEST, said) is None
