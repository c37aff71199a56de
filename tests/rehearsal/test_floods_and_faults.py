"""Limits, and everything that can be made to go wrong between the bot and Telegram."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ClientError, ClientSession, ServerDisconnectedError

from rehearsal.people import Group, People, Person, Refused
from rehearsal.simulator import Simulator

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]

LOST = (ServerDisconnectedError, ConnectionError, ClientError)


async def burst(ask: Ask, chat_id: int, most: int = 60) -> int:
    """How many messages pass before the first 429, which is checked."""
    for count in range(most):
        answer = await ask("sendMessage", chat_id=chat_id, text=str(count))
        if not answer["ok"]:
            wait = answer["parameters"]["retry_after"]
            assert answer["error_code"] == 429
            assert answer["description"] == f"Too Many Requests: retry after {wait}"
            assert wait >= 1
            return count
    return most


async def test_one_chat_takes_twenty_at_once_and_then_one_a_second(
    ask: Ask, ann: Person, people: People
) -> None:
    await people.clock.freeze()
    assert 20 <= await burst(ask, ann.id) <= 25
    await people.clock.set("2024-10-18T08:00:10+08:00")
    assert 10 <= await burst(ask, ann.id) <= 15


async def test_a_group_takes_twenty_a_minute(ask: Ask, hall: Group, people: People) -> None:
    assert 20 <= await burst(ask, hall.id) <= 22
    await people.clock.set("2024-10-18T08:00:30+08:00")
    assert 9 <= await burst(ask, hall.id) <= 13


async def test_all_chats_together_have_a_limit(ask: Ask, ann: Person, people: People) -> None:
    await people.limits(overall={"burst": 5, "per_second": 0.01})
    assert await burst(ask, ann.id) == 5
    assert await people.line.get("/limits") == {
        "is_on": True,
        "chat": {"burst": 20, "per_second": 1.0},
        "group": {"burst": 20, "per_second": 20 / 60},
        "overall": {"burst": 5, "per_second": 0.01},
    }


async def test_limits_can_be_switched_off_and_changed(
    ask: Ask, ann: Person, people: People
) -> None:
    await people.limits(chat={"burst": 2, "per_second": 0.01})
    assert await burst(ask, ann.id) == 2
    await people.limits(is_on=False)
    assert await burst(ask, ann.id, most=40) == 40
    with pytest.raises(Refused, match="no such limit: planet"):
        await people.limits(planet={"burst": 1, "per_second": 1})


async def test_edits_and_answers_are_not_counted(ask: Ask, ann: Person, people: People) -> None:
    await people.limits(chat={"burst": 1, "per_second": 0.01})
    sent = await ask("sendMessage", chat_id=ann.id, text="0")
    for count in range(5):
        number = sent["result"]["message_id"]
        edit = {"chat_id": ann.id, "message_id": number, "text": f"第{count}次"}
        assert (await ask("editMessageText", **edit))["ok"]


async def test_an_error_on_request_changes_nothing(ask: Ask, ann: Person, people: People) -> None:
    await people.faults.add(
        "error",
        method="sendMessage",
        times=1,
        code=429,
        description="Too Many Requests: retry after 3",
        parameters={"retry_after": 3},
    )
    failed = await ask("sendMessage", chat_id=ann.id, text="一")
    assert failed["parameters"] == {"retry_after": 3}
    assert (await ask("sendMessage", chat_id=ann.id, text="二"))["ok"]
    assert [seen.text for seen in await ann.sees() if seen.is_from_bot] == ["二"]
    [call, _] = await people.calls("sendMessage")
    assert call["fault"] == "error"


async def test_a_reset_before_loses_the_message_and_one_after_only_its_answer(
    ask: Ask, ann: Person, people: People
) -> None:
    await people.faults.add("reset_before", method="sendMessage", times=1)
    with pytest.raises(LOST):
        await ask("sendMessage", chat_id=ann.id, text="丢了")
    await people.faults.add("reset_after", method="sendMessage", times=1)
    with pytest.raises(LOST):
        await ask("sendMessage", chat_id=ann.id, text="到了")
    assert [seen.text for seen in await ann.sees() if seen.is_from_bot] == ["到了"]


async def test_a_late_message_arrives_though_the_client_has_gone(
    ask: Ask, ann: Person, people: People
) -> None:
    await people.faults.add("late", method="sendMessage", times=1, seconds=0.1)
    with pytest.raises(LOST):
        await ask("sendMessage", chat_id=ann.id, text="迟到")
    assert [seen for seen in await ann.sees() if seen.is_from_bot] == []
    assert (await ann.waits_for("迟到")).text == "迟到"


async def test_a_delay_only_takes_time(ask: Ask, ann: Person, people: People) -> None:
    await people.faults.add("delay", method="sendMessage", times=1, seconds=0.1)
    sending = asyncio.ensure_future(ask("sendMessage", chat_id=ann.id, text="慢"))
    await ann.waits_in_vain_for("慢", timeout=0.03)
    assert (await sending)["ok"]


async def test_broken_json_hides_a_message_that_arrived(
    ask: Ask, ann: Person, people: People
) -> None:
    await people.faults.add("bad_json", method="sendMessage", times=1)
    with pytest.raises(ValueError):
        await ask("sendMessage", chat_id=ann.id, text="到了")
    assert (await ann.waits_for("到了")).text == "到了"


async def test_updates_can_come_twice(ask: Ask, ann: Person, people: People) -> None:
    await people.faults.add("duplicate_update", times=1)
    [first] = (await ask("getUpdates"))["result"]
    after = first["update_id"] + 1
    assert (await ask("getUpdates", offset=after))["result"] == [first]
    assert (await ask("getUpdates", offset=after))["result"] == []


async def test_a_shut_port_refuses_and_opens_again(
    sim: Simulator, ask: Ask, ann: Person, people: People, session: ClientSession
) -> None:
    polling = asyncio.ensure_future(ask("getUpdates", offset=-1, timeout=30))
    await polling
    waiting = asyncio.ensure_future(
        ask("getUpdates", offset=polling.result()["result"][0]["update_id"] + 1, timeout=30)
    )
    await people.bot_listens()
    await people.faults.add("refuse", seconds=0.3)
    with pytest.raises(LOST):
        await waiting
    with pytest.raises(ClientConnectorError):
        await ask("getMe")
    await ann.says("还在吗")
    async with asyncio.timeout(5):
        while not await _answers(ask):
            await ann.waits_in_vain_for("什么", timeout=0.05)
    assert (await ask("getUpdates"))["result"][-1]["message"]["text"] == "还在吗"


async def _answers(ask: Ask) -> bool:
    try:
        return bool((await ask("getMe"))["ok"])
    except ClientConnectorError:
        return False


async def test_a_fault_strikes_only_its_method_and_chat(
    ask: Ask, ann: Person, hall: Group, people: People
) -> None:
    await people.faults.add("error", method="sendMessage", chat_id=hall.id)
    assert (await ask("sendMessage", chat_id=ann.id, text="x"))["ok"]
    assert (await ask("getChat", chat_id=hall.id))["ok"]
    assert (await ask("sendMessage", chat_id=hall.id, text="x"))["error_code"] == 500
    [rule] = await people.faults.listed()
    assert (rule["kind"], rule["hits"]) == ("error", 1)
    await people.faults.clear()
    assert (await ask("sendMessage", chat_id=hall.id, text="x"))["ok"]


async def test_chance_is_the_same_for_the_same_seed(ask: Ask, ann: Person, people: People) -> None:
    async def history() -> list[bool]:
        await people.faults.add("error", method="getMe", probability=0.5, seed=7)
        answers = [bool((await ask("getMe"))["ok"]) for _ in range(30)]
        await people.faults.clear()
        return answers

    first = await history()
    assert first == await history()
    assert {True, False} == set(first)


async def test_a_fault_nobody_knows_is_refused(people: People) -> None:
    with pytest.raises(Refused, match="'earthquake' is not a valid FaultKind"):
        await people.faults.add("earthquake")
    with pytest.raises(Refused, match="a fault has no colour"):
        await people.faults.add("error", colour="red")
