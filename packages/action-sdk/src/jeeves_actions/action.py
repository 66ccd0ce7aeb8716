"""An action: a manifest, and one handler for each of its commands."""

from collections.abc import Awaitable, Callable

from pydantic import ValidationError

from jeeves_actions.promised import broken
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Manifest
from jeeves_contracts.grammar import RESERVED

Handler = Callable[[ActionRequest], Awaitable[ActionAnswer]]


class UnknownCommandError(LookupError):
    """The manifest has no such command."""


class Action:
    """Collects the handlers of a manifest's commands."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._commands = {command.name: command for command in manifest.commands}
        self._handlers: dict[str, Handler] = {}

    def command(self, name: str) -> Callable[[Handler], Handler]:
        """Make the decorated function the handler of a command.

        Raises ValueError when the manifest does not have it, or it has a handler already.
        """

        def register(handler: Handler) -> Handler:
            if name not in self._commands:
                raise ValueError(f"the manifest of {self.manifest.name} has no command {name}")
            if name in self._handlers:
                raise ValueError(f"the command {name} has two handlers")
            self._handlers[name] = handler
            return handler

        return register

    def check(self) -> None:
        """Raise ValueError when a command has no handler, or a name that is Jeeves' own."""
        names = {name for command in self.manifest.commands for name in (command.name, *command.aliases)}
        if taken := sorted(names & RESERVED):
            raise ValueError(f"Jeeves answers to these itself: {', '.join(taken)}")
        if missing := sorted(self._commands.keys() - self._handlers.keys()):
            raise ValueError(f"no handler for: {', '.join(missing)}")

    async def invoke(self, request: ActionRequest) -> ActionAnswer:
        """Answer a request.

        Raises UnknownCommandError; ValueError when a handler makes an answer that is not valid, or not what the manifest
        promises; whatever else the handler raises.
        """
        command = self._commands.get(request.command)
        if command is None:
            raise UnknownCommandError(request.command)
        try:
            answer = await self._handlers[command.name](request)
        except ValidationError as error:  # the action's own mistake, not its caller's; and no word of anybody's in the log
            places = [".".join(map(str, wrong["loc"])) for wrong in error.errors(include_input=False)]
            raise ValueError(f"{command.name} made no valid {error.title}: {', '.join(places)}") from None
        if promise := broken(self.manifest, command, answer):
            raise ValueError(f"{command.name} {promise}")
        return answer
