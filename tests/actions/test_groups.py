"""Groups: bound by two people, looked after when they move, change or throw the bot out."""

from typing import Any

import pytest
from sqlalchemy import select

from actions.groups import Room, ask_binding, decide_binding
from models.bulletin import GroupState, group
from models.edge import outbox
from rehearsal.people import Group, Person, Seen
from rules.refusal import Refusal
from tests.clockwork import Clockwork
from tests.district import District
from tests.district_book import APPROVER, LI, OFFICE, SECOND_OFFICE
from tests.talking import says, taps

CONFIRM, REFUSE = "✅ 确认，是这个群", "🚫 不是，不要绑定"


async def asks(kong: Person, where: Group, thread: int | None = None) -> None:
    await kong.says("/bind", where=where, thread=thread)


async def is_bound(kong: Person, meng: Person, where: Group, thread: int | None = None) -> None:
    await asks(kong, where, thread)
    await meng.waits_for("请核对")
    await meng.presses(CONFIRM)
    await where.waits_for("今后发在这里")


def bindings(district: District) -> list[Any]:
    """As they stand for posting."""
    query = select(group).where(group.c.audience == "weekly").order_by(group.c.id)
    return district.rows(query)


def states(district: District) -> list[str]:
    return [row.state for row in bindings(district)]


async def said_by_bot(screen: Person | Group) -> list[Seen]:
    return [seen for seen in await screen.sees() if seen.is_from_bot]


# Two people


async def test_a_group_is_bound_by_a_command_there_and_a_second_persons_word(
    district: District, kong: Person, meng: Person, cheng: Person
) -> None:
    hall = await district.people.group("莱芜重点项目群", owner=kong, members=(cheng,))
    await asks(kong, hall)
    card = await meng.waits_for("请核对")
    assert OFFICE in card.text and "莱芜重点项目群" in card.text and str(hall.id) in card.text
    assert "人数：3" in card.text
    assert states(district) == []
    assert len(await said_by_bot(hall)) == 1
    await meng.presses(CONFIRM)
    await hall.waits_for("今后发在这里")
    await kong.waits_for(f"{APPROVER} 已确认")
    [row] = bindings(district)
    assert (row.state, row.chat_id, row.thread_id) == (GroupState.BOUND, hall.id, None)
    assert row.asked_by != row.confirmed_by


async def test_who_asked_cannot_confirm(district: District, kong: Person, meng: Person) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    await meng.waits_for("请核对")
    assert [seen for seen in await said_by_bot(kong) if "请核对" in seen.text] == []
    [data] = [each for each in district.data_on(meng) if "g.ok" in each]
    await says(kong, "/help")
    await kong.forges(data, on=(await kong.sees())[-1])
    await district.rests()
    assert states(district) == []


