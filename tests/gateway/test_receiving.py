"""Polling: what Telegram handed over is on disk before Telegram may forget it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

import gateway.receive
from gateway.api import Api
from gateway.clock import Clock
from gateway.inbox import Arrived, finish
from gateway.lanes import Lanes
from gateway.receive import Receiver
from gateway.request import AiohttpRequest
from models.database import Database
from models.edge import InboxState, inbox
from rehearsal.people import People, Person
from rehearsal.simulator import Simulator
from tests.patience import until

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


class Ear:
    """A receiver at work, and what it handed on: (epoch, words)."""

    def __init__(self, api: Api, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.heard: list[tuple[int, str]] = []
        self.lanes = Lanes(database, clock, self._hear)
        self.receiver = Receiver(api, database, clock, self.lanes)
        self._task: asyncio.Task[None] | None = None

    async def _hear(self, one: Arrived) -> None:
        if await self._database.work(lambda tx: finish(tx, one, self._clock.now())):
            self.heard.append((one.epoch, one.raw["message"]["text"]))

    async def opens(self) -> None:
        await self.receiver.resume()
        self._task = asyncio.create_task(self.receiver.run())

    async def shuts(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.lanes.drain()

    async def rests(self, people: People) -> None:
        """Until everything that was said is acknowledged and handled."""
        await people.settle()
        await self.lanes.drain()

    @property
    def words(self) -> list[str]:
        return [words for _, words in self.heard]


@pytest.fixture
async def ear(api: Api, database: Database, clock: Clock) -> AsyncIterator[Ear]:
    made = Ear(api, database, clock)
    yield made
    await made.shuts()


@pytest.fixture
async def ann(people: People) -> Person:
    return await people.person("安兰")


@pytest.fixture(autouse=True)
def patient_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway.receive, "CONFLICT_SECONDS", 0.05)


async def test_what_is_said_is_heard_and_acknowledged(
    ear: Ear, ann: Person, people: People
) -> None:
    await ear.opens()
    await ann.says("填报")
    await ear.rests(people)
    assert ear.words == ["填报"]
    assert await people.pending() == 0


async def test_an_update_is_acknowledged_only_after_it_is_on_disk(
    ear: Ear, ann: Person, people: People, tmp_path: Path
) -> None:
    await ear.opens()
    await people.bot_listens()
    other = sqlite3.connect(tmp_path / "edge.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await ann.says("填报")
    await asyncio.sleep(0.2)
    assert await people.pending() == 1
    assert other.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    other.execute("COMMIT")
    other.close()
    await ear.rests(people)
    assert await people.pending() == 0
    assert ear.words == ["填报"]


async def test_what_was_kept_and_not_done_is_taken_up_at_the_next_start(
    api: Api, database: Database, clock: Clock, ann: Person, people: People
) -> None:
    async def crash(one: Arrived) -> None:
        await asyncio.Event().wait()

    first = Ear(api, database, clock)
    first.lanes = Lanes(database, clock, crash)
    first.receiver = Receiver(api, database, clock, first.lanes)
    await first.opens()
    await ann.says("填报")
    await ann.says("在建，主体封顶")
    await people.settle()
    assert await people.pending() == 0
    second = Ear(api, database, clock)
    await second.opens()
    await until(lambda: len(second.heard) == 2)
    assert second.words == ["填报", "在建，主体封顶"]
    for lane in first.lanes._tasks:
        lane.cancel()
    await asyncio.gather(*first.lanes._tasks, return_exceptions=True)
    await first.shuts()
    await second.shuts()


async def test_updates_that_are_handed_over_twice_act_once(
    ear: Ear, ann: Person, people: People
) -> None:
    await people.faults.add("duplicate_update", method="getUpdates", times=3)
    await ear.opens()
    for number in range(5):
        await ann.says(f"第{number}句")
    await ear.rests(people)
    assert ear.words == [f"第{number}句" for number in range(5)]


async def test_ids_that_start_anew_below_are_heard(
    ear: Ear, ann: Person, people: People, sim: Simulator
) -> None:
    await ear.opens()
    await ann.says("去年的话")
    await people.settle()
    sim.world.queue._next_id = 17
    await ann.says("今年的话")
    await ann.says("还有一句")
    await ear.rests(people)
    assert ear.heard == [(0, "去年的话"), (0, "今年的话"), (0, "还有一句")]


async def test_an_id_that_is_used_again_is_another_update(
    ear: Ear, ann: Person, people: People, sim: Simulator
) -> None:
    sim.world.queue._next_id = 40
    await ear.opens()
    await ann.says("去年的话")
    await people.settle()
    sim.world.queue._next_id = 39
    await ann.says("今年的话")
    await ann.says("还有一句")
    await ear.rests(people)
    assert ear.heard == [(0, "去年的话"), (0, "今年的话"), (1, "还有一句")]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_after"},
        {"kind": "bad_json"},
        {"kind": "error", "code": 502, "description": "Bad Gateway"},
        {"kind": "error", "code": 409, "description": "Conflict: terminated by other getUpdates"},
        {"kind": "error", "code": 429, "description": "Too Many", "parameters": {"retry_after": 1}},
    ],
    ids=["reset", "broken answer", "502", "another poller", "429"],
)
async def test_a_poll_that_fails_loses_nothing(
    ear: Ear, ann: Person, people: People, fault: dict[str, object]
) -> None:
    await ann.says("填报")
    await people.faults.add(method="getUpdates", times=1, **fault)  # type: ignore[arg-type]  # its kind is in the fault
    await ear.opens()
    await until(lambda: ear.words == ["填报"])


async def test_a_token_that_is_not_valid_ends_the_hearing_and_says_so(
    sim: Simulator, database: Database, clock: Clock, request_: AiohttpRequest
) -> None:
    ear = Ear(Api(request_, sim.url, "4242:WRONG"), database, clock)
    await asyncio.wait_for(ear.receiver.run(), 5)
    assert ear.receiver.fatal is not None


async def test_one_that_nobody_can_handle_does_not_stop_the_rest(
    ear: Ear, ann: Person, people: People, sim: Simulator, database: Database
) -> None:
    await ear.opens()
    sim.world.queue.put("message", {"nothing": "of use", "from": {"id": ann.id}}, "odd")
    await ann.says("填报")
    await ear.rests(people)
    assert ear.words == ["填报"]
    states = database.work_now(lambda tx: tx.scalars(select(inbox.c.state)).all())
    assert sorted(states) == [InboxState.DEAD, InboxState.DONE]
