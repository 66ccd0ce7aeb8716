"""Whom a fact is about: the person who speaks, the channel they speak in, or the whole workspace."""

from actions_config.reading.said import COLONS, Said
from jeeves_contracts.knowledge import Scope

PEOPLE = ("me", "myself", "just me", "me only", "only me", "me alone")
CHANNEL = (
    "this channel", "the channel", "this room", "this group", "this conversation", "here", "us here", "all here",
    "all of us here", "everybody here", "everyone here", "everybody in this channel", "everyone in this channel",
    "all in this channel", "everyone in here", "everybody in here", "the people here",
)  # fmt: skip
WORKSPACE = (
    "the workspace", "this workspace", "the whole workspace", "the entire workspace", "the company", "the whole company",
    "our company", "the organisation", "the organization", "the whole organisation", "everybody", "everyone",
    "everybody in the workspace", "everyone in the workspace", "everybody in the company", "everyone in the company",
)  # fmt: skip
WHOM: dict[str, Scope] = {
    **dict.fromkeys(PEOPLE, "person"), **dict.fromkeys(CHANNEL, "channel"), **dict.fromkeys(WORKSPACE, "workspace"),
}  # fmt: skip
BEFORE: dict[str, Scope] = {f"for {whom}": scope for whom, scope in WHOM.items()} | {
    "in this channel": "channel", "in here": "channel", "in the whole workspace": "workspace", "in this workspace": "workspace",
}  # fmt: skip
AFTER: dict[str, Scope] = {
    **dict.fromkeys(("for this channel", "in this channel", "for everybody here", "for everyone here"), "channel"),
    **dict.fromkeys(("for the whole workspace", "for this workspace", "for the workspace"), "workspace"),
}  # fmt: skip
OWNERS: dict[str, Scope] = {
    "my": "person", "this channel's": "channel", "the channel's": "channel", "this channels": "channel",
    "this room's": "channel", "the workspace's": "workspace", "this workspace's": "workspace", "the company's": "workspace",
}  # fmt: skip


def about(words: str) -> Scope | None:
    """Return whom words name, None where they name none of these."""
    return WHOM.get(words)


def taken_off(said: Said) -> tuple[Scope | None, Said]:
    """Part `for this channel: standup is at 9:30`, or with the same words at its end."""
    if count := said.starts(*BEFORE):
        scope, rest = BEFORE[" ".join(said.plain[:count])], said.after(count)
        return scope, rest.after(1) if rest.raw[:1] and rest.raw[0] in (*COLONS, "-", ",") else rest
    if (count := said.ends(*AFTER)) and count < len(said):
        return AFTER[" ".join(said.plain[-count:])], Said(said.part(0, len(said) - count).rstrip(" ,;"))
    return None, said


def owned(said: Said) -> tuple[Scope | None, Said]:
    """Part `this channel's standup`; articles tell nothing."""
    if count := said.starts(*OWNERS):
        return OWNERS[" ".join(said.plain[:count])], said.after(count)
    return None, said.after(1) if len(said) > 1 and said.starts("the", "a", "an") else said
