"""The stage of the edge's tests: a database, a simulated Telegram, and the line between them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.api import Api
from gateway.clock import Clock
from gateway.request import AiohttpRequest
from models.database import Database
from rehearsal.people import People
from rehearsal.simulator import Simulator
from rehearsal.stage.limits import Limits
from tests.district import Templates
from tests.gateway.post_office import PostOffice

NOW = datetime(2024, 10, 30, 2, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, templates: Templates) -> Iterator[Database]:
    path = tmp_path / "edge.sqlite"
    path.write_bytes(templates.empty.read_bytes())
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with Simulator(
        start=NOW,
        rate=0.0,
        clock_file=tmp_path / "clock.json",
        limits=Limits(is_on=False),
        holds_repeats=False,
    ) as simulator:
        yield simulator


@pytest.fixture
async def people(sim: Simulator) -> AsyncIterator[People]:
    async with People(sim.url) as everybody:
        yield everybody


@pytest.fixture
async def request_(sim: Simulator) -> AsyncIterator[AiohttpRequest]:
    made = AiohttpRequest()
    yield made
    await made.shutdown()


@pytest.fixture
def api(sim: Simulator, request_: AiohttpRequest) -> Api:
    return Api(request_, sim.url, sim.token)


@pytest.fixture
def clock(sim: Simulator, tmp_path: Path) -> Clock:
    """The simulated clock, as the bot reads it."""
    return Clock(tmp_path / "clock.json")


@pytest.fixture
async def post(api: Api, database: Database, clock: Clock) -> AsyncIterator[PostOffice]:
    """A sender over an outbox that tests fill by hand."""
    office = PostOffice(api, database, clock)
    yield office
    await office.closes()
