"""A bell that wakes everybody who waits for the next thing to happen."""

import asyncio


class Bell:
    """Cheap to ring when nobody listens; one future is shared by all who do."""

    __slots__ = ("_next",)

    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None

    def ring(self) -> None:
        waiting, self._next = self._next, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def next_ring(self) -> asyncio.Future[None]:
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        return self._next

    async def listen(self, seconds: float) -> bool:
        """True if the bell rang within so many real seconds."""
        done, _ = await asyncio.wait({self.next_ring()}, timeout=max(seconds, 0))
        return bool(done)
