"""How much is measured: settings of the benchmark itself, each with a default that keeps a whole run below six minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Sizes:
    """Each field is read from `BENCH_<NAME>`.

    `rounds` of all subjects in turn; `seconds` of each measurement. `ack_rate` and `path_rate` are offered, in events a second:
    the former where only the acknowledgement is measured, the latter where the reply is. `ack_window` and `path_window` are
    how many events are under way at once where as many as possible are sent.
    """

    rounds: int = 3
    seconds: float = 5.0
    ack_rate: float = 800.0
    path_rate: float = 80.0
    ack_window: int = 32
    path_window: int = 128

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Read them. Raises ValueError that names the setting."""
        given: dict[str, float] = {}
        for field in fields(cls):
            name, kind = f"BENCH_{field.name.upper()}", int if field.type is int else float
            try:
                value = kind(environ.get(name) or field.default)  # type: ignore[arg-type]
            except ValueError:
                value = 0
            if value <= 0:
                raise ValueError(f"{name} is a number above 0")
            given[field.name] = value
        return cls(**given)  # type: ignore[arg-type]
