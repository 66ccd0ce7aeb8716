"""slack-bolt at its best: async, in its own ASGI adapter, with one listener. BENCH_SLACK is where it posts to, if anywhere."""

import os
from typing import Any

import aiohttp
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bench.events import BOT_USER, SECRET, TEAM

SLACK = os.environ.get("BENCH_SLACK", "")
client = AsyncWebClient(base_url=SLACK or "http://127.0.0.1:9/api/")


async def authorize(**_: Any) -> AuthorizeResult:
    """Know the one workspace, so that Bolt need not ask for it."""
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_user_id=BOT_USER, bot_id="B0BENCH")  # noqa: S106


bolt = AsyncApp(signing_secret=SECRET, authorize=authorize, client=client)


@bolt.event("app_mention")
async def mention(event: dict[str, Any], say: Any) -> None:
    """Acknowledge; answer where there is a Slack, over one session for all (Bolt's default makes one for each call)."""
    if not SLACK:
        return
    if client.session is None:
        client.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
    await say(text="London, UK: 12 °C, partly cloudy.", thread_ts=event["ts"])


app = AsyncSlackRequestHandler(bolt)
