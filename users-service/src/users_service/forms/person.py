"""What a person may change of themself: a column of `people` for each field."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from wtforms import SelectField, StringField, validators

from jeeves_service.errors import NotFoundError
from users_service.api.call import Call
from users_service.api.policies import Policy
from users_service.forms.base import ModelForm, choices
from users_service.forms.model import Editor
from users_service.models import people
from users_service.repository import columns
from users_service.scope import OPERATOR
from users_service.service.people import describe, look
from users_service.service.roles import Roles

READ = Policy("person-form", "self", "people:read")
WRITE = Policy("person-form", "self", "people:write")
ZONES: tuple[tuple[str, str], ...] = (
    ("", "as Slack says"),
    *((name, name) for name in sorted(available_timezones()) if name != "localtime"),
)
PLAIN = r"^[^\x00-\x1f\x7f]*$"
LANGUAGE = r"^$|^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"


class PersonForm(ModelForm):
    """Each field is a column of the same name. Empty: what the platform says is taken again."""

    title = "You"
    order: ClassVar[tuple[str, ...]] = ("name", "locale", "timezone")
    name = StringField(
        "Name",
        [validators.Length(max=200), validators.Regexp(PLAIN, message="Leave out control characters.")],
        description="What you are called here.",
    )
    locale = StringField(
        "Language",
        [validators.Length(max=40), validators.Regexp(LANGUAGE, message="Write a language tag such as en-GB or de.")],
        description="A language tag such as en-GB: in it, places are named and numbers written.",
    )
    timezone = SelectField("Time zone", choices=choices(ZONES), description="Times are told and understood in it.")


def person_editor(roles: Roles, form: type[ModelForm] = PersonForm) -> Editor:
    """Return the editor of people's own columns."""

    async def load(call: Call[Any, Any, Any], subject: str) -> tuple[type[ModelForm], dict[str, Any]]:
        if subject != call.own:
            raise NotFoundError("There is no such form of yours.")
        found = await columns.read(OPERATOR, call.connection, people, subject, form.order)
        if found is None:
            raise NotFoundError("There is no such person.")
        return form, {name: "" if value is None else value for name, value in found.items()}

    async def save(call: Call[Any, Any, Any], subject: str, values: dict[str, Any]) -> None:
        before = await columns.read(OPERATOR, call.connection, people, subject, form.order) or {}
        after = {name: None if value == "" else value for name, value in values.items()}
        changed = {name: value for name, value in after.items() if value != before[name]}
        seen = await look(call.connection, roles, [OPERATOR], subject)
        if seen and changed:
            await describe(call.connection, seen, changed)

    return Editor("person", form.title, "a person's id", READ, WRITE, load, save)
