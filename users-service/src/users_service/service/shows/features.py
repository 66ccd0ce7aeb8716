"""`features`: what is on here, for whom it is; for admins with the switches and the settings of each."""

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice
from jeeves_contracts.registry import Feature
from jeeves_contracts.toggles import decide
from users_service.domain.replies import paragraphs
from users_service.service.feature_words import Reader, settings_lines, state_of, switch, zone_of
from users_service.service.shows.showing import Showing
from users_service.service.toggling import is_offered
from users_service.words import words

BUTTONS = 5  # in a row


async def features(showing: Showing) -> list[Reply]:
    """Show all that are here, or the one that is asked for."""
    asker, place = showing.asker, showing.asker.tenant.installation_id
    here = [one for one in showing.registry.features if is_offered(one, place)]
    zone = await zone_of(showing.connection, asker.person_id, asker.timezone)
    reader = Reader(place, showing.now, zone, asker.locale)
    name = " ".join(showing.about.split()).casefold()
    if not name:
        return [_all(here, reader) if asker.is_admin else _mine(here, asker.person_id, reader)]
    found = next((one for one in here if one.name == name), None)
    if found is None:
        return [_reply([words("features.unknown", asker.locale, name=name.replace("`", "'")[:40])], [])]
    return [_for_admins(found, reader) if asker.is_admin else _for_person(found, asker.person_id, reader)]


def _mine(here: list[Feature], person_id: str, reader: Reader) -> Reply:
    """Return what is on for a person."""
    on = [one for one in here if decide(one, reader.place, person_id, reader.now).on]
    if not on:
        return _reply([words("features.mine.none", reader.locale)], [])
    lines = [words("features.mine.line", reader.locale, name=one.name, summary=one.manifest.summary) for one in on]
    return _reply([words("features.mine", reader.locale), *lines, words("features.mine.more", reader.locale)], [])


def _all(here: list[Feature], reader: Reader) -> Reply:
    """Return all with their switches."""
    if not here:
        return _reply([words("features.all.none", reader.locale)], [])
    lines = [words("features.all.line", reader.locale, name=one.name, state=state_of(one, reader)) for one in here]
    buttons = [switch(one, reader) for one in here] if len(here) <= BUTTONS else []
    return _reply([words("features.all", reader.locale), *lines, words("features.all.more", reader.locale)], buttons)


def _for_person(feature: Feature, person_id: str, reader: Reader) -> Reply:
    decision = decide(feature, reader.place, person_id, reader.now)
    state = (
        words(f"features.off.{decision.policy}", reader.locale) if decision.policy else words("features.one.on", reader.locale)
    )
    commands = [
        words("features.one.usage", reader.locale, usage=one.usage.replace("`", "'"), summary=one.summary)
        for one in feature.manifest.commands
        if "member" in one.roles
    ]
    return _reply([_title(feature, reader), state, *commands], [])


def _for_admins(feature: Feature, reader: Reader) -> Reply:
    lines = [_title(feature, reader), words("features.one.state", reader.locale, state=state_of(feature, reader))]
    if settings := settings_lines(feature, reader):
        lines += [words("features.one.settings", reader.locale, name=feature.name), *settings]
    return _reply(lines, [switch(feature, reader)])


def _title(feature: Feature, reader: Reader) -> str:
    return words("features.one", reader.locale, name=feature.name, summary=feature.manifest.summary)


def _reply(lines: list[str], buttons: list[Choice]) -> Reply:
    text = "\n".join(lines)
    row: list[Block] = [ButtonsBlock(buttons=buttons)] if buttons else []
    return Reply(text=text, blocks=[*paragraphs(text), *row] if row else [], visibility="ephemeral")
