"""Lanes: one person's updates one after another, different people's side by side."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from sqlalchemy.exc import DBAPIError

from gateway.clock import Clock
from gateway.inbox import Arrived, fail
from models.database import Database

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 32
AWAY_SECONDS = 1.0


class Unreadable(Exception):
    """The update cannot be parsed; trying again would not help."""


class Lanes:
    """Hands each update to `handle`; a failure stops only its own update."""

    def __init__(
        self, database: Database, clock: Clock, handle: Callable[[Arrived], Awaitable[None]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._handle = handle
        self._waiting: dict[int, deque[Arrived]] = {}
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, batch: Iterable[Arrived]) -> None:
        for arrived in batch:
            if arrived.lane in self._waiting:
                self._waiting[arrived.lane].append(arrived)
                continue
            self._waiting[arrived.lane] = deque([arrived])
            task = asyncio.create_task(self._walk(arrived.lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        """How many updates are kept and not done yet."""
        return sum(len(lane) for lane in self._waiting.values())

    async def drain(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _walk(self, lane: int) -> None:
        queue = self._waiting[lane]
        while queue:
            async with self._room:
                await self._do(queue[0])
            queue.popleft()
        del self._waiting[lane]

    async def _do(self, arrived: Arrived) -> None:
        is_dead = False
        while not is_dead:
            try:
                await self._handle(arrived)
                return
            except Exception as fault:
                if is_away(fault):
                    # Nothing was committed and nothing is lost: wait until it is back.
                    await self._wait_for_database(arrived)
                    continue
                is_dead = await self._count(arrived, fault)
                arrived = replace(arrived, tries=arrived.tries + 1)

    async def _count(self, arrived: Arrived, fault: Exception) -> bool:
        """Write the failure down, however long that takes; True when the update is given up."""
        # The traceback goes to the operator's log under the update's number; people's words are
        # in the inbox row, never in the log.
        log.error(
            "update failed: %s",
            type(fault).__name__,
            extra={"update": arrived.update_id},
            exc_info=fault,
        )
        reason, for_good = type(fault).__name__, isinstance(fault, Unreadable)
        while True:
            try:
                return await self._database.work(
                    lambda tx: fail(tx, arrived, self._clock.now(), reason, for_good)
                )
            except DBAPIError:
                await self._wait_for_database(arrived)

    async def _wait_for_database(self, arrived: Arrived) -> None:
        log.error("database away", extra={"update": arrived.update_id})
        await asyncio.sleep(AWAY_SECONDS)


def is_away(fault: Exception) -> bool:
    """The database cannot be reached or written just now: nothing is wrong with the update."""
    if not isinstance(fault, DBAPIError):
        return False
    words = str(fault.orig).lower()
    return fault.connection_invalidated or "locked" in words or "disk is full" in words
