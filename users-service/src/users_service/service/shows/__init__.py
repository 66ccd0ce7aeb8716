"""What people and admins are shown in chat of what users-service keeps, in its own words: a module for each topic."""

from collections.abc import Awaitable, Callable, Mapping

from jeeves_contracts.actions import Reply
from jeeves_contracts.shown import Topic
from users_service.service.shows.export import exported
from users_service.service.shows.features import features
from users_service.service.shows.showing import Asker, Showing
from users_service.service.shows.stats import stats
from users_service.service.shows.whoami import whoami

__all__ = ["SHOWS", "Asker", "Show", "Showing"]

Show = Callable[[Showing], Awaitable[list[Reply]]]
SHOWS: Mapping[Topic, Show] = {
    "features": features,
    "whoami": whoami,
    "export": exported,
    "stats": stats,
}
