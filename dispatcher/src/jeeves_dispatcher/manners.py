"""A greeting, thanks, an "ok", a "no", a goodbye: messages that are nothing else. Pure, and the same for every registry."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from jeeves_contracts import grammar
from jeeves_dispatcher.courtesy import EMOJI, GREETINGS, VOCATIVES, heard

Kind = Literal["hi", "thanks", "no", "nod", "bye"]
DRAWN_OUT = re.compile(r"(.)\1{2,}")  # hiiii, sooo much
MOST, LONGEST = 12, 300  # words, and characters, of a message that is nothing but manners
THANKS = (
    "thanks", "thank you", "thank u", "thansk", "thnaks", "thnks", "thankyou", "thanx", "thx", "tnx", "ty", "tysm",
    "tyvm", "cheers", "ta", "much appreciated", "danke", "danke schön", "danke dir", "vielen dank", "besten dank",
    "merci", "gracias", "muchas gracias", "grazie", "mille grazie", "obrigado", "obrigada", "tack", "takk", "tak",
    "dank je", "dank u", "bedankt", "kiitos", "dziękuję", "arigato", "ありがとう", "谢谢", "спасибо", "good bot",
    "well done", "nice work", "good job", "great job", "you're the best", "you rock", "that helps", "that's helpful",
    "very helpful",
)  # fmt: skip
NODS = (
    "ok", "okay", "k", "kk", "great", "perfect", "nice", "cool", "super", "good", "awesome", "excellent", "brilliant",
    "lovely", "fine", "alright", "all right", "got it", "i see", "understood", "no worries", "lol", "haha",
    "wow",
)  # fmt: skip
NOES = (
    "no", "nope", "nah", "no thanks", "no thank you", "no thx", "cancel", "never mind", "nevermind", "nvm", "not now",
    "neither", "none", "none of them", "none of these", "none of those", "nein", "nein danke", "non", "non merci", "no gracias",
)  # fmt: skip
BYES = (
    "bye", "bye bye", "goodbye", "good bye", "good night", "see you", "see ya", "see you later", "see you tomorrow",
    "ciao ciao", "tschüss", "auf wiedersehen", "au revoir", "adios", "adiós", "hasta luego", "good-bye",
    "have a nice day", "have a good day",
)  # fmt: skip
#: What may stand around them without being a request.
BESIDE: dict[Kind, tuple[str, ...]] = {
    "hi": ("there", "all", "everyone", "everybody", "team", "again", "friend", "mate", "how are you", "how are you doing",
           "how are you today", "how's it going", "how do you do", "what's up", "nice to meet you", *VOCATIVES),
    "thanks": ("a lot", "a million", "so much", "very much", "so very much", "again", "for that", "for your help",
               "for the help", "for everything", "for all", "mate", "friend", "beaucoup", "mille", "vielmals", "schön",
               "indeed", "ok", "okay", "great", "perfect", "cool", "oh", "ah", *VOCATIVES),
    "no": ("then", "please", "sorry", "oh", "ok", "okay", "it's", "that's", "all right", "fine", "thanks",
           "thank you", *VOCATIVES),
    "nod": ("then", "that's", "that is", "it's", "very", "so", "really", "oh", "ah", *VOCATIVES),
    "bye": ("then", "for now", "all", "everyone", *VOCATIVES),
}  # fmt: skip
SIGNS: dict[Kind, tuple[str, ...]] = {
    "hi": (":wave:", "\U0001f44b"),
    "thanks": (":+1:", ":thumbsup:", ":pray:", ":heart:", ":ok_hand:", ":raised_hands:", ":clap:", "\U0001f44d", "\U0001f64f",
               "\u2764", "\U0001f44c", "\U0001f64c", "\U0001f44f"),
}  # fmt: skip


@dataclass(frozen=True)
class Manners:
    """`word` is the greeting as it may be given back: `Good morning`."""

    kind: Kind
    word: str = ""


def _split(*phrases: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(map(heard, phrase.split())) for phrase in phrases), key=len, reverse=True))


KNOWN: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "hi": _split(*GREETINGS),
    "thanks": _split(*THANKS),
    "no": _split(*NOES),
    "nod": _split(*NODS),
    "bye": _split(*BYES),
}
AROUND = {kind: _split(*words) for kind, words in BESIDE.items()}


def mannerly(said: str, *kinds: Kind) -> Manners | None:
    """Return what kind of courtesy all of a message is, of these kinds; None when it is, or holds, anything else."""
    places = list(islice(grammar.spans(said), MOST + 1)) if len(said) <= LONGEST else []
    if not 0 < len(places) <= MOST:
        return None
    words = [said[start:end] for start, end in places]
    plain = _plain(words)
    for kind in kinds:
        if plain and (first := _is(plain, KNOWN[kind], AROUND[kind])):
            return Manners(kind, " ".join(first).capitalize())
        if not plain and any(sign in word for sign in SIGNS.get(kind, ()) for word in words):
            return Manners(kind)
    return None


def _plain(words: list[str]) -> list[str]:
    """Return the words as they are compared, without emoji, smileys and marks."""
    parts = (DRAWN_OUT.sub(r"\1", heard(part)) for word in words for part in EMOJI.sub(" ", word).replace(",", " ").split())
    return [part for part in parts if part.strip("()-+<3")]


def _is(words: list[str], known: tuple[tuple[str, ...], ...], around: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the first known phrase when the words are nothing but such phrases and what may stand around them."""
    at, first = 0, tuple[str, ...]()
    while at < len(words):
        if found := next((phrase for phrase in known if tuple(words[at : at + len(phrase)]) == phrase), ()):
            first = first or found
        elif not (found := next((phrase for phrase in around if tuple(words[at : at + len(phrase)]) == phrase), ())):
            return ()
        at += len(found)
    return first
