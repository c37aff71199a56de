"""The stage: clock and its file, waiting, settling, following changes, and the command itself."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from rehearsal.people import NotSeen, People, Person, Refused
from rehearsal.simulator import Simulator
from rehearsal.stage.clock import Clock

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]

ROOT = Path(__file__).parents[2]
FRIDAY = datetime.fromisoformat("2024-10-18T08:00:00+08:00")


def read(file: Path) -> float:
    """The simulated moment as the bot's own clock computes it."""
    told = json.loads(file.read_text("utf-8"))
    assert set(told) == {"at", "since", "rate"}
    return float(told["at"] + (time.time() - told["since"]) * told["rate"])


def test_the_clock_file_tells_the_simulated_time(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = Clock(FRIDAY, rate=0, file=file)
    assert read(file) == clock.now() == FRIDAY.timestamp()
    clock.set(FRIDAY + timedelta(days=6))
    assert read(file) == (FRIDAY + timedelta(days=6)).timestamp()
    clock.set(rate=600)
    assert read(file) == pytest.approx(clock.now(), abs=60)
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_a_faster_clock_runs_faster_and_a_frozen_one_stands(tmp_path: Path) -> None:
    clock = Clock(FRIDAY, rate=1_000_000)
    first = clock.now()
    assert clock.now() > first
    clock.set(rate=0)
    stopped = clock.now()
    assert clock.now() == stopped


def test_flood_time_never_runs_backwards() -> None:
    clock = Clock(FRIDAY, rate=0)
    before = clock.flow()
    clock.set(FRIDAY + timedelta(hours=1))
    assert clock.flow() >= before + 3600
    later = clock.flow()
    clock.set(FRIDAY)
    assert clock.flow() >= later


async def test_messages_carry_the_simulated_date(ask: Ask, ann: Person, people: People) -> None:
    thursday = datetime.fromisoformat("2024-10-24T18:00:00+08:00")
    await people.clock.set(thursday, rate=0)
    assert await people.clock.now() == thursday
    sent = await ask("sendMessage", chat_id=ann.id, text="截止")
    assert sent["result"]["date"] == thursday.timestamp()
    await people.clock.forward(timedelta(hours=2))
    assert await people.clock.now() == thursday + timedelta(hours=2)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"now": "2024-10-18T08:00:00"}, "needs its offset"),
        ({"now": "tomorrow"}, "Invalid isoformat string"),
        ({"rate": -1}, "does not run backwards"),
    ],
)
async def test_a_bad_time_is_refused(people: People, wish: Json, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        await people.line.post("/clock", **wish)


async def test_changes_can_be_followed_one_by_one(ask: Ask, ann: Person, people: People) -> None:
    start = (await people.line.get("/changes"))["last"]
    following = asyncio.ensure_future(people.line.get("/changes", after=start, timeout=5))
    sent = await ask("sendMessage", chat_id=ann.id, text="一")
    [change] = (await following)["changes"]
    number = sent["result"]["message_id"]
    assert (change["kind"], change["chat_id"], change["message_id"]) == ("message", ann.id, number)
    await ask("editMessageText", chat_id=ann.id, message_id=number, text="二")
    await ask("deleteMessage", chat_id=ann.id, message_id=number)
    await ask("sendChatAction", chat_id=ann.id, action="typing")
    rest = await people.line.get("/changes", after=change["sequence"])
    assert [one["kind"] for one in rest["changes"]] == ["edit", "delete", "typing"]
    assert await people.line.get("/changes", after=rest["last"]) == {
        "last": rest["last"],
        "changes": [],
    }


async def test_settling_waits_for_confirmation_and_for_running_calls(
    ask: Ask, ann: Person, people: People
) -> None:
    with pytest.raises(NotSeen, match="did not come to rest"):
        await people.settle(quiet=0.01, timeout=0.05)
    [update] = (await ask("getUpdates"))["result"]
    await ask("getUpdates", offset=update["update_id"] + 1)
    await people.faults.add("delay", method="sendMessage", times=1, seconds=0.15)
    sending = asyncio.ensure_future(ask("sendMessage", chat_id=ann.id, text="慢"))
    await asyncio.wait({sending}, timeout=0.05)
    await people.settle(quiet=0.01)
    assert sending.done() or (await ann.sees())[-1].text == "慢"
    assert (await sending)["ok"]


async def test_without_a_bot_nobody_listens(people: People) -> None:
    with pytest.raises(NotSeen, match="no bot listened within"):
        await people.bot_listens(timeout=0.02)


async def test_the_peoples_side_is_for_this_machine_only(
    sim: Simulator, session: ClientSession
) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        async with session.get(f"{sim.url}/sim/people", headers=headers) as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/people", {}, "missing: name"),
        ("/people", {"name": "x", "id": -5}, "id -5 is taken or not a person's"),
        ("/people/77/says", {"text": "x"}, "there is no person 77"),
        ("/groups", {"title": "x", "creator": 77}, "there is no person 77"),
        ("/groups/-5/joins", {"person": 77}, "there is no chat -5"),
    ],
)
async def test_mistakes_in_a_script_are_told(
    people: People, path: str, body: Json, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        await people.line.post(path, **body)
    assert sentence in str(refusal.value)


async def test_what_a_phone_would_not_do_is_told(ann: Person, people: People) -> None:
    await ann.blocks_bot()
    with pytest.raises(Refused, match="安兰 has blocked the bot"):
        await ann.says("x")
    await ann.deletes_account()
    with pytest.raises(Refused, match="has deleted the account"):
        await ann.says("x")
    other = await people.person("李工")
    with pytest.raises(Refused, match="nothing to send"):
        await other.says("")
    with pytest.raises(Refused, match="1-64 of A-Z"):
        await other.opens_link("坏码")
    with pytest.raises(Refused, match="there is no message 5"):
        await other.edits(5, "x")


async def test_a_later_script_finds_who_is_already_there(ann: Person, people: People) -> None:
    assert (await people.known("安兰")).id == ann.id
    with pytest.raises(Refused, match="nobody is called 李工: 安兰"):
        await people.known("李工")


async def test_chats_are_listed_for_a_page(ask: Ask, ann: Person, people: People) -> None:
    await ask("sendMessage", chat_id=ann.id, text="最后一句")
    [line] = await people.line.get("/chats")
    assert (line["name"], line["last_message"]) == ("安兰", "最后一句")
    [person] = await people.line.get("/people")
    assert (person["name"], person["has_started"]) == ("安兰", True)


async def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    ready, clock = tmp_path / "ready.json", tmp_path / "clock.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rehearsal.simulator", "--port", "0", "--token", "7:T"),
        *("--clock-file", str(clock), "--ready-file", str(ready), "--rate", "0"),
        *("--start", FRIDAY.isoformat()),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    assert told == json.loads(ready.read_text("utf-8"))
    assert read(clock) == FRIDAY.timestamp()
    async with ClientSession() as session, session.get(f"{told['url']}/bot7:T/getMe") as answer:
        assert (await answer.json())["result"]["id"] == 7
    async with People(told["url"]) as people:
        await people.clock.set(FRIDAY + timedelta(days=1))
    assert read(clock) == (FRIDAY + timedelta(days=1)).timestamp()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
