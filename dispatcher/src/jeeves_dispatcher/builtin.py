"""What the dispatcher answers by itself: help, and a hint where nothing fits."""

from jeeves_contracts.actions import Reply
from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.registry import Registry
from jeeves_dispatcher.intent import Help, Intent, Unknown
from jeeves_dispatcher.policy import refusal
from jeeves_dispatcher.words import listed, words

QUOTED = 80  # characters of what was said that are repeated
LONGEST = 10_000  # characters of help


def usable(registry: Registry, actor: Actor, conversation: Conversation) -> list[Intent]:
    """Return the commands that this person may use here."""
    everything = (Intent(feature, command, "") for feature in registry.features for command in feature.manifest.commands)
    return [intent for intent in everything if refusal(intent, actor, conversation) is None]


def answer(parsed: Help | Unknown, registry: Registry, actor: Actor, conversation: Conversation) -> Reply:
    """Return help from the live registry, or a hint."""
    can, locale = usable(registry, actor, conversation), actor.locale
    if isinstance(parsed, Help):
        return Reply(text=_help(can, locale), visibility="channel" if conversation.is_direct else "ephemeral")
    if not parsed.text:
        return Reply(text=words("nothing", locale))
    if not can:
        return Reply(text=words("unknown_nothing", locale))
    said = parsed.text if len(parsed.text) <= QUOTED else parsed.text[: QUOTED - 1] + "…"
    commands = listed([f"`{intent.command.name}`" for intent in can], locale)
    return Reply(text=words("unknown", locale, text=said.replace("`", "'"), commands=commands))


def _help(can: list[Intent], locale: str | None) -> str:
    lines: list[str] = []
    for intent in can:
        lines.append(words("help_line", locale, usage=intent.command.usage, summary=intent.command.summary))
        if intent.command.examples:
            examples = ", ".join(f"`{example}`" for example in intent.command.examples[:3])
            lines.append(words("help_examples", locale, examples=examples))
    text = "\n".join([words("help_title", locale), *lines])
    whole = text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n…"
    return f"{whole}\n{words('help_help', locale)}"
