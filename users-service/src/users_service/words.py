"""Every word of users-service that people read, by key. Translations are gettext catalogues of the English text."""

import gettext
from pathlib import Path

WORDS = {
    "apology": "Sorry, I could not do this: something went wrong on my side. Your reference is {reference}.",
}
_catalogue = gettext.translation("users_service", Path(__file__).parent / "locale", fallback=True)


def words(key: str, **values: str) -> str:
    """Return a text with its values filled in."""
    return _catalogue.gettext(WORDS[key]).format(**values)
