"""May this person use this command here? Default deny, each refusal by its name."""

from dataclasses import dataclass

from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.registry import Registry
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.words import listed, words


@dataclass(frozen=True)
class Refusal:
    """`policy` is the rule's name, for the log; `text` what the person reads."""

    policy: str
    text: str


def is_on(intent: Intent, conversation: Conversation) -> bool:
    """Say whether the feature is on for this installation."""
    return intent.feature.enabled and conversation.installation_id not in intent.feature.disabled_for


def refusal(intent: Intent, actor: Actor, conversation: Conversation) -> Refusal | None:
    """Return why not, or None when the command may be used."""
    if not is_on(intent, conversation):
        return Refusal("feature-enabled", words("disabled", actor.locale, feature=intent.feature.name))
    if not set(intent.command.roles) & set(actor.roles):
        roles = listed([words(f"role.{role}", actor.locale) for role in intent.command.roles], actor.locale)
        return Refusal("command-roles", words("roles", actor.locale, roles=roles, command=intent.command.name))
    return None


def usable(registry: Registry, actor: Actor, conversation: Conversation) -> list[Intent]:
    """Return the commands that this person may use here: those of features with few of them first."""
    features = sorted(registry.features, key=lambda feature: len(feature.manifest.commands))
    everything = (Intent(feature, command, "") for feature in features for command in feature.manifest.commands)
    return [intent for intent in everything if refusal(intent, actor, conversation) is None]
