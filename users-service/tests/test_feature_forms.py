"""The form of a feature is made of a schema that its action wrote: whatever that says, it can be shown and saved (S82, S86)."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from support.api import Api
from support.messages import item, message
from support.toggles import feature_of
from users_service.api.call import render
from users_service.domain.settings_values import check
from users_service.domain.toggling import level
from users_service.forms.base import entered, filled, told
from users_service.forms.feature import asked, feature_form, shown
from users_service.models import counters, features

GENERAL = {"enabled": "on", "rollout": 100}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "names": {"type": "array", "items": {"type": "string"}},
        "label": {"type": "string", "minLength": 1},
        "key": {"type": "string", "writeOnly": True, "minLength": 4},
        "days": {"type": "integer", "minimum": 1},
    },
}


@pytest.mark.parametrize(
    "shape",
    [
        True,
        {},
        {"type": "string", "minLength": 5, "maxLength": 2},
        {"type": "string", "minLength": 2.0, "maxLength": 3.0},
        {"type": "number", "minimum": 5, "maximum": 1},
        {"type": "integer", "minimum": 0.5},
        {"type": ["string", "null"], "default": None},
        {"enum": [None, "x"]},
        {"enum": []},
        {"enum": ["", "x", "x"]},
        {"type": "string", "title": "<script>\u0000", "description": "x" * 9000},
        {"anyOf": [{"type": "integer"}, {"type": "object"}], "default": {}},
    ],
)
@pytest.mark.parametrize("text", ["", "x", "5", "nan", "  ", "9" * 5000, None, True])
def test_whatever_a_schema_says_its_form_can_be_shown_and_filled_in(shape: Any, text: Any) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"a": shape}}
    check(schema)
    feature = feature_of({"name": "dice"}, schema)
    here = level(feature, None)
    kind = feature_form(feature, None)
    assert render(told("feature", filled(kind, shown(feature, here))))
    form = entered(kind, {**GENERAL, "setting-a": text})
    if form.validate():
        assert isinstance(asked(feature, here, form.values()), dict)
    assert render(told("feature", form))


@pytest.mark.parametrize("offered", [[True, "auto", 1, 1.5], [False, True], ["on", 2], [1.0, -3]])
def test_each_choice_that_is_offered_can_be_made(offered: list[Any]) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"a": {"enum": offered}}}
    feature = feature_of({"name": "dice"}, schema)
    kind, here = feature_form(feature, None), level(feature, None)
    choices = told("feature", filled(kind, shown(feature, here))).fields[-1].choices
    assert choices is not None
    made = []
    for choice in choices[1:]:
        form = entered(kind, {**GENERAL, "setting-a": choice.value})
        assert form.validate(), form.errors
        made.append(asked(feature, here, form.values())["settings"]["a"])
    assert [(value, type(value)) for value in made] == [(value, type(value)) for value in offered]


async def test_what_is_not_typed_stays_as_it_is_when_the_form_is_saved(api: Api) -> None:
    await _with_settings(api)
    given = {"names": ["ana", "ben"], "label": " as it is ", "days": 2}
    assert (await api.admin("PATCH", "/features/notes", {"settings": given})).status == 200
    form = (await api.admin("GET", "/forms/feature/notes")).json
    values = {field["name"]: field["value"] for field in form["fields"]} | {"setting-days": 3}
    saved = await api.admin("PUT", "/forms/feature/notes", {"values": values})
    assert saved.status == 200, saved
    assert (await api.admin("GET", "/features/notes")).json["settings"] == {**given, "days": 3}
    newest = (await api.admin("GET", "/audit?action=feature.change")).json["items"][0]
    assert newest["after"] == {"settings": {"days": 3}}


async def test_a_field_of_blanks_is_an_empty_one(api: Api) -> None:
    await _with_settings(api)
    assert (await api.admin("PATCH", "/features/notes", {"settings": {"label": "x", "key": "hidden"}})).status == 200
    saved = await api.admin("PUT", "/forms/feature/notes", {"values": {"setting-label": "   ", "setting-key": "    "}})
    assert saved.status == 200, saved
    told = (await api.admin("GET", "/features/notes")).json
    assert (told["settings"], told["secrets"]) == ({}, ["key"])


async def test_of_forms_that_are_saved_at_one_moment_one_is_taken(api: Api) -> None:  # S74
    await _with_settings(api)
    read = (await api.admin("GET", "/forms/feature/notes")).headers["ETag"]
    saves = (
        api.admin("PUT", "/forms/feature/notes", {"values": {"setting-days": days}}, If_Match=read) for days in range(1, 9)
    )
    assert sorted(saved.status for saved in await asyncio.gather(*saves)) == [200] + [412] * 7


async def _with_settings(api: Api) -> None:
    """Let `notes` have these settings, as its action would after another PUT."""
    ((given,),) = await api.users.rows(sa.select(features.c.manifest).where(features.c.name == "notes"))
    await api.users.answered(item(message(team="T1", user="U9")))
    changed = {**given, "settings_schema": SCHEMA}
    await api.users.change(features.update().where(features.c.name == "notes").values(manifest=changed))
    await api.users.change(counters.update().where(counters.c.name == "registry").values(value=counters.c.value + 1))
