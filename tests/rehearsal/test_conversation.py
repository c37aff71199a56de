"""A bot and a person talk through the simulator, by the library that the real bot uses."""

from datetime import datetime

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from rehearsal.people import NotSeen, People, Person, Refused

SUBMIT = InlineKeyboardMarkup([[InlineKeyboardButton("提交", callback_data="s1")]])


async def test_a_person_speaks_and_the_bot_hears_it(bot: Bot, ann: Person) -> None:
    await ann.says("填报")
    [_, update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "填报"
    assert update.message.date == datetime.fromisoformat("2024-10-18T08:00:00+08:00")
    assert update.effective_user is not None
    assert update.effective_user.username == "anlan"


async def test_a_person_presses_and_sees_the_card_change(bot: Bot, ann: Person) -> None:
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
    assert [seen.text for seen in await ann.sees()] == ["/start", "填报"]
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


async def test_words_seen_before_the_last_act_do_not_count(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.id, "请选择项目")
    await ann.says("填报")
    with pytest.raises(NotSeen):
        await ann.waits_for("请选择项目", timeout=0.05)
    await bot.send_message(ann.id, "请选择项目")
    assert (await ann.waits_for("选择")).text == "请选择项目"


async def test_reading_everything_sets_the_mark(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.id, "提醒一")
    assert (await ann.waits_for("提醒")).text == "提醒一"
    await ann.has_read()
    await ann.waits_in_vain_for("提醒", timeout=0.05)
    await bot.send_message(ann.id, "提醒二")
    assert (await ann.waits_for("提醒")).text == "提醒二"


async def test_whoever_must_not_be_told_fails_the_test_when_told(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.id, "第二次提醒")
    with pytest.raises(NotSeen, match="was not to see «提醒»"):
        await ann.waits_in_vain_for("提醒", timeout=0.05)


async def test_a_person_corrects_what_was_said(bot: Bot, ann: Person) -> None:
    number = await ann.says("完成 80%")
    await ann.edits(number, "完成 90%")
    [*_, update] = await bot.get_updates()
    assert update.edited_message is not None
    assert update.edited_message.text == "完成 90%"
    assert update.edited_message.edit_date is not None
    assert [seen.text for seen in await ann.sees()] == ["/start", "完成 90%"]


async def test_4097_characters_leave_the_phone_in_two_messages(bot: Bot, ann: Person) -> None:
    await ann.says("长" * 4097)
    [_, long, rest] = await bot.get_updates()
    assert long.message is not None and long.message.text == "长" * 4096
    assert rest.message is not None and rest.message.text == "长"


async def test_nul_and_half_surrogates_reach_the_bot_unchanged(bot: Bot, ann: Person) -> None:
    await ann.says("a\x00b\ud83d")
    [_, update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "a\x00b\ud83d"


async def test_a_reply_carries_the_answered_message(bot: Bot, ann: Person) -> None:
    asked = await bot.send_message(ann.id, "原因？")
    await ann.says("征地", reply_to=asked.message_id)
    [_, update] = await bot.get_updates()
    assert update.message is not None and update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == asked.message_id
    assert update.message.reply_to_message.text == "原因？"


async def test_the_bot_answers_a_message_it_was_sent(bot: Bot, ann: Person) -> None:
    number = await ann.says("填报")
    await bot.send_message(ann.id, "收到", reply_parameters=ReplyParameters(number))
    assert (await ann.waits_for("收到")).reply_to == number


async def test_a_link_with_a_code_starts_the_conversation(bot: Bot, chen: Person) -> None:
    await chen.opens_link("https://t.me/diaodu_bot?start=AbC-1_2")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start AbC-1_2"
    assert update.message.entities[0].type == "bot_command"


async def test_a_forwarded_message_says_where_it_came_from(
    bot: Bot, ann: Person, chen: Person
) -> None:
    number = await ann.says("本周进展")
    await chen.forwards(number, of=ann)
    [*_, update] = await bot.get_updates()
    assert update.message is not None and update.message.forward_origin is not None
    assert update.message.forward_origin.to_dict()["sender_user"]["id"] == ann.id
    assert update.message.text == "本周进展"


async def test_contacts_locations_and_stickers_arrive(bot: Bot, ann: Person) -> None:
    await ann.shares_contact("13800000000")
    await ann.shares_location(36.2, 117.7)
    await ann.sends_sticker()
    await ann.sends_voice()
    [_, contact, place, sticker, voice] = [u.message for u in await bot.get_updates()]
    assert contact is not None and contact.contact is not None
    assert contact.contact.user_id == ann.id
    assert place is not None and place.location is not None and place.location.latitude == 36.2
    assert sticker is not None and sticker.sticker is not None
    assert voice is not None and voice.voice is not None


async def test_the_words_on_a_reply_keyboard_are_said(bot: Bot, ann: Person) -> None:
    keyboard = ReplyKeyboardMarkup([["填报", "我的"]])
    await bot.send_message(ann.id, "你好", reply_markup=keyboard)
    await ann.presses("我的")
    [_, update] = await bot.get_updates()
    assert update.message is not None and update.message.text == "我的"


async def test_a_link_button_opens_on_the_phone_only(bot: Bot, ann: Person, people: People) -> None:
    button = InlineKeyboardButton("台账", url="https://example.com/ledger")
    await bot.send_message(ann.id, "看", reply_markup=InlineKeyboardMarkup([[button]]))
    pending = await people.pending()
    assert (await ann.presses("台账"))["url"] == "https://example.com/ledger"
    assert await people.pending() == pending


async def test_pressing_what_is_not_there_tells_what_is(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.id, "卡片", reply_markup=SUBMIT)
    with pytest.raises(Refused, match=r"sees no button '删除'; there are \[提交\]"):
        await ann.presses("删除")


async def test_the_newest_button_of_that_name_is_pressed(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.id, "旧", reply_markup=SUBMIT)
    new = await bot.send_message(ann.id, "新", reply_markup=SUBMIT)
    assert (await ann.presses("提交"))["message_id"] == new.message_id


async def test_a_button_can_be_pressed_by_place_and_on_an_old_card(bot: Bot, ann: Person) -> None:
    two = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("是", callback_data="y"),
                InlineKeyboardButton("否", callback_data="n"),
            ]
        ]
    )
    old = await bot.send_message(ann.id, "旧", reply_markup=two)
    await bot.send_message(ann.id, "新", reply_markup=two)
    assert (await ann.presses(on=old.message_id, row=0, col=1))["data"] == "n"
    assert (await ann.presses("是", on=old.message_id))["message_id"] == old.message_id
    with pytest.raises(Refused, match=r"no button at 1, 0: \[是\] \[否\]"):
        await ann.presses(on=old.message_id, row=1, col=0)


async def test_forged_data_reaches_the_bot(bot: Bot, ann: Person) -> None:
    card = await bot.send_message(ann.id, "卡片", reply_markup=SUBMIT)
    await ann.forges("admin:delete", on=card.message_id)
    [_, update] = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "admin:delete"


async def test_a_bot_that_keeps_the_contract_leaves_no_violation(
    bot: Bot, ann: Person, people: People
) -> None:
    await bot.send_message(ann.id, "<i>好</i>", parse_mode="HTML", reply_markup=SUBMIT)
    await bot.get_updates(timeout=0, allowed_updates=["message"])
    assert await people.violations() == []
