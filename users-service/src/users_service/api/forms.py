"""Forms as data: any face shows them, and gives back what was entered."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from jeeves_contracts.base import Contract
from jeeves_service.errors import NotFoundError
from users_service.api.call import Call, Nothing
from users_service.api.jobs import Name
from users_service.api.paths import Where
from users_service.api.policies import Policy
from users_service.api.routing import Resource
from users_service.forms.about import about_editor
from users_service.forms.base import Entered, FormTold, checked, entered, filled, told
from users_service.forms.feature import feature_editor
from users_service.forms.model import Editor
from users_service.forms.person import person_editor
from users_service.service.roles import Roles

LIST = Policy("forms-list", "token")
USE = Policy("forms-use", "token")  # each form has the policy of what it edits, too


class FormPath(Contract):
    form: Name
    subject: Name


class EditorTold(Contract):
    """`subject` says what is named in `/forms/{form}/{subject}`."""

    name: str
    title: str
    subject: str


class Editors(Contract):
    items: list[EditorTold]


#: Each makes its editor of who may do what.
EDITORS: Sequence[Callable[[Roles], Editor]] = (person_editor, lambda _: about_editor(), lambda _: feature_editor())


class Forms:
    """The operations, with the editors that they use."""

    def __init__(self, editors: Iterable[Editor]) -> None:
        self._editors = {editor.name: editor for editor in editors}

    async def list_forms(self, _: Call[Nothing, Nothing, Nothing]) -> Editors:
        """List what there are forms for."""
        every = self._editors.values()
        return Editors(items=[EditorTold(name=one.name, title=one.title, subject=one.subject) for one in every])

    async def show_form(self, call: Call[FormPath, Where, Nothing]) -> FormTold:
        """Show a form with the values as they are."""
        kind, current = await self._editor(call, writes=False).load(call, call.path.subject)
        return told(call.path.form, filled(kind, current))

    async def check_form(self, call: Call[FormPath, Where, Entered]) -> FormTold:
        """Show a form as it was entered, with what is wrong in each field. Nothing is saved."""
        kind, _ = await self._editor(call, writes=False).load(call, call.path.subject)
        form = entered(kind, call.body.values)
        form.validate()
        return told(call.path.form, form)

    async def save_form(self, call: Call[FormPath, Where, Entered]) -> FormTold:
        """Save what was entered, all of it or nothing, and show the form as it is then."""
        used = self._editor(call, writes=True)
        if used.hold is not None:
            await used.hold(call, call.path.subject)
        kind, current = await used.load(call, call.path.subject)
        call.expect(told(call.path.form, filled(kind, current)))
        form = checked(entered(kind, call.body.values))
        await used.save(call, call.path.subject, form.values())
        kind, current = await used.load(call, call.path.subject)
        return told(call.path.form, filled(kind, current))

    def _editor(self, call: Call[FormPath, Any, Any], *, writes: bool) -> Editor:
        found = self._editors.get(call.path.form)
        if found is None:
            raise NotFoundError("There is no such form.")
        (found.write if writes else found.read).check(call.principal)
        return found


def form_routes(roles: Roles) -> Resource:
    """Return the operations about forms."""
    made, forms = Resource(), Forms(make(roles) for make in EDITORS)
    one: dict[str, Any] = {"takes": FormPath, "query": Where, "answers": FormTold}
    checks: dict[str, Any] = {"body": Entered, "transaction": "read", **one}
    made.operation("GET", "/forms", LIST, answers=Editors)(forms.list_forms)
    made.operation("GET", "/forms/{form}/{subject}", USE, has_etag=True, **one)(forms.show_form)
    made.operation("POST", "/forms/{form}/{subject}/check", USE, **checks)(forms.check_form)
    made.operation("PUT", "/forms/{form}/{subject}", USE, body=Entered, has_etag=True, **one)(forms.save_form)
    return made
