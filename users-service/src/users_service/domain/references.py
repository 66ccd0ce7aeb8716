"""The short codes by which people speak of messages, as they type them."""

import re

from users_service.domain.facts import plain

REFERENCE = re.compile("[A-Z2-7]{8}")


def reference_of(said: str) -> str | None:
    """Return a code as it is kept, in whatever case it was typed; None for what can be none."""
    code = said.strip().upper()
    return code if REFERENCE.fullmatch(code) else None


def shown(said: str) -> str:
    """Return what was typed as a code, harmless where backticks mean something."""
    return plain(said).strip().replace("`", "'")
