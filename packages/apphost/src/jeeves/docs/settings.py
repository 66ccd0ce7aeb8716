"""`docs/settings.md`: every setting, from the services' `Settings` classes and docker-compose.yml."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from jeeves.docs import meanings
from jeeves.docs.errors import DocsError
from jeeves.registry import ROOT, Declared, services
from jeeves_service.settings import KNOWN

HEAD = """# Settings

Made from the code by `python -m jeeves.docs write`; do not edit.

Every setting comes from the environment, and each also as `NAME_FILE`: the path of a text file that holds the value. A service
shows at its start what it was given, secrets masked, and refuses to start with one line for each value that is wrong and each
`JEEVES_*` name that nobody knows. An empty value counts as not given.
"""
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}$]*))?")
SHOWN = {"JEEVES_OPS_PORT": "`JEEVES_PORT` + 1"}  # defaults that the code works out


def render() -> str:
    """Return the document. Raises DocsError when a setting has no meaning, or a meaning no setting."""
    found = fields(services())
    composed = {name: default for name, default in variables(ROOT).items() if name not in found and name not in meanings.HOST}
    _must_match("setting", found, meanings.SERVICES)
    _must_match("variable of docker-compose.yml", composed, meanings.COMPOSE)
    unread = [name for name in KNOWN if name not in found and name not in meanings.HOST]
    parts = [
        HEAD,
        "## Of the services\n",
        _table(("Setting", "Services", "Default", "Meaning"), (_row(name, *found[name]) for name in sorted(found))),
        "## Of the commands that start and test them\n",
        _table(("Setting", "Default", "Meaning"), ((_code(n), _code(d), words) for n, (d, words) in meanings.HOST.items())),
        "## Of docker-compose.yml\n",
        _table(("Variable", "Default", "Meaning"), ((_code(n), _code(d), meanings.COMPOSE[n]) for n, d in composed.items())),
        "## Known, and read by nothing yet\n",
        "These names are kept for what is planned. Setting one is no mistake and changes nothing.\n",
        ", ".join(_code(name) for name in unread) + "\n",
    ]
    return "\n".join(parts)


def fields(declared: Iterable[Declared]) -> dict[str, tuple[list[str], FieldInfo]]:
    """Return each setting with the services that have it."""
    found: dict[str, tuple[list[str], FieldInfo]] = {}
    for service in declared:
        for name, field in service.settings.model_fields.items():
            found.setdefault(name.upper(), ([], field))[0].append(service.name)
    return found


def variables(root: Path) -> dict[str, str]:
    """Return the variables of docker-compose.yml with their defaults."""
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, default in VARIABLE.findall(text):
        found[name] = found.get(name) or default
    return found


def _must_match(what: str, there: Iterable[str], described: Iterable[str]) -> None:
    there, described = set(there), set(described)
    lines = [f"the {what} {name} has no meaning in jeeves/docs/meanings.py" for name in sorted(there - described)]
    lines += [f"jeeves/docs/meanings.py tells of {name}, which is no {what}" for name in sorted(described - there)]
    if lines:
        raise DocsError(lines)


def _row(name: str, owners: list[str], field: FieldInfo) -> tuple[str, ...]:
    everywhere = len(services())
    return (
        _code(name),
        "all" if len(owners) == everywhere else ", ".join(owners),
        SHOWN.get(name) or _default(field),
        meanings.SERVICES[name],
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None or (isinstance(value, str | Mapping | frozenset) and not value) else _code(str(value))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [titles, tuple("---" for _ in titles), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
