"""What docker-compose.yml needs and is not there yet: each service's key, and a `.env` with secrets of its own."""

import secrets
from pathlib import Path

from jeeves import operator
from jeeves.environment import Given, no_sandbox
from jeeves.registry import ROOT, services
from jeeves_service.tokens import new_keys

#: Made up where `.env.example` leaves them empty. Nobody knows such a signing secret: every request is refused.
SECRETS = ("RABBITMQ_PASSWORD=", "POSTGRES_PASSWORD=", "SLACK_SIGNING_SECRET=")


def prepare(given: Given, root: Path = ROOT) -> list[str]:
    """Make what is missing, change nothing that is there; return what was made. Raises SettingsError."""
    no_sandbox(given)
    return [*_keys(given.data / "keys"), *_env(root)]


def _keys(folder: Path) -> list[str]:
    """New keys when a service has none: all together, since each must know the others' public ones."""
    names = operator.scopes(services())
    if all((folder / f"{name}.json").exists() for name in (*names, "public")):
        return []
    folder.mkdir(mode=0o700, exist_ok=True)
    private, public = new_keys(names)
    for name, key in {**private, "public": public}.items():
        path = folder / f"{name}.json"
        path.write_text(key, encoding="utf-8")
        # Mounted one by one into containers of another user; the folder keeps others of this machine out.
        path.chmod(0o600 if name == operator.NAME else 0o644)
    return [f"keys of {len(names)} services in {folder}"]


def _env(root: Path) -> list[str]:
    path = root / ".env"
    if path.exists():
        return []
    lines = (root / ".env.example").read_text(encoding="utf-8").splitlines()
    made = [f"{line}{secrets.token_hex(24)}" if line in SECRETS else line for line in lines]
    path.touch(mode=0o600)
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    return [".env, with passwords; set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN there to those of your Slack app"]
