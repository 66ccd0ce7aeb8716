"""What runs: the API, the actions, an operator, what died."""

import asyncio
from typing import Any

from jeeves.doctor.finding import Finding
from jeeves.environment import Given
from jeeves.operator import reached
from jeeves_service.errors import JeevesError
from jeeves_service.http import HttpClient

OK = 200
MOST = 200  # dead letters that are counted


def look(given: Given) -> list[Finding]:
    """Ask the Jeeves that runs what it knows of itself."""
    nothing = "nothing runs on this data; start it, or set JEEVES_PUBLIC_URL and JEEVES_API_TOKEN"
    try:
        jeeves = reached(given)
        if not jeeves.api_url:
            return [Finding("jeeves", None, nothing)]
        features = list(jeeves.pages("/features"))
        operators = jeeves.ask("GET", "/people?role=operator&limit=1")["items"]
        letters = jeeves.ask("GET", f"/dead-letters?state=open&limit={MOST}")["items"]
        paused = jeeves.ask("GET", "/operations")
    except JeevesError as error:
        mend = "Start Jeeves, or set JEEVES_PUBLIC_URL and JEEVES_API_TOKEN to one that runs."
        return [Finding("jeeves", False, str(error)[:300], mend)]
    found = [Finding("jeeves", True, f"it answers on {jeeves.api_url}"), *asyncio.run(_actions(features))]
    if paused["paused"]:
        why = f": {paused['reason']}" if paused["reason"] else ""
        found.append(Finding("pause", False, f"nobody is answered, as {paused['by']} asked{why}", "Run `jeeves resume`."))
    if not operators:
        mend = "Say `who am I` to Jeeves: it tells your name for `jeeves users grant NAME operator`."
        found.append(Finding("operator", None, "nobody is operator yet", mend))
    return [*found, _letters(len(letters))]


async def _actions(features: list[dict[str, Any]]) -> list[Finding]:
    http = HttpClient()
    try:
        return await asyncio.gather(*(_action(feature["name"], feature["url"], http) for feature in features))
    finally:
        await http.aclose()


async def _action(name: str, url: str, http: HttpClient) -> Finding:
    if url == f"http://actions-{name}":  # as the embedded form calls it
        return Finding(f"action {name}", True, "it runs inside Jeeves")
    try:
        answer = await http.request("GET", f"{url}/v1/manifest", timeout=5)
    except JeevesError:
        return Finding(f"action {name}", None, f"{url} is not reached from here")
    words = f"{url} answered {answer.status}"
    if answer.status == OK:
        return Finding(f"action {name}", True, words)
    mend = f"Start it anew, or name another address: `jeeves features put {name} URL`."
    return Finding(f"action {name}", False, words, mend)


def _letters(number: int) -> Finding:
    if not number:
        return Finding("dead letters", True, "none")
    mend = "Look at them: `jeeves dead-letters list`; then `replay` or `drop` each."
    return Finding("dead letters", False, f"{number} could not be handled", mend)
