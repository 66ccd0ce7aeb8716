"""What Jeeves is to know about oneself: the facts that it reads itself, as fields."""

from typing import Any, ClassVar

from wtforms import Field, SelectField, StringField, ValidationError, validators

from jeeves_service.errors import InvalidError, NotFoundError
from users_service.api.call import Call
from users_service.api.policies import Policy
from users_service.domain import facts as rules
from users_service.domain.book import DASHBOARD
from users_service.domain.changes import ChangeRefusedError
from users_service.domain.facts import Owner
from users_service.forms.base import ModelForm, choices
from users_service.forms.model import Editor
from users_service.forms.person import ZONES
from users_service.scope import OPERATOR
from users_service.service import facts
from users_service.service.facts import Telling

READ = Policy("about-form", "self", "facts:read")
WRITE = Policy("about-form", "self", "facts:write")


def language(_: ModelForm, field: Field) -> None:
    """Let a language be one that Jeeves can read."""
    if field.data and rules.locale(field.data) is None:
        raise ValidationError("Write a language such as de or en-GB.")


class AboutForm(ModelForm):
    """Each field is a fact of the same name. Empty: it is not known."""

    title = "About you"
    order: ClassVar[tuple[str, ...]] = ("location", "timezone", "units", "language")
    location = StringField("Place", [validators.Length(max=200)], description="Such as London, UK: where weather is told for.")
    timezone = SelectField("Time zone", choices=choices((("", "not told"), *ZONES[1:])))
    units = SelectField("Units", choices=choices((("", "as is usual there"), ("metric", "metric"), ("imperial", "imperial"))))
    language = StringField("Language", [validators.Length(max=40), language], description="Such as de or en-GB.")


def about_editor() -> Editor:
    """Return the editor of people's own facts."""

    async def load(call: Call[Any, Any, Any], subject: str) -> tuple[type[ModelForm], dict[str, Any]]:
        known = {one.name: one.value for one in await facts.listed(OPERATOR, call.connection, _mine(call, subject))}
        return AboutForm, {name: known.get(name, "") for name in AboutForm.order}

    async def save(call: Call[Any, Any, Any], subject: str, values: dict[str, Any]) -> None:
        of, telling = _mine(call, subject), Telling(DASHBOARD, call.now)
        await facts.hold(OPERATOR, call.connection, of)
        known = {one.name: one.value for one in await facts.listed(OPERATOR, call.connection, of)}
        for name, value in values.items():
            if value in (None, "") and name in known:
                await facts.forget(OPERATOR, call.connection, of, name, telling)
            elif value not in (None, "", known.get(name)):
                try:
                    await facts.put(OPERATOR, call.connection, of, name, value, telling=telling)
                except ChangeRefusedError as refused:
                    raise InvalidError({name: str(refused)}) from None
        await call.audit("fact.put", subject)

    return Editor("about", AboutForm.title, "a person's id", READ, WRITE, load, save)


def _mine(call: Call[Any, Any, Any], subject: str) -> Owner:
    if call.own != subject:
        raise NotFoundError("There is no such form of yours.")
    return Owner("person", subject)
