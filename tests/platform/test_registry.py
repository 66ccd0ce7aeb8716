"""Which services there are."""

from pathlib import Path

import pytest

from jeeves import registry
from jeeves_service.errors import SettingsError


def declare(root: Path, name: str, more: str = "") -> None:
    folder = root / name
    folder.mkdir()
    text = f'name = "{name}"\npackage = "x"\nsummary = "…"\nkind = "core"\n{more}'
    (folder / "service.toml").write_text(text, encoding="utf-8")


def test_the_checkouts_services_are_found_where_they_declare_themselves() -> None:  # S15
    names = {service.name for service in registry.services()}
    assert {"users-service", "slack-ingest", "dispatcher", "actions-weather", "actions-config"} <= names
    assert names == {path.parent.name for path in registry.ROOT.glob("*/service.toml")}


def test_what_is_needed_comes_before_what_needs_it(tmp_path: Path) -> None:
    declare(tmp_path, "a", '[needs]\nservices = ["z"]\n')
    declare(tmp_path, "m", '[needs]\nservices = ["a"]\n')
    declare(tmp_path, "z")
    assert [service.name for service in registry.services(tmp_path)] == ["z", "a", "m"]


def test_a_misspelt_key_is_named(tmp_path: Path) -> None:
    declare(tmp_path, "a", "rutes = []\n")
    with pytest.raises(SettingsError, match=r"a/service\.toml.*\n*.*rutes"):
        registry.services(tmp_path)


def test_a_folder_without_services_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="runs from a checkout"):
        registry.services(tmp_path)
