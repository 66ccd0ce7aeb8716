"""Forms as data: in order, with labels, limits and errors; checked before anything is touched (S82 to S91)."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wtforms import StringField, validators

from support.api import Api
from support.messages import item, message
from support.users import running
from users_service.api import forms as module
from users_service.engine import create_engine
from users_service.forms.base import ModelForm, entered
from users_service.forms.person import PersonForm, person_editor
from users_service.models import counters, features, people


async def me(api: Api, user: str = "U1") -> str:
    return str((await api.person("GET", "/me", user=user)).json["person_id"])


async def test_a_form_tells_its_fields_in_order_with_all_that_a_face_needs(api: Api) -> None:  # S87, S88
    form = (await api.person("GET", f"/forms/person/{await me(api)}")).json
    assert [field["name"] for field in form["fields"]] == ["name", "locale", "timezone"]
    name, _, zone = form["fields"]
    assert (name["label"], name["kind"], name["max_length"], name["errors"]) == ("Name", "text", 200, [])
    assert {"value": "Europe/Paris", "label": "Europe/Paris"} in zone["choices"]


async def test_what_is_entered_is_saved_and_shown(api: Api) -> None:
    mine = await me(api)
    values = {"name": "Ána 🎩", "locale": "de", "timezone": "Europe/Berlin"}
    saved = await api.person("PUT", f"/forms/person/{mine}", {"values": values})
    assert saved.status == 200
    assert {field["name"]: field["value"] for field in saved.json["fields"]} == values
    assert (await api.person("GET", f"/people/{mine}")).json["name"] == "Ána 🎩"
    emptied = await api.person("PUT", f"/forms/person/{mine}", {"values": {}})
    assert {field["value"] for field in emptied.json["fields"]} == {None}


async def test_a_form_that_is_wrong_changes_nothing_and_says_why_beside_each_field(api: Api) -> None:  # S82, S86, S89
    mine = await me(api)
    wrong = {"name": "x" * 201, "locale": "not a language", "timezone": "Mars/Olympus"}
    refused = await api.person("PUT", f"/forms/person/{mine}", {"values": wrong})
    assert refused.status == 422
    assert {error["field"] for error in refused.json["errors"]} == set(wrong)
    shown = (await api.person("POST", f"/forms/person/{mine}/check", {"values": wrong})).json
    assert [field["value"] for field in shown["fields"]] == list(wrong.values())
    assert all(field["errors"] for field in shown["fields"])
    kept = (await api.person("GET", f"/forms/person/{mine}")).json
    assert all(field["value"] is None for field in kept["fields"][:2])


async def test_a_field_that_is_not_of_the_form_is_refused(api: Api) -> None:  # S64, S112
    mine = await me(api)
    for name in ("is_active", "password_hash", "id", "email"):
        refused = await api.person("PUT", f"/forms/person/{mine}", {"values": {name: "x"}})
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, name)


async def test_anothers_form_is_not_there(api: Api) -> None:  # S112
    other = await me(api, "U2")
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/check")):
        body = None if method == "GET" else {"values": {"name": "Mallory"}}
        assert (await api.person(method, f"/forms/person/{other}{path}", body)).status == 404


async def test_a_form_that_has_changed_since_it_was_read_is_not_saved(api: Api) -> None:  # S74
    mine = await me(api)
    read = (await api.person("GET", f"/forms/person/{mine}")).headers["ETag"]
    assert (await api.person("PUT", f"/forms/person/{mine}", {"values": {"name": "A"}}, If_Match=read)).status == 200
    stale = await api.person("PUT", f"/forms/person/{mine}", {"values": {"name": "B"}}, If_Match=read)
    assert (stale.status, stale.json["type"]) == (412, "urn:jeeves:problem:changed")
    assert (await api.person("GET", f"/forms/person/{mine}")).json["fields"][0]["value"] == "A"


class NicknamedForm(PersonForm):
    """With a column more."""

    order = (*PersonForm.order, "nickname")
    nickname = StringField("Nickname", [validators.Length(max=20)], description="Among friends.")


async def test_a_new_column_and_field_are_shown_and_saved_with_no_other_change(  # S91
    db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(db_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE people ADD COLUMN nickname VARCHAR(20)")
    await engine.dispose()
    monkeypatch.setattr(module, "EDITORS", [lambda roles: person_editor(roles, NicknamedForm)])
    column: sa.Column[str] = sa.Column("nickname", sa.String(20))
    people.append_column(column)
    try:
        async with running(db_url, tmp_path) as users:
            api = Api(users)
            path = f"/forms/person/{await me(api)}"
            assert (await api.person("GET", path)).json["fields"][-1]["label"] == "Nickname"
            saved = await api.person("PUT", path, {"values": {"nickname": "Annie"}})
            assert saved.json["fields"][-1]["value"] == "Annie"
    finally:
        people._columns.remove(column)  # there is no public way back


def test_an_order_that_forgets_a_field_is_noticed_when_the_class_is_made() -> None:  # S87
    with pytest.raises(TypeError, match="nickname"):
        type("Wrong", (PersonForm,), {"order": PersonForm.order, "nickname": StringField("Nickname")})


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.dictionaries(st.sampled_from(PersonForm.order), st.none() | st.booleans() | st.integers() | st.text(), max_size=3))
def test_whatever_is_entered_is_right_or_has_a_sentence_for_a_field(values: dict[str, object]) -> None:
    form: ModelForm = entered(PersonForm, values)  # type: ignore[arg-type]
    assert form.validate() or any(form[name].errors for name in form.order)


async def test_what_jeeves_is_to_know_of_somebody_is_entered_as_facts(api: Api) -> None:  # S14
    path = f"/forms/about/{await me(api)}"
    saved = await api.person("PUT", path, {"values": {"location": "Dublin", "units": "metric", "language": "de"}})
    assert {field["name"]: field["value"] for field in saved.json["fields"]}["location"] == "Dublin"
    refused = await api.person("PUT", path, {"values": {"units": "furlongs", "language": "x" * 30}})
    assert {error["field"] for error in refused.json["errors"]} == {"units", "language"}
    facts = (await api.person("GET", path.replace("/forms/about", "/people") + "/facts")).json["items"]
    assert {fact["name"]: (fact["value"], fact["source"]) for fact in facts} == {
        "location": ("Dublin", "dashboard"), "units": ("metric", "dashboard"), "language": ("de", "dashboard"),
    }  # fmt: skip
    assert (await api.person("PUT", path, {"values": {}})).status == 200
    assert (await api.person("GET", path.replace("/forms/about", "/people") + "/facts")).json["items"] == []


SCHEMA = {
    "type": "object",
    "properties": {
        "units": {"title": "Units", "enum": ["metric", "imperial"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 7, "default": 3},
        "key": {"type": "string", "writeOnly": True, "minLength": 4},
        "loud": {"type": "boolean", "description": "With bells."},
    },
}


async def test_an_admin_sets_a_feature_by_a_form_made_of_its_schema(api: Api) -> None:  # S5
    await api.users.change(features.update().where(features.c.name == "notes").values(manifest=await manifest(api)))
    await api.users.change(counters.update().where(counters.c.name == "registry").values(value=counters.c.value + 1))
    form = (await api.admin("GET", "/forms/feature/notes")).json
    kinds = {field["name"]: (field["kind"], field["max"]) for field in form["fields"]}
    assert kinds == {
        "enabled": ("select", None), "rollout": ("number", 100), "setting-units": ("select", None),
        "setting-days": ("number", 7), "setting-key": ("password", None), "setting-loud": ("select", None),
    }  # fmt: skip
    values = {"enabled": "off", "rollout": 50, "setting-units": "imperial", "setting-days": 5, "setting-key": "hidden"}
    saved = await api.admin("PUT", "/forms/feature/notes", {"values": values})
    assert saved.status == 200
    assert "hidden" not in saved.body.decode()
    told = (await api.admin("GET", "/features/notes")).json
    assert (told["enabled"], told["rollout"], told["settings"]) == (False, 50, {"units": "imperial", "days": 5})
    assert told["secrets"] == ["key"]
    other = (await api.admin("GET", "/features/notes", of="slack:T2")).json
    assert (other["enabled"], other["settings"]) == (None, {})
    kept = await api.admin("PUT", "/forms/feature/notes", {"values": {"setting-days": "", "rollout": ""}})
    assert kept.status == 200
    told = (await api.admin("GET", "/features/notes")).json
    assert (told["enabled"], told["rollout"], told["settings"], told["secrets"]) == (None, None, {}, ["key"])


async def test_a_setting_that_breaks_its_schema_is_refused_beside_its_field(api: Api) -> None:
    await api.users.change(features.update().where(features.c.name == "notes").values(manifest=await manifest(api)))
    await api.users.change(counters.update().where(counters.c.name == "registry").values(value=counters.c.value + 1))
    wrong = {"setting-days": 9, "setting-units": "furlongs", "setting-key": "abc", "rollout": 101}
    refused = await api.admin("PUT", "/forms/feature/notes", {"values": wrong})
    assert {error["field"] for error in refused.json["errors"]} == set(wrong)
    assert (await api.admin("GET", "/features/notes")).json["settings"] == {}


async def manifest(api: Api) -> dict[str, object]:
    """The manifest of `notes` with settings: as its action would have it after another PUT."""
    ((given,),) = await api.users.rows(sa.select(features.c.manifest).where(features.c.name == "notes"))
    await api.users.answered(item(message(team="T2", user="U9")))
    await api.users.answered(item(message(team="T1", user="U9")))
    return {**given, "settings_schema": SCHEMA}
