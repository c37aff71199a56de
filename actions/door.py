"""The one door: an action, its transaction, and what is sent after the commit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from actions.desk import Desk, Tray
from actions.office import Office
from models.database import Database
from models.parcel import Parcel

P = ParamSpec("P")
T = TypeVar("T")

Finish = Callable[[Connection, datetime], bool]
"""Marks in the same transaction what caused the action as done; False: it was done before."""


class AlreadyDone(Exception):
    """The update had its effect before; this transaction is undone."""


class Door:
    """`work` runs one action in one transaction and wakes the sender after the commit."""

    def __init__(
        self,
        database: Database,
        office: Office,
        now: Callable[[], datetime],
        on_commit: Callable[[Sequence[Parcel], bool], None] | None = None,
    ) -> None:
        self.database = database
        self.office = office
        self.now = now
        self._on_commit = on_commit

    async def work(
        self, action: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The action's own answer, committed."""
        done, _ = await self.finish_with(None, "work", action, *args, **kwargs)
        return done

    async def finish_with(
        self,
        finish: Finish | None,
        source: str,
        action: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[T, Tray]:
        """As `work`; what caused it is marked as done in the same transaction. AlreadyDone."""
        now = self.now()
        tray = Tray(source if finish else f"{source}:{uuid4().hex}")

        def once(tx: Connection) -> T:
            desk = Desk(tx, now, self.office, tray, takes_replies=self._on_commit is not None)
            done = action(desk, *args, **kwargs)
            if finish is not None and not finish(tx, now):
                raise AlreadyDone(source)
            return done

        done = await self.database.work(once)
        if self._on_commit is not None:
            self._on_commit(tray.replies, tray.has_waiting)
        return done, tray

    def work_now(
        self, action: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same in the calling thread: for the command line."""
        now = self.now()
        tray = Tray(f"work:{uuid4().hex}")
        return self.database.work_now(
            lambda tx: action(Desk(tx, now, self.office, tray), *args, **kwargs)
        )


def nothing(desk: Desk, *_: Any) -> None:
    """For an update that asks for nothing: it is marked as done all the same."""
