"""One person's updates go in order; a slow, failing or unreadable one stops only itself."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, select

import gateway.lanes
from gateway.clock import Clock
from gateway.inbox import Arrived, keep
from gateway.lanes import SIDE_BY_SIDE, Lanes, Unreadable
from models.database import Database
from models.edge import InboxState, inbox
from tests.patience import until

Handled = list[tuple[int, int]]


def arrived(database: Database, *lanes: int) -> list[Arrived]:
    """One update for each lane named, kept in this order."""
    batch = [
        {"update_id": number, "message": {"from": {"id": lane}, "chat": {"id": lane}}}
        for number, lane in enumerate(lanes, 1)
    ]
    return database.work_now(lambda tx: keep(tx, batch, Clock().now()))


def states(database: Database) -> dict[int, str]:
    rows = database.work_now(lambda tx: tx.execute(select(inbox.c.update_id, inbox.c.state)).all())
    return {row.update_id: row.state for row in rows}


async def test_one_persons_updates_are_handled_one_after_another(database: Database) -> None:
    handled: Handled = []
    under_way = 0

    async def handle(one: Arrived) -> None:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        # The earlier ones take longer: only order can bring them to the front.
        await asyncio.sleep(0.02 / one.update_id)
        handled.append((one.lane, one.update_id))
        under_way -= 1

    lanes = Lanes(database, Clock(), handle)
    batch = arrived(database, 7, 7, 7, 7)
    lanes.put(batch[:1])
    lanes.put(batch[1:])
    assert lanes.waiting == 4
    await lanes.drain()
    assert handled == [(7, 1), (7, 2), (7, 3), (7, 4)]
    assert lanes.waiting == 0


async def test_a_slow_person_delays_nobody_else(database: Database) -> None:
    handled: Handled = []
    gate = asyncio.Event()

    async def handle(one: Arrived) -> None:
        if one.lane == 7:
            await gate.wait()
        handled.append((one.lane, one.update_id))

    lanes = Lanes(database, Clock(), handle)
    lanes.put(arrived(database, 7, 8, 9, 7, 8))
    await until(lambda: len(handled) == 3)
    assert sorted(handled) == [(8, 2), (8, 5), (9, 3)]
    gate.set()
    await lanes.drain()
    assert handled[3:] == [(7, 1), (7, 4)]


async def test_more_people_than_there_is_room_for_all_have_their_turn(database: Database) -> None:
    side_by_side = most = 0

    async def handle(one: Arrived) -> None:
        nonlocal side_by_side, most
        side_by_side += 1
        most = max(most, side_by_side)
        await asyncio.sleep(0)
        side_by_side -= 1

    lanes = Lanes(database, Clock(), handle)
    lanes.put(arrived(database, *range(1, 3 * SIDE_BY_SIDE)))
    await lanes.drain()
    assert most <= SIDE_BY_SIDE


async def test_what_fails_is_tried_three_times_and_the_next_one_goes_on(database: Database) -> None:
    handled: Handled = []

    async def handle(one: Arrived) -> None:
        handled.append((one.tries, one.update_id))
        if one.update_id == 1:
            raise KeyError("a bug")

    lanes = Lanes(database, Clock(), handle)
    lanes.put(arrived(database, 7, 7))
    await lanes.drain()
    assert handled == [(0, 1), (1, 1), (2, 1), (0, 2)]
    assert states(database) == {1: InboxState.DEAD, 2: InboxState.NEW}


async def test_what_cannot_be_read_is_not_tried_again(database: Database) -> None:
    tries = 0

    async def handle(one: Arrived) -> None:
        nonlocal tries
        tries += 1
        raise Unreadable("KeyError")

    lanes = Lanes(database, Clock(), handle)
    lanes.put(arrived(database, 7))
    await lanes.drain()
    assert (tries, states(database)) == (1, {1: InboxState.DEAD})


@pytest.fixture
def impatient(tmp_path: Path) -> Database:
    """The database, as one that does not wait ten seconds for somebody else's lock."""
    database = Database(f"sqlite:///{tmp_path}/edge.sqlite")
    event.listen(database.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout = 5"))
    return database


async def test_nobody_is_deaf_after_the_database_was_away_while_a_failure_was_counted(
    database: Database, impatient: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.lanes, "AWAY_SECONDS", 0.01)
    batch = arrived(database, 7, 7)
    other = sqlite3.connect(tmp_path / "edge.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    handled: Handled = []

    async def handle(one: Arrived) -> None:
        handled.append((one.tries, one.update_id))
        if one.update_id == 1:
            raise KeyError("a bug")

    lanes = Lanes(impatient, Clock(), handle)
    lanes.put(batch)
    await until(lambda: len(handled) >= 1)
    await asyncio.sleep(0.05)
    other.execute("COMMIT")
    other.close()
    await until(lambda: (0, 2) in handled)
    await lanes.drain()
    assert states(database)[1] == InboxState.DEAD
    impatient.close()


async def test_while_the_database_is_away_an_update_waits_and_loses_no_try(
    database: Database, impatient: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.lanes, "AWAY_SECONDS", 0.01)
    batch = arrived(database, 7)
    other = sqlite3.connect(tmp_path / "edge.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tried: list[int] = []
    done: list[int] = []

    async def handle(one: Arrived) -> None:
        tried.append(one.tries)
        await impatient.work(lambda tx: tx.execute(select(inbox.c.state)).all())
        done.append(one.update_id)

    lanes = Lanes(impatient, Clock(), handle)
    lanes.put(batch)
    await until(lambda: len(tried) > 4)
    other.execute("COMMIT")
    other.close()
    await lanes.drain()
    assert done == [1] and set(tried) == {0}
    impatient.close()
