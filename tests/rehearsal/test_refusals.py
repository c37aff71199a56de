"""What the server refuses to say or change, in its own words."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rehearsal.people import People, Person

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]


def button(**parts: object) -> Json:
    return {"inline_keyboard": [[{"text": "好", **parts}]]}


async def refused(ask: Ask, method: str, **parameters: object) -> str:
    answer = await ask(method, **parameters)
    assert not answer["ok"], answer
    return str(answer["description"])


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n "}, "Bad Request: text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
        ({"text": "好" * 4097}, "Bad Request: message is too long"),
        ({"text": "好" * 11000}, "Bad Request: text is too long"),
        ({"text": "x", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "x", "chat_id": 999}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nowhere"}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "ann"}, "Bad Request: chat not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 10**6}},
            "Bad Request: message to be replied not found",
        ),
        (
            {"text": "x", "reply_markup": "{"},
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        ({"text": "x", "reply_markup": [1]}, "Bad Request: object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [1]}},
            'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup '
            "must be an Array of Arrays",
        ),
        (
            {"text": "x", "reply_markup": button()},
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": button(callback_data="y" * 65)},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": button(callback_data="调" * 22)},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]},
            },
            "Bad Request: inline keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101},
            },
            "Bad Request: reply markup is too long",
        ),
        ({"text": "x", "message_thread_id": 7}, "Bad Request: message thread not found"),
        (
            {
                "text": "x" * 10,
                "entities": [
                    {
                        "type": "text_link",
                        "offset": 0,
                        "length": 1,
                        "url": "http://a.cn/" + "y" * 9600,
                    }
                ],
            },
            "Bad Request: ENTITIES_TOO_LONG",
        ),
        (
            {"text": "x", "entities": [{"type": "bold"}]},
            "Bad Request: can't parse MessageEntity: Can't find field \"offset\"",
        ),
    ],
)
async def test_what_cannot_be_sent(ask: Ask, ann: Person, parameters: Json, sentence: str) -> None:
    assert await refused(ask, "sendMessage", **{"chat_id": ann.id, **parameters}) == sentence


@pytest.mark.parametrize(
    "parameters",
    [
        {"text": "好" * 4096},
        {"text": f"<b>{'好' * 4096}</b>", "parse_mode": "html"},
        {"text": "😀" * 4096},
        {"text": "x", "reply_markup": button(callback_data="y" * 64)},
        {"text": "x", "reply_markup": {"inline_keyboard": []}},
        {
            "text": "x",
            "reply_parameters": {"message_id": 10**6, "allow_sending_without_reply": True},
        },
    ],
)
async def test_what_can_just_be_sent(ask: Ask, ann: Person, parameters: Json) -> None:
    assert (await ask("sendMessage", chat_id=ann.id, **parameters))["ok"]


async def test_a_length_is_counted_in_characters_and_an_offset_in_utf16(
    ask: Ask, ann: Person
) -> None:
    answer = await ask("sendMessage", chat_id=ann.id, text="😀😀<b>好</b>", parse_mode="HTML")
    assert answer["result"]["text"] == "😀😀好"
    assert answer["result"]["entities"] == [{"type": "bold", "offset": 4, "length": 1}]


async def test_a_bad_tag_is_refused_before_the_chat_is_even_looked_up(ask: Ask) -> None:
    sentence = await refused(ask, "sendMessage", chat_id=1, text="a<x>", parse_mode="HTML")
    assert sentence == (
        'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 1'
    )


async def test_nobody_is_written_to_who_has_not_started(
    ask: Ask, people: People, chen: Person, hall: object
) -> None:
    stranger = await people.person("路人")
    assert await refused(ask, "sendMessage", chat_id=stranger.id, text="x") == (
        "Bad Request: chat not found"
    )
    assert await refused(ask, "sendMessage", chat_id=chen.id, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )


async def test_whoever_blocked_the_bot_is_out_of_reach_until_unblocked(
    ask: Ask, ann: Person
) -> None:
    await ann.blocks_bot()
    for method in ("sendMessage", "sendChatAction"):
        sentence = await refused(ask, method, chat_id=ann.id, text="x", action="typing")
        assert sentence == "Forbidden: bot was blocked by the user"
    await ann.unblocks_bot()
    assert (await ask("sendMessage", chat_id=ann.id, text="x"))["ok"]
    updates = (await ask("getUpdates"))["result"]
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in updates
        if "my_chat_member" in update
    ]
    assert statuses == ["kicked", "member"]


async def test_a_deleted_account_is_deactivated(ask: Ask, ann: Person) -> None:
    await ann.deletes_account()
    assert await refused(ask, "sendMessage", chat_id=ann.id, text="x") == (
        "Forbidden: user is deactivated"
    )


async def test_only_own_standing_messages_can_be_edited(ask: Ask, ann: Person) -> None:
    theirs = await ann.says("我的话")
    edit = {"chat_id": ann.id, "text": "改"}
    assert await refused(ask, "editMessageText", message_id=theirs, **edit) == (
        "Bad Request: message can't be edited"
    )
    assert await refused(ask, "editMessageText", message_id=10**6, **edit) == (
        "Bad Request: message to edit not found"
    )
    assert await refused(ask, "editMessageText", text="改") == (
        "Bad Request: message identifier is not specified"
    )
    assert await refused(ask, "editMessageCaption", message_id=theirs, **edit) == (
        "Bad Request: message can't be edited"
    )


async def test_an_edit_must_change_words_marks_or_buttons(ask: Ask, ann: Person) -> None:
    sent = await ask(
        "sendMessage", chat_id=ann.id, text="一", reply_markup=button(callback_data="a")
    )
    place = {"chat_id": ann.id, "message_id": sent["result"]["message_id"]}
    same = button(callback_data="a")
    sentence = await refused(ask, "editMessageText", text="一", reply_markup=same, **place)
    assert sentence == (
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )
    other = button(callback_data="b")
    assert (await ask("editMessageReplyMarkup", reply_markup=other, **place))["ok"]
    bold = await ask("editMessageText", text="<b>一</b>", parse_mode="HTML", **place)
    assert "reply_markup" not in bold["result"]
    assert "edit_date" in bold["result"]
    assert (await refused(ask, "editMessageReplyMarkup", **place)).startswith(
        "Bad Request: message is not modified"
    )


async def test_a_button_is_answered_once_and_in_time(ask: Ask, ann: Person, people: People) -> None:
    stale = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await ask("sendMessage", chat_id=ann.id, text="卡", reply_markup=button(callback_data="a"))
    first = (await ann.presses("好"))["callback_query_id"]
    assert (await ask("answerCallbackQuery", callback_query_id=first))["ok"]
    assert await refused(ask, "answerCallbackQuery", callback_query_id=first) == stale
    assert await refused(ask, "answerCallbackQuery", callback_query_id="1") == stale

    second = (await ann.presses("好"))["callback_query_id"]
    await people.clock.set("2024-10-18T08:03:00+08:00")
    assert await refused(ask, "answerCallbackQuery", callback_query_id=second) == stale


async def test_an_answer_to_a_button_has_at_most_200_characters(ask: Ask, ann: Person) -> None:
    await ask("sendMessage", chat_id=ann.id, text="卡", reply_markup=button(callback_data="a"))
    query = (await ann.presses("好"))["callback_query_id"]
    long = await refused(ask, "answerCallbackQuery", callback_query_id=query, text="长" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    done = await ask(
        "answerCallbackQuery", callback_query_id=query, text="长" * 200, show_alert=True
    )
    assert done["ok"]
    assert (await ann.waits_for_popup("长")).is_alert


async def test_the_wrong_token_and_unknown_methods(
    ask: Ask, sim: Any, session: Any, people: People
) -> None:
    async with session.post(f"{sim.url}/bot1:WRONG/getMe") as answer:
        assert answer.status == 401
        assert (await answer.json())["description"] == "Unauthorized"
    assert await refused(ask, "flyToTheMoon") == "Not Found: method not found"
    assert [found["what"] for found in await people.violations()] == ["unknown method"]


async def test_methods_are_found_whatever_their_case_and_verb(sim: Any, session: Any) -> None:
    async with session.get(f"{sim.base_url}{sim.token}/GETME") as answer:
        assert (await answer.json())["result"]["username"] == "diaodu_bot"


async def test_forms_queries_and_json_say_the_same(sim: Any, session: Any, ann: Person) -> None:
    url = f"{sim.base_url}{sim.token}/sendMessage"
    markup = button(callback_data="a")
    ways: list[Json] = [
        {"data": {"chat_id": ann.id, "text": "一", "reply_markup": json.dumps(markup)}},
        {"params": {"chat_id": ann.id, "text": "一", "reply_markup": json.dumps(markup)}},
        {"json": {"chat_id": ann.id, "text": "一", "reply_markup": markup}},
    ]
    for way in ways:
        async with session.post(url, **way) as answer:
            result = (await answer.json())["result"]
            assert (result["text"], result["reply_markup"]) == ("一", markup)


async def test_leaving_the_contract_is_written_down(ask: Ask, ann: Person, people: People) -> None:
    await ask("sendMessage", chat_id=ann.id, text="x", disable_web_page_preview=True)
    await ask("sendMessage", chat_id=ann.id, text="x", message_thread_id="seven")
    await ask("pinChatMessage", chat_id=ann.id)
    assert [(found["method"], found["what"]) for found in await people.violations()] == [
        ("sendMessage", "unknown parameter disable_web_page_preview"),
        ("sendMessage", "parameter message_thread_id is no int"),
        ("pinChatMessage", "missing parameter message_id"),
    ]


async def test_the_log_keeps_every_call_and_its_answer(
    ask: Ask, ann: Person, people: People
) -> None:
    await ask("sendMessage", chat_id=ann.id, text="一")
    await ask("sendMessage", chat_id=ann.id, text="")
    good, bad = await people.calls("sendMessage")
    assert good["parameters"] == {"chat_id": ann.id, "text": "一"}
    assert good["ok"] and good["result"]["text"] == "一"
    assert bad["error"]["description"] == "Bad Request: message text is empty"
    assert await people.calls(after=good["number"]) == [bad]


async def test_old_messages_of_the_bot_cannot_be_deleted(
    ask: Ask, ann: Person, people: People
) -> None:
    sent = await ask("sendMessage", chat_id=ann.id, text="旧")
    number = sent["result"]["message_id"]
    await people.clock.set("2024-10-20T08:01:00+08:00")
    place = {"chat_id": ann.id, "message_id": number}
    assert await refused(ask, "deleteMessage", **place) == "Bad Request: message can't be deleted"
    assert (await ask("deleteMessages", chat_id=ann.id, message_ids=[number, 5]))["ok"]
    assert "旧" in [seen.text for seen in await ann.sees()]
    gone = await refused(ask, "deleteMessage", chat_id=ann.id, message_id=10**6)
    assert gone == "Bad Request: message to delete not found"
