"""A bot and a person talk through the simulator, by the library that the real bot uses."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from rehearsal.people import NotSeen, People, Person
from rehearsal.simulator import Simulator

START = datetime.fromisoformat("2024-10-18T08:00:00+08:00")
SUBMIT = InlineKeyboardMarkup([[InlineKeyboardButton("提交", callback_data="s1")]])


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(start=START, holds_repeats=False) as simulator:
        yield simulator


@pytest.fixture
async def people(sim: Simulator) -> AsyncIterator[People]:
    async with People(sim.url) as people:
        yield people


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    async with Bot(sim.token, base_url=sim.base_url, base_file_url=sim.base_file_url) as bot:
        yield bot


@pytest.fixture
async def ann(people: People) -> Person:
    return await people.person("安兰", username="anlan")


async def test_a_person_speaks_and_the_bot_hears_it(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "填报"
    assert update.message.date == START
    assert update.effective_user is not None
    assert update.effective_user.username == "anlan"


async def test_a_person_presses_and_sees_the_card_change(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    [first] = await bot.get_updates()
    card = await bot.send_message(ann.id, "<b>确认</b>提交", parse_mode="HTML", reply_markup=SUBMIT)
    assert (await ann.waits_for("确认")).html == "<b>确认</b>提交"

    await ann.presses("提交")
    [press] = await bot.get_updates(offset=first.update_id + 1, timeout=5)
    assert press.update_id == first.update_id + 1
    assert press.callback_query is not None
    assert press.callback_query.data == "s1"
    await press.callback_query.answer("好的")
    await bot.edit_message_text("已提交", ann.id, card.message_id)

    assert (await ann.waits_for_popup()).text == "好的"
    seen = await ann.waits_for("已提交")
    assert seen.id == card.message_id
    assert seen.is_edited
    assert seen.buttons == []


async def test_the_same_words_again_are_no_edit(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    card = await bot.send_message(ann.id, "草稿", reply_markup=SUBMIT)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("草稿", ann.id, card.message_id, reply_markup=SUBMIT)


async def test_a_deleted_message_is_gone_from_the_screen(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    card = await bot.send_message(ann.id, "草稿")
    await bot.delete_message(ann.id, card.message_id)
    assert [seen.text for seen in await ann.sees()] == ["填报"]
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("又来", ann.id, card.message_id)


async def test_waiting_in_vain_shows_what_is_on_the_screen(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    await bot.send_message(ann.id, "请选择项目", reply_markup=SUBMIT)
    with pytest.raises(NotSeen) as disappointment:
        await ann.waits_for("已提交", timeout=0.05)
    told = str(disappointment.value)
    assert "安兰 waited 0.05 s for «已提交» but saw:" in told
    assert "安兰: 填报" in told
    assert "bot: 请选择项目" in told
    assert "[ 提交 ]" in told
