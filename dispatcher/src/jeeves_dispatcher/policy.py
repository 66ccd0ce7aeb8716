"""May this person use this command here, now? Default deny, each refusal by its name, which the person reads too.

In this order: `person-active`, the policies of the feature (jeeves_contracts.toggles), `command-roles`.
"""

from dataclasses import dataclass
from datetime import datetime

from jeeves_contracts.people import Actor, Conversation
from jeeves_contracts.registry import Registry
from jeeves_contracts.toggles import Decision, decide
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.moments import moment
from jeeves_dispatcher.words import listed, words


@dataclass(frozen=True)
class Refusal:
    """`policy` is the rule's name; `text` what the person reads, which ends with it."""

    policy: str
    text: str


def inactive(actor: Actor) -> Refusal | None:
    """Return why nothing at all is done for a person, where they were deactivated."""
    return None if actor.roles else _refused("person-active", words("inactive", actor.locale), actor)


def refusal(intent: Intent, actor: Actor, conversation: Conversation, now: datetime) -> Refusal | None:
    """Return why not, or None when the command may be used."""
    if no := inactive(actor):
        return no
    decision = decide(intent.feature, conversation.installation_id, actor.person_id, now)
    if decision.policy:
        return _refused(decision.policy, _why_off(intent.feature.name, decision, actor, now), actor)
    if not set(intent.command.roles) & set(actor.roles):
        roles = listed([words(f"role.{role}", actor.locale) for role in intent.command.roles], actor.locale)
        return _refused("command-roles", words("roles", actor.locale, roles=roles, command=intent.command.name), actor)
    return None


def usable(registry: Registry, actor: Actor, conversation: Conversation, now: datetime) -> list[Intent]:
    """Return the commands that this person may use here: those of features with few of them first."""
    features = sorted(registry.features, key=lambda feature: len(feature.manifest.commands))
    everything = (Intent(feature, command, "") for feature in features for command in feature.manifest.commands)
    return [intent for intent in everything if refusal(intent, actor, conversation, now) is None]


def _why_off(feature: str, decision: Decision, actor: Actor, now: datetime) -> str:
    if decision.until is None:
        return words(f"off.{decision.policy}", actor.locale, feature=feature)
    until = moment(decision.until, now, actor.timezone, actor.locale)
    return words(f"off_until.{decision.policy}", actor.locale, feature=feature, until=until)


def _refused(policy: str, why: str, actor: Actor) -> Refusal:
    return Refusal(policy, words("refused", actor.locale, why=why, policy=policy))
