"""Everything about the person as a file, for them alone."""

from jeeves_contracts.actions import File, Reply
from users_service.service.exports import TooLargeError, export
from users_service.service.shows.showing import Showing
from users_service.words import words

NAME = "jeeves-export.json"
LARGEST = 700_000  # bytes of a file in a chat


async def exported(showing: Showing) -> list[Reply]:
    """Return a direct message with the file, or with how else to get it."""
    asker = showing.asker
    try:
        found = await export(showing.connection, showing.roles, asker.person_id, showing.now, limit=LARGEST)
    except TooLargeError:
        return [Reply(text=words("export.large", asker.locale, limit=f"{LARGEST // 1000} kB"), visibility="direct")]
    if found is None:
        return [Reply(text=words("erase.nobody", asker.locale), visibility="direct")]
    text = words("export.file", asker.locale, file=NAME)
    return [Reply(text=text, file=File.of(NAME, found), visibility="direct")]
