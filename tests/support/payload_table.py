"""Deliver every recorded payload under a folder, signed, and print what became of it.

python -m support.payload_table FOLDER      (with `tests` on the path)
"""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from jeeves_service import logs
from support.ingest import Ingest, body_of, payloads, receiving


async def outcome(ingest: Ingest, file: Path) -> tuple[int, str]:
    """Deliver one payload; return the status, and the outcome with its reason."""
    before = await ingest.counted()
    got = await ingest.send(*body_of(file))
    (what,) = await ingest.counted() - before
    return got.status, " ".join(what)


async def table(folder: Path) -> int:
    """Print a row for each payload and the sums; return how many were answered 5xx."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        async with receiving(Path(scratch) / "bus") as ingest:
            for file in payloads(folder):
                status, what = await outcome(ingest, file)
                text = ingest.published[-1].data.text if what.startswith("published") and ingest.published else ""
                rows.append((status, what, f"{file.parent.name}/{file.name}", repr(text)[:60] if text else ""))
    for status, what, name, text in rows:
        print(f"{status}  {what:32} {name:44} {text}")
    print()
    for (kind, status, what), count in sorted(Counter((n.partition("/")[0], s, w) for s, w, n, _ in rows).items()):
        print(f"{count:4}  {kind:14} {status}  {what}")
    return sum(status >= 500 for status, *_ in rows)


if __name__ == "__main__":
    logs.configure("ERROR")
    sys.exit(asyncio.run(table(Path(sys.argv[1]))) > 0)
