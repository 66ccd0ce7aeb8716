"""A run passes or fails by its file of figures, and says why."""

from pathlib import Path

import pytest

from bench.budget import Line, failing, read, shown, table
from bench.figures import MEASURED, figures
from bench.measure import Row
from bench.parts import BOLT_ACK, INGEST
from bench.whole import EMBEDDED, STACK

MORE = Line(about="rate", unit="x", better="higher", target=2, floor=1)
LESS = Line(about="time", unit="ms", better="lower", target=8, floor=40)


def row(subject: str, kind: str, round_: int = 1, **more: float) -> Row:
    values = {"per_second": 100.0, "p50": 1.0, "p99": 2.0, "lost": 0, "used": 1000.0, "memory": 50.0} | more
    name = "jeeves" if subject == EMBEDDED else "dispatcher"
    return Row(
        subject, kind, round_, 10, int(values["lost"]), values["per_second"], values["p50"], values["p99"], 0.1,
        {name: values["used"]}, {name: values["memory"], "rabbitmq": 900.0},
    )  # fmt: skip


def rows(**of_stack: float) -> list[Row]:
    subjects = MEASURED
    return [
        row(name, kind, **(of_stack if name == STACK else {})) for name in subjects for kind in ("flood", "single", "offered")
    ]


@pytest.mark.parametrize(
    ("line", "measured", "said"),
    [
        (MORE, 2.0, "reached"), (MORE, 1.99, "not yet"), (MORE, 1.0, "not yet"), (MORE, 0.99, "BELOW ITS FLOOR"),
        (LESS, 8.0, "reached"), (LESS, 8.1, "not yet"), (LESS, 40.0, "not yet"), (LESS, 40.1, "BELOW ITS FLOOR"),
    ],
)  # fmt: skip
def test_a_figure_is_told_by_its_target_and_its_floor(line: Line, measured: float, said: str) -> None:
    assert line.verdict(measured) == said


def test_what_is_below_its_floor_or_was_not_measured_fails() -> None:
    budget = {"more": MORE, "less": LESS, "gone": LESS}
    assert failing(budget, {"more": 0.5, "less": 3.0}) == ["more", "gone"]
    lines = list(table(budget, {"more": 0.5, "less": 3.0}))
    assert [line.split()[0] for line in lines[1:]] == ["rate", "time", "time"]
    assert "BELOW ITS FLOOR" in lines[1]
    assert "≥ 2 x" in lines[1]
    assert "≤ 40 ms" in lines[2]
    assert "NOT MEASURED" in lines[3]


@pytest.mark.parametrize(("value", "said"), [(0.5432, "0.543 x"), (2.0, "2 x"), (251.3, "251 x"), (12.34, "12.3 x")])
def test_figures_are_shown_with_three_digits(value: float, said: str) -> None:
    assert shown(value, "x") == said


def test_the_file_has_a_line_for_each_figure_that_is_measured_and_no_other() -> None:
    budget = read()
    assert budget.keys() == figures(rows(), 1.0, 0).keys()
    assert [name for name, line in budget.items() if not line.reaches(line.target, line.floor)] == []


def test_a_file_with_a_mistake_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "budget.toml"
    file.write_text('[a]\nabout = "a"\nunit = ""\nbetter = "more"\ntarget = 1\nfloor = 1\n', encoding="utf-8")
    with pytest.raises(ValueError, match="better"):
        read(file)


def test_ratios_are_taken_round_by_round_and_the_middle_one_counts() -> None:
    slow = [row(BOLT_ACK, "flood", n, per_second=rate) for n, rate in ((1, 100.0), (2, 10.0), (3, 50.0))]
    ours = [row(INGEST, "flood", n, per_second=rate) for n, rate in ((1, 150.0), (2, 20.0), (3, 500.0))]
    kept = [one for one in rows() if (one.subject, one.kind) not in ((BOLT_ACK, "flood"), (INGEST, "flood"))]
    assert figures([*kept, *slow, *ours], 1.0, 0)["ingest_rate"] == 2.0


def test_messages_a_cpu_second_count_all_processes_and_memory_only_services() -> None:
    found = figures(rows(used=2500.0, memory=61.0, lost=2), 1.5, 3)
    assert found["distributed_per_cpu_second"] == 400.0
    assert found["service_memory"] == 61.0
    assert found["embedded_memory"] == 50.0
    assert (found["second_start"], found["unanswered"], found["doubled"]) == (1.5, 6, 3)


def test_a_measurement_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="stack was not measured: single"):
        figures([one for one in rows() if (one.subject, one.kind) != (STACK, "single")], 1.0, 0)
