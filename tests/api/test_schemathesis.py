"""The API is what its document says, asked by Schemathesis over HTTP, each operation alone and in sequences."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from jeeves.servers.processes import free_ports
from jeeves_service.serve import hush, listen, listener
from support.api import SCOPES, Api
from support.things import Things, made
from support.users import ADMIN_TOKEN

#: Cases of an operation: few in the usual suite, `SCHEMATHESIS_EXAMPLES=500` for a long look.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
LONG = EXAMPLES > 50
#: Checks that make no sense here, and why.
WITHOUT = {
    "positive_data_acceptance": "there are rules that a schema cannot tell: a time zone exists, an installation is one's own",
}
#: Operations that a principal does not ask, and why.
NOT_ASKED = {
    "operator": {},
    "admin": {},
    "person": {
        "revoke_token": "it would revoke the very token that asks",
        "erase_person": "it would end the token that asks, with its person",
    },
}  # fmt: skip


@pytest.fixture
async def url(api: Api) -> AsyncIterator[str]:
    """The address of the running service, over HTTP."""
    (port,) = free_ports(1)
    public = api.users.service.public
    assert public is not None
    server = listener(public, "127.0.0.1", port)
    (task,) = await listen(server)
    yield f"http://127.0.0.1:{port}"
    await hush(server, task)


async def token(api: Api, who: str, things: Things) -> str:
    """Return a token that nothing asked of the API revokes."""
    if who == "operator":
        signer = api.users.operator.signer
        return signer.token("users-service", "api")
    of = {"person": things.identity} if who == "person" else {"installation_id": things.installation}
    expires = (api.users.clock.now() + timedelta(days=300)).isoformat()
    answer = await api.ask("POST", "/tokens", {"name": who, "scopes": SCOPES, "expires_at": expires, **of}, token=ADMIN_TOKEN)
    return str(answer.json["token"])


def naming(things: Things) -> str:
    """Return a configuration by which every second request names things that there are."""
    known: dict[str, list[str | int]] = {}
    for name, value in things.values.items():
        named = known.setdefault(name.rpartition(".")[2], [])
        named.append(int(value) if name == "letter_id" else value)
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in known.items()]
    where = [("path", name) for name in known] + [("query", "installation_id"), ("query", "person_id")]
    bound = [f'"{place}.{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for place, name in where]
    return "\n".join([*lines, "[parameters]", *bound])


@pytest.mark.parametrize("who", ["operator", "admin", "person"])
async def test_no_request_makes_it_answer_what_its_document_does_not_say(api: Api, url: str, who: str, tmp_path: Path) -> None:
    things = await made(api)
    await made(api, "T2")
    given = await token(api, who, things)
    config = tmp_path / "schemathesis.toml"
    config.write_text(naming(things), encoding="utf-8")
    command = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("--config-file", str(config), "run", f"{url}/api/v1/openapi.json", "--url", url),
        *("--header", f"Authorization: Bearer {given}", "--checks", "all", "--exclude-checks", ",".join(WITHOUT)),
        *("--max-examples", str(EXAMPLES), "--seed", "20261125", "--generation-database", "none", "--no-color"),
        *("--phases", "coverage,fuzzing,stateful" if LONG or who == "operator" else "fuzzing,stateful"),
        *("--continue-on-failure", "--request-timeout", "30", "--suppress-health-check", "all"),
        *[part for name in NOT_ASKED[who] for part in ("--exclude-operation-id", name)],
    ]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path
    )
    out, _ = await process.communicate()
    words = out.decode()
    summary = words[words.find(" SUMMARY ") :]
    print(f"schemathesis as {who}, {EXAMPLES} examples:\n{summary}")
    assert process.returncode == 0, words
    assert re.search(r"[1-9]\d* generated", words), words
