"""The cases that every reader of a toggle answers alike: packages/contracts/corpus/toggles.json."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jeeves_contracts.registry import Feature, Registry
from jeeves_contracts.toggles import Decision

CORPUS = Path(__file__).parents[2] / "packages" / "contracts" / "corpus" / "toggles.json"
COMMAND = {"name": "play", "usage": "play", "summary": "Plays."}


@dataclass(frozen=True)
class DecisionCase:
    """What is decided for a person in an installation at an instant. `says` is the case in words."""

    says: str
    feature: Feature
    installation_id: str
    person_id: str
    now: datetime
    decision: Decision


@dataclass(frozen=True)
class SettingsCase:
    """What settings hold in an installation."""

    says: str
    feature: Feature
    installation_id: str
    settings: dict[str, Any]


@cache
def decision_cases() -> list[DecisionCase]:
    """Return every case of a decision."""
    return [
        DecisionCase(
            one["says"],
            feature_of(one["feature"]),
            one["installation"],
            one["person"],
            datetime.fromisoformat(one["now"]),
            Decision.from_bytes(json.dumps({name: one.get(name) for name in ("on", "policy", "until")})),
        )
        for one in _read("decisions")
    ]


@cache
def settings_cases() -> list[SettingsCase]:
    """Return every case of settings."""
    return [
        SettingsCase(one["says"], feature_of(one["feature"], one["schema"]), one["installation"], one["settings"])
        for one in _read("settings")
    ]


def feature_of(fields: dict[str, Any], schema: dict[str, Any] | None = None) -> Feature:
    """Return a feature of these fields, with a manifest of one command, as it is read from JSON."""
    name = fields.get("name", "weather")
    manifest = {"name": name, "version": "1", "summary": name, "commands": [COMMAND], "settings_schema": schema or {}}
    return Feature.from_bytes(json.dumps({"name": name, "url": "http://x", "manifest": manifest, **fields}))


def travelled(*features: Feature) -> Registry:
    """Return a registry of these features as it arrives at the dispatcher."""
    return Registry.from_bytes(Registry(revision=1, features=list(features)).to_bytes())


def _read(kind: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(CORPUS.read_text(encoding="utf-8"))[kind]
    return cases
