"""What every form is: WTForms fields in a declared order, and how each is told and read."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field as Limit
from pydantic import JsonValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FloatField, Form, IntegerField, PasswordField, SelectField, TextAreaField, validators
from wtforms.fields import choices as wtforms_choices
from wtforms.fields.core import UnboundField

from jeeves_contracts.base import Contract
from jeeves_service.errors import InvalidError

Kind = Literal["text", "textarea", "number", "checkbox", "select", "password"]
KINDS: tuple[tuple[type[Field], Kind], ...] = (
    (BooleanField, "checkbox"),
    (SelectField, "select"),
    (IntegerField, "number"),
    (FloatField, "number"),
    (TextAreaField, "textarea"),
    (PasswordField, "password"),
)
Given = JsonValue


class ModelForm(Form):
    """A form of one model. `order` names every field once, as faces show them: checked when the class is made."""

    title: ClassVar[str]
    order: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        fields = {name for name in dir(cls) if isinstance(getattr(cls, name), UnboundField)}
        if len(set(cls.order)) != len(cls.order) or set(cls.order) != fields:
            raise TypeError(f"{cls.__name__}.order does not name each field once: {sorted(set(cls.order) ^ fields)}")

    def values(self) -> dict[str, Any]:
        """Return what the fields hold, by name."""
        return {name: self[name].data for name in self.order}


class Choice(Contract):
    """One of what may be chosen."""

    value: str
    label: str


class FieldTold(Contract):
    """A field as any face can show it. A limit that is null is none. `value` of a password is never told."""

    name: str
    label: str
    help: str
    kind: Kind
    required: bool
    value: JsonValue
    choices: list[Choice] | None
    min: float | None
    max: float | None
    min_length: int | None
    max_length: int | None
    pattern: str | None
    errors: list[str]


class FormTold(Contract):
    """`fields` in the order in which they are shown. `errors` of a field are empty where it is as it should be."""

    name: str
    title: str
    fields: list[FieldTold]


class Entered(Contract):
    """What was entered, by field. A field that is left out is empty; a checkbox is true or false."""

    model_config = {"extra": "forbid"}
    values: dict[str, Given] = Limit(max_length=100)


def choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Return what a SelectField offers, of values and labels."""
    make: Any = vars(wtforms_choices)["SelectChoice"]  # newer than the types of the library
    return [make(value=value, label=label) for value, label in pairs]


def filled(kind: type[ModelForm], current: Mapping[str, Any]) -> ModelForm:
    """Return a form that shows what is."""
    return kind(data=dict(current))


def entered(kind: type[ModelForm], values: Mapping[str, Given]) -> ModelForm:
    """Return a form that holds what was entered. Raises InvalidError for a field that is none, or that is no plain value."""
    if unknown := sorted(values.keys() - set(kind.order)):
        raise InvalidError(dict.fromkeys(unknown, "there is no such field"))
    if nested := sorted(name for name, value in values.items() if isinstance(value, dict | list)):
        raise InvalidError(dict.fromkeys(nested, "it is text, a number, true, false or null"))
    return kind(formdata=MultiDict((name, _typed(values.get(name))) for name in kind.order))


def checked(form: ModelForm) -> ModelForm:
    """Return the form when all is as it should be. Raises InvalidError with the first sentence for each field."""
    if not form.validate():
        raise InvalidError({name: str(form[name].errors[0]) for name in form.order if form[name].errors})
    return form


def told(name: str, form: ModelForm) -> FormTold:
    """Return a form as data."""
    return FormTold(name=name, title=form.title, fields=[_field(form[one]) for one in form.order])


def _typed(value: Given) -> str:
    if value is None or value is False:
        return ""  # an empty field, or a box that is not ticked
    return "y" if value is True else str(value)


def _field(field: Field) -> FieldTold:
    kind: Kind = next((kind for of, kind in KINDS if isinstance(field, of)), "text")
    length, pattern = _validator(field, validators.Length), _validator(field, validators.Regexp)
    between = _validator(field, validators.NumberRange)
    value = None if kind == "password" else field.data if kind == "checkbox" else (field.data if field.data != "" else None)
    return FieldTold(
        name=field.name,
        label=str(field.label.text),
        help=field.description,
        kind=kind,
        required=bool(field.flags.required),
        value=value if isinstance(value, bool | int | float | str | None) else str(value),
        choices=_choices(field),
        min=between.min if between else None,
        max=between.max if between else None,
        min_length=length.min if length and length.min > 0 else None,
        max_length=length.max if length and length.max > 0 else None,
        pattern=pattern.regex.pattern if pattern else None,
        errors=[str(error) for error in field.errors],
    )


def _choices(field: Field) -> list[Choice] | None:
    if not isinstance(field, SelectField):
        return None
    return [Choice(value=str(value), label=str(label)) for value, label, *_ in field.iter_choices()]


def _validator(field: Field, kind: type) -> Any | None:
    found: Iterable[Any] = (one for one in field.validators if isinstance(one, kind))
    return next(iter(found), None)
