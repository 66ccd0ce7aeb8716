"""Languages: by name, in English or their own, or by tag. Kept as a tag (BCP 47) such as `de`."""

import re
from difflib import get_close_matches

from actions_config.kinds.languages import NAMES
from actions_config.kinds.verdict import Good, Verdict, Wrong
from actions_config.values import meant, shown

BY_NAME = {name.casefold(): tag for tag, names in NAMES.items() for name in names}
TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")
SEVERAL = re.compile(r"\s*(?:,|/|&|\+|\band\b|\bor\b|\bund\b|\bet\b)\s*")
AROUND = re.compile(
    r"^(?:mainly|mostly|only|fluent|a little|in|the|native|best) |"
    r" (?:language|fluently|natively|well|please|mostly|only|best|at home)$"
)
LONGEST = 100  # characters
NEAR = 3


def read(words: str) -> Verdict:
    """Check a language."""
    said = " ".join(meant(words).casefold().rstrip("!.").split())
    if not said:
        return Wrong("missing.language")
    if len(said) > LONGEST:
        return Wrong("wrong.language", shown(said, LONGEST))
    while (less := AROUND.sub("", said)) != said and less:
        said = less
    if tag := BY_NAME.get(said) or _tag(said):
        return Good(tag, remark="" if tag.partition("-")[0] == "en" else "remark.language")
    several = [tag for part in SEVERAL.split(said) if (tag := BY_NAME.get(AROUND.sub("", part)))]
    if len(several) > 1:
        return Wrong("several.language", near=tuple(map(named, several[:NEAR])))
    near = {BY_NAME[name]: None for name in get_close_matches(said, BY_NAME, n=NEAR, cutoff=0.7)}
    return Wrong("wrong.language", shown(words, LONGEST), tuple(map(named, near)))


def named(tag: str) -> str:
    """Return a language's English name; the tag itself where it has none here."""
    whole, base = NAMES.get(tag), NAMES.get(tag.partition("-")[0])
    return whole[0] if whole else f"{base[0]} ({tag})" if base else tag


def _tag(said: str) -> str | None:
    found = TAG.fullmatch(said)
    if found is None or found[1] not in NAMES:
        return None
    return "-".join(filter(None, (found[1], (found[2] or "").title(), (found[3] or "").upper())))
