"""What a person wants with facts, read from their words: `config set location Paris` and `I live in Paris` are one."""

from actions_config.reading import asking, forgetting, telling
from actions_config.reading.said import Said
from actions_config.reading.wishes import Hint, Say, ShowAll, Wish

REMEMBERING = (
    "remember", "memorise", "memorize", "note", "note down", "make a note", "make a note of", "take note", "take a note",
    "note to self", "keep in mind", "bear in mind", "don't forget", "do not forget", "dont forget", "learn", "save",
    "store", "record", "you should know", "fyi",
)  # fmt: skip
SETTING = ("set", "change", "update", "correct", "make", "put", "i set", "i changed", "i want to change", "let me change")
YES = frozenset(
    {"yes", "yes please", "yep", "yeah", "yup", "sure", "yes sure", "do it", "yes do it", "go ahead", "yes go ahead", "confirm",
     "i am sure", "i'm sure", "yes i am sure", "yes i'm sure", "yes forget everything", "of course", "please do", "y",
     "ja", "oui"}
)  # fmt: skip
NO = frozenset(
    {"no", "no thanks", "no thank you", "nope", "don't", "do not", "no don't", "cancel", "keep everything", "keep it",
     "no keep it", "keep it all", "keep them", "better not", "rather not", "not now", "please don't", "n", "nein", "non"}
)  # fmt: skip
HELP = frozenset({"help", "help me", "how", "usage", "?"})


def understand(text: str) -> Wish:
    """Read a wish from all that was said, with or without the word for it at its start."""
    said = Said.of(text)
    whole = said.whole.replace(",", "")
    if not len(said):
        return ShowAll()
    if whole in HELP:
        return Hint("help")
    if whole in YES or whole in NO:
        return Say(yes=whole in YES)
    if said.starts(*forgetting.VERBS):
        return forgetting.forgotten(said)
    if count := said.starts(*REMEMBERING):
        return telling.remembered(_without(said.after(count), REMEMBERING))
    if count := said.starts(*SETTING):
        return telling.ordered(_without(said.after(count), SETTING))
    return asking.asked(said) or telling.mentioned(said)


def _without(said: Said, verbs: tuple[str, ...]) -> Said:
    """Take off the same again: a command's name before a phrase that says the same."""
    said = said.beyond(*verbs)
    return said.after(1) if said.raw[:1] and said.raw[0] in (":", "-", "\uff1a") else said
