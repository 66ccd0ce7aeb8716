"""The JSON Schemas of all public contracts: `python -m jeeves_contracts.schemas write|check [folder]`.

They are generated, committed, and compared by `make check`, so that a change of a contract is seen in review.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jeeves_contracts import actions, delivery, knowledge, messages, problem, schedules, shown
from jeeves_contracts.base import Contract
from jeeves_contracts.envelope import Envelope

FOLDER = Path("docs/schemas")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
EVENTS: dict[str, type[Contract]] = {
    messages.MESSAGE_RECEIVED: messages.MessageReceived,
    messages.JOB_DUE: messages.JobDue,
    messages.REPLY_REQUESTED: messages.ReplyRequested,
    messages.INSTALLATION_REMOVED: messages.InstallationRemoved,
}
CALLS: dict[str, tuple[type[Contract], type[Contract]]] = {
    "claim": (delivery.ClaimRequest, delivery.ClaimAnswer),
    "begin": (delivery.BeginRequest, delivery.BeginAnswer),
    "answer": (delivery.AnswerRequest, delivery.AnswerAnswer),
    "take": (delivery.TakeRequest, delivery.TakeAnswer),
    "settle": (delivery.SettleRequest, delivery.SettleAnswer),
}
KNOWLEDGE: dict[str, tuple[type[Contract], type[Contract]]] = {
    "book": (knowledge.HeldRequest, knowledge.Book),
    "recall": (knowledge.RecallRequest, knowledge.Recalled),
    "reports": (knowledge.HeldRequest, knowledge.Reports),
    "show": (shown.ShowRequest, shown.Shown),
}
RUNS: dict[str, tuple[type[Contract], type[Contract]]] = {
    "lease": (schedules.LeaseRequest, schedules.LeaseAnswer),
    "published": (schedules.PublishedRequest, schedules.PublishedAnswer),
}


def contracts() -> dict[str, type[Contract]]:
    """Return every public contract by its file's name, without the ending."""
    found: dict[str, type[Contract]] = {
        "action.manifest": actions.Manifest,
        "action.request": actions.ActionRequest,
        "action.answer": actions.ActionAnswer,
        "problem": problem.Problem,
    }
    for event, data in EVENTS.items():
        found[f"event.{event}"] = Envelope[data]  # type: ignore[valid-type]
    for kind, calls in {"delivery": CALLS, "knowledge": KNOWLEDGE, "runs": RUNS}.items():
        for call, (request, answer) in calls.items():
            found[f"{kind}.{call}.request"], found[f"{kind}.{call}.answer"] = request, answer
    return found


def schema(name: str, contract: type[Contract]) -> dict[str, Any]:
    """Return a contract's JSON Schema, as its readers validate."""
    made = contract.model_json_schema(mode="validation")
    if name.startswith("event."):
        made["title"] = f"Envelope of {name.removeprefix('event.')}"
        made["properties"]["type"]["const"] = name.removeprefix("event.")
    return {"$schema": DIALECT, **made}


def files() -> dict[str, str]:
    """Return the text of every schema file by its name."""
    return {f"{name}.json": text(schema(name, contract)) for name, contract in contracts().items()}


def text(document: Mapping[str, Any]) -> str:
    """Return JSON as it is committed: the same for the same contract, whatever the order of its making."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Write the files, and take away those of contracts that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in wanted.items():
        (folder / name).write_text(content, encoding="utf-8")
    for path in _left(folder, wanted):
        path.unlink()
    return []


def check(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Return a line for each file that is missing, differs, or is left over."""
    lines = []
    for name, content in wanted.items():
        path = folder / name
        if not path.is_file():
            lines.append(f"{path} is missing")
        elif path.read_text(encoding="utf-8") != content:
            lines.append(f"{path} differs from the contracts")
    return lines + [f"{path} is of no contract" for path in _left(folder, wanted)]


def _left(folder: Path, wanted: Mapping[str, str]) -> list[Path]:
    kinds = {name.partition(".")[0] for name in wanted}
    return [path for path in sorted(folder.glob("*.json")) if path.name.partition(".")[0] in kinds and path.name not in wanted]


def main(arguments: list[str], wanted: Callable[[], Mapping[str, str]], command: str) -> int:
    """Do as the command line says. `command` is what mends a difference."""
    doing = {"write": write, "check": check}.get(arguments[0] if arguments else "")
    if doing is None or len(arguments) > 2:  # noqa: PLR2004
        sys.stderr.write(f"usage: {command.replace('write', 'write|check')} [folder]\n")
        return 2
    folder = Path(arguments[1]) if len(arguments) > 1 else FOLDER
    lines = doing(folder, wanted())
    sys.stderr.writelines(f"{line}: run `{command} {folder}`.\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], files, "python -m jeeves_contracts.schemas write"))
