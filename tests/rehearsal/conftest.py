"""The cast and the stage of these tests: a simulator, a bot, raw calls, and a few people."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot

from rehearsal.people import Group, People, Person
from rehearsal.simulator import Simulator

START = datetime.fromisoformat("2024-10-18T08:00:00+08:00")

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(start=START, holds_repeats=False) as simulator:
        yield simulator


@pytest.fixture
async def people(sim: Simulator) -> AsyncIterator[People]:
    async with People(sim.url) as everybody:
        yield everybody


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    async with Bot(sim.token, base_url=sim.base_url, base_file_url=sim.base_file_url) as made:
        yield made


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as made:
        yield made


@pytest.fixture
async def ask(sim: Simulator, session: ClientSession) -> Ask:
    """One raw call: `answer = await ask("sendMessage", chat_id=1, text="…")`."""

    async def call(method: str, **parameters: object) -> Json:
        async with session.post(f"{sim.base_url}{sim.token}/{method}", json=parameters) as answer:
            said: Json = await answer.json()
            assert answer.status == (200 if said["ok"] else said["error_code"])
            return said

    return call


@pytest.fixture
async def ann(people: People) -> Person:
    """A reporter who has already written to the bot."""
    person = await people.person("安兰", username="anlan")
    await person.says("/start")
    return person


@pytest.fixture
async def chen(people: People) -> Person:
    """The dispatch office; owns the groups. Has never written to the bot."""
    return await people.person("陈调度")


@pytest.fixture
async def hall(people: People, chen: Person, ann: Person) -> Group:
    """A supergroup in which the bot is a plain member."""
    return await people.group("调度群", owner=chen, members=(ann,))
