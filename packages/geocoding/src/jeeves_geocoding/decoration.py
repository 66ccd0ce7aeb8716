"""What people put around a name without meaning it: emoji, and characters that nobody sees."""

import re
import unicodedata

#: `:sunny:`, `:wave::skin-tone-3:` as platforms write them, and the signs themselves with what joins and colours them.
_SIGN = "[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff\U000e0020-\U000e007f]"
EMOJI = re.compile(rf"(?::[a-z0-9_+'-]{{1,60}}:|{_SIGN}[\u200d\u20e3]*|[\d#*]\u20e3)+")
#: A flag is a country: two letters as signs, or `:flag-fr:`.
FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])|:flag-([a-z]{2}):")
A = 0x1F1E6
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = "\u200c\u200d"  # which some scripts write names with
VARIANTS = "\ufe0e\ufe0f"  # of a sign: in colour or not


def plain(text: str) -> str:
    """Return a text with single blanks between its words, without what nobody sees."""
    return " ".join("".join(_seen(character) for character in text).split())


def undecorated(text: str) -> tuple[str, str | None]:
    """Return a text without emoji, and the country of the first flag among them (ISO 3166-1 alpha-2)."""
    flag = FLAG.search(text)
    country = None
    if flag:
        country = flag[3].upper() if flag[3] else "".join(chr(ord("A") + ord(letter) - A) for letter in flag.group(1, 2))
    return " ".join(EMOJI.sub(" ", text).split()), country


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    unseen = unicodedata.category(character) in INVISIBLE or character in VARIANTS
    return "" if unseen and character not in JOINERS else character
