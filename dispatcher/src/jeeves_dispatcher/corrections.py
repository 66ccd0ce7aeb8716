"""An answer that was not to the question: what else there is to choose, and what admins read of those reported."""

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Choice
from jeeves_contracts.knowledge import Recalled, Reports
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.hint import guessed
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.showing import LONGEST, ROW, SPOKEN, coded, pressing, replying, shortened
from jeeves_dispatcher.words import words

OTHERS = 2  # other readings of the same words


def choices(recalled: Recalled, desk: Desk) -> Reply:
    """Return what a person can choose instead of the answer that they got: first what that answer itself offered."""
    if not recalled.found:
        return replying(desk.text("recall_gone"), visibility=desk.aside)
    wrong = next((i for i in desk.can if (i.feature.name, i.command.name) == (recalled.feature, recalled.command)), None)
    said = shortened(recalled.text).replace("`", "'")
    text = desk.text("recall", text=said) if said else desk.text("recall_empty")
    ways_out = _ways_out(recalled, wrong, desk)
    known = {choice.command for choice in ways_out}
    offered: dict[str, Choice] = {}
    for choice in (*recalled.choices, *map(pressing, _others(recalled.text, wrong, desk))):
        if choice.command not in known:
            offered.setdefault(choice.command, choice)
    return replying(text, [*list(offered.values())[: ROW - len(ways_out)], *ways_out], visibility=desk.aside)


def _ways_out(recalled: Recalled, wrong: Intent | None, desk: Desk) -> list[Choice]:
    """Return help, and about the answer itself its undoing and its report."""
    label = desk.text("help_button", command=wrong.command.name) if wrong else desk.text("help_button_all")
    found = [pressing(f"help {wrong.command.name}" if wrong else "help", label)]
    if recalled.can_undo and recalled.reference:
        found.append(pressing(f"undo {recalled.reference}", desk.text("undo_button")))
    return [*found, report_button(recalled.reference, desk.locale)] if recalled.reference else found


def report_button(reference: str, locale: str | None = None) -> Choice:
    """Return the button that reports an answer to the admins."""
    return pressing(f"report {reference}", words("report_button", locale))


def listing(reports: Reports, desk: Desk) -> Reply:
    """Return what was reported, for admins."""
    if not reports.allowed:
        return replying(desk.text("reports_refused"), visibility=desk.aside)
    if not reports.reports:
        return replying(desk.text("reports_none"), visibility=desk.aside)
    lines = [desk.text("reports_title")]
    for report in reports.reports:
        what = " ".join(dict.fromkeys(part for part in (report.feature, report.command) if part)) or desk.text("no_action")
        outcome = f"{report.outcome}, {report.reason}" if report.reason else report.outcome
        at = f"{report.at.day} {report.at:%B, %H:%M %Z}"
        lines.append(desk.text("reports_line", reference=coded(report.reference), what=what, outcome=outcome, at=at))
    return replying("\n".join(lines)[:LONGEST], visibility=desk.aside)


def _others(said: str, wrong: Intent | None, desk: Desk) -> list[str]:
    """Return what is near to what was said, and the same words for the other commands of the same feature.

    Of these only what changes nothing: words that were meant for another command are soon pressed, and then done.
    """
    near = guessed(said, desk, but=wrong)
    meant = desk.grammar.parse(said)
    rest = meant.text if isinstance(meant, Intent) and not meant.args and meant.is_of(wrong) else ""
    same = [i for i in desk.can if wrong and i.feature.name == wrong.feature.name and not i.is_of(wrong)]
    beside = [f"{intent.command.name} {rest}".strip() for intent in same if intent.command.effect == "none"]
    return [one for one in dict.fromkeys([*near, *beside]) if len(one) <= SPOKEN][:OTHERS]
