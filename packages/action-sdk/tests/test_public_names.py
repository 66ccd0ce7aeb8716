"""What authors of actions import changes only on purpose."""

from types import ModuleType

import pytest

import jeeves_actions
from jeeves_actions import contract, elsewhere, notebook, testing, transcript

NAMES = {
    jeeves_actions: [
        "Action",
        "Catalogue",
        "Handler",
        "NotTakenError",
        "UnknownCommandError",
        "UserFacingError",
        "is_phrase",
        "language_of",
        "say",
        "serve_action",
    ],
    contract: ["ActionContract", "answered", "refused", "shown"],
    elsewhere: ["calling_command"],
    notebook: ["Notebook"],
    testing: ["Caller", "calling", "converse", "follow_up", "match"],
    transcript: ["Turn", "fits", "hold", "turns"],
}


@pytest.mark.parametrize(("module", "names"), NAMES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_public_names_are_these(module: ModuleType, names: list[str]) -> None:
    assert sorted(module.__all__) == names
    assert all(hasattr(module, name) for name in names)
