"""Every word of the dispatcher that people read, by key."""

from typing import Literal

from jeeves_service.words import Catalogue

TEXTS = {
    "apology": "Sorry, I could not do this: {feature} did not answer as it should. Your reference is {reference}.",
    "later": "Sorry, {feature} does not answer just now. Please try again in a few minutes. Your reference is {reference}.",
    "cannot_tell": (
        "I lost sight of this while {feature} was at work on it, so I cannot tell whether it was done. "
        "Please look there before you ask again. Your reference is {reference}."
    ),
    # Why not. The policy's name is what admins may be asked about.
    "refused": "{why} (policy: {policy})",
    "inactive": "I may not do anything for you, because your access to me was switched off. An admin can switch it on again.",
    "off.feature-enabled": "{feature} is switched off. An operator of Jeeves can switch it on: `jeeves features on {feature}`.",
    "off.feature-offered": "{feature} is not offered in this workspace.",
    "off.feature-installation": "{feature} is switched off here. An admin can switch it on: `features on {feature}`.",
    "off.feature-rollout": "{feature} is being brought in step by step, and it is not your turn yet.",
    "off_until.feature-enabled": "{feature} is switched off until {until}.",
    "off_until.feature-installation": "{feature} is switched off here until {until}.",
    "roles": "Only {roles} may use `{command}`.",
    "moment.tomorrow": "tomorrow {time}",
    "moment.day": "{day} {time}",
    # Administration in chat, where it was not said as it must be.
    "until_unknown": "I do not understand “{said}”. Say it for example like this: {examples}.",
    "until_past": "“{said}” is over already. Choose a time that is still to come, for example {examples}.",
    "until_on": "I can switch a feature off for a while, not on. Say {example}, and switch it off again when it is time.",
    "share_unknown": "A share is a whole number from 0 to 100. Say it for example like this: {example}.",
    "nothing": "Yes? Say `help` to see what I can do.",
    "unknown": "Sorry, I do not understand “{text}”. I can help with {commands}. Say `help` to see how.",
    "unknown_again": "I do not know that either. `help` shows what I understand.",
    "unknown_nothing": "Sorry, I cannot do anything here yet: no action is switched on.",
    "did_you_mean": "Did you mean {guesses}?",
    "suggestion": "Did you mean {guesses}? If not, `help` shows what I can do.",
    "help_title": "This is what I can do:",
    "help_group": "{summary}:",
    "help_line": "• {usage}: {summary}",
    "help_try": "Try {examples}.",
    "help_more": (
        "Say `help` with a name to see how it is used, as in `help {name}`. "
        "`undo` takes back what I changed, `stop` ends what I send by myself."
    ),
    "help_people": (
        "About you and me: `who am I`, `features`, `link accounts`, `export my data`, `delete everything about me`."
    ),
    "help_admins": (
        "For admins: `features off NAME until Monday 8:00` and `features on NAME` switch a feature, `features share NAME 10%` "
        "brings it in step by step, `config NAME` shows and changes its settings, `stats` shows what is used, and `reports` "
        "which answers were reported."
    ),
    "help_none": "No action is switched on here yet. `help` shows this list.",
    "help_topic": "{usage}: {summary}",
    "help_aliases": "You can also say {names}.",
    "help_examples": "For example {examples}.",
    "help_unknown": "I know nothing called “{topic}”.",
    "help_with": "I can help with {commands}.",
    "own.help": "`help`: shows what I can do. `help` with a name shows how it is used.",
    "own.undo": "`undo`: takes back the last thing that I changed for you, for a day after I did.",
    "own.stop": "`stop`: shows what I send you by myself, for you to end it.",
    "own.schedules": "`schedules`: shows what I send you by myself, and when.",
    "own.report": (
        "To report an answer to the admins, choose “Report this answer” in the ⋯ beside it, or say `report` and its reference."
    ),
    "own.reports": "`reports`: shows admins which answers were reported.",
    "own.whoami": "`who am I`: shows how I know you, what you may do here, and why.",
    "own.features": "`features`: shows which features there are here. `features` with a name shows one.",
    "own.features_admins": (
        "For admins: `features off NAME`, `features on NAME`, each with `until Monday 8:00` or `for 2 hours` if you like; "
        "`features share NAME 10%`; `config NAME` shows its settings, `config NAME SETTING VALUE` changes one, and `default` "
        "as the value takes it back."
    ),
    "own.stats": "`stats`: shows admins what was used this month. `stats` with a month shows another one.",
    "own.export": "`export my data`: sends you a file with everything that I keep about you.",
    "own.erase": "`delete everything about me`: tells what I would delete, and asks before I do.",
    "own.link": "`link accounts`: makes two accounts of yours, in two places, one person to me.",
    "own.not what i meant": (
        "`not what I meant`: offers what else you may have meant by what you said last. It is in the ⋯ beside an answer, too."
    ),
    "hello": "Hello",
    "hi": "{greeting}! Jeeves here. Try {examples}, or say `help`.",
    "thanks": "You are welcome.",
    "no": "All right.",
    "nod": "At your service.",
    "bye": "Goodbye.",
    "stop_nothing": "I send you nothing on my own, so there is nothing to stop.",
    "schedules_none": "I send you nothing on my own.",
    "schedules": "This is what I send you by myself:",
    "stop_which": "This is what I send you by myself. Which shall I stop?",
    "stop_unknown": "I send you nothing called “{name}”. This is what there is to stop:",
    "stop_line": "• {command}, next on {day} at {time}",
    "stop_line_over": "• {command}",
    "stop_button": "Stop {name}",
    "stopped": "I have stopped {command}.",
    "recall": "Sorry about that. You said “{text}”. What did you mean? Choose, or say it in other words.",
    "recall_empty": "Sorry about that. What did you mean? Choose, or say it in other words.",
    "recall_gone": "I do not remember what that was about. Please say what you mean in other words.",
    "undo_button": "Undo it",
    "help_button": "Help with {command}",
    "help_button_all": "Help",
    "report_button": "Report this answer",
    "not_meant_button": "Not what I meant",
    "reports_refused": "Only admins of this workspace may read what was reported.",
    "reports_none": "Nobody has reported an answer.",
    "reports_title": "These answers were reported, the newest first:",
    "reports_line": "• {reference}: {what}, {outcome} ({at})",
    "no_action": "no action",
    "choose": "Choose one:",
    "working": "is working on it…",
    "and": "{first} and {last}",
    "or": "{first} or {last}",
    "role.member": "members",
    "role.admin": "admins",
    "role.operator": "operators",
}
words = Catalogue("jeeves_dispatcher", TEXTS).text


def listed(names: list[str], locale: str | None = None, joined: Literal["and", "or"] = "and") -> str:
    """Join names as people do: `a`, `a and b`, `a, b and c`."""
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    return words(joined, locale, first=", ".join(names[:-1]), last=names[-1])
