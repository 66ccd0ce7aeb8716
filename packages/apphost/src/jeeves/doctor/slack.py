"""Slack: the token, what it may do, and the clock that Slack goes by."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from jeeves.doctor.finding import Finding
from jeeves.environment import Given, no_slack
from jeeves_service.errors import TransientError
from jeeves_service.http import HttpClient, Response
from slack_ingest.manifest import NEEDED, OPTIONAL

API = "https://slack.com/api/"
APART = 60.0  # seconds; Slack's requests are refused when they seem older than five minutes


async def look(given: Given, http: HttpClient) -> list[Finding]:
    """Ask Slack who the token is, and compare its scopes with those of the manifest."""
    if missing := no_slack(given):
        return [Finding("slack", None, missing)]
    url = given.values.get("SLACK_API_URL", API).rstrip("/") + "/auth.test"
    headers = {"Authorization": f"Bearer {given.values['SLACK_BOT_TOKEN']}"}
    try:
        answer = await http.request("POST", url, headers=headers, timeout=10)
        told: Any = json.loads(answer.body)
    except (TransientError, ValueError) as error:
        words = f"{url} does not answer: {error.__class__.__name__}"
        return [Finding("slack", False, words, "Let this machine reach it: a firewall or a proxy may stand between.")]
    if not isinstance(told, dict) or told.get("ok") is not True:
        why = told.get("error") if isinstance(told, dict) else "no answer of Slack"
        mend = "Take SLACK_BOT_TOKEN from your Slack app once more: OAuth & Permissions, Bot User OAuth Token."
        return [Finding("slack token", False, f"Slack refuses it: {why}", mend)]
    named = Finding("slack token", True, f"it is {told.get('user')} in {told.get('team')}")
    return [named, _scopes(answer), *_clock(answer)]


def _scopes(answer: Response) -> Finding:
    has = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
    if not has:
        return Finding("slack scopes", None, "Slack did not say which the token has")
    mend = "Add them to the Slack app (`make slack-manifest` prints all), and install it to the workspace again."
    if missing := sorted(NEEDED - has):
        return Finding("slack scopes", False, f"missing: {', '.join(missing)}", mend)
    if spared := sorted(OPTIONAL - has):
        return Finding("slack scopes", True, f"all that are needed; Jeeves does less without {', '.join(spared)}", mend)
    return Finding("slack scopes", True, "all are there")


def _clock(answer: Response) -> list[Finding]:
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
        theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return []
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart <= APART:
        return [Finding("clock", True, f"it is with Slack's to {apart:.0f} s")]
    mend = "Set the clock by a time service such as chrony: Slack's requests are refused from five minutes on."
    return [Finding("clock", False, f"it differs from Slack's by {apart:.0f} s", mend)]
