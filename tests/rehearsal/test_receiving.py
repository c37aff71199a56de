"""getUpdates and webhooks: what is confirmed, forgotten, fought over and pushed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, web

from rehearsal.people import People, Person
from rehearsal.simulator import Simulator

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]


def said(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def taken(ask: Ask, **parameters: object) -> list[Json]:
    answer = await ask("getUpdates", **parameters)
    assert answer["ok"], answer
    result: list[Json] = answer["result"]
    return result


async def test_a_higher_offset_confirms_and_forgets(ask: Ask, ann: Person) -> None:
    await ann.says("一")
    await ann.says("二")
    first, second, third = await taken(ask)
    ids = [first["update_id"], second["update_id"], third["update_id"]]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert said(await taken(ask)) == ["/start", "一", "二"]
    assert said(await taken(ask, offset=ids[1] + 1)) == ["二"]
    assert said(await taken(ask, offset=ids[0])) == ["二"]


async def test_an_offset_from_another_age_falls_back_to_the_oldest(ask: Ask, ann: Person) -> None:
    [first] = await taken(ask)
    assert said(await taken(ask, offset=first["update_id"] + 10**6)) == ["/start"]
    assert said(await taken(ask, offset=1)) == ["/start"]


async def test_a_negative_offset_keeps_the_last_and_drops_the_rest(ask: Ask, ann: Person) -> None:
    for words in "一二三":
        await ann.says(words)
    assert said(await taken(ask, offset=-2)) == ["二", "三"]
    assert said(await taken(ask)) == ["二", "三"]


async def test_a_batch_has_at_most_its_limit(ask: Ask, ann: Person) -> None:
    for number in range(105):
        await ann.says(str(number))
    assert len(await taken(ask, limit=2)) == 2
    assert len(await taken(ask, limit=1000)) == 100


async def test_a_long_poll_wakes_when_somebody_speaks(
    ask: Ask, ann: Person, people: People
) -> None:
    [first] = await taken(ask)
    poll = asyncio.create_task(taken(ask, offset=first["update_id"] + 1, timeout=30))
    await people.bot_listens()
    await ann.says("醒醒")
    assert said(await asyncio.wait_for(poll, 5)) == ["醒醒"]


async def test_an_empty_poll_ends_after_its_timeout(ask: Ask) -> None:
    assert await asyncio.wait_for(taken(ask, timeout=1), 5) == []


async def test_a_second_poller_throws_the_first_one_out(ask: Ask, people: People) -> None:
    first = asyncio.ensure_future(ask("getUpdates", timeout=30))
    await people.bot_listens()
    second = asyncio.ensure_future(ask("getUpdates", timeout=1))
    refused = await asyncio.wait_for(first, 5)
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    assert (await second)["ok"]


async def test_asking_the_same_over_and_over_is_held(ann: Person, people: People) -> None:
    async with Simulator() as braking, People(braking.url) as there, ClientSession() as session:
        person = await there.person("安兰")
        url = f"{braking.base_url}{braking.token}/getUpdates"
        await person.says("一")
        await person.says("二")
        async with session.get(url) as answer:
            assert len((await answer.json())["result"]) == 2
        async with session.get(url) as answer:
            assert len((await answer.json())["result"]) == 1


async def test_messages_are_forgotten_after_a_day_and_presses_after_150_seconds(
    ask: Ask, ann: Person, people: People
) -> None:
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "a"}]]}
    await ask("sendMessage", chat_id=ann.id, text="卡", reply_markup=markup)
    await ann.presses("好")
    assert await people.pending() == 2
    await people.clock.set("2024-10-18T08:02:31+08:00")
    assert said(await taken(ask)) == ["/start"]
    await people.clock.set("2024-10-19T08:00:01+08:00")
    assert await taken(ask) == []
    assert (await people.line.get("/pending"))["forgotten"] == 2


async def test_only_wanted_kinds_arrive_and_the_wish_is_remembered(ask: Ask, ann: Person) -> None:
    await taken(ask, offset=-1, allowed_updates=["message"])
    number = await ann.says("一")
    await ann.edits(number, "二")
    assert [set(update) - {"update_id"} for update in (await taken(ask))[1:]] == [{"message"}]
    await taken(ask, allowed_updates=[])
    await ann.edits(number, "三")
    assert "edited_message" in (await taken(ask))[-1]


async def test_nothing_else_holds_the_ids_back(ask: Ask, ann: Person) -> None:
    """The filter works before numbering, so a gap in ids always means a loss."""
    number = await ann.says("一")
    await taken(ask, allowed_updates=["message"])
    await ann.edits(number, "不要")
    await ann.says("二")
    ids = [update["update_id"] for update in await taken(ask)]
    assert ids == list(range(ids[0], ids[0] + 3))


class Listener:
    """A bot's webhook that writes down what comes and answers as told."""

    def __init__(self) -> None:
        self.came: list[Json] = []
        self.secrets: list[str | None] = []
        self.refusals = 0
        self.new = asyncio.Event()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.new.set()
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.came.append(await request.json())
        return web.Response()

    async def waits_for(self, count: int) -> list[Json]:
        async with asyncio.timeout(5):
            while len(self.came) < count:
                self.new.clear()
                await self.new.wait()
        return self.came


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_a_webhook_is_fed_in_order_with_its_secret(
    ask: Ask, ann: Person, people: People, listener: Listener
) -> None:
    assert (await ask("setWebhook", url=listener.url, secret_token="S-1"))["ok"]
    for words in "一二三":
        await ann.says(words)
    assert said(await listener.waits_for(4)) == ["/start", "一", "二", "三"]
    assert set(listener.secrets) == {"S-1"}
    await people.settle()
    assert (await ask("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_a_webhook_that_refuses_is_asked_again(
    ask: Ask, ann: Person, listener: Listener
) -> None:
    listener.refusals = 2
    await ask("setWebhook", url=listener.url)
    await ann.says("一")
    assert said(await listener.waits_for(2)) == ["/start", "一"]
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 503 Service Unavailable"
    )


async def test_while_a_webhook_is_set_nobody_may_poll(ask: Ask, listener: Listener) -> None:
    await ask("setWebhook", url=listener.url)
    refused = await ask("getUpdates")
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook")
    await ask("deleteWebhook")
    assert (await ask("getUpdates"))["ok"]
    assert (await ask("getWebhookInfo"))["result"]["url"] == ""


async def test_dropping_pending_updates_drops_them(ask: Ask, ann: Person) -> None:
    await ask("deleteWebhook", drop_pending_updates=True)
    assert await taken(ask) == []


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"url": "ftp://a.cn"}, "Bad Request: invalid webhook URL specified"),
        (
            {"url": "http://a.cn/hook"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://a.cn", "secret_token": "调度"},
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            {"url": "https://a.cn", "secret_token": "x" * 257},
            "Bad Request: secret token is too long",
        ),
    ],
)
async def test_a_bad_webhook_is_refused(ask: Ask, wish: Json, sentence: str) -> None:
    assert (await ask("setWebhook", **wish))["description"] == sentence
