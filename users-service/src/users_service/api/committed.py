"""The OpenAPI document as it is committed: made from the whole app, with settings of its own and without a database."""

import asyncio
from pathlib import Path

from jeeves_contracts import schemas
from jeeves_service.bus import connect
from jeeves_service.clock import SystemClock
from jeeves_service.http import HttpClient
from jeeves_service.tokens import new_keys
from users_service.app import NAME, create_app
from users_service.settings import Settings

FILE = "openapi.json"


def files() -> dict[str, str]:
    """Return the document by its file's name."""
    return {FILE: asyncio.run(_document())}


async def _document() -> str:
    private, public = new_keys({NAME: ()})
    nowhere = {"JEEVES_DATABASE_URL": "sqlite+aiosqlite:///never-opened", "JEEVES_AMQP_URL": "sqlite:///never-opened"}
    settings = Settings.load({**nowhere, "JEEVES_SERVICE_KEY": private[NAME], "JEEVES_SERVICE_KEYS": public})
    http = HttpClient()
    service = create_app(settings, bus=connect(settings.jeeves_amqp_url.get_secret_value()), http=http, clock=SystemClock())
    try:
        response = await service.public.test_client().get(f"/api/v1/{FILE}")  # type: ignore[union-attr]
        return str(await response.get_data(as_text=True))
    finally:
        await http.aclose()


def main(arguments: list[str]) -> int:
    """Do as the command line says: `write` or `check`, and the document's file or its folder."""
    given = [str(Path(one).parent) if Path(one).name == FILE else one for one in arguments]
    return schemas.main(given, files, "python -m users_service.api.openapi write")
