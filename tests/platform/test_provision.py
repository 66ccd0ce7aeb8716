"""`make test` finds servers, in this order, or says what to run."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from jeeves.provision import browser, containers, packages, postgres, rabbitmq
from jeeves.provision.means import NoMeansError, first
from jeeves.servers.processes import ServerError


def executable(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_urls_of_the_environment_are_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMQP_TEST_URL", "amqp://somewhere/")
    monkeypatch.setenv("DATABASE_TEST_URL", "postgresql+asyncpg://somewhere/x")
    with ExitStack() as ends:
        assert rabbitmq.provide(tmp_path, ends) == "amqp://somewhere/"
        assert postgres.provide(tmp_path, ends) == "postgresql+asyncpg://somewhere/x"


def test_each_way_is_tried_until_one_works(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> str | None:
        raise ServerError("no image")

    ways = [("in a container", broken), ("by magic", lambda: None), ("for real", lambda: "amqp://here/")]
    assert first("RabbitMQ", ways, "apt-get install rabbitmq-server") == "amqp://here/"
    assert capsys.readouterr().err.splitlines() == [
        "make test: RabbitMQ in a container: no image",
        "make test: RabbitMQ for real",
    ]


def test_where_nothing_works_the_line_to_run_is_told() -> None:
    with pytest.raises(NoMeansError, match="Run: apt-get install rabbitmq-server"):
        first("RabbitMQ", [("by magic", lambda: None)], "apt-get install rabbitmq-server")


def test_a_container_of_our_own_is_run_on_a_local_port_and_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(tmp_path, "docker", f'echo "$@" >> {tmp_path}/calls; [ "$1" = port ] && echo 127.0.0.1:4711; exit 0')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    engine = containers.engine()
    assert engine == "docker"
    with ExitStack() as ends:
        port, name = containers.run(engine, "postgres", "some/image", 5432, {"A": "b"}, ends=ends)
        assert (port, name[:21]) == (4711, "jeeves-test-postgres-")
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert "--publish 127.0.0.1::5432 --env A=b some/image" in calls[1]
    assert calls[-1] == f"rm --force {name}"


def test_an_engine_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(tmp_path, "docker", "exit 1")
    executable(tmp_path, "podman", "exit 125")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert containers.engine() is None


def test_without_root_and_without_a_terminal_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("apt-get", "sudo"):
        executable(tmp_path, name, f"echo {name} >> {tmp_path}/calls")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert packages.install("RabbitMQ", packages.RABBITMQ) is False
    assert not (tmp_path / "calls").exists()


def test_a_browser_is_the_one_that_is_named_else_one_that_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(tmp_path, "chromium-browser", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert browser.found() == str(tmp_path / "chromium-browser")
    executable(tmp_path, "mine", "exit 0")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert browser.found() == str(tmp_path / "mine")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    assert browser.found() is None
