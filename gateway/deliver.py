"""The sender: claims outgoing rows, calls Telegram, writes down what became of each."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from gateway.api import Api
from gateway.clock import Clock
from gateway.limits import Limits, Pace
from gateway.outbox import Parcel, claim, next_moment, ready, recover
from gateway.outcome import Outcome, Verdict, judged, sent
from gateway.record import record
from models.database import Database
from models.edge import OutState

log = logging.getLogger(__name__)

AT_ONCE = 24
LONGEST_REST = 30.0
AWAY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Turn:
    claimed: list[Parcel]
    next_at: datetime | None
    next_in: float | None
    is_news: bool


class Deliverer:
    """One of it runs at a time. At most one call per chat is under way, so that order holds."""

    def __init__(
        self,
        api: Api,
        database: Database,
        clock: Clock,
        limits: Limits,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._api = api
        self._database = database
        self._clock = clock
        self._pace = Pace(limits)
        self._on_settled = on_settled
        self._wake = asyncio.Event()
        self._busy: set[int] = set()
        self._finished: list[tuple[Parcel, Outcome]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.has_token = True

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Until stopped; what is under way then is still waited for and written down."""
        await self._database.work(lambda tx: recover(tx, self._clock.now()))
        while not self._stopping or self._busy:
            self._wake.clear()
            finished = self._finished[:]
            try:
                turn = await self._database.work(partial(self._turn, finished=finished))
            except DBAPIError as fault:
                # What has finished stays in the list: recording twice is recording once.
                log.error("outbox pauses: %s", type(fault).__name__)
                await asyncio.sleep(AWAY_SECONDS)
                continue
            del self._finished[: len(finished)]
            self._busy.difference_update(parcel.chat_id for parcel, _ in finished)
            for parcel in turn.claimed:
                self._start(parcel)
            if turn.is_news:
                self._on_settled()
            await self._rest(turn)

    async def stop(self) -> None:
        """Claims nothing more and waits until what is under way is written down."""
        self._stopping = True
        self.wake()

    def _start(self, parcel: Parcel) -> None:
        self._busy.add(parcel.chat_id)
        task = asyncio.create_task(self._send(parcel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, parcel: Parcel) -> None:
        try:
            result = await self._api.call(parcel.method, parcel.payload, parcel.files or None)
            outcome = sent(result)
        except Exception as fault:  # every failure has its verdict; none may kill the sender
            outcome = judged(fault)
            log.info(
                "call failed: %s",
                outcome.verdict,
                extra={"outbox": parcel.id, "why": outcome.reason},
            )
        if outcome.verdict == Verdict.NO_TOKEN:
            self.has_token = False
            self._stopping = True
        pause = _pause(parcel, outcome)
        if pause:
            self._pace.halt(parcel.chat_id, time.monotonic() + pause)
        self._finished.append((parcel, outcome))
        self.wake()

    def _turn(self, tx: Connection, finished: list[tuple[Parcel, Outcome]]) -> _Turn:
        """Write down what has finished and claim what may go: one transaction for both."""
        now = self._clock.now()
        is_news = False
        for parcel, outcome in finished:
            is_news |= record(tx, parcel, outcome, now)
        busy = self._busy - {parcel.chat_id for parcel, _ in finished}
        rows = [] if self._stopping else ready(tx)
        claimed, next_in = self._choose(tx, rows, busy, now)
        return _Turn(claimed, next_moment(rows, now), next_in, is_news)

    def _choose(
        self, tx: Connection, rows: list[Row[Any]], busy: set[int], now: datetime
    ) -> tuple[list[Parcel], float | None]:
        at = time.monotonic()
        room = AT_ONCE - len(busy)
        passed = set(busy)
        claimed: list[Parcel] = []
        waits: list[float] = []
        for row in rows:
            if len(claimed) >= room:
                break
            if row.chat_id in passed or not _is_due(row, now):
                continue
            wait = self._pace.earliest(row.chat_id, row.method, at) - at
            if wait > 0:
                waits.append(wait)
                passed.add(row.chat_id)
                continue
            parcel = claim(tx, row, now)
            if parcel is None:
                continue
            self._pace.record(row.chat_id, row.method, at)
            passed.add(row.chat_id)
            claimed.append(parcel)
        return claimed, min(waits, default=None)

    async def _rest(self, turn: _Turn) -> None:
        rest = LONGEST_REST
        if turn.next_in is not None:
            rest = min(rest, turn.next_in)
        if turn.next_at is not None:
            rest = min(rest, max(0.0, (turn.next_at - self._clock.now()).total_seconds()))
        if rest <= 0 or self._wake.is_set():
            return
        timer = asyncio.get_running_loop().call_later(rest, self._wake.set)
        await self._wake.wait()
        timer.cancel()


def _is_due(row: Row[Any], now: datetime) -> bool:
    if row.not_before is not None and row.not_before > now + timedelta(milliseconds=1):
        return False
    return row.before_state is None or row.before_state == OutState.SENT


def _pause(parcel: Parcel, outcome: Outcome) -> float:
    """Seconds for which a chat is left alone after a failure; of the network's clock, not ours."""
    match outcome.verdict:
        case Verdict.SLOWED:
            return outcome.wait
        case Verdict.NOT_SENT | Verdict.UNCLEAR:
            return float(min(600.0, 2.0 ** min(parcel.tries, 9)) * random.uniform(0.5, 1.0))
    return 0.0
