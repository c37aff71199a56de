"""The threads that write: each takes what waits, and one commit may carry several actions."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Action = Callable[[Connection], Any]
MOST_TOGETHER = 24


@dataclass(slots=True)
class _Job:
    """One action, whom to tell, and what became of it."""

    action: Action
    told: asyncio.Future[Any]
    answer: Any = None
    fault: BaseException | None = None


@dataclass(slots=True)
class Writers:
    """On SQLite one thread writes, and what has queued up meanwhile goes into its next commit.

    Each action stands in a savepoint of its own: one that fails is undone alone, as if it had a
    transaction to itself. Nobody is told of success before the commit they all share.
    """

    engine: Engine
    count: int
    _queue: SimpleQueue[_Job | None] = field(default_factory=SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)

    async def work(self, action: Callable[[Connection], T]) -> T:
        if not self._threads:
            self._start()
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(_Job(action, told))
        return cast(T, await told)

    def _start(self) -> None:
        for number in range(self.count):
            name = f"database-{number}"
            self._threads.append(threading.Thread(target=self._write, name=name, daemon=True))
            self._threads[-1].start()

    def close(self) -> None:
        """Waits until what was handed in is written."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _write(self) -> None:
        while (job := self._queue.get()) is not None:
            jobs = [job, *self._waiting()]
            try:
                with self.engine.begin() as tx:
                    _do_all(tx, jobs)
            except BaseException as fault:  # whatever it is, those who wait must hear of it
                for each in jobs:
                    each.fault = each.fault or fault
            jobs[0].told.get_loop().call_soon_threadsafe(_tell, jobs)

    def _waiting(self) -> list[_Job]:
        """What else can share the commit; with several threads each action has its own."""
        jobs: list[_Job] = []
        if self.count > 1:
            return jobs
        while len(jobs) < MOST_TOGETHER - 1 and not self._queue.empty():
            job = self._queue.get()
            if job is None:
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs


def _do_all(tx: Connection, jobs: list[_Job]) -> None:
    if len(jobs) == 1:
        jobs[0].answer = jobs[0].action(tx)
        return
    for job in jobs:
        tx.exec_driver_sql("SAVEPOINT action")
        try:
            job.answer = job.action(tx)
            tx.exec_driver_sql("RELEASE SAVEPOINT action")
        except Exception as fault:
            job.fault = fault
            tx.exec_driver_sql("ROLLBACK TO SAVEPOINT action")
            tx.exec_driver_sql("RELEASE SAVEPOINT action")


def _tell(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.told.cancelled():
            continue
        if job.fault is not None:
            job.told.set_exception(job.fault)
        else:
            job.told.set_result(job.answer)
