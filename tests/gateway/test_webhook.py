"""Telegram calls us: only with the secret, and 200 is said only of what is on disk."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import event, select

from gateway.api import Api
from gateway.clock import Clock
from gateway.inbox import Arrived
from gateway.lanes import Lanes
from gateway.webhook import PATH, Webhook
from models.database import Database
from models.edge import inbox
from rehearsal.people import People
from tests.district import District
from tests.district_book import LI

SECRET = "a-secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 5, "message": {"text": "填报", "from": {"id": 7}, "chat": {"id": 7}}}

Heard = list[int]


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


@pytest.fixture
async def url(
    api: Api, database: Database, clock: Clock, heard: Heard, free_port: int
) -> AsyncIterator[str]:
    """A webhook that listens; `heard` fills with what it hands on."""

    async def handle(one: Arrived) -> None:
        heard.append(one.update_id)

    lanes = Lanes(database, clock, handle)
    webhook = Webhook(api, database, clock, lanes, SECRET)
    url = f"http://127.0.0.1:{free_port}{PATH}"
    await webhook.start(url, "127.0.0.1", free_port)
    yield url
    await webhook.stop()
    await lanes.drain()


@pytest.fixture
async def telegram() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def kept(database: Database) -> list[int]:
    return database.work_now(lambda tx: list(tx.scalars(select(inbox.c.update_id))))


async def post(telegram: ClientSession, url: str, body: Any, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {HEADER: secret}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with telegram.post(url, data=data, headers=headers) as answer:
        return answer.status


async def test_an_update_with_the_secret_is_kept_handed_on_and_taken(
    database: Database, url: str, telegram: ClientSession, heard: Heard
) -> None:
    assert await post(telegram, url, UPDATE) == 200
    assert (kept(database), heard) == ([5], [5])


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()])
async def test_whoever_does_not_know_the_secret_is_refused(
    database: Database, url: str, telegram: ClientSession, secret: str | None
) -> None:
    assert await post(telegram, url, UPDATE, secret) == 403
    assert kept(database) == []


async def test_a_secret_that_is_no_text_is_refused_like_any_other(
    database: Database, url: str, free_port: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", free_port)
    body = json.dumps(UPDATE).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{HEADER}: "
    writer.write(head.encode() + b"\xff\xfe\r\n\r\n" + body)
    assert (await reader.readline()).split()[1] == b"403"
    writer.close()
    assert kept(database) == []


GARBAGE = {
    "empty": b"",
    "words": b"not json",
    "list": b"[1]",
    "text": b'"words"',
    "null": b"null",
    "object": b"{}",
    "text id": b'{"update_id":"5"}',
    "bytes": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "long": b'{"update_id":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_taken_and_leaves_nothing(
    database: Database, url: str, telegram: ClientSession, garbage: bytes, heard: Heard
) -> None:
    """Anything but 200 would have Telegram say it again for a day."""
    assert await post(telegram, url, garbage) == 200
    assert (kept(database), heard) == ([], [])


async def test_an_update_that_comes_twice_is_handed_on_once(
    database: Database, url: str, telegram: ClientSession, heard: Heard
) -> None:
    assert await post(telegram, url, UPDATE) == 200
    assert await post(telegram, url, UPDATE) == 200
    assert (kept(database), heard) == ([5], [5])


async def test_it_is_taken_only_after_it_is_on_disk(
    database: Database, url: str, telegram: ClientSession, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "edge.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = asyncio.create_task(post(telegram, url, UPDATE))
    await asyncio.sleep(0.2)
    assert not answer.done()
    other.execute("COMMIT")
    other.close()
    assert await answer == 200
    assert kept(database) == [5]


async def test_what_cannot_be_kept_is_not_taken_and_comes_again(
    database: Database, url: str, telegram: ClientSession, tmp_path: Path
) -> None:
    event.listen(database.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout = 5"))
    database.engine.dispose()
    other = sqlite3.connect(tmp_path / "edge.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await post(telegram, url, UPDATE) == 503
    other.execute("COMMIT")
    other.close()
    assert await post(telegram, url, UPDATE) == 200
    assert kept(database) == [5]


async def test_what_people_say_comes_in_by_itself(
    database: Database, url: str, people: People, heard: Heard
) -> None:
    ann = await people.person("安兰")
    await people.faults.add("duplicate_update", method="getUpdates", times=1)
    await ann.says("/start")
    await ann.says("填报")
    await people.settle()
    assert heard == sorted(kept(database)) and len(heard) == 2
    assert await people.pending() == 0


def test_a_webhook_without_its_secret_does_not_start(
    api: Api, database: Database, clock: Clock
) -> None:
    async def handle(one: Arrived) -> None:
        raise AssertionError

    with pytest.raises(ValueError, match="DIAODU_TELEGRAM__WEBHOOK_SECRET"):
        Webhook(api, database, clock, Lanes(database, clock, handle), "")


async def test_the_whole_bot_works_by_webhook_and_goes_back_to_polling(
    opens: Callable[..., Awaitable[District]], free_port: int
) -> None:
    telegram = {
        "receive": "webhook",
        "webhook_url": f"http://127.0.0.1:{free_port}{PATH}",
        "webhook_listen": f"127.0.0.1:{free_port}",
        "webhook_secret": SECRET,
    }
    district = await opens(telegram=telegram)
    li = await district.person(LI)
    await li.says("我的")
    await li.waits_for("精品钢")
    await district.bot_stops()
    await li.says("/help")
    telegram |= {"receive": "polling"}
    await district.bot_starts()
    await li.waits_for("怎么用")
