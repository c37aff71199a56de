"""getUpdates: long polls that wake at once, and only one poller at a time."""

import asyncio
import time
from typing import Any

from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.bell import Bell
from rehearsal.stage.refusals import OTHER_POLLER, Refusal
from rehearsal.stage.updates import ALL_KINDS, DEFAULT_KINDS, Update, UpdateQueue

MOST_SECONDS = 50
REPEAT_HOLD = 3.0
REPEAT_SINGLE = 0.5
CONFLICT_PAUSE = 3.0


class Poller:
    """`holds_repeats` is the server's brake on pollers that ask the same thing over and over."""

    def __init__(self, queue: UpdateQueue, *, holds_repeats: bool = True) -> None:
        self._queue = queue
        self._holds_repeats = holds_repeats
        self._current: asyncio.Event | None = None
        self._last_offset: int | None = None
        self._last_start = 0.0
        self._next_conflict = 0.0
        self._bell = Bell()

    async def until_waiting(self, seconds: float) -> bool:
        """True once a bot has nothing left to fetch and listens."""
        if self._current is None:
            await self._bell.listen(seconds)
        return self._current is not None

    async def take(self, given: Parameters) -> list[Update]:
        offset = given.integer("offset")
        limit = min(max(given.integer("limit", 100), 1), 100)
        timeout: float = min(max(given.integer("timeout"), 0), MOST_SECONDS)
        allow(self._queue, given)
        limit, timeout = self._braked(offset, limit, timeout)
        batch = self._queue.take(offset, limit)
        if batch or timeout == 0:
            return batch
        return await self._wait(offset, limit, timeout)

    def _braked(self, offset: int, limit: int, timeout: float) -> tuple[int, float]:
        now = time.monotonic()
        is_repeat = self._holds_repeats and offset == self._last_offset
        since = now - self._last_start
        self._last_offset, self._last_start = offset, now
        if is_repeat and timeout < REPEAT_HOLD and since < REPEAT_HOLD:
            timeout = REPEAT_HOLD
        return (1 if is_repeat and since < REPEAT_SINGLE else limit), timeout

    async def _wait(self, offset: int, limit: int, timeout: float) -> list[Update]:
        self.abort()
        mine = self._current = asyncio.Event()
        self._bell.ring()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        aborted = loop.create_task(mine.wait())
        try:
            while not mine.is_set():
                batch = self._queue.take(max(offset, 0), limit)
                if batch or loop.time() >= deadline:
                    return batch
                await self._ring_or(aborted, deadline - loop.time())
        finally:
            aborted.cancel()
            if self._current is mine:
                self._current = None
        await self._pause_conflict()
        raise Refusal(409, OTHER_POLLER)

    async def _ring_or(self, aborted: "asyncio.Task[bool]", seconds: float) -> None:
        ring = self._queue.bell.next_ring()
        waited: set[asyncio.Future[Any]] = {ring, aborted}
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def _pause_conflict(self) -> None:
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE)
        else:
            self._next_conflict = now + CONFLICT_PAUSE

    def abort(self) -> None:
        """Ends the poll that is waiting, if any, with a conflict."""
        if self._current is not None:
            self._current.set()
            self._current = None


def allow(queue: UpdateQueue, given: Parameters) -> None:
    """Remembers the kinds of updates; an empty list brings the default back."""
    if not given.has("allowed_updates"):
        return
    try:
        kinds = given.structure("allowed_updates", "allowed updates")
    except Refusal:
        return
    if isinstance(kinds, list):
        known = frozenset(str(kind).lower() for kind in kinds) & ALL_KINDS
        queue.allowed = known or DEFAULT_KINDS
