"""Groups, forums and supergroups: who hears what, and how a bot loses its place."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rehearsal.people import Group, People, Person, Refused

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]


async def refused(ask: Ask, method: str, **parameters: object) -> str:
    answer = await ask(method, **parameters)
    assert not answer["ok"], answer
    return str(answer["description"])


async def heard(ask: Ask) -> list[Json]:
    """Everything that is new, confirmed at once."""
    updates: list[Json] = (await ask("getUpdates"))["result"]
    if updates:
        await ask("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates


async def test_a_bot_is_told_that_it_was_added(ask: Ask, chen: Person, hall: Group) -> None:
    [_, mine, service] = await heard(ask)
    change = mine["my_chat_member"]
    assert change["chat"] == {"id": hall.id, "type": "supergroup", "title": "调度群"}
    assert change["from"]["id"] == chen.id
    assert change["old_chat_member"]["status"] == "left"
    assert change["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["username"] == "diaodu_bot"


@pytest.mark.parametrize(
    ("words", "is_heard"),
    [
        ("大家好", False),
        ("/rollcall", True),
        ("/rollcall@diaodu_bot", True),
        ("/rollcall@other_bot", False),
        ("@diaodu_bot 在吗", True),
        ("@Diaodu_Bot 在吗", True),
        ("@anlan 在吗", False),
    ],
)
async def test_privacy_mode_lets_only_some_words_through(
    ask: Ask, ann: Person, hall: Group, words: str, is_heard: bool
) -> None:
    await heard(ask)
    await ann.says(words, where=hall)
    assert bool(await heard(ask)) is is_heard
    assert [seen.text for seen in await hall.sees(last=1)] == [words]


async def test_replies_to_the_bot_are_heard_and_others_are_not(
    ask: Ask, ann: Person, chen: Person, hall: Group
) -> None:
    await heard(ask)
    post = (await ask("sendMessage", chat_id=hall.id, text="周报"))["result"]["message_id"]
    answer = await ann.says("收到", where=hall, reply_to=post)
    await chen.says("好", where=hall, reply_to=answer)
    assert [update["message"]["text"] for update in await heard(ask)] == ["收到"]


async def test_an_administrator_and_a_bot_without_privacy_hear_everything(
    ask: Ask, ann: Person, hall: Group, people: People
) -> None:
    await heard(ask)
    await hall.promotes_bot()
    await ann.says("一", where=hall)
    await hall.demotes_bot()
    await ann.says("二", where=hall)
    await people.privacy(is_on=False)
    await ann.says("三", where=hall)
    words = [update["message"]["text"] for update in await heard(ask) if "message" in update]
    assert words == ["一", "三"]
    assert (await ask("getMe"))["result"]["can_read_all_group_messages"] is True


async def test_every_supergroup_counts_its_own_messages(
    ask: Ask, ann: Person, chen: Person, people: People
) -> None:
    one = await people.group("一群", owner=chen)
    other = await people.group("二群", owner=chen)
    ids = [
        (await ask("sendMessage", chat_id=group.id, text="周报"))["result"]["message_id"]
        for group in (one, other, one)
    ]
    assert ids[0] == ids[1] == ids[2] - 1


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_bot_that_was_kicked_or_never_there_is_refused(
    ask: Ask, chen: Person, people: People, kind: str
) -> None:
    group = await people.group("调度群", owner=chen, kind=kind, has_bot=False)
    assert await refused(ask, "sendMessage", chat_id=group.id, text="x") == (
        f"Forbidden: bot is not a member of the {kind} chat"
    )
    await group.adds_bot()
    assert (await ask("sendMessage", chat_id=group.id, text="x"))["ok"]
    await heard(ask)
    await group.kicks_bot()
    assert await refused(ask, "sendMessage", chat_id=group.id, text="x") == (
        f"Forbidden: bot was kicked from the {kind} chat"
    )
    [mine, *_] = await heard(ask)
    assert mine["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_deleted_group_is_gone(ask: Ask, hall: Group) -> None:
    await hall.allows(is_deleted=True)
    assert await refused(ask, "sendMessage", chat_id=hall.id, text="x") == (
        "Forbidden: the group chat was deleted"
    )


async def test_a_muted_bot_may_not_write(ask: Ask, hall: Group) -> None:
    await hall.allows(bot_is_muted=True)
    assert await refused(ask, "sendMessage", chat_id=hall.id, text="x") == (
        "Bad Request: not enough rights to send text messages to the chat"
    )


async def test_a_group_that_becomes_a_supergroup_says_its_new_id(
    ask: Ask, ann: Person, chen: Person, people: People
) -> None:
    group = await people.group("老群", owner=chen, kind="group", members=(ann,))
    await heard(ask)
    new = await group.becomes_supergroup()
    [farewell, welcome] = [update["message"] for update in await heard(ask)]
    assert (farewell["chat"]["id"], farewell["migrate_to_chat_id"]) == (group.id, new.id)
    assert (welcome["chat"]["id"], welcome["migrate_from_chat_id"]) == (new.id, group.id)

    answer = await ask("sendMessage", chat_id=group.id, text="周报")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await ask("sendMessage", chat_id=new.id, text="周报"))["ok"]
    await ann.says("/status", where=new)
    assert (await heard(ask))[-1]["message"]["chat"]["id"] == new.id
    with pytest.raises(Refused, match="has become the supergroup"):
        await ann.says("x", where=group)


async def test_a_bulletin_goes_into_its_topic(
    ask: Ask, ann: Person, chen: Person, people: People
) -> None:
    forum = await people.group("例会", owner=chen, members=(ann,), topics=("周报", "月报"))
    assert forum.topics.keys() == {"周报", "月报"}
    thread = forum.topics["周报"]
    sent = await ask("sendMessage", chat_id=forum.id, text="第43周", message_thread_id=thread)
    assert sent["result"]["message_thread_id"] == thread
    assert sent["result"]["is_topic_message"] is True
    assert sent["result"]["chat"]["is_forum"] is True
    assert [seen.text for seen in await forum.sees(thread=thread)][-1] == "第43周"
    assert "第43周" not in [s.text for s in await forum.sees(thread=forum.topics["月报"])]


async def test_topics_that_are_closed_deleted_or_general_refuse(
    ask: Ask, chen: Person, people: People
) -> None:
    forum = await people.group("例会", owner=chen, topics=("周报", "月报"))
    week, month = forum.topics["周报"], forum.topics["月报"]

    async def sent(thread: int) -> str:
        return await refused(
            ask, "sendMessage", chat_id=forum.id, text="x", message_thread_id=thread
        )

    await forum.closes_topic("周报")
    assert await sent(week) == "Bad Request: TOPIC_CLOSED"
    with pytest.raises(Refused, match="the topic 周报 is closed"):
        await chen.says("x", where=forum, thread=week)
    await forum.reopens_topic("周报")
    assert (await ask("sendMessage", chat_id=forum.id, text="x", message_thread_id=week))["ok"]
    await forum.deletes_topic("月报")
    for thread in (month, 1, 777):
        assert await sent(thread) == "Bad Request: message thread not found"


async def test_other_chats_than_forums_ignore_the_thread(ask: Ask, hall: Group) -> None:
    sent = await ask("sendMessage", chat_id=hall.id, text="x", message_thread_id=777)
    assert "message_thread_id" not in sent["result"]


async def test_a_bot_with_the_right_opens_and_closes_topics_itself(
    ask: Ask, chen: Person, people: People
) -> None:
    forum = await people.group("例会", owner=chen, kind="forum")
    assert await refused(ask, "createForumTopic", chat_id=forum.id, name="周报") == (
        "Bad Request: not enough rights to create a topic"
    )
    await forum.promotes_bot("can_manage_topics")
    made = (await ask("createForumTopic", chat_id=forum.id, name="周报"))["result"]
    place = {"chat_id": forum.id, "message_thread_id": made["message_thread_id"]}
    assert (await ask("closeForumTopic", **place))["ok"]
    assert await refused(ask, "closeForumTopic", **place) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert (await ask("sendMessage", text="管理员可以写", **place))["ok"]
    assert (await ask("reopenForumTopic", **place))["ok"]
    assert (await ask("deleteForumTopic", **place))["ok"]
    assert await refused(ask, "reopenForumTopic", **place) == (
        "Bad Request: message thread not found"
    )


async def test_pinning_needs_the_right(ask: Ask, hall: Group) -> None:
    post = (await ask("sendMessage", chat_id=hall.id, text="周报"))["result"]["message_id"]
    place = {"chat_id": hall.id, "message_id": post}
    no_right = "Bad Request: not enough rights to manage pinned messages in the chat"
    assert await refused(ask, "pinChatMessage", **place) == no_right
    await hall.promotes_bot("can_delete_messages")
    assert await refused(ask, "pinChatMessage", **place) == no_right
    await hall.promotes_bot("can_pin_messages")
    await heard(ask)
    assert (await ask("pinChatMessage", **place))["ok"]
    assert await hall.pinned() == [post]
    [service] = await heard(ask)
    assert service["message"]["pinned_message"]["message_id"] == post
    assert (await ask("getChat", chat_id=hall.id))["result"]["pinned_message"]["text"] == "周报"
    assert [seen.is_pinned for seen in await hall.sees() if seen.id == post] == [True]
    assert (await ask("unpinChatMessage", **place))["ok"]
    assert await hall.pinned() == []
    gone = {"chat_id": hall.id, "message_id": 10**6}
    assert await refused(ask, "pinChatMessage", **gone) == "Bad Request: message to pin not found"


async def test_everybody_may_pin_where_the_group_allows_it_and_in_private(
    ask: Ask, ann: Person, hall: Group
) -> None:
    await hall.allows(members_may_pin=True)
    for chat_id in (hall.id, ann.id):
        post = (await ask("sendMessage", chat_id=chat_id, text="x"))["result"]["message_id"]
        assert (await ask("pinChatMessage", chat_id=chat_id, message_id=post))["ok"]
        assert (await ask("unpinAllChatMessages", chat_id=chat_id))["ok"]


async def test_members_are_counted_listed_and_looked_up(
    ask: Ask, ann: Person, chen: Person, hall: Group, people: People
) -> None:
    stranger = await people.person("路人")

    async def status(user_id: int) -> str:
        member = await ask("getChatMember", chat_id=hall.id, user_id=user_id)
        return str(member["result"]["status"])

    assert (await ask("getChatMemberCount", chat_id=hall.id))["result"] == 3
    assert [await status(who.id) for who in (chen, ann, stranger)] == ["creator", "member", "left"]
    assert await refused(ask, "getChatMember", chat_id=hall.id, user_id=1) == (
        "Bad Request: PARTICIPANT_ID_INVALID"
    )
    await ann.leaves(hall)
    assert await status(ann.id) == "left"
    [owner] = (await ask("getChatAdministrators", chat_id=hall.id))["result"]
    assert owner["user"]["id"] == chen.id
    assert await refused(ask, "getChatAdministrators", chat_id=ann.id) == (
        "Bad Request: there are no administrators in the private chat"
    )


async def test_comings_and_goings_are_told_to_administrators_who_asked(
    ask: Ask, chen: Person, hall: Group, people: People
) -> None:
    await heard(ask)
    await ask("getUpdates", allowed_updates=["chat_member", "my_chat_member"])
    li = await people.person("李工")
    await li.joins(hall)
    assert await heard(ask) == []
    await hall.promotes_bot()
    await heard(ask)
    await hall.removes(li)
    [update] = await heard(ask)
    change = update["chat_member"]
    assert change["from"]["id"] == chen.id
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "kicked"


async def test_a_bot_leaves_a_group(ask: Ask, ann: Person, hall: Group) -> None:
    assert (await ask("leaveChat", chat_id=hall.id))["ok"]
    assert await refused(ask, "sendMessage", chat_id=hall.id, text="x") == (
        "Forbidden: bot is not a member of the supergroup chat"
    )
    assert await refused(ask, "leaveChat", chat_id=ann.id) == (
        "Bad Request: chat member status can't be changed in private chats"
    )


async def test_only_members_write_in_a_group(hall: Group, people: People) -> None:
    stranger = await people.person("路人")
    with pytest.raises(Refused, match="路人 is not in 调度群"):
        await stranger.says("x", where=hall)


async def test_a_button_in_a_group_is_pressed_by_whoever_sees_it(
    ask: Ask, ann: Person, hall: Group
) -> None:
    await heard(ask)
    markup = {"inline_keyboard": [[{"text": "点名", "callback_data": "r"}]]}
    await ask("sendMessage", chat_id=hall.id, text="点名", reply_markup=markup)
    await ann.presses("点名", where=hall)
    [update] = await heard(ask)
    assert update["callback_query"]["from"]["id"] == ann.id
    assert update["callback_query"]["message"]["chat"]["id"] == hall.id


async def test_after_speaking_in_a_group_only_new_words_count_there(
    ask: Ask, ann: Person, hall: Group
) -> None:
    await ask("sendMessage", chat_id=hall.id, text="点名：旧")
    await ann.says("/rollcall", where=hall)
    await hall.waits_in_vain_for("点名", timeout=0.05)
    await ask("sendMessage", chat_id=hall.id, text="点名：新")
    assert (await hall.waits_for("点名")).text == "点名：新"


async def test_a_group_is_renamed(ask: Ask, hall: Group) -> None:
    await heard(ask)
    await hall.renames("新名")
    [update] = await heard(ask)
    assert update["message"]["new_chat_title"] == "新名"
    assert (await ask("getChat", chat_id=hall.id))["result"]["title"] == "新名"
