"""A group that becomes a supergroup keeps what was confirmed, and nobody's word is made up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.bulletin import GroupState, group
from models.database import Database, insert_row
from models.edge import OutClass, OutState, outbox, trouble
from models.groups import migrate_group
from models.troubles import heal_trouble, note_trouble
from tests.district import Templates

NOW = datetime(2024, 10, 30, 2, 0, tzinfo=UTC)
OLD, NEW = -77, -100_077


@pytest.fixture
def database(tmp_path: Path, templates: Templates) -> Iterator[Database]:
    (tmp_path / "x.sqlite").write_bytes(templates.empty.read_bytes())
    made = Database(f"sqlite:///{tmp_path}/x.sqlite")
    yield made
    made.close()


def binds(database: Database, chat_id: int, state: GroupState = GroupState.BOUND) -> int:
    values = {"chat_id": chat_id, "audience": "weekly", "title": "调度群", "asked_at": NOW}
    return database.work_now(lambda tx: insert_row(tx, group, state=state, rev=1, **values))


def owes(database: Database, chat_id: int, state: OutState = OutState.READY) -> int:
    values: dict[str, Any] = {"out_class": OutClass.ONCE, "kind": "bulletin", "payload": {}}
    values |= {"method": "sendMessage", "key": f"{chat_id}:{state}", "created_at": NOW}
    return database.work_now(
        lambda tx: insert_row(tx, outbox, chat_id=chat_id, state=state, **values)
    )


def row(database: Database, group_id: int) -> Any:
    return database.work_now(
        lambda tx: tx.execute(select(group).where(group.c.id == group_id)).one()
    )


def troubles(database: Database) -> list[str]:
    query = select(trouble.c.kind).where(trouble.c.healed_at.is_(None)).order_by(trouble.c.id)
    return database.work_now(lambda tx: list(tx.scalars(query)))


def migrates(database: Database) -> bool:
    return database.work_now(lambda tx: migrate_group(tx, OLD, NEW, NOW))


def test_the_binding_and_what_waits_move_to_the_new_id(database: Database) -> None:
    bound = binds(database, OLD)
    waiting, sent = owes(database, OLD), owes(database, OLD, OutState.SENT)
    assert migrates(database)
    found = row(database, bound)
    assert (found.chat_id, found.state, found.rev) == (NEW, GroupState.BOUND, 1)
    chats = dict(
        database.work_now(lambda tx: list(tx.execute(select(outbox.c.id, outbox.c.chat_id))))
    )
    assert chats == {waiting: NEW, sent: OLD}
    assert troubles(database) == ["group_migrated"]


def test_told_twice_it_moves_once(database: Database) -> None:
    binds(database, OLD)
    assert migrates(database)
    assert not migrates(database)
    assert troubles(database) == ["group_migrated"]


def test_a_group_that_is_not_ours_is_no_matter(database: Database) -> None:
    assert not migrates(database)
    assert troubles(database) == []


def test_a_binding_of_the_new_id_counts_and_the_old_one_ends(database: Database) -> None:
    old, new = binds(database, OLD), binds(database, NEW, GroupState.ASKED)
    assert migrates(database)
    assert (row(database, old).state, row(database, old).rev) == (GroupState.UNBOUND, 2)
    assert (row(database, new).state, row(database, new).rev) == (GroupState.ASKED, 1)


def test_a_wish_that_nobody_confirmed_moves_without_a_word(database: Database) -> None:
    asked = binds(database, OLD, GroupState.ASKED)
    assert migrates(database)
    assert row(database, asked).chat_id == NEW
    assert troubles(database) == []


def test_a_trouble_is_noted_once_until_it_is_healed(database: Database) -> None:
    def note(tx: Any) -> None:
        note_trouble(tx, NOW, "group:1", "group_lost", title="调度群")

    database.work_now(note)
    database.work_now(note)
    assert troubles(database) == ["group_lost"]
    database.work_now(lambda tx: heal_trouble(tx, NOW, "group:1"))
    assert troubles(database) == []
    database.work_now(note)
    assert troubles(database) == ["group_lost"]
