"""Polling: updates are fetched raw, committed to the inbox, and only then acknowledged."""

import asyncio
import logging
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from gateway.api import Api
from gateway.clock import Clock
from gateway.inbox import keep, undone
from gateway.lanes import Lanes
from models.database import Database

log = logging.getLogger(__name__)

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 50
LONGEST_PAUSE = 30.0
CONFLICT_SECONDS = 5.0


class Receiver:
    """Asks for the next batch only after the former is on disk: that is what acknowledges it."""

    def __init__(self, api: Api, database: Database, clock: Clock, lanes: Lanes) -> None:
        self._api = api
        self._database = database
        self._clock = clock
        self._lanes = lanes
        self.fatal: TelegramError | None = None
        self.first_poll = asyncio.Event()

    async def resume(self) -> None:
        """Take up what a former run kept and did not finish."""
        self._lanes.put(await self._database.work(undone))

    async def run(self) -> None:
        """Until cancelled, or until Telegram says that the token is not valid (`fatal`)."""
        offset = 0
        pause = 0.0
        while self.fatal is None:
            await asyncio.sleep(pause)
            try:
                batch = await self._fetch(offset)
                offset = await self._take(batch) or offset
                pause = 0.0
            except InvalidToken as fault:
                self.fatal = fault
            except Conflict:
                log.error("another program polls with this token; stop it, or this one")
                pause = CONFLICT_SECONDS
            except RetryAfter as fault:
                wait = fault.retry_after
                pause = wait if isinstance(wait, int) else wait.total_seconds()
            except Exception as fault:  # nothing may end the hearing but a token that is not valid
                pause = min(LONGEST_PAUSE, pause * 2 or 1.0)
                log.warning("polling pauses %.0f s: %s", pause, type(fault).__name__)

    async def _fetch(self, offset: int) -> list[dict[str, Any]]:
        parameters: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": ALLOWED}
        if offset:
            parameters["offset"] = offset
        self.first_poll.set()
        batch = await self._api.call("getUpdates", parameters, read_seconds=POLL_SECONDS + 15)
        return list(batch)

    async def _take(self, batch: list[dict[str, Any]]) -> int:
        """Returns the offset that acknowledges the batch: the last id of it plus one, never the
        highest stored, which would go deaf after Telegram's random restart of ids."""
        if not batch:
            return 0
        now = self._clock.now()
        fresh = await self._database.work(lambda tx: keep(tx, batch, now))
        self._lanes.put(fresh)
        return int(batch[-1]["update_id"]) + 1
