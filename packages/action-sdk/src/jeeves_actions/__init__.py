"""Write an action in ten lines: see the package's README."""

from jeeves_actions.action import Action, Handler, UnknownCommandError
from jeeves_actions.errors import NotTakenError, UserFacingError
from jeeves_actions.saying import say
from jeeves_actions.server import serve_action
from jeeves_contracts.grammar import is_phrase
from jeeves_service.words import Catalogue, language_of

__all__ = [
    "Action",
    "Catalogue",
    "Handler",
    "NotTakenError",
    "UnknownCommandError",
    "UserFacingError",
    "is_phrase",
    "language_of",
    "say",
    "serve_action",
]
