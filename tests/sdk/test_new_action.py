"""`make new-action`: names, files, and the place in docker-compose.yml; `test_first_answer.py` makes a whole one."""

from pathlib import Path

import pytest
import yaml

from jeeves.new_action import compose
from jeeves.new_action.make import write
from jeeves.new_action.names import Named, objection
from jeeves.registry import ROOT, services
from jeeves_service.errors import PermanentError

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
TAKEN = {"weather": "actions-weather", "forecast": "actions-weather"}


@pytest.mark.parametrize("name", ["dice", "pub-quiz", "a", "k8s", "x" * 30])
def test_a_name_that_fits_is_taken(name: str, tmp_path: Path) -> None:
    assert objection(name, TAKEN, tmp_path) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "make new-action NAME=dice"),
        ("Dice", "“Dice” is no name for an action"),
        ("dice!", "small letters, digits and single hyphens"),
        ("pub_quiz", "is no name"),
        ("pub--quiz", "is no name"),
        ("-dice", "is no name"),
        ("dice-", "is no name"),
        ("8ball", "beginning with a letter"),
        ("../dice", "is no name"),
        ("dice\n", "is no name"),
        ("$(rm -r x)", "is no name"),
        ("würfel", "is no name"),
        ("x" * 31, "at most 30 characters"),
        ("stop", "Jeeves answers to “stop” itself"),
        ("forecast", "“forecast” is a command of actions-weather already"),
        ("there", "actions-there is there already, and is left as it is"),
    ],
)
def test_a_name_that_does_not_fit_is_refused_with_the_reason(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "actions-there").mkdir()
    assert told in (objection(name, TAKEN, tmp_path) or "")


def test_its_place_in_compose_is_like_its_neighbours() -> None:
    before, after = yaml.safe_load(COMPOSE), yaml.safe_load(compose.added(COMPOSE, Named("pub-quiz")))
    made, neighbour = after["services"].pop("actions-pub-quiz"), after["services"]["actions-config"]
    assert made["networks"] == ["actions"]  # and no way to the outside, until somebody gives it one
    assert made["environment"].keys() == {"JEEVES_SERVICE_KEY_FILE", "JEEVES_SERVICE_KEYS_FILE", "JEEVES_LOG_LEVEL"}
    neighbour = neighbour | {
        "networks": made["networks"],
        "environment": {name: neighbour["environment"][name] for name in made["environment"]},
    }
    assert yaml.safe_dump(made) == yaml.safe_dump(neighbour).replace("actions-config", "actions-pub-quiz")
    assert after["secrets"].pop("actions-pub-quiz")["file"].endswith("/keys/actions-pub-quiz.json")
    given = after["services"]["users-service"]["environment"]
    assert given["JEEVES_ACTIONS"].endswith(",pub-quiz=http://actions-pub-quiz:8000}")
    given["JEEVES_ACTIONS"] = before["services"]["users-service"]["environment"]["JEEVES_ACTIONS"]
    assert after == before


def test_nothing_in_compose_is_lost_and_two_go_beside_each_other() -> None:
    text = compose.added(compose.added(COMPOSE, Named("dice")), Named("pub-quiz"))
    left = iter(text.splitlines())
    assert all(line in left for line in COMPOSE.splitlines() if "JEEVES_ACTIONS:" not in line)
    assert {"actions-dice", "actions-pub-quiz"} <= set(yaml.safe_load(text)["services"])


def test_a_compose_file_of_another_form_is_left_alone() -> None:
    with pytest.raises(PermanentError, match="no list of secrets"):
        compose.added("services: {}\n", Named("dice"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The folder of an action as it is made."""
    write(Named("pub-quiz"), tmp_path / "actions-pub-quiz")
    return tmp_path / "actions-pub-quiz"


def test_what_is_made_declares_itself(made: Path) -> None:
    (declared,) = services(made.parent)
    assert (declared.name, declared.package, declared.feature) == ("actions-pub-quiz", "actions_pub_quiz", "pub-quiz")


def test_every_file_of_it_is_short_enough_to_be_read_at_once(made: Path) -> None:
    lengths = {path.name: path.read_text(encoding="utf-8").count("\n") for path in made.rglob("*") if path.is_file()}
    assert max(lengths.values()) <= 40, lengths


def test_what_is_there_is_never_written_over(made: Path) -> None:
    mine = made / "src/actions_pub_quiz/service.py"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write(Named("pub-quiz"), made)
    assert mine.read_text(encoding="utf-8") == "mine"
