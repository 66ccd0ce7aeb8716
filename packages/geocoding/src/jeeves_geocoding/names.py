"""How names of places are compared: without case, accents, hyphens and dots, in any script."""

import unicodedata

#: Letters that have no decomposition into a plain letter and a mark, but are typed as one.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
SILENT = dict.fromkeys(map(ord, ".'`\u2019\u2018\u02bc\u200b"))
BLANK = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014_/"), " ")

#: How the names of Unicode's letters begin, and the language in which Open-Meteo knows names in that script.
SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja",
    "HANGUL": "ko", "THAI": "th", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip


def fold(name: str) -> str:
    """Return a name as it is compared: `St.-Étienne` and `st etienne` are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.casefold().translate(LETTERS).translate(SILENT).translate(BLANK).split())


def languages_for(name: str, language: str) -> list[str]:
    """Return the languages to search a name in, best first: Open-Meteo knows most names only in the language they belong to."""
    scripts = [SCRIPTS[kind] for kind in (unicodedata.name(c, "").partition(" ")[0] for c in name) if kind in SCRIPTS]
    own = [language] if language != "en" or not scripts else []
    return list(dict.fromkeys([*own, *scripts[:1], "en"]))
