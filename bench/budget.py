"""The figures of a run against what is wanted of them (`budget.toml`)."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = Path(__file__).parent / "budget.toml"


class Line(BaseModel):
    """What one figure is to be. `floor` is the worst that passes, whichever way is better."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    unit: str
    better: Literal["higher", "lower"]
    target: float
    floor: float

    def reaches(self, measured: float, wanted: float) -> bool:
        """Say whether a figure is as good as what is wanted, or better."""
        return measured >= wanted if self.better == "higher" else measured <= wanted

    def verdict(self, measured: float) -> str:
        """Return one word, or three."""
        if not self.reaches(measured, self.floor):
            return "BELOW ITS FLOOR"
        return "reached" if self.reaches(measured, self.target) else "not yet"


def read(path: Path = FILE) -> dict[str, Line]:
    """Return every figure's line. Raises ValueError for a file that is not right."""
    return TypeAdapter(dict[str, Line]).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))


def failing(budget: Mapping[str, Line], figures: Mapping[str, float]) -> list[str]:
    """Return what is below its floor, and what was not measured at all."""
    return [name for name, line in budget.items() if name not in figures or not line.reaches(figures[name], line.floor)]


def table(budget: Mapping[str, Line], figures: Mapping[str, float]) -> Iterable[str]:
    """Yield the lines of one table of all figures, in the file's order."""
    width = max(len(line.about) for line in budget.values())
    yield f"{'':<{width}}  {'measured':>12} {'target':>12} {'floor':>12}"
    for name, line in budget.items():
        sign = "≥" if line.better == "higher" else "≤"
        target, floor = (f"{sign} {shown(value, line.unit)}" for value in (line.target, line.floor))
        measured = shown(figures[name], line.unit) if name in figures else "—"
        said = line.verdict(figures[name]) if name in figures else "NOT MEASURED"
        yield f"{line.about:<{width}}  {measured:>12} {target:>12} {floor:>12}  {said}"


def shown(value: float, unit: str) -> str:
    """Return a figure for people: three digits of it, and its unit."""
    digits = f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"  # noqa: PLR2004
    return f"{digits} {unit}".strip()
