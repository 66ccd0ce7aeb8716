"""A question: `what is my birthday`, `what do you know about me`, `what was my location before`."""

import re

from actions_config.reading import scopes
from actions_config.reading.said import Said
from actions_config.reading.wishes import More, Show, ShowAll, ShowNotes, Wish

LONGEST = 300  # characters of a question
EVERYTHING = frozenset(
    {"", "all", "everything", "facts", "settings", "config", "preferences", "profile", "it", "it all", "all of it", "data",
     "all facts", "all my facts", "my facts", "my data", "all settings", "my settings", "my preferences", "my profile",
     "me", "myself", "about me", "show", "list", "get", "display", "show me", "information", "info", "details", "my details"}
)  # fmt: skip
_OWNER = r"(?:(?P<owner>my|our|this channel's|this channels|the channel's|this room's|the workspace's|this workspace's|the) )?"
_SHOWING = "show me|show|get|list|display|tell me|give me|print|read|see|view"
_TIME = "(?: (?:again|now|right now|currently|today|at the moment))?"
_BE = r"(?P<be>'s|'re| is| are| was| were|s)"
PAGE = re.compile(rf"(?:(?:{_SHOWING}) )?(?P<whom>.*?) ?page (?P<page>[1-9]\d{{0,2}})")
ABOUT = re.compile(
    rf"(?:(?:{_SHOWING}) )?(?:what|everything|all|all that|anything|which facts) (?:(?:else )?(?:do|have|did) )?"
    r"(?:(?:you|i) )(?:still )?(?:know|knew|remember|remembered|store|stored|have|keep|kept|tell you|told you|learn|learned)"
    r"(?: stored| on file| saved| noted)?(?: (?:about|of|on|for) (?P<what>.+))?"
)
TELL_ABOUT = re.compile(r"(?:(?:tell me|show me|show) )?(?:all |everything )?about (?P<what>.+)")
SOURCE = re.compile(
    rf"(?:how|since when|why|where|from where) (?:do|did) you (?:know|get|have|learn) (?:about )?{_OWNER}(?P<name>.+)"
)
HISTORY = re.compile(
    rf"(?:(?:{_SHOWING}) )?(?:me )?(?:the )?(?:history|past|changes|earlier values|old values) (?:of|for|to) {_OWNER}"
    r"(?P<name>.+)"
)
RECALL = re.compile(rf"(?:do you (?:know|remember|still know|have)|(?:{_SHOWING})) {_OWNER}(?P<name>.+?){_TIME}")
QUESTION = re.compile(
    rf"(?:what|when|where|who|which|how|how old|how tall){_BE} {_OWNER}(?P<name>.+?)(?: called| named)?"
    rf"(?P<past> (?:before(?: that)?|previously|earlier|in the past|until now))?{_TIME}"
)
BARE = re.compile(rf"(?:what|which) {_OWNER}(?P<name>.+?)")
ALSO = re.compile(rf"(?:and|and what about|what about|how about|and what is|and what's|and when is) {_OWNER}(?P<name>.+)")
#: What may be in a note: `am I vegetarian`, `what do I like`.
ONESELF = re.compile(r"(?:(?:what|where|when|which) )?(?:am|do|have|did) i (?P<what>.+)")
ENDING = re.compile(r"(?P<name>.+) (?:for|in|of) (?P<whom>this channel|the channel|the workspace|the whole workspace)")
WHOLE: dict[str, Wish] = {
    "where do i live": Show("location"), "where am i": Show("location"), "where do you think i live": Show("location"),
    "where i live": Show("location"), "what city am i in": Show("location"), "where am i based": Show("location"),
    "what time zone am i in": Show("timezone"), "what timezone am i in": Show("timezone"),
    "which time zone am i in": Show("timezone"), "which timezone am i in": Show("timezone"),
    "what language do i speak": Show("language"), "which language do i speak": Show("language"),
    "when do i work": Show("working hours", plural=True), "what are my hours": Show("working hours", plural=True),
    "which units do i use": Show("units", plural=True), "what units do i use": Show("units", plural=True),
    "what do you know about us": ShowAll("channel"), "what do you know about us here": ShowAll("channel"),
    "what do you know": ShowAll(), "who am i": ShowAll("person"), "do you know me": ShowAll("person"),
    "do you remember me": ShowAll("person"),
    "more": More(), "show more": More(), "show me more": More(), "next": More(), "next page": More(), "the rest": More(),
    "show the rest": More(), "and the rest": More(), "go on": More(), "continue": More(),
}  # fmt: skip


def asked(said: Said) -> Wish | None:
    """Read a question, None where it is none."""
    whole = said.whole
    if len(whole) > LONGEST:
        return None
    if wish := WHOLE.get(whole):
        return wish
    if whole in EVERYTHING:
        return ShowAll()
    if (found := PAGE.fullmatch(whole)) and (page := _all(found["whom"], int(found["page"]))):
        return page
    if found := ABOUT.fullmatch(whole) or TELL_ABOUT.fullmatch(whole):
        return _about(found["what"] or "me")
    if found := ONESELF.fullmatch(whole):
        return ShowNotes(frozenset(found["what"].split()))
    for pattern in (HISTORY, SOURCE, RECALL, ALSO, QUESTION, BARE):
        if found := pattern.fullmatch(whole):
            groups = found.groupdict()
            was = pattern is HISTORY or bool(groups.get("past")) or (groups.get("be") or "").strip() in ("was", "were")
            return _one(
                found["name"], found["owner"], past=was, plural=(groups.get("be") or "").strip() in ("are", "'re", "were")
            )
    return None


def _one(name: str, owner: str | None, *, past: bool = False, plural: bool = False) -> Wish:
    if not past and (name in EVERYTHING or (owner is None and scopes.about(name))):
        return _about(name) if scopes.about(name) else ShowAll()
    scope = scopes.OWNERS.get(owner or "")
    if found := ENDING.fullmatch(name):
        name, scope = found["name"], scopes.about(found["whom"])
    return Show(name, scope, plural=plural, past=past)


def _about(what: str) -> Wish:
    if what in EVERYTHING and not scopes.about(what):
        return ShowAll()
    if scope := scopes.about(what):
        return ShowAll(scope)
    owner, rest = scopes.owned(Said(what))
    return Show(rest.text, owner, about=owner is None)


def _all(whom: str, page: int) -> Wish | None:
    scope = scopes.about(whom.removeprefix("about "))
    return ShowAll(scope, page) if scope or not whom else None
