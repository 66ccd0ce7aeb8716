"""The registry of actions: read a manifest, check it, freeze what it is granted."""

from collections.abc import Mapping

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from jeeves_contracts.actions import ALL_FACTS, Command, Manifest
from jeeves_contracts.grammar import RESERVED
from jeeves_contracts.registry import Feature, Registry
from jeeves_service.clock import Clock
from jeeves_service.errors import PermanentError, TransientError
from jeeves_service.http import HttpClient
from jeeves_service.logs import logger
from users_service.engine import Database
from users_service.repository import features
from users_service.scope import OPERATOR, Operator
from users_service.service.batches import database

BACKOFF, LONGEST = 0.5, 60.0  # seconds between two tries to reach an action, growing
PATIENCE = 10.0  # seconds that messages wait for actions at first start
log = logger(__name__)


class Features:
    """Registers actions. `url` is an action's origin, its manifest at `/v1/manifest`."""

    def __init__(self, database: Database, http: HttpClient, clock: Clock, seed: Mapping[str, str]) -> None:
        self._database, self._http, self._clock, self._seed = database, http, clock, seed
        self._missing, self._began = set(seed), clock.monotonic()
        self._kept = Registry(revision=0)

    async def settle(self) -> None:
        """Raise TransientError at first start until each action was reached or had its time: nobody hears “unknown” before."""
        if self._missing and self._clock.monotonic() - self._began < PATIENCE:
            raise TransientError(f"not reached yet: {', '.join(sorted(self._missing))}")

    async def current(self) -> Registry:
        """Return the registry of this moment: read anew only when its revision has changed. Raises TransientError."""
        with database():
            async with self._database.read() as connection:
                return await self.seen_by(connection)

    async def seen_by(self, connection: AsyncConnection) -> Registry:
        """Return the registry of this moment, as a transaction sees it."""
        if await features.revision(OPERATOR, connection) != self._kept.revision:
            self._kept = await features.registry(OPERATOR, connection)
        return self._kept

    async def registry(self, scope: Operator) -> Registry:
        """Return all features."""
        async with self._database.read() as connection:
            return await features.registry(scope, connection)

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
        known = {feature.name: feature for feature in (await self.registry(OPERATOR)).features}
        self._missing -= known.keys()
        if name not in known:
            await self.register(OPERATOR, name, url)
            return
        before, manifest = known[name], await self.manifest(name, url)
        if manifest != before.manifest and widens(before.manifest, manifest):
            log.warning("an action asks for more than it was granted; it keeps the old grant", feature=name)
            manifest = before.manifest
        now = before.model_copy(update={"url": url, "manifest": manifest})
        if now != before:
            await self._put(OPERATOR, now)

    async def register(self, scope: Operator, name: str, url: str, *, enabled: bool = True) -> Feature:
        """Add a feature, or grant it anew; its settings stay.

        Raises PermanentError when its manifest is wrong or its commands are another's, TransientError when it is away.
        """
        feature = Feature(name=name, url=url, enabled=enabled, manifest=await self.manifest(name, url))
        known = {feature.name: feature for feature in (await self.registry(scope)).features}
        if name in known:
            feature = known[name].model_copy(update={"url": url, "enabled": enabled, "manifest": feature.manifest})
        await self._put(scope, feature)
        self._missing.discard(name)
        log.info("an action is registered", feature=name, version=feature.manifest.version)
        return feature

    async def switch(self, scope: Operator, name: str, *, enabled: bool) -> bool:
        """Switch a feature on or off, from the next message on. False when there is none of this name."""
        async with self._database.write() as connection:
            known = {feature.name: feature for feature in (await features.registry(scope, connection)).features}
            if name in known:
                now = known[name].model_copy(update={"enabled": enabled})
                await features.put(scope, connection, now, self._clock.now())
        return name in known

    async def remove(self, scope: Operator, name: str) -> bool:
        """Forget a feature, from the next message on. False when there is none of this name."""
        async with self._database.write() as connection:
            return await features.remove(scope, connection, name)

    async def manifest(self, name: str, url: str) -> Manifest:
        """Read what an action says of itself."""
        try:
            answer = await self._http.request("GET", url.rstrip("/") + "/v1/manifest", timeout=5)
        except TransientError as error:
            raise TransientError(f"its manifest cannot be read: {error}") from error
        if answer.status != 200:  # noqa: PLR2004
            raise TransientError(f"its manifest cannot be read: it answered {answer.status}")
        try:
            manifest = Manifest.from_bytes(answer.body)
        except ValidationError as error:
            wrong = error.errors(include_input=False)[0]
            place = ".".join(map(str, wrong["loc"]))
            raise PermanentError(f"its manifest is not valid: {place + ': ' if place else ''}{wrong['msg']}") from None
        if manifest.name != name:
            raise PermanentError(f"it calls itself {manifest.name}, not {name}")
        return manifest

    async def _put(self, scope: Operator, feature: Feature) -> None:
        async with self._database.write() as connection:
            registry = await features.registry(scope, connection)
            others = [known for known in registry.features if known.name != feature.name]
            if clash := clashes(feature.manifest, others):
                taken = ", ".join(f"{name} ({owner})" for name, owner in sorted(clash.items()))
                raise PermanentError(f"two actions cannot both be called by one name; taken already: {taken}")
            await features.put(scope, connection, feature, self._clock.now())


def names(manifest: Manifest) -> set[str]:
    """Return all that a manifest's commands are called by."""
    return {name for command in manifest.commands for name in (command.name, *command.aliases)}


def clashes(manifest: Manifest, others: list[Feature]) -> dict[str, str]:
    """Return the names that others, or Jeeves itself, have already, each with whose it is."""
    taken = dict.fromkeys(RESERVED, "Jeeves itself")
    taken |= {name: other.name for other in others for name in names(other.manifest)}
    return {name: taken[name] for name in names(manifest) & taken.keys()}


def widens(before: Manifest, after: Manifest) -> bool:
    """Say whether a manifest asks for facts, connections or jobs, or gives commands roles or effects, that the one before did
    not.
    """
    known = {command.name: command for command in before.commands}
    return (
        not (ALL_FACTS in before.facts or set(after.facts) <= set(before.facts))
        or not set(after.jobs) <= set(before.jobs)
        or not set(after.connections) <= set(before.connections)
        or any(_widens(known.get(command.name), command) for command in after.commands)
    )


def _widens(before: Command | None, after: Command) -> bool:
    if before is None:  # a new command of its own is more than was granted
        return True
    return not set(after.roles) <= set(before.roles) or after.effect not in (before.effect, "none")
