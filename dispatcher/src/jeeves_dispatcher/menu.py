"""What can be pressed beside an answer that was not the right one."""

from jeeves_contracts.actions import Reply
from jeeves_contracts.ids import reference
from jeeves_dispatcher.corrections import report_button
from jeeves_dispatcher.showing import pressing, replying, with_menu
from jeeves_dispatcher.task import Task
from jeeves_dispatcher.words import words

ASKED = ("message", "slash_command")  # what somebody said, and so may have meant otherwise


def with_corrections(task: Task, replies: list[Reply]) -> list[Reply]:
    """Return an action's replies, the last one with a ⋯ menu where somebody had asked."""
    if not replies or task.message.trigger not in ASKED:
        return replies
    about = reference(task.message.message_id)
    not_meant = pressing(f"not what i meant {about}", words("not_meant_button", task.locale))
    return [*replies[:-1], with_menu(replies[-1], [not_meant, report_button(about, task.locale)])]


def sorry(task: Task, key: str, *, feature: str) -> list[Reply]:
    """Return an apology, with a button that reports it. Nobody hears of what nobody asked for."""
    if task.message.trigger == "schedule":
        return []
    about = reference(task.message.message_id)
    text = words(key, task.locale, reference=about, feature=feature)
    return [replying(text, [report_button(about, task.locale)])]
