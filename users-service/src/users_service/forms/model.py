"""What connects a form with what it edits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from users_service.api.call import Call
from users_service.api.policies import Policy
from users_service.forms.base import ModelForm

#: Returns the form's class, and what it shows of a subject as it is. Raises NotFoundError, DeniedError.
Load = Callable[[Call[Any, Any, Any], str], Awaitable[tuple[type[ModelForm], dict[str, Any]]]]
#: Keeps others from changing a subject until the transaction ends: before it is looked at in order to be saved.
Hold = Callable[[Call[Any, Any, Any], str], Awaitable[None]]
#: Writes what a checked form holds, each field by its name. Raises as the operation behind it does.
Save = Callable[[Call[Any, Any, Any], str, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Editor:
    """A form with what it edits. `subject` says what its last part of the path names."""

    name: str
    title: str
    subject: str
    read: Policy
    write: Policy
    load: Load
    save: Save
    hold: Hold | None = None
