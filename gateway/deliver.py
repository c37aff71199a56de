"""The sender: claims outgoing rows, calls Telegram, writes down what became of each."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from gateway.api import Api
from gateway.clock import Clock
from gateway.hands import Hands
from gateway.limits import Limits, Pace
from gateway.outbox import claim, message_of, needs_target, next_moment, put_back, ready, recover
from gateway.outcome import Outcome, Verdict, judged, sent
from gateway.record import record
from models.database import Database
from models.edge import OutClass, OutState
from models.parcel import Parcel

log = logging.getLogger(__name__)

AT_ONCE = 24
LONGEST_REST = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0
"""Seconds at most that a chat is left alone after a failure; they double with each further one."""
AWAY_SECONDS = 1.0
LINGER_SECONDS = 0.01
"""Replies that finish within this time are written down in one transaction."""


@dataclass(frozen=True, slots=True)
class _Turn:
    claimed: list[Parcel]
    next_at: datetime | None
    next_in: float | None
    is_news: bool
    has_more: bool


class Deliverer:
    """One of it runs at a time. At most one call per chat is under way, so that order holds.

    Replies come straight from their transaction (`take`), claimed already; bulletins, reminders
    and whatever a former run left are claimed from the outbox.
    """

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
        self._hands = Hands()
        self._busy: set[int] = set()
        self._finished: list[tuple[Parcel, Outcome]] = []
        self._let_go: list[Parcel] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_waiting = True
        self._stopping = False
        self.has_token = True

    def take(self, replies: Sequence[Parcel], has_waiting: bool) -> None:
        """After a commit: replies to send now, and whether other rows wait in the outbox."""
        for parcel in replies:
            self._hands.take(parcel)
            self._advance(parcel.chat_id)
        if has_waiting:
            self._has_waiting = True
            self._wake.set()

    async def recover(self) -> None:
        """Before anything is sent: what a former run left in the middle is sorted."""
        await self._database.work(lambda tx: recover(tx, self._clock.now()))

    async def run(self) -> None:
        """Until stopped; what is under way then is still waited for and written down."""
        while not self._is_done:
            self._wake.clear()
            finished, let_go = self._finished[:], self._let_go[:]
            has_waiting, self._has_waiting = self._has_waiting, False
            act = partial(
                self._turn, finished=finished, let_go=let_go, looks=has_waiting or bool(let_go)
            )
            try:
                turn = await self._database.work(act)
            except DBAPIError as fault:
                # What has finished stays in the list: recording twice is recording once.
                log.error("outbox pauses: %s", type(fault).__name__)
                self._has_waiting = True
                await asyncio.sleep(AWAY_SECONDS)
                continue
            del self._finished[: len(finished)]
            del self._let_go[: len(let_go)]
            self._has_waiting |= turn.has_more
            for parcel in turn.claimed:
                self._hands.take(parcel)
                self._advance(parcel.chat_id)
            if turn.is_news:
                self._on_settled()
            if not self._is_done:
                await self._rest(turn)

    @property
    def _is_done(self) -> bool:
        return self._stopping and not (self._busy or self._finished or self._let_go)

    async def stop(self) -> None:
        """Claims nothing more and waits until what is under way is written down."""
        self._stopping = True
        for chat_id in self._hands.chats:
            self._let_go += self._hands.let_go(chat_id)
        self._wake.set()

    def _advance(self, chat_id: int) -> None:
        """Send what waits first for a chat, unless one is under way or its pace says later."""
        parcel = self._hands.next(chat_id)
        if parcel is None or chat_id in self._busy or len(self._busy) >= AT_ONCE:
            return
        at = time.monotonic()
        wait = self._pace.earliest(chat_id, parcel.method, at) - at
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._advance, chat_id)
            return
        self._hands.take_out(chat_id)
        self._pace.record(chat_id, parcel.method, at)
        self._busy.add(chat_id)
        self._soon(self._send(parcel))

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, parcel: Parcel) -> None:
        outcome = await self._call(parcel)
        if outcome.message_id is not None:
            self._hands.remember(parcel.id, outcome.message_id)
        if outcome.verdict == Verdict.SENT and parcel.replaces_id is not None:
            self._soon(self._take_away(parcel.chat_id, parcel.replaces_id))
        if outcome.verdict == Verdict.NO_TOKEN:
            self.has_token = False
            self._stopping = True
        pause = _pause(parcel, outcome)
        if pause:
            self._pace.halt(parcel.chat_id, time.monotonic() + pause)
        if outcome.verdict not in (Verdict.SENT, Verdict.UNCHANGED):
            # It may have to go once more, and then before what was said after it.
            self._let_go += self._hands.let_go(parcel.chat_id)
        if outcome.verdict != Verdict.SENT:
            self._has_waiting = True
        self._finished.append((parcel, outcome))
        self._busy.discard(parcel.chat_id)
        self._wake_for(parcel, outcome)
        self._advance(parcel.chat_id)
        if len(self._busy) == AT_ONCE - 1:
            for chat_id in self._hands.chats:
                self._advance(chat_id)

    async def _call(self, parcel: Parcel) -> Outcome:
        try:
            payload = await self._addressed(parcel)
            if payload is None:
                return Outcome(Verdict.UNCHANGED, "its message was never sent")
            return sent(await self._api.call(parcel.method, payload, parcel.files or None))
        except Exception as fault:  # every failure has its verdict; none may kill the sender
            outcome = judged(fault)
            log.info(
                "call failed: %s",
                outcome.verdict,
                extra={"outbox": parcel.id, "why": outcome.reason},
            )
            return outcome

    async def _addressed(self, parcel: Parcel) -> dict[str, Any] | None:
        """The payload with the id of the message that is meant; None when there is none."""
        payload = dict(parcel.payload)
        if parcel.target_id is None:
            return payload
        message_id = await self._message(parcel.target_id)
        if needs_target(parcel.method):
            return None if message_id is None else payload | {"message_id": message_id}
        if message_id is not None:
            reply = {"message_id": message_id, "allow_sending_without_reply": True}
            payload["reply_parameters"] = reply
        return payload

    async def _message(self, row_id: int) -> int | None:
        known = self._hands.message_of(row_id)
        return known or await self._database.work(lambda tx: message_of(tx, row_id))

    async def _take_away(self, chat_id: int, row_id: int) -> None:
        """The old card goes once the new one stands; if that fails, it only says it is outdated."""
        message_id = await self._message(row_id)
        if message_id is None:
            return
        try:
            await self._api.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        except TelegramError as fault:
            log.info("an old card stays: %s", type(fault).__name__)

    def _wake_for(self, parcel: Parcel, outcome: Outcome) -> None:
        is_plain = outcome.verdict == Verdict.SENT and parcel.out_class != OutClass.ONCE
        if is_plain and not self._stopping:
            asyncio.get_running_loop().call_later(LINGER_SECONDS, self._wake.set)
            return
        self._wake.set()

    def _turn(
        self,
        tx: Connection,
        finished: list[tuple[Parcel, Outcome]],
        let_go: list[Parcel],
        looks: bool,
    ) -> _Turn:
        """Write down what has finished and claim what may go: one transaction for both."""
        now = self._clock.now()
        is_news = False
        for parcel, outcome in finished:
            is_news |= record(tx, parcel, outcome, now)
        for parcel in let_go:
            put_back(tx, parcel.id, "waits its turn", tries=parcel.tries - 1)
        rows = ready(tx) if looks and not self._stopping else []
        claimed, next_in = self._choose(tx, rows, now)
        has_more = len(rows) > len(claimed)
        return _Turn(claimed, next_moment(rows, now), next_in, is_news, has_more)

    def _choose(
        self, tx: Connection, rows: list[Row[Any]], now: datetime
    ) -> tuple[list[Parcel], float | None]:
        at = time.monotonic()
        passed = self._busy | set(self._hands.chats)
        room = AT_ONCE - len(passed)
        claimed: list[Parcel] = []
        waits: list[float] = []
        for row in rows:
            if len(claimed) >= room:
                break
            if row.chat_id in passed or not _is_due(row, now):
                continue
            wait = self._pace.earliest(row.chat_id, row.method, at) - at
            passed.add(row.chat_id)
            if wait > 0:
                waits.append(wait)
                continue
            parcel = claim(tx, row, now)
            if parcel is not None:
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
            longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(parcel.tries - 1, 12))
            return float(longest * random.uniform(0.5, 1.0))
    return 0.0
