"""The one door: an action, its effects and the mark on its cause stand or fall together."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from actions.desk import Desk
from actions.door import AlreadyDone, Door
from flows.texts import Html
from models.edge import audit, outbox
from tests.clockwork import Clockwork


def says(desk: Desk, words: str) -> str:
    desk.send(505, Html(words))
    desk.record(None, "test", words)
    return words


def counts(clockwork: Clockwork) -> tuple[int, int]:
    tables: tuple[Any, ...] = (outbox, audit)
    rows = [clockwork.rows(select(func.count()).select_from(table))[0][0] for table in tables]
    return rows[0], rows[1]


@pytest.fixture
def door(clockwork: Clockwork) -> Door:
    return Door(clockwork.database, clockwork.office, lambda: clockwork.now)


async def test_what_an_action_does_and_the_mark_on_its_cause_are_one(
    clockwork: Clockwork, door: Door
) -> None:
    before = counts(clockwork)
    marked: list[datetime] = []

    def mark(tx: Connection, now: datetime) -> bool:
        marked.append(now)
        return True

    done, _ = await door.finish_with(mark, "u:1", says, "一")
    assert done == "一" and marked == [clockwork.now]
    assert counts(clockwork) == (before[0] + 1, before[1] + 1)


async def test_what_was_done_before_is_undone_and_said_so(clockwork: Clockwork, door: Door) -> None:
    before = counts(clockwork)
    with pytest.raises(AlreadyDone):
        await door.finish_with(lambda tx, now: False, "u:1", says, "一")
    assert counts(clockwork) == before


async def test_the_replies_of_one_update_have_keys_that_can_exist_only_once(
    clockwork: Clockwork, door: Door
) -> None:
    def twice(desk: Desk) -> None:
        says(desk, "一")
        says(desk, "二")

    await door.finish_with(lambda tx, now: True, "u:0-7", twice)
    rows = clockwork.rows(select(outbox.c.key).where(outbox.c.key.startswith("u:0-7")))
    assert [row.key for row in rows] == ["u:0-7:0", "u:0-7:1"]


async def test_the_sender_is_woken_after_the_commit_and_only_then(clockwork: Clockwork) -> None:
    woken: list[tuple[int, bool]] = []

    def wake(replies: Any, has_waiting: bool) -> None:
        rows = clockwork.rows(select(outbox.c.id).where(outbox.c.key.startswith("u:0-7")))
        woken.append((len(rows), has_waiting))

    door = Door(clockwork.database, clockwork.office, lambda: clockwork.now, wake)
    await door.finish_with(lambda tx, now: True, "u:0-7", says, "一")
    assert woken == [(1, False)]
    with pytest.raises(AlreadyDone):
        await door.finish_with(lambda tx, now: False, "u:0-8", says, "二")
    assert len(woken) == 1
