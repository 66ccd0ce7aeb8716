"""A transcript is a conversation that is held, and what goes wrong in it is told with its line."""

from collections.abc import AsyncIterator

import pytest

from jeeves_actions import Action, say, serve_action
from jeeves_actions.testing import Caller, calling
from jeeves_actions.transcript import fits, hold, turns
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Command, Manifest
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

ADD = Command(
    name="add",
    usage="add <thing>",
    summary="Makes a list",
    examples=["add tea"],
    phrases=["note {thing}"],
    follow_ups=["and {thing}", "that is all"],
)


def create_app(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:
    action = Action(Manifest(name="list", version="1", summary="Lists", commands=[ADD]))

    @action.command("add")
    async def add(request: ActionRequest) -> ActionAnswer:
        listed = [*map(str, request.memo.values()), str(request.args.get("thing") or request.text)]
        memo = {str(at): thing for at, thing in enumerate(listed)}
        return say(f"Listed: {', '.join(listed)}", buttons={"Add milk": "add milk"}, memo=dict(memo))

    return serve_action(action, settings, clock)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling(create_app, ServiceSettings) as caller:
        yield caller


async def test_a_conversation_is_held_with_follow_ups_and_buttons(caller: Caller) -> None:
    await hold(
        caller,
        """# a list
> and coffee
~
> add tea
< listed:  TEA
> and   coffee!
< Listed … coffee
< tea … coffee
* Add
< tea, coffee, milk
> subtract tea
~
""",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("> add tea\n< coffee", "line 1: 'add tea' lacks 'coffee':\nListed: tea"),
        ("> add tea\n< tea\n> and milk\n< milk … tea", "line 3: 'and milk' lacks 'milk … tea'"),
        ("> subtract tea\n< tea", "line 1: nothing in the manifest answers 'subtract tea'"),
        ("> add tea\n~", "line 1: 'add tea' was answered"),
        ("\n* Add\n< tea", r"line 2: 'Add' is none of \[\]"),
        ("> add tea\n< tea\n* Sell\n< tea", r"line 3: 'Sell' is none of \['Add milk'\]"),
    ],
)
async def test_what_goes_wrong_is_told_with_its_line(caller: Caller, text: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        await hold(caller, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("> add tea", "line 1 has to be answered, or not"),
        ("> a\n< a\n~", "line 1 has to be answered, or not"),
        ("< a", "line 1 cannot be read: < a"),
        ("add tea", "line 1 cannot be read: add tea"),
    ],
)
def test_a_line_that_means_nothing_is_named(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(turns(text))


@pytest.mark.parametrize(
    ("words", "text", "whether"),
    [
        (["a", "b"], "A and B", True),
        (["b", "a"], "a and b", False),
        (["a", "a"], "a", False),
        (["a  b"], "a\nb", True),
        (["Straße"], "STRASSE", True),
        ([""], "anything", True),
    ],
)
def test_words_fit_in_their_order(words: list[str], text: str, whether: bool) -> None:
    assert fits(words, text) is whether
