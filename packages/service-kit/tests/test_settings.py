"""Settings: every mistake is one line that says what to do."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from jeeves_service.errors import SettingsError
from jeeves_service.settings import PeerSettings, ServiceSettings, unknown
from jeeves_service.tokens import new_keys

PRIVATE, PUBLIC = new_keys({"dispatcher": ()})
GOOD = {
    "JEEVES_SERVICE_KEY": PRIVATE["dispatcher"],
    "JEEVES_SERVICE_KEYS": PUBLIC,
    "JEEVES_AMQP_URL": "amqp://jeeves:hunter2@broker/",
    "JEEVES_USERS_SERVICE_URL": "http://users-service:8001",
}


def lines(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        PeerSettings.load(environ)
    return raised.value.lines


def test_settings_are_read_and_have_defaults() -> None:
    settings = PeerSettings.load(GOOD | {"JEEVES_PORT": "9000", "PATH": "/bin", "OTEL_ANYTHING": "1"})
    assert (settings.jeeves_host, settings.jeeves_port, settings.ops_port) == ("127.0.0.1", 9000, 9001)
    assert settings.jeeves_amqp_url == SecretStr("amqp://jeeves:hunter2@broker/")


def test_a_missing_setting_is_named_with_both_ways_to_give_it() -> None:
    assert lines({name: value for name, value in GOOD.items() if name != "JEEVES_AMQP_URL"}) == [
        "JEEVES_AMQP_URL is not set. Set it, or JEEVES_AMQP_URL_FILE to a file that holds it."
    ]


def test_an_empty_setting_counts_as_not_given() -> None:
    assert PeerSettings.load(GOOD | {"JEEVES_PORT": ""}).jeeves_port == 8000
    assert lines(GOOD | {"JEEVES_AMQP_URL": ""}) == [
        "JEEVES_AMQP_URL is not set. Set it, or JEEVES_AMQP_URL_FILE to a file that holds it."
    ]


def test_a_wrong_setting_is_named_without_its_value() -> None:
    [line] = lines(GOOD | {"JEEVES_PORT": "eighty-secret"})
    assert line.startswith("JEEVES_PORT is wrong: input should be a valid integer")
    assert "secret" not in line


def test_an_unknown_name_is_refused_with_the_nearest_that_exists() -> None:
    assert lines(GOOD | {"JEEVES_PROT": "1", "JEEVES_ZZZZZZZZZZZZZZZZ": "1"}) == [
        "JEEVES_PROT is not a setting of Jeeves. Did you mean JEEVES_PORT?",
        "JEEVES_ZZZZZZZZZZZZZZZZ is not a setting of Jeeves. Remove it.",
    ]


def test_settings_of_other_services_peers_and_providers_are_let_be() -> None:
    others = {
        "JEEVES_VAULT_KEYS": "x",
        "JEEVES_OAUTH_SERVICE_URL": "http://oauth-service:8001",
        "JEEVES_PROVIDER_GITHUB_CLIENT_SECRET": "x",
    }
    PeerSettings.load(GOOD | others)
    assert lines(GOOD | {"JEEVES_PROVIDER_GITHUB_COLOUR": "x"})[0].startswith("JEEVES_PROVIDER_GITHUB_COLOUR is not a setting")


def test_all_mistakes_are_told_at_once() -> None:
    assert len(lines({"JEEVES_PROT": "1", "JEEVES_PORT": "x", "JEEVES_AMQP_URL_FILE": "/nowhere/at/all"})) == 7


def test_a_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("amqp://from:file@broker/\n")
    environ = {name: value for name, value in GOOD.items() if name != "JEEVES_AMQP_URL"}
    settings = PeerSettings.load(environ | {"JEEVES_AMQP_URL_FILE": str(path)})
    assert settings.jeeves_amqp_url.get_secret_value() == "amqp://from:file@broker/"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    said = lines(GOOD | {"JEEVES_SERVICE_KEY_FILE": str(path)})
    assert said[0].startswith("JEEVES_SERVICE_KEY_FILE cannot be read: ")


def test_what_is_shown_has_no_secret_in_it() -> None:
    settings = PeerSettings.load(GOOD)
    shown = f"{settings.shown()} {settings!r} {settings}"
    assert "JEEVES_AMQP_URL" in shown
    assert "hunter2" not in shown
    assert json.loads(PRIVATE["dispatcher"])["d"] not in shown


def test_what_is_shown_is_plain() -> None:
    shown = PeerSettings.load(GOOD).shown()
    assert json.loads(json.dumps(shown)) == shown
    assert shown["JEEVES_AMQP_URL"] == "**********"


def test_every_field_of_the_kit_has_a_name_that_is_known() -> None:
    for kind in (ServiceSettings, PeerSettings):
        assert unknown({name.upper(): "1" for name in kind.model_fields}) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JEEVES_PORT", "0", "greater than or equal to 1"),
        ("JEEVES_PORT", "99999", "less than or equal to 65535"),
        ("JEEVES_OPS_PORT", "-1", "greater than or equal to 1"),
        ("JEEVES_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("JEEVES_LOG_LEVEL", "basic_format", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("JEEVES_AMQP_URL", "redis://x", "amqp://"),
        ("JEEVES_SERVICE_KEY", "garbage", "JWK"),
        ("JEEVES_SERVICE_KEY", "[]", "JWK"),
        ("JEEVES_SERVICE_KEY", PUBLIC, "JWK"),
        ("JEEVES_SERVICE_KEYS", "{}", "JWKS"),
        ("JEEVES_SERVICE_KEYS", "garbage", "JWKS"),
        ("JEEVES_USERS_SERVICE_URL", "users-service:8001", "origin"),
        ("JEEVES_USERS_SERVICE_URL", "ftp://x", "origin"),
        ("JEEVES_USERS_SERVICE_URL", "http://x/path", "origin"),
        ("JEEVES_DATABSE_URL", "x", "Did you mean JEEVES_DATABASE_URL?"),
        ("JEEVES_WETHER_URL", "x", "Did you mean JEEVES_WEATHER_URL?"),
        ("JEEVES_AMPQ_URL", "x", "Did you mean JEEVES_AMQP_URL?"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(name: str, value: str, words: str) -> None:  # S99
    [line] = lines(GOOD | {name: value})
    assert line.startswith(name)
    assert words in line
