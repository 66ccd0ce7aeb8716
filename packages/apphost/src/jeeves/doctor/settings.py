"""The settings: every service would start with them."""

from collections.abc import Mapping

from jeeves import embedded, environment, registry
from jeeves.doctor.finding import Finding
from jeeves.environment import Given
from jeeves_service import tokens
from jeeves_service.errors import SettingsError


def look(environ: Mapping[str, str]) -> tuple[Given | None, list[Finding]]:
    """Return the settings where they can be read, and a finding for each line that a start would end with."""
    try:
        given = Given.read(environ)
    except SettingsError as error:
        return None, [Finding("settings", False, line, "Correct this setting, or unset it.") for line in error.lines]
    declared = registry.services()
    keys = tokens.new_keys({service.name: service.needs.scopes for service in declared})
    try:
        environment.load(embedded.environments(given, declared, keys))
    except SettingsError as error:
        return given, [Finding("settings", False, line, "Correct this setting, or unset it.") for line in error.lines]
    named = sum(name.startswith(("JEEVES_", "SLACK_")) for name in given.values)
    return given, [Finding("settings", True, f"{named} are set, and every service can read them")]
