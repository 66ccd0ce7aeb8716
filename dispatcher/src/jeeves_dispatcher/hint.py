"""What nobody understands: what may have been meant, else one hint, and not the same one twice in a row."""

from collections.abc import Sequence

from jeeves_contracts import grammar
from jeeves_contracts.actions import Reply
from jeeves_contracts.base import Json
from jeeves_contracts.delivery import Previous
from jeeves_dispatcher.courtesy import heard
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.intent import Intent, Unknown
from jeeves_dispatcher.manners import Manners
from jeeves_dispatcher.own import is_for_admins
from jeeves_dispatcher.showing import SPOKEN, coded, pressing, replying, shortened
from jeeves_dispatcher.words import listed

HINT = "hint"  # the reason under which one is kept
SUGGESTION = "suggestion"
GUESSES = 3
GUESS, REMEMBERED = "guess", 3_000  # where a memo keeps the only one, of so many bytes at most
YES = frozenset(
    {"yes", "yes please", "y", "yep", "yeah", "yup", "sure", "yes i did", "i did", "right", "correct", "exactly", "ja", "oui",
     "sí"}
)  # fmt: skip


def guessed(said: str, desk: Desk, *, but: Intent | None = None) -> list[str]:
    """Return what may have been meant, as it is to be said, if it may be used here. `but` is known to be wrong."""
    good: dict[tuple[str, ...], str] = {}
    for guess in desk.grammar.guesses(said):
        meant = desk.grammar.parse(guess)
        if len(guess) > SPOKEN or isinstance(meant, Unknown | Manners):
            continue
        if isinstance(meant, Intent):
            if meant.is_of(but) or not any(meant.is_of(one) for one in desk.can):
                continue
            good.setdefault((meant.feature.name, meant.command.name, meant.text), guess)
        elif desk.is_admin or not is_for_admins(meant):
            good.setdefault((guess,), guess)
    return list(good.values())[:GUESSES]


def accepted(said: str, previous: Previous | None) -> str:
    """Return the one thing that Jeeves asked about last, where what is said now is yes to it; else nothing."""
    if previous is None or previous.feature is not None or len(said) > SPOKEN:  # an action's memo is its own
        return ""
    guess = previous.memo.get(GUESS)
    return guess if isinstance(guess, str) and " ".join(heard(word) for word in grammar.spoken(said)) in YES else ""


def suggestion(guesses: Sequence[str], desk: Desk) -> tuple[Reply, Json]:
    """Return the question whether one of them was meant, and the memo by which yes is understood."""
    named = listed([coded(shortened(guess)) for guess in guesses], desk.locale, "or")
    asking = "did_you_mean" if "help" in guesses else "suggestion"  # which leads to help anyway
    reply = replying(desk.text(asking, guesses=named), [pressing(guess) for guess in guesses])
    return reply, kept(guesses[0]) if len(guesses) == 1 else {}


def kept(asked: str) -> Json:
    """Return the memo by which yes means what is asked about; an empty one where that is too long."""
    return {GUESS: asked} if len(asked.encode()) <= REMEMBERED else {}


def hint(said: str, desk: Desk, previous: Previous | None) -> list[Reply]:
    """Return what is said to what is near to nothing.

    Where a hint was the last thing that was said, the whole of it is not said again: among others nothing is, and to somebody
    who speaks with Jeeves alone a short line, for silence reads as if nobody were there.
    """
    again = previous is not None and previous.reason == HINT
    if again and not desk.is_direct:
        return []
    if not said:
        return [Reply(text=desk.text("nothing"))]
    if again:
        return [Reply(text=desk.text("unknown_again"))]
    if not desk.can:
        return [Reply(text=desk.text("unknown_nothing"))]
    commands = listed([coded(intent.command.name) for intent in desk.can], desk.locale)
    return [Reply(text=desk.text("unknown", text=shortened(said).replace("`", "'"), commands=commands))]
