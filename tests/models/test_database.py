"""The database is safe as it is opened, and what is committed through its one door is whole."""

import asyncio
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from models.columns import Money
from models.database import Database, insert_new, insert_row
from models.edge import setting
from models.people import person, person_role
from tests.district import Templates


@pytest.fixture
def database(tmp_path: Path, templates: Templates) -> Iterator[Database]:
    (tmp_path / "x.sqlite").write_bytes(templates.empty.read_bytes())
    made = Database(f"sqlite:///{tmp_path}/x.sqlite")
    yield made
    made.close()


def keep(name: str, value: str = "x") -> Any:
    return lambda tx: tx.execute(setting.insert().values(name=name, value=value))


def kept(database: Database) -> list[str]:
    return database.work_now(lambda tx: sorted(tx.scalars(select(setting.c.name))))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_sqlite_is_set_to_keep_what_it_has_confirmed(
    database: Database, pragma: str, value: object
) -> None:
    found = database.work_now(lambda tx: tx.exec_driver_sql(f"PRAGMA {pragma}").scalar())
    assert found == value


def test_who_writes_has_the_lock_from_the_first_word(database: Database, tmp_path: Path) -> None:
    """Else two could read the same state and both act upon it."""

    def read_and_try(tx: Connection) -> None:
        tx.execute(select(setting)).all()
        other = sqlite3.connect(tmp_path / "x.sqlite", timeout=0.01, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()

    database.work_now(read_and_try)


def test_an_action_that_fails_leaves_nothing(database: Database) -> None:
    def half(tx: Connection) -> None:
        keep("half")(tx)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.work_now(half)
    assert kept(database) == []


async def test_actions_that_wait_together_stand_and_fall_each_for_itself(
    database: Database,
) -> None:
    def half(tx: Connection) -> None:
        keep("half")(tx)
        raise RuntimeError("a bug")

    def twice(tx: Connection) -> None:
        keep("twice")(tx)
        keep("twice")(tx)

    works = [keep("one"), half, keep("two"), twice, keep("three")]
    done = await asyncio.gather(*map(database.work, works), return_exceptions=True)
    assert [type(each) for each in done if isinstance(each, Exception)] == [
        RuntimeError,
        IntegrityError,
    ]
    assert kept(database) == ["one", "three", "two"]


async def test_nobody_is_told_of_success_before_it_is_on_disk(
    database: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)

    async def keep_and_look(number: int) -> int:
        await database.work(keep(f"{number}"))
        query = f"SELECT count(*) FROM setting WHERE name = '{number}'"
        return int(other.execute(query).fetchone()[0])

    assert await asyncio.gather(*map(keep_and_look, range(60))) == [1] * 60
    other.close()


async def test_what_was_handed_in_before_the_end_is_written(
    tmp_path: Path, templates: Templates
) -> None:
    (tmp_path / "y.sqlite").write_bytes(templates.empty.read_bytes())
    database = Database(f"sqlite:///{tmp_path}/y.sqlite")
    works = [asyncio.ensure_future(database.work(keep(f"{number}"))) for number in range(30)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    await asyncio.gather(*works)
    with sqlite3.connect(tmp_path / "y.sqlite") as books:
        assert books.execute("SELECT count(*) FROM setting").fetchone() == (30,)


def test_new_rows_are_told_from_known_ones(database: Database) -> None:
    rows = [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}]
    assert database.work_now(lambda tx: insert_new(tx, setting, rows[:1])) == 1
    assert database.work_now(lambda tx: insert_new(tx, setting, rows)) == 1
    assert database.work_now(lambda tx: insert_new(tx, setting, [])) == 0


def test_a_role_of_nobody_is_refused(database: Database) -> None:
    def orphan(tx: Connection) -> None:
        tx.execute(person_role.insert().values(person_id=77, role="office"))

    with pytest.raises(IntegrityError):
        database.work_now(orphan)


def test_an_error_does_not_repeat_what_people_said(database: Database) -> None:
    database.work_now(keep("金丝雀"))
    with pytest.raises(IntegrityError) as caught:
        database.work_now(keep("金丝雀"))
    assert "金丝雀" not in str(caught.value)


def test_a_large_telegram_id_is_kept_whole(database: Database) -> None:
    account = 2**52 + 1
    row_id = database.work_now(lambda tx: insert_row(tx, person, name="安兰", telegram_id=account))
    query = select(person.c.telegram_id).where(person.c.id == row_id)
    assert database.work_now(lambda tx: tx.scalar(query)) == account


@given(st.decimals(-(10**9), 10**9, places=4))
def test_money_comes_back_to_the_yuan(amount: Decimal) -> None:
    money, dialect = Money(), sqlite.dialect()
    assert money.process_result_value(money.process_bind_param(amount, dialect), dialect) == amount


@pytest.mark.parametrize(("given_", "kept_"), [("0.00005", "0.0001"), ("0.00004", "0")])
def test_money_finer_than_a_yuan_is_rounded_half_up(given_: str, kept_: str) -> None:
    money, dialect = Money(), sqlite.dialect()
    bound = money.process_bind_param(Decimal(given_), dialect)
    assert money.process_result_value(bound, dialect) == Decimal(kept_)
    assert money.process_bind_param(None, dialect) is None
