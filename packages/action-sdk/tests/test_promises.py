"""What a manifest does not say, no answer does: its author hears of it at the first try."""

from typing import Any

import pytest

from jeeves_actions import Action, say, serve_action
from jeeves_actions.contract import refused
from jeeves_actions.promised import broken
from jeeves_actions.testing import calling
from jeeves_contracts.actions import (
    ActionAnswer,
    ActionRequest,
    Command,
    FactClear,
    FactDelete,
    FactSet,
    Manifest,
    ScheduleDelete,
    SchedulePut,
)
from jeeves_contracts.blocks import ButtonsBlock, TextBlock
from jeeves_contracts.schedules import Rule, Timing
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

DAILY = SchedulePut(name="daily", timing=Timing(rule=Rule(cron="30 7 * * *")), command="do it")
OTHERS = DAILY.model_copy(update={"command": "forget everything"})
MOVED = FactSet(name="location", value="Paris")


def manifest(effect: str, **more: Any) -> Manifest:
    command = Command.model_validate({"name": "do", "usage": "do", "summary": "Does", "effect": effect})
    return Manifest(name="doer", version="1", summary="Does", commands=[command], **more)


@pytest.mark.parametrize(
    ("given", "answer", "told"),
    [
        (manifest("none"), {"changes": [MOVED]}, "its effect is none"),
        (manifest("changes"), {"changes": [MOVED]}, "the fact location, which is none"),
        (manifest("changes"), {"changes": [FactDelete(name="location")]}, "the fact location, which is none"),
        (manifest("changes", facts=["location"]), {"changes": [FactClear()]}, "cleared all facts"),
        (manifest("changes", facts=["*"]), {"changes": [DAILY]}, "the schedule daily, which is none"),
        (manifest("changes"), {"changes": [ScheduleDelete(name="daily")]}, "the schedule daily, which is none"),
        (manifest("changes", jobs=["daily"]), {"changes": [OTHERS]}, "scheduled “forget everything”, which does not begin"),
        (manifest("none"), {"memo": {"words": "é" * 2000}}, "a memo of more than 4000 bytes"),
        (manifest("changes", facts=["location"]), {"changes": [MOVED]}, None),
        (manifest("external", facts=["*"]), {"changes": [MOVED, FactClear()]}, None),
        (manifest("changes", jobs=["daily"]), {"changes": [DAILY]}, None),
        (manifest("none"), {"memo": {"words": "é" * 1900}}, None),
    ],
)
def test_an_answer_keeps_to_its_manifest(given: Manifest, answer: dict[str, Any], told: str | None) -> None:
    promise = broken(given, given.commands[0], ActionAnswer(**answer))
    assert promise is None if told is None else told in (promise or "")


async def test_a_promise_that_is_broken_is_the_actions_own_mistake() -> None:
    def create(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:
        action = Action(manifest("none"))

        @action.command("do")
        async def do(request: ActionRequest) -> ActionAnswer:
            return ActionAnswer(changes=[MOVED])

        return serve_action(action, settings, clock)

    async with calling(create, ServiceSettings) as caller:
        refused(await caller.post(caller.request("do").to_bytes()), 500)


def test_an_answer_with_buttons_is_whole_without_them() -> None:
    text = "x" * 7000
    (message,) = say(text, buttons={"Again": "do it again"}, memo={"words": "x"}, visibility="ephemeral").messages
    *paragraphs, buttons = message.blocks
    assert (message.text, message.visibility) == (text, "ephemeral")
    assert "".join(block.text for block in paragraphs if isinstance(block, TextBlock)) == text
    assert isinstance(buttons, ButtonsBlock)
    assert [(choice.label, choice.command) for choice in buttons.buttons] == [("Again", "do it again")]
    assert say("Hello").messages[0].blocks == []
