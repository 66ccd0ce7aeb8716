"""How the `jeeves` command reaches a Jeeves: the one that runs here, or another by its address and a token."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jeeves import operator
from jeeves.environment import Given
from jeeves.operator import Operator
from jeeves_service.clock import SystemClock
from jeeves_service.errors import PermanentError, SettingsError, TransientError
from support.processes import Embedded, ask, embedded
from support.slack import SlackStandIn
from support.talker import credentials


@pytest.fixture(scope="module")
def jeeves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with SlackStandIn() as slack, embedded(tmp_path_factory.mktemp("jeeves"), credentials(slack)) as one:
        one.wait(lambda: ask(f"{one.ops_url}/readyz")[0] == 200)
        yield one


def here(jeeves: Embedded) -> Operator:
    """Return the way to what runs on this machine."""
    return operator.found(Given.read({"JEEVES_DATA_DIR": jeeves.environ["JEEVES_DATA_DIR"]}))


def elsewhere(folder: Path, **settings: str) -> Operator:
    """Return the way by settings, where nothing runs."""
    return operator.found(Given.read({"JEEVES_DATA_DIR": str(folder), **settings}))


def test_what_runs_here_is_asked_as_its_operator(jeeves: Embedded) -> None:
    assert here(jeeves).ask("GET", "/me")["roles"] == ["admin", "operator"]
    names = [one["name"] for one in here(jeeves).pages("/features", limit=1, installation_id=None)]
    assert names == sorted(names)
    assert len(names) > 1


def test_another_is_asked_at_its_address_with_a_token(jeeves: Embedded, tmp_path: Path) -> None:
    expires = (SystemClock().now() + timedelta(hours=1)).isoformat()
    asked = {"name": "mine", "scopes": ["features:read"], "expires_at": expires}
    token = here(jeeves).ask("POST", "/tokens", asked)["token"]
    (tmp_path / "token").write_text(token + "\n")
    by_file = {"JEEVES_PUBLIC_URL": jeeves.url, "JEEVES_API_TOKEN_FILE": str(tmp_path / "token")}
    for found in (
        elsewhere(tmp_path, **by_file),
        operator.found(
            Given.read(
                {
                    "JEEVES_DATA_DIR": jeeves.environ["JEEVES_DATA_DIR"],
                    "JEEVES_PUBLIC_URL": jeeves.url,
                    "JEEVES_API_TOKEN": token,
                }
            )
        ),
    ):
        assert found.ask("GET", "/me")["scopes"] == ["features:read"]
        with pytest.raises(PermanentError, match="policy features-manage"):
            found.ask("DELETE", "/features/config")
    assert here(jeeves).ask("GET", "/openapi.json", headers={"Accept": "application/json"})["openapi"] == "3.1.0"
    assert here(jeeves).ask("GET", "/docs", headers={"Accept": "text/html"}).startswith(b"<!doctype html>")


def test_each_way_that_leads_nowhere_is_told(jeeves: Embedded, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Nothing runs on the data in"):
        elsewhere(tmp_path)
    with pytest.raises(SettingsError, match="JEEVES_PUBLIC_URL is wrong: it is an origin"):
        elsewhere(tmp_path, JEEVES_PUBLIC_URL="jeeves", JEEVES_API_TOKEN="x")
    with pytest.raises(SettingsError, match="Set JEEVES_PUBLIC_URL and JEEVES_API_TOKEN"):
        elsewhere(tmp_path, JEEVES_AMQP_URL="amqp://localhost").ask("GET", "/me")
    with pytest.raises(PermanentError, match="Jeeves answered 401: This token is not valid"):
        elsewhere(tmp_path, JEEVES_PUBLIC_URL=jeeves.url, JEEVES_API_TOKEN="jeeves_wrong").ask("GET", "/me")
    with pytest.raises(TransientError, match="Jeeves does not answer: no connection"):
        elsewhere(tmp_path, JEEVES_PUBLIC_URL="http://127.0.0.1:1", JEEVES_API_TOKEN="x").ask("GET", "/me")
    with pytest.raises(TransientError, match="what answers there is not Jeeves"):
        here(jeeves).ask("GET", "/docs")
