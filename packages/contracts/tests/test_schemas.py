"""The committed schemas are those of the contracts, and a difference is told with what mends it."""

import json
from pathlib import Path

import pytest

from jeeves_contracts import messages, schemas
from jeeves_contracts.base import Contract

ROOT = Path(__file__).parents[3]
COMMAND = "python -m jeeves_contracts.schemas write"


def test_the_committed_schemas_are_those_of_the_contracts() -> None:  # S43
    assert schemas.check(ROOT / schemas.FOLDER, schemas.files()) == []


def test_every_event_type_has_a_schema() -> None:
    types = {value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}
    assert types == set(schemas.EVENTS)


def test_every_schema_is_complete_in_itself() -> None:
    for name, content in schemas.files().items():
        document = json.loads(content)
        assert document["$schema"] == schemas.DIALECT, name
        references = {part.split('"')[0] for part in content.split('"$ref": "')[1:]}
        assert all(reference.removeprefix("#/$defs/") in document["$defs"] for reference in references), name


def test_an_event_s_schema_names_its_type() -> None:
    document = json.loads(schemas.files()["event.job.due.v1.json"])
    assert document["properties"]["type"]["const"] == "job.due.v1"
    assert document["title"] == "Envelope of job.due.v1"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    assert schemas.main(["write", str(tmp_path)], schemas.files, COMMAND) == 0
    assert schemas.main(["check", str(tmp_path)], schemas.files, COMMAND) == 0
    return tmp_path


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "problem.json").unlink(), "problem.json is missing"),
        (lambda folder: (folder / "problem.json").write_text("{}"), "problem.json differs from the contracts"),
        (lambda folder: (folder / "event.old.v1.json").write_text("{}"), "event.old.v1.json is of no contract"),
    ],
)
def test_a_difference_is_named_with_the_command_that_mends_it(
    written: Path, capsys: pytest.CaptureFixture[str], damage: object, said: str
) -> None:
    damage(written)  # type: ignore[operator]
    assert schemas.main(["check", str(written)], schemas.files, COMMAND) == 1
    assert capsys.readouterr().err == f"{written}/{said}: run `{COMMAND} {written}`.\n"
    assert schemas.main(["write", str(written)], schemas.files, COMMAND) == 0
    assert schemas.main(["check", str(written)], schemas.files, COMMAND) == 0


@pytest.mark.parametrize("arguments", [[], ["mend"], ["check", "a", "b"]])
def test_a_wrong_command_line_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert schemas.main(arguments, schemas.files, COMMAND) == 2
    assert "usage:" in capsys.readouterr().err


def test_a_changed_contract_is_a_changed_schema() -> None:
    class Changed(Contract):
        title: str
        status: int
        colour: str

    assert schemas.text(schemas.schema("problem", Changed)) != schemas.files()["problem.json"]
