"""What docs/privacy.md says of where things are kept (S7)."""

import re
import tomllib
from pathlib import Path

from users_service.api.exports import READ
from users_service.domain.export import Export
from users_service.models import metadata
from users_service.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_table_is_named() -> None:
    assert [table for table in metadata.tables if f"`{table}`" not in TEXT] == []


def test_every_part_of_an_export_is_named() -> None:
    parts = set(Export.model_fields) - {"exported_at"}
    assert [part for part in sorted(parts) if f"`{part}`" not in TEXT] == []
    assert READ.scope in TEXT


def test_the_bounds_of_the_retention_are_told() -> None:
    field = Settings.model_fields["jeeves_retention_days"]
    bounds = {getattr(one, "ge", None) or getattr(one, "le", None) for one in field.metadata}
    told = re.search(r"`JEEVES_RETENTION_DAYS` is (\d+) unless set, from (\d+) to (\d+)", TEXT)
    assert told is not None
    assert int(told[1]) == field.default
    assert {int(told[2]), int(told[3])} == bounds


def test_only_users_service_keeps_anything() -> None:  # S7
    services = {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in ROOT.glob("*/service.toml")}
    keeping = {name for name, told in services.items() if told.get("tables") or told.get("needs", {}).get("database")}
    assert len(services) > 4
    assert keeping == {"users-service"}
    assert set(services["users-service"]["tables"]) == set(metadata.tables)
