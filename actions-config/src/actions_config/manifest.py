"""What this action offers."""

from collections.abc import Sequence

from actions_config.words import TEXTS, WORDS
from jeeves_contracts.actions import ALL_FACTS, Command, Manifest

#: What people say instead of `config …`. All of a text reaches the command, which reads it once more, by its own grammar.
TOLD = [
    "my {name} is {value}", "my {name} are {value}", "my {name} = {value}", "my {name} is", "my {name} are",
    "my {name} isn't {value}", "my {name} aren't {value}",
    "my location", "my location: {value}", "my units", "my units: {value}", "my timezone", "my timezone: {value}",
    "my time zone", "my time zone: {value}", "my language", "my language: {value}", "my working hours",
    "my working hours: {value}",
    "i live in {value}", "i moved to {value}", "i've moved to {value}", "i just moved to {value}", "i speak {value}",
    "i work from {start} to {end}", "i work {start} to {end}",
    "set my {name} to {value}", "change my {name} to {value}", "update my {name} to {value}",
    "set my {name}", "change my {name}", "set location {value}", "set location", "change location {value}", "set units {value}",
    "set timezone {value}", "change timezone {value}",
    "units {value}", "location {value}", "timezone {value}", "time zone {value}", "language {value}",
    "working hours {value}",
    "what do you know about me",
    "set language {value}", "use metric", "use imperial", "use celsius", "use fahrenheit", "use metric units",
    "use imperial units",
    "this channel's {name} is {value}", "this channel's {name} are {value}", "the workspace's {name} is {value}",
    "the workspace's {name} are {value}", "our {name} is {value}", "our {name} are {value}",
]  # fmt: skip
REMEMBERED = [
    "note that {what}", "note: {what}", "note down that {what}", "note down: {what}", "make a note that {what}",
    "make a note: {what}", "take a note: {what}", "note to self: {what}", "keep in mind that {what}", "keep in mind {what}",
    "bear in mind that {what}", "don't forget that {what}", "don't forget {what}", "do not forget {what}", "memorise {what}",
    "memorize {what}", "for this channel: {what}", "for this channel, {what}", "for this channel {what}",
    "in this channel: {what}", "for everybody here: {what}", "for everyone here: {what}", "for everybody here, {what}",
    "for everyone here, {what}", "for everybody: {what}", "for everyone: {what}", "for the whole workspace: {what}",
    "for the whole workspace, {what}", "for the workspace: {what}", "for this workspace: {what}",
]  # fmt: skip
FORGOTTEN = [
    "delete my {name}", "remove my {name}", "erase my {name}", "clear my {name}", "unset my {name}", "reset my {name}",
    "delete everything you know about me", "delete everything about me", "erase everything you know about me",
    "delete everything", "erase everything",
    "delete this channel's {name}", "don't remember my {name}", "stop remembering my {name}",
]  # fmt: skip
ASKED = [
    "what is my {name}", "what's my {name}", "whats my {name}", "what are my {name}", "what was my {name}",
    "what were my {name}", "when is my {name}", "when's my {name}", "where is my {name}", "who is my {name}",
    "who's my {name}", "when is {whose} birthday", "what is the {name} of my {thing}",
    "show my {name}", "show me my {name}", "tell me my {name}", "do you know my {name}", "do you remember my {name}",
    "where do i live", "when do i work", "what language do i speak", "what time zone am i in", "what timezone am i in",
    "who am i",
    "what do you know about {whom}", "what do you remember about {whom}", "what you know about {whom}",
    "tell me what you know about {whom}", "what do you remember", "show facts",
    "what else do you know about {whom}", "what did i tell you", "what have i told you", "what did i tell you about {whom}",
    "everything you know about {whom}", "show everything you know about {whom}", "tell me about me", "do you know me",
    "history of my {name}", "show the history of my {name}", "show me the history of my {name}",
    "how do you know my {name}", "since when do you know my {name}",
    "what is this channel's {name}", "what's this channel's {name}",
    "what is the workspace's {name}", "what is our {name}", "what's our {name}",
    "what are our {name}", "when is our {name}",
    "what is the {name}", "what's the {name}", "what are the {name}", "when is {name}", "when's {name}", "when are {name}",
    "where is {name}", "where's {name}", "where are the {name}", "who is {name}", "who's {name}", "who are the {name}",
    "am i {what}", "what am i {what}", "do i like {what}", "what do i like", "what do i like {what}", "what do i prefer",
    "what do i prefer {what}",
]  # fmt: skip
#: Answers to the question whether everything is to be forgotten.
ANSWERED = [
    "yes", "yes please", "yes, please", "yep", "yeah", "sure", "yes, do it", "do it", "go ahead", "yes, forget everything",
    "of course", "no", "no thanks", "no, thanks", "nope", "don't", "no, don't", "no, keep it", "keep it", "cancel",
    "better not", "rather not",
]  # fmt: skip
CONTINUED = [
    "more", "show more", "show me more", "next", "next page", "the rest", "show the rest", "go on", "continue",
    "and my {name}", "what about my {name}", "how about my {name}", "and what about my {name}", "and what is my {name}",
]  # fmt: skip


def manifest() -> Manifest:
    """Return the manifest."""
    return Manifest(
        name="config",
        version="2.0.0",
        summary=WORDS.text("summary"),
        commands=[
            _command("config", TOLD, [*ANSWERED, *CONTINUED], aliases=["settings", "preferences"]),
            _command("remember", REMEMBERED),
            _command("forget", FORGOTTEN, ANSWERED),
            _command("facts", ASKED, CONTINUED),
        ],
        facts=[ALL_FACTS],
        timeout_seconds=10,
    )


def _command(name: str, phrases: list[str], follow_ups: Sequence[str] = (), aliases: Sequence[str] = ()) -> Command:
    text = WORDS.text
    examples = [text(key) for key in TEXTS if key.startswith(f"{name}.example.")]
    return Command(
        name=name,
        aliases=list(aliases),
        usage=text(f"{name}.usage"),
        summary=text(f"{name}.summary"),
        examples=examples,
        phrases=phrases,
        follow_ups=list(follow_ups),
        effect="changes",
    )
