"""The documents that are made from the code, and compared with it: `python -m jeeves.docs write|check`."""

from collections.abc import Callable

from jeeves.docs import requirements, settings

#: Path below the checkout's root → what makes its text. Each raises DocsError where something is not described.
GENERATED: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings.render,
    "docs/requirements.md": requirements.render,
}
