"""Who is let in where, worked out from the operations: `python -m users_service.api.matrix write|check [file]`.

The table is generated, committed, and compared by `make check`; a test asks every operation as each of the askers.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from quart import Quart

from jeeves_service.bus import connect
from jeeves_service.clock import SystemClock
from jeeves_service.errors import DeniedError, UnauthenticatedError
from jeeves_service.http import HttpClient
from jeeves_service.tokens import new_keys
from users_service.api.openapi import placeholders
from users_service.api.policies import Policy
from users_service.api.principals import Principal
from users_service.api.routing import Operation
from users_service.app import NAME, create_app
from users_service.settings import Settings

FILE = Path("docs/policies.md")
COMMAND = "python -m users_service.api.matrix"
Asker = Literal[
    "nobody", "JEEVES_ADMIN_TOKEN", "themself", "somebody else", "admin", "admin elsewhere", "operator", "without the scope",
    "expired", "deactivated",
]  # fmt: skip
Verdict = Literal["yes", "401", "403", "404"]
#: Whose thing a path names by a parameter: a person's, an installation's, or nobody's.
WHOSE: Mapping[str, Literal["person", "installation", "nobody"]] = {
    "person_id": "person",
    "token_id": "person",
    "subject": "person",
    "reference": "person",
    "job_id": "installation",
    "installation_id": "installation",
    "name": "nobody",
    "feature": "nobody",
    "form": "nobody",
    "letter_id": "nobody",
}
#: Tokens that are valid: those of one person of an installation and of another there, of its admin, of another's, of operators.
HELD: Mapping[Asker, Principal] = {
    "JEEVES_ADMIN_TOKEN": Principal("", None, is_bootstrap=True),
    "themself": Principal("", None, person_id="1"),
    "somebody else": Principal("", None, person_id="2"),
    "admin": Principal("", None, admin_of=frozenset({"here"})),
    "admin elsewhere": Principal("", None, admin_of=frozenset({"there"})),
    "operator": Principal("", None, is_operator=True),
    "without the scope": Principal("", is_operator=True),
}


class MatrixError(Exception):
    """The table cannot be made; the text says what to do."""


@dataclass(frozen=True)
class Exceptional:
    """What an operation makes stricter than its policy, and why."""

    verdicts: Mapping[Asker, Verdict]
    why: str


_PERSON = Exceptional({"operator": "403", "without the scope": "403"}, "it is about whom the token stands for")
_OWN = Exceptional(
    {"admin": "403", "admin elsewhere": "403", "somebody else": "404"}, "tokens are a person's; an admin's token has none"
)
_FORM = Exceptional(
    dict.fromkeys(("JEEVES_ADMIN_TOKEN", "admin", "admin elsewhere", "operator", "without the scope"), "403"),
    "a form has the policy of what it edits, too: here of a person's own, which nobody else edits",
)
_GENERAL = Exceptional({}, "")
EXCEPTIONAL: Mapping[str, Exceptional] = {
    "add_job": Exceptional({"admin elsewhere": "404"}, "its body names this person"),
    "export_me": _PERSON,
    "list_tokens": Exceptional({"admin": "403", "admin elsewhere": "403"}, "an admin's token has no tokens of its own"),
    "revoke_token": _OWN,
    "show_form": _FORM,
    "check_form": _FORM,
    "save_form": _FORM,
}


def operations() -> list[Operation]:
    """Return every operation of the API, of a service that is not started."""
    return asyncio.run(_composed())


async def _composed() -> list[Operation]:
    private, public = new_keys({NAME: []})
    given = {
        "JEEVES_DATABASE_URL": f"sqlite+aiosqlite:///{os.devnull}",
        "JEEVES_AMQP_URL": f"sqlite:///{os.devnull}",
        "JEEVES_SERVICE_KEY": private[NAME],
        "JEEVES_SERVICE_KEYS": public,
    }
    http = HttpClient()
    try:
        service = create_app(Settings.load(given), bus=connect(given["JEEVES_AMQP_URL"]), http=http, clock=SystemClock())
    finally:
        await http.aclose()
    if not isinstance(service.public, Quart):
        raise MatrixError("users-service has no public app")
    found: list[Operation] = service.public.extensions["operations"]
    return found


def verdict(operation: Operation, asker: Asker) -> Verdict:
    """Say what becomes of an asker who names things of `themself`, a person `here`. Raises MatrixError."""
    principal = HELD.get(asker)
    try:
        operation.policy.check(principal)
    except UnauthenticatedError:
        return "401"
    except DeniedError:
        return "403"
    if principal is None:
        return "yes"
    if stricter := EXCEPTIONAL.get(operation.name, _GENERAL).verdicts.get(asker):
        return stricter
    return "yes" if _is_theirs(operation, principal) else "404"


def _is_theirs(operation: Operation, principal: Principal) -> bool:
    whose = set()
    for name in placeholders(operation.path):
        if name not in WHOSE:
            words = f"{operation.method} {operation.path}: say in WHOSE of {__name__} whose thing a path names by `{name}`."
            raise MatrixError(words)
        whose.add(WHOSE[name])
    own, who = principal.person_id == "1", operation.policy.who
    if whose == {"nobody"} or not whose:
        return True
    if who == "self":
        return own
    if principal.is_operator or principal.is_bootstrap:
        return True
    if "person" in whose and "installation" not in whose and own:
        return True
    return who != "person" and "here" in principal.admin_of


def _row(one: Operation, askers: Iterable[Asker], notes: list[str]) -> str:
    cells = [verdict(one, asker) for asker in askers]
    note = ""
    if one.name in EXCEPTIONAL:
        why = EXCEPTIONAL[one.name].why
        if why not in notes:
            notes.append(why)
        note = f" [{notes.index(why) + 1}]"
    return f"| `{one.method} {one.path}`{note} | {_policy(one.policy)} | {' | '.join(cells)} |"


def _policy(policy: Policy) -> str:
    return f"`{policy.name}`" + (f" · `{policy.scope}`" if policy.scope else "")


def page(every: Iterable[Operation]) -> str:
    """Return the document. Raises MatrixError."""
    askers: list[Asker] = list(get_args(Asker))
    notes: list[str] = []
    rows = [_row(one, askers, notes) for one in sorted(every, key=lambda one: (one.path, one.method))]
    words = (
        "A path names things of one person in one installation. Asked by **nobody** (no token); **`JEEVES_ADMIN_TOKEN`**; "
        "**themself** (a token of this person, a member); **somebody else** there; an **admin** of the installation; an "
        "**admin elsewhere**; an **operator**; an operator's token **without the scope**; a token that has **expired**; a "
        "token of somebody who was **deactivated**. *yes*: let in, and nothing but their own is seen. 401, 403, 404: refused "
        "with that status; what is another's is not found, whether it is there or not."
    )
    lines = [
        "# Who may do what over the API",
        "",
        f"Made by `{COMMAND} write`, from the operations: do not edit it. Paths are below `/api/v1`.",
        "",
        words,
        "",
        f"| Operation | Policy · scope | {' | '.join(f'`{one}`' if one.isupper() else one for one in askers)} |",
        f"|---|---|{':-:|' * len(askers)}",
        *rows,
        "",
        *(f"[{number}]: {note}.\n" for number, note in enumerate(notes, 1)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Do as the command line says."""
    doing = arguments[0] if arguments else ""
    if doing not in ("write", "check") or len(arguments) > 2:  # noqa: PLR2004
        sys.stderr.write(f"usage: {COMMAND} write|check [file]\n")
        return 2
    file = Path(arguments[1]) if len(arguments) > 1 else FILE
    try:
        wanted = page(operations())
    except MatrixError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if doing == "write":
        file.write_text(wanted, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != wanted:
        sys.stderr.write(f"{file} differs from the operations: run `{COMMAND} write {file}`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
