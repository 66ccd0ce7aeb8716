"""What a run leaves behind can be read again, and told in a document."""

from pathlib import Path

from bench.document import tables
from bench.figures import MEASURED, figures
from bench.measure import Row
from bench.results import Results, machine, read
from bench.sizes import Sizes


def rows() -> list[Row]:
    cpu, memory = {"jeeves": 500.0, "rabbitmq": 100.0}, {"jeeves": 90.0, "dispatcher": 70.0}
    return [
        Row(name, kind, number, 10, 0, 100.0, 1.0, 2.0, 0.1, cpu, memory)
        for number in (1, 2)
        for name in MEASURED
        for kind in ("flood", "single", "offered")
    ]


def test_every_line_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    results, run = Results(tmp_path), machine(Sizes(rounds=2), "3.10.8")
    results.write("run", run)
    for row in rows():
        results.row(row)
    found = figures(rows(), 1.5, 0)
    results.write("figures", found)
    assert read(results.path) == (run, rows(), found)


def test_what_a_run_depends_on_tells_nothing_of_whose_machine_it_was() -> None:
    run = machine(Sizes(), "3.10.8")
    assert {"commit", "cores", "python", "libraries", "sizes", "load"} <= run.keys()
    assert not [value for value in run.values() if isinstance(value, str) and ("/" in value or "@" in value)]


def test_a_run_is_told_in_tables() -> None:
    lines = list(tables(machine(Sizes(), "3.10.8"), rows(), figures(rows(), 1.5, 0)))
    assert "RabbitMQ 3.10.8" in lines[0]
    assert "| stack | 100 | 600 | 1 | 2 | 600 |" in lines
    assert "| second make run to its first answer | 1.5 s | ≤ 3 s | ≤ 6 s |" in lines
    assert lines[-1].endswith(": jeeves 500, rabbitmq 100.")
