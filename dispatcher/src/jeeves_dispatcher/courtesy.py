"""What people say around a request out of kindness: taken off, never a reason not to understand."""

import re
from collections.abc import Iterator
from itertools import islice

from jeeves_contracts import grammar

LONGEST = 2_000  # characters of what may still have courtesies around it
STEPS = 8  # courtesies taken off the start
#: `:wave:`, `:wave::skin-tone-3:`, and the signs themselves: decoration where they stand before a request.
EMOJI = re.compile(
    r"(?::[a-z0-9_+'-]{1,60}:|[\u2600-\u27bf\u2b50\U0001f000-\U0001faff][\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff]*)+"
)
VOCATIVES = ("jeeves", "@jeeves", "bot", "@bot")
GREETINGS = (
    "hi", "hello", "hey", "hii", "helo", "hiya", "heya", "heyy", "hullo", "howdy", "yo", "hallo", "hola", "bonjour",
    "bonsoir", "salut", "ciao", "buongiorno", "moin", "servus", "hej", "hei", "ahoj", "olá", "ola", "namaste",
    "greetings", "good morning", "good afternoon", "good evening", "good day", "morning", "evening", "guten morgen",
    "guten tag", "guten abend", "grüezi", "grüß gott", "buenos dias", "buenos días", "buenas tardes", "bom dia",
    "god morgon", "goedemorgen", "こんにちは", "你好", "привет",
)  # fmt: skip
ASKING = (
    "please", "pls", "plz", "kindly", "bitte", "por favor", "s'il te plaît", "s'il vous plaît", "could you",
    "can you", "would you", "will you", "can u", "could u", "would you mind", "can i ask", "may i ask", "tell me",
    "give me", "show me", "let me know", "let me see", "i'd like to know", "i would like to know", "i want to know",
    "i need to know", "i wonder", "i'd like", "i would like", "i want", "i need", "do you know", "ok", "okay", "so",
    "well", "now", "just", "sorry", "thanks", "thank you", "excuse me", "quick question", "the",
    "oops", "oh", "ah", "hmm", "wait", "actually",
)  # fmt: skip
AFTER = (
    "please", "pls", "plz", "thanks", "thank you", "thank you very much", "thanks a lot", "thx", "ty", "cheers",
    "bitte", "danke", "por favor", "gracias", "s'il te plaît", "s'il vous plaît", "merci", "if you can",
    "if possible", "jeeves",
)  # fmt: skip
#: Words that want one more word: what follows is told, be it `please`.
OPEN = frozenset(
    {"is", "are", "was", "were", "=", "as", "to", "called", "named", "say", "says", "of", "for", "in", "word", "and"}
)


def heard(word: str) -> str:
    """Return a word as it is compared: without case, marks around it, and apostrophes."""
    return grammar.compared(grammar.bare(word))


def _sequences(*groups: tuple[str, ...]) -> dict[int, frozenset[tuple[str, ...]]]:
    """Return phrases by how many words they have, the longest first."""
    split = {tuple(map(heard, phrase.split())) for group in groups for phrase in group}
    lengths = sorted({len(words) for words in split}, reverse=True)
    return {length: frozenset(words for words in split if len(words) == length) for length in lengths}


BEFORE_WORDS = _sequences(GREETINGS, VOCATIVES, ASKING)
AFTER_WORDS = _sequences(AFTER)
MOST = max(BEFORE_WORDS)


def readings(said: str) -> Iterator[str]:
    """Yield what was said, and then without one courtesy after the other at its start."""
    yield said
    if len(said) > LONGEST:
        return
    for _ in range(STEPS):
        shorter = _without_first(said)
        if shorter in ("", said):
            return
        yield (said := shorter)


def trimmed(said: str) -> str:
    """Return what was said without the courtesies at its end. What wants another word keeps it: `my motto is please`."""
    while len(said) <= LONGEST:
        places = list(grammar.spans(said))
        words = [heard(said[start:end]) for start, end in places]
        length = next((n for n, known in AFTER_WORDS.items() if len(words) > n and tuple(words[-n:]) in known), 0)
        if not length or words[-length - 1] in OPEN:
            return said
        said = said[: places[-length - 1][1]].rstrip(" ,;")
    return said


def _without_first(said: str) -> str:
    places = list(islice(grammar.spans(said), MOST))
    if not places:
        return said
    first = said[places[0][0] : places[0][1]]
    if decoration := EMOJI.match(first):
        return said[places[0][0] + decoration.end() :].lstrip(" ,:;-\u2013\u2014")
    words = [heard(said[start:end]) for start, end in places]
    length = next((n for n, known in BEFORE_WORDS.items() if tuple(words[:n]) in known), 0)
    return said[places[length - 1][1] :].lstrip(" ,:;-\u2013\u2014\n") if length else said
