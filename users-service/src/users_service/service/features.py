"""The registry of actions as this process knows it, and what JEEVES_ACTIONS brings into it."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.registry import Feature, Registry
from jeeves_service.clock import Clock
from jeeves_service.errors import TransientError
from jeeves_service.logs import logger
from users_service.domain.grants import widened
from users_service.engine import Database
from users_service.repository import audit, counters, features
from users_service.repository.counters import REGISTRY, Revisions
from users_service.scope import OPERATOR
from users_service.service import registering
from users_service.service.batches import database
from users_service.service.manifests import Manifests
from users_service.service.registering import Found

BACKOFF, LONGEST = 0.5, 60.0  # seconds between two tries to reach an action, growing
PATIENCE = 10.0  # seconds that messages wait for actions at first start
SETTING = "JEEVES_ACTIONS"
log = logger(__name__)


class Features:
    """Knows the registry. `seed` are origins by the names of actions, each with its manifest at `/v1/manifest`."""

    def __init__(self, database: Database, manifests: Manifests, clock: Clock, seed: Mapping[str, str]) -> None:
        self._database, self._manifests, self._clock, self._seed = database, manifests, clock, seed
        self._missing, self._began = set(seed), clock.monotonic()
        self._kept = Registry(revision=0)
        self._seeding: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to register what JEEVES_ACTIONS names."""
        self._seeding = asyncio.create_task(self.seed())

    async def stop(self) -> None:
        """End; what is not registered yet is at the next start."""
        if self._seeding:
            self._seeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._seeding

    async def settle(self) -> None:
        """Raise TransientError at first start until each action was reached or had its time: nobody hears “unknown” before."""
        if self._missing and self._clock.monotonic() - self._began < PATIENCE:
            raise TransientError(f"not reached yet: {', '.join(sorted(self._missing))}")

    @property
    def kept(self) -> Registry:
        """The newest registry that a transaction of this process has seen."""
        return self._kept

    async def current(self) -> Registry:
        """Return the registry of this moment: read anew only when its revision has changed. Raises TransientError."""
        with database():
            async with self._database.read() as connection:
                return await self.seen_by(connection, await counters.revisions(OPERATOR, connection))

    async def seen_by(self, connection: AsyncConnection, seen: Revisions) -> Registry:
        """Return the registry of this moment, as a transaction sees it, which has read the revisions.

        Not for a transaction that changes it, and may be rolled back.
        """
        if seen.get(REGISTRY, 0) > self._kept.revision:
            found = await features.registry(OPERATOR, connection)
            if found.revision > self._kept.revision:  # another may have read a newer one meanwhile
                self._kept = found
        return self._kept

    async def seed(self) -> None:
        """Register what JEEVES_ACTIONS names, each once it answers; follow a new address and a manifest that asks no more."""
        waiting, pause = dict(self._seed), BACKOFF
        while waiting:
            for name, url in sorted(waiting.items()):
                try:
                    await self._seed_one(name, url)
                except Exception as error:  # noqa: BLE001 - the others are registered all the same
                    log.warning("an action is not registered", feature=name, error=str(error))
                else:
                    del waiting[name]
                    self._missing.discard(name)
            if waiting:
                await self._clock.sleep(pause)
                pause = min(pause * 2, LONGEST)

    async def _seed_one(self, name: str, url: str) -> None:
        async with self._database.read() as connection:
            known = {feature.name: feature for feature in (await features.registry(OPERATOR, connection)).features}
        self._missing -= known.keys()
        found = Found(name, url, await self._manifests.read(name, url))
        if _followed(known.get(name), found) is None:
            return
        async with self._database.write() as connection:
            # Once more: an operator, or another process at its start, may have put it in meanwhile.
            known = await features.change(OPERATOR, connection)
            wanted = _followed(known.get(name), found)
            if wanted is None:
                return
            put = await registering.put(connection, known, wanted, {}, self._clock.now())
            entry = audit.Entry(self._clock.now(), SETTING, "feature.put", name, before=put.was, after=put.became)
            await audit.add(OPERATOR, connection, entry)
        log.info("an action is registered", feature=name, version=wanted.manifest.version)


def _followed(before: Feature | None, found: Found) -> Found | None:
    """Return what is to be put in, None where all is as it was: who asks for more than was granted keeps the old grant."""
    if before is None:
        return found
    if more := widened(before.manifest, found.manifest):
        log.warning("an action asks for more than it was granted; it keeps the old grant", feature=found.name, more=more)
        found = replace(found, manifest=before.manifest)
    return None if (before.url, before.manifest) == (found.url, found.manifest) else found
