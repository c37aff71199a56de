"""An outbox filled by hand and the real sender over it: what is owed, sent and written down."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from gateway.api import Api
from gateway.clock import Clock
from gateway.deliver import Deliverer
from gateway.limits import Limits
from models.bulletin import Group, GroupState, group
from models.database import Database, insert_row
from models.edge import OutClass, OutState, outbox, trouble

FAST = Limits(per_second=1e4, per_chat_second=1e4, chat_burst=1000, per_group_minute=1e6)
OPEN = (OutState.READY, OutState.SENDING)


class PostOffice:
    """`post.owes(...)` puts a row into the outbox; `await post.delivers()` sends what is there."""

    def __init__(self, api: Api, database: Database, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._count = 0
        self._running: tuple[Deliverer, asyncio.Task[None]] | None = None
        self.database = database
        self.limits = FAST
        self.settled = 0

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def owes(
        self, chat_id: int, text: str, out_class: OutClass = OutClass.TWICE, **columns: Any
    ) -> int:
        self._count += 1
        values: dict[str, Any] = {
            "key": f"test:{self._count}",
            "out_class": out_class,
            "kind": "reply",
            "method": "sendMessage",
            "chat_id": chat_id,
            "payload": {"text": text},
            "created_at": self.now,
        }
        row_id = self.database.work_now(lambda tx: insert_row(tx, outbox, **(values | columns)))
        if self._running is not None:
            self._running[0].take((), has_waiting=True)
        return row_id

    def binds(self, chat_id: int, title: str = "调度群", **columns: Any) -> int:
        values: dict[str, Any] = {
            "chat_id": chat_id,
            "audience": "weekly",
            "title": title,
            "state": GroupState.BOUND,
            "asked_at": self.now,
            "confirmed_at": self.now,
            "rev": 1,
        }
        return self.database.work_now(lambda tx: insert_row(tx, group, **(values | columns)))

    def changes(self, group_id: int, **columns: Any) -> None:
        """A binding, after the parts for it were put out."""
        change = group.update().where(group.c.id == group_id).values(**columns)
        self.database.work_now(lambda tx: tx.execute(change))

    def owes_part(self, chat_id: int, text: str, group_id: int, **columns: Any) -> int:
        """A part of a bulletin: never to be repeated blindly."""
        bound = {"group_id": group_id, "group_rev": 1, "kind": "bulletin"}
        return self.owes(chat_id, text, OutClass.ONCE, **(bound | columns))

    async def opens(self) -> Deliverer:
        deliverer = Deliverer(self._api, self.database, self._clock, self.limits, self._count_news)
        await deliverer.recover()
        self._running = deliverer, asyncio.create_task(deliverer.run())
        return deliverer

    def _count_news(self) -> None:
        self.settled += 1

    async def closes(self) -> None:
        if self._running is None:
            return
        deliverer, task = self._running
        self._running = None
        await deliverer.stop()
        await task

    async def dies(self) -> None:
        """As by a power cut: nothing more is written down."""
        if self._running is None:
            return
        deliverer, task = self._running
        self._running = None
        for each in (task, *deliverer._tasks):
            each.cancel()
        await asyncio.gather(task, *deliverer._tasks, return_exceptions=True)

    async def delivers(self, *rows: int, timeout: float = 8.0) -> None:
        """Opens if it has to; until these rows (or all) wait for nothing more."""
        if self._running is None:
            await self.opens()
        deadline = asyncio.get_running_loop().time() + timeout
        while self._is_open(rows):
            assert asyncio.get_running_loop().time() < deadline, self.rows()
            await asyncio.sleep(0.01)

    def _is_open(self, rows: tuple[int, ...]) -> bool:
        query = select(outbox.c.id).where(outbox.c.state.in_(OPEN))
        if rows:
            query = query.where(outbox.c.id.in_(rows))
        return bool(self.database.work_now(lambda tx: tx.execute(query).first()))

    def row(self, row_id: int) -> Any:
        query = select(outbox).where(outbox.c.id == row_id)
        return self.database.work_now(lambda tx: tx.execute(query).one())

    def state(self, row_id: int) -> OutState:
        return OutState(self.row(row_id).state)

    def rows(self) -> list[Any]:
        return self.database.work_now(lambda tx: list(tx.execute(select(outbox)).all()))

    def troubles(self) -> list[str]:
        """The kinds of what the office has to be told, oldest first."""
        query = select(trouble.c.kind).where(trouble.c.healed_at.is_(None)).order_by(trouble.c.id)
        return self.database.work_now(lambda tx: list(tx.scalars(query)))

    def group(self, group_id: int) -> Group:
        query = select(group).where(group.c.id == group_id)
        return self.database.work_now(lambda tx: tx.execute(query).one())  # type: ignore[return-value]  # a row reads like its model

    def later(self, **step: float) -> datetime:
        return self.now + timedelta(**step)
