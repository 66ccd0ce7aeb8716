"""What admins may set of a feature: its switch, its share, and a field for each setting of its schema."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue
from pydantic_core import to_json
from wtforms import Field, FloatField, IntegerField, PasswordField, SelectField, StringField, validators

from jeeves_contracts.base import Json
from jeeves_contracts.registry import Feature, Local
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call
from users_service.api.policies import Policy
from users_service.domain.coercion import coerced, written
from users_service.domain.settings_schema import kinds, secrets, shapes
from users_service.domain.toggling import level
from users_service.forms.base import ModelForm, choices
from users_service.forms.model import Editor
from users_service.scope import Scope
from users_service.service import toggling
from users_service.service.toggling import is_offered, place_of

READ = Policy("feature-form", "admin", "features:read")
WRITE = Policy("feature-form", "admin", "features:write")
PREFIX = "setting-"  # of the fields that are settings: none of them is called like another field
SWITCH = ("on", "on"), ("off", "off")
USUAL = ("", "as in general")


def feature_form(feature: Feature, place: str | None) -> type[ModelForm]:
    """Return the form of a feature in an installation, or (None) in general."""
    schema, now = feature.manifest.settings_schema, shown(feature, level(feature, place))
    share = [validators.Optional() if place else validators.InputRequired(), validators.NumberRange(0, 100)]
    fields: dict[str, Any] = {
        "enabled": SelectField("Switch", choices=choices((USUAL, *SWITCH) if place else SWITCH)),
        "rollout": IntegerField("Share of people, in percent", share, description="People who have it keep it when it grows."),
    }
    for name, shape in shapes(schema).items():
        fields[f"{PREFIX}{name}"] = _field(schema, name, shape, now[f"{PREFIX}{name}"])
    return type("FeatureForm", (ModelForm,), {**fields, "title": feature.manifest.summary, "order": tuple(fields)})


def _field(schema: Json, name: str, shape: Mapping[str, Any], now: JsonValue) -> Any:
    label, says = str(shape.get("title", name))[:100], str(shape.get("description", ""))[:300]
    checks: list[Any] = [validators.Optional(), _fits(schema, name, now)]
    if name in secrets(schema):
        return PasswordField(label, checks, description=f"{says} Empty: it stays as it is.".strip())
    if offered := _offers(shape):
        pairs = dict.fromkeys([USUAL, *((_text(shape, one), _text(shape, one)) for one in offered)])
        return SelectField(label, checks, choices=choices(pairs), description=says)
    if _is_number(shape):
        between = validators.NumberRange(shape.get("minimum"), shape.get("maximum"))
        return (IntegerField if kinds(shape) == ["integer"] else FloatField)(label, [*checks, between], description=says)
    least, most = int(shape.get("minLength", -1)), int(shape.get("maxLength", -1))  # a schema may say 2.0
    told = (least, most) != (-1, -1) and (most == -1 or least <= most)
    return StringField(label, [*checks, validators.Length(least, most)] if told else checks, description=says)


def _fits(schema: Json, name: str, now: JsonValue) -> Callable[[ModelForm, Field], None]:
    """Return a check that a text is one of a setting's values, or what it is already."""

    def check(_: ModelForm, field: Field) -> None:
        if field.data == now:
            return
        try:
            coerced(schema, name, str(field.data))
        except ValueError as error:
            raise validators.StopValidation(str(error)) from None

    return check


def _offers(shape: Mapping[str, Any]) -> list[Any]:
    """Return the values that a setting chooses from, where it does."""
    offered = shape.get("enum") or ([True, False] if kinds(shape) == ["boolean"] else None)
    plain = isinstance(offered, list) and all(isinstance(one, str | int | float | bool) for one in offered)
    return list(offered or ()) if plain else []


def _is_number(shape: Mapping[str, Any]) -> bool:
    return not _offers(shape) and kinds(shape) in (["integer"], ["number"])


def _text(shape: Mapping[str, Any], value: JsonValue) -> str:
    """Return a value as it is entered; as JSON one that is not."""
    if isinstance(value, bool) and kinds(shape) == ["boolean"]:
        return "on" if value else "off"
    return to_json(value).decode() if isinstance(value, list | dict) else written(value)


def shown(feature: Feature, here: Local) -> dict[str, Any]:
    """Return what the form shows of what is decided; secrets are never shown."""
    hidden, fields = secrets(feature.manifest.settings_schema), dict[str, Any]()
    for name, shape in shapes(feature.manifest.settings_schema).items():
        value = here.settings.get(name) if name not in hidden else None
        is_number = _is_number(shape) and isinstance(value, int | float)
        fields[f"{PREFIX}{name}"] = "" if value is None else value if is_number else _text(shape, value)
    switch = {None: "", True: "on", False: "off"}[here.enabled]
    return {**fields, "enabled": switch, "rollout": here.rollout}


def asked(feature: Feature, here: Local, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form that was saved asks to change; what it leaves as it is, is not asked for."""
    schema, now = feature.manifest.settings_schema, shown(feature, here)
    settings: Json = {}
    for name in shapes(schema):
        value = values[f"{PREFIX}{name}"]
        if value is not None and (text := str(value).strip()):
            if value != now[f"{PREFIX}{name}"]:
                settings[name] = coerced(schema, name, text)
        elif name in here.settings and name not in secrets(schema):
            settings[name] = None
    enabled = {"on": True, "off": False}.get(values["enabled"])
    wanted = {"enabled": enabled, "rollout": values["rollout"], "settings": settings}
    same: dict[str, Any] = {"enabled": here.enabled, "rollout": here.rollout, "settings": {}}
    return {name: value for name, value in wanted.items() if value != same[name]}


def feature_editor() -> Editor:
    """Return the editor of features, in the installation that the query names."""

    async def load(call: Call[Any, Any, Any], subject: str) -> tuple[type[ModelForm], dict[str, Any]]:
        scope = call.scope(call.query.installation_id)
        feature = await _offered(call, subject, scope)
        return feature_form(feature, place_of(scope)), shown(feature, level(feature, place_of(scope)))

    async def save(call: Call[Any, Any, Any], subject: str, values: dict[str, Any]) -> None:
        scope = call.scope(call.query.installation_id)
        place = place_of(scope)
        before = await toggling.known(call.connection, subject)
        done = await toggling.change(call.connection, before, scope, asked(before, level(before, place), values), call.now)
        if done.became:
            await call.audit("feature.change", subject, before=done.was, after=done.became, at=place)

    async def hold(call: Call[Any, Any, Any], subject: str) -> None:
        await toggling.held(call.connection, subject)

    return Editor("feature", "A feature", "a feature's name", READ, WRITE, load, save, hold)


async def _offered(call: Call[Any, Any, Any], name: str, scope: Scope) -> Feature:
    feature = await toggling.known(call.connection, name)
    if not (call.principal.is_operator or is_offered(feature, place_of(scope))):
        raise NotFoundError(toggling.UNKNOWN)
    return feature
