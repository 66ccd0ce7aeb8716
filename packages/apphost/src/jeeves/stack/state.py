"""What a stack consists of, kept in a file, so that another process can end it."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel

from jeeves.servers.postgres import PostgreSQL
from jeeves.servers.processes import Process
from jeeves.servers.rabbitmq import RabbitMQ

GATEWAY = "gateway"


class Unit(BaseModel):
    """One process of a service, or the gateway. It comes back on the same ports with the same environment."""

    name: str
    service: str
    command: list[str]
    environ: dict[str, str]
    port: int
    ops_port: int
    log: Path
    process: Process | None = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.alive


class State(BaseModel):
    """`url` is the edge's; the servers are those that we started."""

    url: str
    units: list[Unit] = []
    rabbitmq: RabbitMQ | None = None
    postgres: PostgreSQL | None = None

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return what was saved; None when nothing is up."""
        path = folder / "state.json"
        return cls.model_validate_json(path.read_bytes()) if path.exists() else None

    def save(self, folder: Path) -> None:
        """Keep it for others, readable by its owner only: it holds keys."""
        path, new = folder / "state.json", folder / "state.json.new"
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(self.model_dump_json(indent=1))
        new.replace(path)

    def of(self, service: str) -> list[Unit]:
        """Return the replicas of a service. Raises KeyError when there are none."""
        found = [unit for unit in self.units if unit.service == service]
        if not found:
            raise KeyError(service)
        return found
