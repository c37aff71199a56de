"""What comes in is kept once, whatever it is, and counted once, whatever happens."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from gateway.inbox import MOST_TRIES, Arrived, fail, finish, keep, lane_of, undone
from models.database import Database
from models.edge import InboxState, inbox, trouble

NOW = datetime(2024, 10, 30, 2, 0, tzinfo=UTC)
Json = dict[str, Any]


def said(update_id: int, words: str = "填报", who: int = 505) -> Json:
    message = {"message_id": 7, "date": 1, "text": words, "from": {"id": who}, "chat": {"id": who}}
    return {"update_id": update_id, "message": message}


def kept(database: Database, *batch: Json) -> list[Arrived]:
    return database.work_now(lambda tx: keep(tx, list(batch), NOW))


def spelled(arrived: list[Arrived]) -> str:
    return json.dumps([each.raw for each in arrived], sort_keys=True)


def count(database: Database) -> int:
    return int(database.work_now(lambda tx: tx.scalar(select(func.count()).select_from(inbox))))  # type: ignore[arg-type]  # a count is never NULL


def test_a_batch_is_kept_in_its_order(database: Database) -> None:
    fresh = kept(database, said(10), said(11), said(12))
    assert [each.update_id for each in fresh] == [10, 11, 12]
    assert database.work_now(undone) == fresh


def test_the_same_update_again_is_kept_once(database: Database) -> None:
    kept(database, said(10), said(11))
    assert kept(database, said(11), said(12), said(10)) == [Arrived(0, 12, 505, said(12))]
    assert count(database) == 3


def test_the_same_update_twice_in_one_batch_is_kept_once(database: Database) -> None:
    assert len(kept(database, said(10), said(10))) == 1


def test_an_id_that_comes_again_with_other_words_opens_a_new_epoch(database: Database) -> None:
    kept(database, said(10, "一月的话"))
    fresh = kept(database, said(10, "三月的话"), said(11))
    assert [(each.epoch, each.update_id) for each in fresh] == [(1, 10), (1, 11)]
    assert kept(database, said(10, "三月的话")) == []
    assert count(database) == 3


def test_ids_may_start_anew_far_below_the_highest(database: Database) -> None:
    """Telegram draws them at random after a quiet week: a lower id is not an older update."""
    kept(database, said(900_000_000))
    assert len(kept(database, said(17), said(18))) == 2


def test_what_was_done_is_not_done_again(database: Database) -> None:
    [one] = kept(database, said(10))
    assert database.work_now(lambda tx: finish(tx, one, NOW))
    assert not database.work_now(lambda tx: finish(tx, one, NOW))
    assert database.work_now(undone) == []


def test_what_failed_is_tried_again_and_then_parked_and_the_office_hears_of_it_once(
    database: Database,
) -> None:
    [one] = kept(database, said(10))
    for tries in range(MOST_TRIES):
        again = Arrived(one.epoch, one.update_id, one.lane, one.raw, tries)
        is_dead = database.work_now(lambda tx, a=again: fail(tx, a, NOW, "KeyError", False))  # type: ignore[misc]  # the default binds the loop's value
        assert is_dead == (tries == MOST_TRIES - 1)
    row = database.work_now(lambda tx: tx.execute(select(inbox)).one())
    assert (row.state, row.tries, row.reason) == (InboxState.DEAD, MOST_TRIES, "KeyError")
    assert database.work_now(undone) == []
    assert database.work_now(lambda tx: tx.scalars(select(trouble.c.kind)).all()) == ["dead_update"]


def test_a_dead_update_is_not_brought_to_life_by_finishing_it(database: Database) -> None:
    [one] = kept(database, said(10))
    database.work_now(lambda tx: fail(tx, one, NOW, "Unreadable", True))
    assert not database.work_now(lambda tx: finish(tx, one, NOW))


@pytest.mark.parametrize(
    "hostile",
    [
        said(10, "孤\ud83d"),
        said(10, "\x00空"),
        said(10, "字" * 4096),
        said(10, who=2**70),
        said(10) | {"message": {"from": {"id": True}, "chat": []}},
        said(10) | {"message": float("nan")},
        said(10) | {"novelty": {"from": {"id": "505"}, "chat": {"id": None}}},
        {"update_id": 10},
    ],
    ids=["surrogate", "nul", "long", "huge id", "odd ids", "nan", "new kind", "bare"],
)
def test_hostile_content_is_kept_and_stops_nobody(database: Database, hostile: Json) -> None:
    fresh = kept(database, said(9), hostile, said(11))
    assert [each.update_id for each in fresh] == [9, 10, 11]
    again = database.work_now(undone)
    assert spelled(again) == spelled(fresh)


@pytest.mark.parametrize(
    "odd", [{}, {"update_id": "10"}, {"update_id": None}, {"update_id": 2**80}]
)
def test_an_update_without_a_usable_id_is_passed_over(database: Database, odd: Json) -> None:
    assert [each.update_id for each in kept(database, said(9), odd, said(11))] == [9, 11]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "chat", "message", "id", "text"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "update_id", "x"]), _JSON))
def test_a_lane_is_found_for_anything(raw: Json) -> None:
    lane = lane_of(raw)
    assert isinstance(lane, int) and abs(lane) < 2**63


@pytest.mark.parametrize(
    ("raw", "lane"),
    [
        (said(1, who=7), 7),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": 9}}}},
            7,
        ),
        ({"update_id": 1, "message": {"chat": {"id": -5}}}, -5),
        ({"update_id": 1, "poll": {"id": "x"}}, 0),
    ],
)
def test_a_lane_is_the_person_else_the_chat(raw: Json, lane: int) -> None:
    assert lane_of(raw) == lane


def test_a_failed_transaction_keeps_nothing(database: Database) -> None:
    def keep_and_fail(tx: Any) -> Callable[[], None]:
        keep(tx, [said(10)], NOW)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        database.work_now(keep_and_fail)
    assert count(database) == 0
