"""The words that people read: one catalogue per service, in English, translated by gettext where a translation exists."""

import gettext
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

LANGUAGE = re.compile(r"([a-z]{2,3})([-_].*)?", re.IGNORECASE)


def language_of(locale: str | None) -> str:
    """Return a locale's language (`en-GB` → `en`), English when it says none."""
    named = LANGUAGE.fullmatch(locale or "")
    return named[1].lower() if named else "en"


@lru_cache(maxsize=64)
def _translation(package: str, language: str) -> gettext.NullTranslations:
    return gettext.translation(package, Path(str(files(package) / "locale")), [language], fallback=True)


class Catalogue:
    """Texts by key; a text's `{places}` are filled after it was translated, so that no value is read as a template.

    Nothing is looked up before the first text is asked for, and never in the environment: the language is the person's.
    """

    def __init__(self, package: str, texts: Mapping[str, str]) -> None:
        """`package` is both the gettext domain and where `locale/<language>/LC_MESSAGES` lies."""
        self._package, self._texts = package, texts

    def text(self, key: str, locale: str | None = None, **values: object) -> str:
        """Return a text. Raises KeyError for a key, or a place in the text, that is not given."""
        return _translation(self._package, language_of(locale)).gettext(self._texts[key]).format(**values)
