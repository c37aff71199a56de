"""Waiting for what comes by itself."""

import asyncio
from collections.abc import Callable


async def until(claim: Callable[[], bool], seconds: float = 8.0) -> None:
    """Returns as soon as it is true; AssertionError when it does not come true in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not claim():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
