"""What nobody can handle: kept, apologised for, told to the office once; the rest goes on."""

import json

from sqlalchemy import select

from models.edge import InboxState, OutState, inbox, outbox
from rehearsal.people import Person
from tests.district import District

BROKEN = {"message_id": 7, "date": "yesterday", "chat": {"id": 505, "type": "private"}}


def broken_by(who: Person) -> dict[str, object]:
    """An update that Telegram never sends and the library cannot read."""
    return BROKEN | {"from": {"id": who.id, "is_bot": False, "first_name": "?"}}


async def test_an_unreadable_update_is_parked_the_person_apologised_to_and_the_rest_goes_on(
    district: District, li: Person, kong: Person
) -> None:
    district.expects_trouble = True
    district.sim.world.queue.put("message", broken_by(li), f"user{li.id}")
    await li.says("我的")
    await li.waits_for("对不起，刚才这条没有处理成功", since=0)
    await li.waits_for("项目")
    await district.rests()
    rows = district.rows(select(inbox.c.state, inbox.c.tries, inbox.c.raw))
    assert [(row.state, row.tries) for row in rows] == [(InboxState.DEAD, 1), (InboxState.DONE, 0)]
    assert json.loads(rows[0].raw)["message"]["date"] == "yesterday"
    await kong.waits_for("收到的一条消息没能处理", since=0)
    await district.bot_restarts()
    await district.rests()
    told = [words for words in district.sent_to(kong, "notice") if "没能处理" in words]
    assert len(told) == 1
    assert len([words for words in district.sent_to(li, "notice") if "对不起" in words]) == 1


async def test_a_stranger_gets_no_apology_for_what_cannot_be_read(district: District) -> None:
    district.expects_trouble = True
    stranger = await district.stranger()
    await stranger.says("您好")
    await stranger.waits_for("")
    district.sim.world.queue.put("message", broken_by(stranger), f"user{stranger.id}")
    await district.rests()
    assert district.rows(select(inbox.c.state).where(inbox.c.state == InboxState.DEAD))
    assert len([seen for seen in await stranger.sees() if seen.is_from_bot]) == 1


async def test_a_press_that_comes_twice_acts_once(
    district: District, kong: Person, meng: Person
) -> None:
    hall = await district.people.group("调度群", owner=kong)
    await kong.says("/bind", where=hall)
    await meng.waits_for("请核对")
    await district.people.faults.add("duplicate_update", method="getUpdates", times=2)
    await meng.presses("✅ 确认")
    await hall.waits_for("今后发在这里")
    await district.rests()
    said = [seen for seen in await hall.sees() if "今后发在这里" in seen.text]
    assert len(said) == 1


async def test_after_a_stop_and_a_start_nothing_is_said_twice(
    district: District, li: Person
) -> None:
    await li.says("我的")
    await li.waits_for("项目")
    before = len(await li.sees())
    await district.bot_restarts()
    await district.rests()
    assert len(await li.sees()) == before
    states = {row.state for row in district.rows(select(outbox.c.state))}
    assert states == {OutState.SENT}


async def test_what_people_said_while_the_bot_was_away_is_answered_in_order(
    district: District, li: Person, yang: Person
) -> None:
    await district.bot_stops()
    await li.says("我的")
    await li.says("/help")
    await yang.says("我的")
    await district.bot_starts()
    await li.waits_for("怎么用")
    await yang.waits_for("再生金属")
    answers = [seen.text for seen in await li.sees() if seen.is_from_bot]
    assert "精品钢" in answers[0] and "怎么用" in answers[1]
