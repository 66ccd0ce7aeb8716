"""The page's files, read once and served as they are."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """`tag` changes with the bytes."""

    body: bytes
    kind: str
    tag: str


def load(folder: Path = FOLDER) -> dict[str, File]:
    """Return every file by name."""
    found = {}
    for path in folder.iterdir():
        if kind := KINDS.get(path.suffix):
            body = path.read_bytes()
            found[path.name] = File(body, kind, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
    return found
