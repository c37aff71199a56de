"""The engine, SQLite's safety settings, and the one door through which work is committed."""

import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

import models.bulletin
import models.edge
import models.people
import models.project
import models.report
import models.talk  # noqa: F401  (importing the areas fills the metadata)
from models.writers import Writers

T = TypeVar("T")
POSTGRESQL_THREADS = 8


class Database:
    """One database and its few threads; `work` is the only place that commits."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        count = 1 if self.is_sqlite else POSTGRESQL_THREADS
        self._writers = Writers(self.engine, count)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    async def work(self, action: Callable[[Connection], T]) -> T:
        """Run one synchronous action in a thread as one transaction; an exception undoes it all.

        It returns after the commit. Actions that wait at the same time may share one.
        """
        return await self._writers.work(action)

    def work_now(self, action: Callable[[Connection], T]) -> T:
        """The same, in the calling thread: for the command line and tests."""
        with self.engine.begin() as tx:
            return action(tx)

    def close(self) -> None:
        self._writers.close()
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """Raises sqlalchemy.exc.ArgumentError for a URL that cannot be read."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(
            address, pool_pre_ping=True, pool_size=POSTGRESQL_THREADS, hide_parameters=True
        )
    engine = create_engine(
        address,
        connect_args={"check_same_thread": False, "timeout": 10},
        poolclass=QueuePool,
        pool_size=4,
        query_cache_size=1000,
        hide_parameters=True,  # they are people's words, and an error may be printed
    )
    event.listen(engine, "connect", _make_safe)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def _make_safe(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own transaction handling leaves half a schema behind and loses updates;
    # without it BEGIN and COMMIT are exactly what `_begin_as_writer` and the engine say.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "busy_timeout = 10000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_as_writer(connection: Connection) -> None:
    # Taking the write lock at once means that what was read in the transaction stays true.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def insert_new(tx: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Insert those rows whose unique keys are not there yet; returns how many were new."""
    if not rows:
        return 0
    statement = _insert_if_new(tx.dialect.name, table)
    if len(rows) == 1:
        return int(tx.execute(statement, rows[0]).rowcount)
    return sum(int(tx.execute(statement, row).rowcount) for row in rows)


@cache
def _insert_if_new(dialect: str, table: Table) -> Executable:
    maker = postgresql if dialect == "postgresql" else sqlite
    statement: Executable = maker.insert(table).on_conflict_do_nothing()
    return statement


def insert_row(tx: Connection, table: Table, **values: Any) -> int:
    """Insert one row and return its id."""
    key = tx.execute(table.insert(), values).inserted_primary_key
    assert key is not None
    return int(key[0])
