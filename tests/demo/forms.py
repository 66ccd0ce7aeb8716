"""The forms of Jeeves that a conversation can be held with: each with a data folder of its own that ends with it."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from jeeves.servers.processes import free_ports
from jeeves.stack.stack import Stack
from support.processes import embedded


@contextlib.contextmanager
def embedded_form(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """One process."""
    with embedded(folder, settings) as one:
        yield one.url


@contextlib.contextmanager
def stack_form(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """One process per service behind Traefik."""
    port, ops_port = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JEEVES_", "SLACK_"))}
    ports = {"JEEVES_PORT": str(port), "JEEVES_OPS_PORT": str(ops_port), "JEEVES_DATA_DIR": str(folder / "data")}
    stack = Stack({**kept, **ports, **settings})
    try:
        stack.up()
        yield stack.url
    finally:
        stack.destroy()


@contextlib.contextmanager
def running_form(_folder: Path, _settings: Mapping[str, str]) -> Iterator[str]:
    """One that runs already, such as Compose's: DEMO_URL is its edge; it was started with the settings of the demo."""
    yield os.environ["DEMO_URL"]


FORMS = {"embedded": embedded_form, "stack": stack_form, "running": running_form}
