"""All words of slack-ingest that people read."""

import gettext

TEXTS = {"choose": "Choose…"}
translation = gettext.NullTranslations()


def say(key: str) -> str:
    """Return the text of a key, in the language of the catalogue."""
    return translation.gettext(TEXTS[key])