async def test_a_refusal_is_told_and_nothing_is_bound(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    await meng.waits_for("请核对")
    await meng.presses(REFUSE)
    await kong.waits_for("没有同意绑定")
    await district.rests()
    assert GroupState.BOUND not in states(district)
    assert [seen for seen in await said_by_bot(hall) if "今后发在这里" in seen.text] == []


async def test_an_old_card_confirms_nothing_after_a_new_wish(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    old = await meng.waits_for("请核对")
    await meng.has_read()
    await hall.renames("另一个名字")
    await asks(kong, hall)
    new = await meng.waits_for("请核对")
    assert "另一个名字" in new.text
    await meng.presses(CONFIRM, on=old)
    await meng.waits_for_popup()
    assert states(district) == []
    await meng.presses(CONFIRM, on=new)
    await district.rests()
    assert states(district) == [GroupState.BOUND]


async def test_a_second_press_on_the_card_changes_nothing(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    card = await meng.waits_for("请核对")
    await meng.presses(CONFIRM, on=card)
    await meng.presses(CONFIRM, on=card)
    await district.rests()
    said = [seen for seen in await said_by_bot(hall) if "今后发在这里" in seen.text]
    assert len(said) == 1 and states(district) == [GroupState.BOUND]


async def test_with_nobody_to_confirm_the_office_is_told_what_to_do(
    district: District, kong: Person, meng: Person
) -> None:
    await meng.blocks_bot()
    await district.rests()
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    await hall.waits_for("没有人能核对")
    assert states(district) == []


async def test_strangers_and_reporters_are_not_answered_in_a_group(
    district: District, kong: Person, li: Person
) -> None:
    stranger = await district.stranger()
    hall = await district.people.group("调度群", owner=kong, members=(li, stranger))
    for each in (stranger, li):
        await each.says("/bind", where=hall)
    await district.rests()
    assert await said_by_bot(hall) == []
    assert district.rows(select(group)) == []
    assert await district.people.calls("getChatMemberCount") == []


async def test_bind_in_private_says_where_it_belongs(district: District, kong: Person) -> None:
    assert "到要接收通报的群里发 /bind" in (await says(kong, "/bind")).text


async def test_words_in_a_group_are_nobodys_report(
    district: District, kong: Person, li: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong, members=(li,))
    await hall.promotes_bot()
    for words in ("填报", "/report", "我的", "取消", "/start", "精品钢：主体封顶"):
        await li.says(words, where=hall)
    await district.rests()
    assert await said_by_bot(hall) == []


def test_the_rule_of_two_holds_whatever_button_is_shown(clockwork: Clockwork) -> None:
    """No card with these buttons ever reaches who asked; the rule does not rest on that."""
    kong = clockwork.sayer(OFFICE)
    room = Room(-77, "调度群", "supergroup")
    clockwork.does(ask_binding, kong, room)
    [asked] = clockwork.rows(select(group))
    with pytest.raises(Refusal, match="second_person"):
        clockwork.does(decide_binding, kong, asked.id, asked.rev, is_yes=True)
    with pytest.raises(Refusal, match="no_right"):
        clockwork.does(decide_binding, clockwork.sayer(LI), asked.id, asked.rev, is_yes=True)
    clockwork.does(decide_binding, clockwork.sayer(APPROVER), asked.id, asked.rev, is_yes=True)
    assert GroupState.BOUND in {row.state for row in clockwork.rows(select(group))}


# Topics and other places


async def test_a_topic_is_bound_as_such_and_can_be_changed_for_another(
    district: District, kong: Person, meng: Person
) -> None:
    forum = await district.people.group("论坛", owner=kong, topics=("通报", "闲聊"))
    await is_bound(kong, meng, forum, forum.topics["通报"])
    await district.rests()
    assert bindings(district)[0].thread_id == forum.topics["通报"]
    await meng.has_read()
    await asks(kong, forum, forum.topics["闲聊"])
    card = await meng.waits_for("请核对")
    assert "群里的一个话题" in card.text
    # Until the second word is given, the first binding holds.
    [row] = bindings(district)
    assert (row.state, row.thread_id) == (GroupState.BOUND, forum.topics["通报"])
    await meng.presses(CONFIRM, on=card)
    await district.rests()
    [row] = bindings(district)
    assert (row.state, row.thread_id) == (GroupState.BOUND, forum.topics["闲聊"])


async def test_the_office_ends_a_binding(district: District, kong: Person, meng: Person) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await is_bound(kong, meng, hall)
    seen = await says(kong, "/groups")
    assert "调度群" in seen.text and "已绑定" in seen.text
    await taps(kong, "解除：调度群")
    await district.rests()
    assert states(district) == [GroupState.UNBOUND]


# Thrown out, moved


async def test_thrown_out_the_office_is_told_once_and_back_again_it_holds_as_before(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await is_bound(kong, meng, hall)
    await hall.kicks_bot()
    await kong.waits_for("机器人进不了群")
    assert states(district) == [GroupState.LOST]
    await hall.adds_bot()
    await kong.waits_for("绑定照旧有效")
    assert states(district) == [GroupState.BOUND]
    told = [words for words in district.sent_to(kong, "notice") if "机器人进不了群" in words]
    assert len(told) == 1


async def test_a_wish_that_was_never_confirmed_does_not_become_a_binding_by_coming_back(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await asks(kong, hall)
    await meng.waits_for("请核对")
    await hall.kicks_bot()
    await district.rests()
    await hall.adds_bot()
    await district.rests()
    assert GroupState.BOUND not in states(district)


async def test_an_ended_binding_does_not_come_back_with_the_bot(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await is_bound(kong, meng, hall)
    await says(kong, "/groups")
    await taps(kong, "解除：调度群")
    await hall.kicks_bot()
    await district.rests()
    await hall.adds_bot()
    await district.rests()
    assert states(district) == [GroupState.UNBOUND]


async def test_a_group_that_becomes_a_supergroup_stays_bound(
    district: District, kong: Person, meng: Person
) -> None:
    small = await district.people.group("小群", owner=kong, kind="group")
    await is_bound(kong, meng, small)
    large = await small.becomes_supergroup()
    await kong.waits_for("绑定已自动转到新编号")
    [row] = bindings(district)
    assert (row.state, row.chat_id) == (GroupState.BOUND, large.id)
    await district.rests()
    told = [words for words in district.sent_to(kong, "notice") if "升级成了超级群" in words]
    assert len(told) == 1


async def test_a_move_that_happened_while_the_bot_was_away_is_noticed_by_the_error(
    district: District, kong: Person, meng: Person
) -> None:
    small = await district.people.group("小群", owner=kong, kind="group")
    await is_bound(kong, meng, small)
    await district.bot_stops()
    large = await small.becomes_supergroup()
    # Telegram keeps updates for a day; this absence was longer.
    district.sim.world.queue.clear()
    await large.promotes_bot()
    district.sim.world.queue.clear()
    await district.bot_starts()
    await district.turns_to("2024-11-01 08:30")
    await meng.waits_for("请审签", since=0)
    await meng.presses("✅ 发布")
    await large.waits_for("第1期")
    await kong.waits_for("绑定已自动转到新编号", since=0)
    await district.rests()
    [row] = bindings(district)
    assert (row.state, row.chat_id) == (GroupState.BOUND, large.id)
    assert len([seen for seen in await said_by_bot(large) if "第1期" in seen.text]) == 1


async def test_the_bot_answers_nothing_when_it_is_put_into_a_group(
    district: District, kong: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await district.rests()
    assert await said_by_bot(hall) == []
    assert district.rows(select(outbox).where(outbox.c.chat_id == hall.id)) == []


async def test_a_second_office_member_may_confirm(
    district: District, kong: Person, meng: Person
) -> None:
    """Not only the approver: whoever is of the office and is not the one who asked."""
    assert SECOND_OFFICE not in (OFFICE, APPROVER)
    hall = await district.people.group("调度群", owner=kong)
    await hall.promotes_bot()
    await says(kong, "邀请")
    listed = await taps(kong, "💬 发成消息，逐条转发")
    [line] = [line for line in listed.text.splitlines() if line.startswith(SECOND_OFFICE)]
    second = await district.person(SECOND_OFFICE)
    await second.opens_link(line)
    await second.waits_for("您已加入")
    await asks(kong, hall)
    await second.waits_for("请核对")
    await second.presses(CONFIRM)
    await hall.waits_for("今后发在这里")
    assert states(district) == [GroupState.BOUND]
