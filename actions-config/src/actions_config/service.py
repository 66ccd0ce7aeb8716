"""What somebody who tells, asks or takes back a fact is answered, and what changes by it."""

from actions_config.answering.desk import Desk
from actions_config.answering.forget import forget
from actions_config.answering.keep import keep
from actions_config.answering.overview import overview
from actions_config.answering.show import notes, show
from actions_config.kinds import Kinds
from actions_config.reading import understand, wishes
from actions_config.reading.wishes import Wish
from jeeves_contracts.actions import ActionAnswer, ActionRequest

#: Commands whose name is the verb of what is said with them.
VERBS = ("remember", "forget")


class ConfigService:
    """Answers requests. What changes travels with the answer, and is stored with it or not at all."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    async def answer(self, request: ActionRequest) -> ActionAnswer:
        """Answer a request of any of the commands."""
        return await self._answer(_wish(request), Desk.of(request))

    async def _answer(self, wish: Wish, desk: Desk) -> ActionAnswer:
        match wish:
            case wishes.Tell() | wishes.TellSeveral() | wishes.Note() | wishes.Ours() | wishes.NotSo():
                return await keep(wish, desk, self._kinds)
            case wishes.Show():
                return show(wish, desk)
            case wishes.ShowNotes():
                return notes(wish, desk) or overview(wishes.ShowAll("person"), desk)
            case wishes.ShowAll() | wishes.More():
                return overview(wish, desk)
            case wishes.Forget() | wishes.ForgetAll() | wishes.Say():
                return forget(wish, desk)
            case wishes.Hint():
                return desk.say(f"hint.{wish.key}")


def _wish(request: ActionRequest) -> Wish:
    """Read what was said. A phrase comes whole; a command's name is put back before what followed it."""
    wish = understand(request.text)
    if request.command in VERBS:
        return wish if isinstance(wish, wishes.Say) else understand(f"{request.command} {request.text}")
    is_name = request.command == "facts" and isinstance(wish, wishes.Hint) and request.text.strip() != "help"
    return wishes.Show(request.text) if is_name else wish
