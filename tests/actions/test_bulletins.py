"""The weekly bulletin from its draft to the group: seen, decided, posted once, word for word."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.bulletin import BulletinState, bulletin, bulletin_remark
from models.edge import OutState, audit, outbox
from models.people import person, person_role
from rehearsal.people import Group, Person, Seen
from tests.district import District
from tests.district_book import APPROVER, OFFICE, STEEL
from tests.patience import until
from tests.talking import reports, says, taps

Opens = Callable[..., Awaitable[District]]

DRAFTED = "2024-11-01 08:30"
PUBLISH, RETURN, REMARK = "✅ 发布", "↩️ 退回", "✏️ 修改意见"
NOTE, FRESH, AGAIN, DROP = "📝 加一段按语", "🔄 按最新填报重写", "📤 原样再送审", "🗑 本期不发"


@pytest.fixture
async def hall(district: District, kong: Person, meng: Person) -> Group:
    return await binds(district, kong, meng)


async def binds(
    district: District,
    kong: Person,
    meng: Person,
    title: str = "调度群",
    topic: str = "",
    *,
    may_pin: bool = True,
) -> Group:
    topics = (topic,) if topic else ()
    hall = await district.people.group(title, owner=kong, topics=topics)
    if may_pin:
        await hall.promotes_bot()
    await kong.says("/bind", where=hall, thread=hall.topics.get(topic))
    await meng.waits_for("请核对")
    await meng.presses("✅ 确认")
    await hall.waits_for("今后发在这里")
    await district.rests()
    return hall


async def parts_in(screen: Person | Group) -> list[Seen]:
    return [seen for seen in await screen.sees() if seen.is_from_bot and "第1期" in seen.text]


def row_of(district: District) -> Any:
    [row] = district.rows(select(bulletin))
    return row


def posted(district: District) -> list[Any]:
    return district.rows(select(outbox).where(outbox.c.kind == "bulletin").order_by(outbox.c.id))


async def is_drafted(district: District, meng: Person) -> Seen:
    await district.turns_to(DRAFTED)
    seen = await meng.waits_for("请审签", since=0)
    await meng.has_read()
    return seen


async def is_posted(district: District) -> None:
    await until(lambda: row_of(district).state == BulletinState.POSTED)


# Approved


async def test_what_is_posted_is_byte_for_byte_what_was_previewed(
    district: District, hall: Group, meng: Person, li: Person
) -> None:
    await reports(li, STEEL, done="<b>浇筑</b> & {{ 7*7 }} 三层")
    await is_drafted(district, meng)
    previewed = [seen.html for seen in await parts_in(meng) if PUBLISH not in seen.buttons]
    await meng.presses(PUBLISH)
    await meng.waits_for("已审签")
    await district.rests()
    stands = [seen.html for seen in await parts_in(hall)]
    assert stands == previewed and len(stands) == 1
    row = row_of(district)
    assert [each.payload["text"] for each in posted(district)] == row.parts
    words = json.dumps(row.parts, ensure_ascii=False, separators=(",", ":"))
    assert row.parts_sha == hashlib.sha256(words.encode()).hexdigest()
    assert "{{ 7*7 }}" in (await parts_in(hall))[0].text


async def test_the_record_keeps_facts_text_hash_message_and_who_decided(
    district: District, hall: Group, meng: Person
) -> None:
    await is_drafted(district, meng)
    await meng.presses(PUBLISH)
    await is_posted(district)
    row = row_of(district)
    approver = district.value(select(person.c.id).where(person.c.name == APPROVER))
    assert (row.state, row.decided_by) == (BulletinState.POSTED, approver)
    assert row.facts and row.facts_sha and row.posted_at
    [part] = posted(district)
    [seen] = await parts_in(hall)
    assert (part.state, part.message_id) == (OutState.SENT, seen.id)
    [line] = district.rows(select(audit).where(audit.c.action == "bulletin.approve"))
    assert (line.actor_id, line.details["sha"]) == (approver, row.parts_sha)


async def test_the_office_and_the_approver_hear_that_it_is_out(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await is_drafted(district, meng)
    await meng.presses(PUBLISH)
    await kong.waits_for("已发到：调度群")
    await meng.waits_for("已发到：调度群")
    await district.rests()
    told = [words for words in district.sent_to(meng, "notice") if "已发到" in words]
    assert len(told) == 1


async def test_two_presses_publish_once(district: District, hall: Group, meng: Person) -> None:
    card = await is_drafted(district, meng)
    await meng.presses(PUBLISH, on=card)
    await meng.presses(PUBLISH, on=card)
    await district.rests()
    assert len(await parts_in(hall)) == 1
    assert len(posted(district)) == 1


async def test_two_approvers_publish_once(
    district: District, hall: Group, meng: Person, kong: Person
) -> None:
    await becomes(district, OFFICE, "approver")
    await is_drafted(district, meng)
    await kong.waits_for("请审签", since=0)
    await meng.presses(PUBLISH)
    await kong.presses(PUBLISH)
    assert "已经有人处理过了" in (await kong.waits_for_popup()).text
    await district.rests()
    assert len(await parts_in(hall)) == 1


async def becomes(district: District, name: str, role: str) -> None:
    [row] = district.rows(select(person.c.id).where(person.c.name == name))
    insert = person_role.insert().values(person_id=row.id, role=role)
    assert district._database is not None
    district._database.work_now(lambda tx: tx.execute(insert))


async def test_it_goes_to_every_bound_group_and_to_no_other(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    second = await binds(district, kong, meng, "第二群")
    unbound = await district.people.group("闲聊群", owner=kong)
    asked = await district.people.group("没确认的群", owner=kong)
    await kong.says("/bind", where=asked)
    await is_drafted(district, meng)
    await meng.presses(PUBLISH)
    await district.rests()
    found = [len(await parts_in(each)) for each in (hall, second, unbound, asked)]
    assert found == [1, 1, 0, 0]


async def test_it_goes_to_the_topic_and_is_pinned_where_the_bot_may(
    district: District, kong: Person, meng: Person
) -> None:
    forum = await binds(district, kong, meng, topic="通报")
    await is_drafted(district, meng)
    await meng.presses(PUBLISH)
    await district.rests()
    [seen] = await parts_in(forum)
    assert seen.thread == forum.topics["通报"]
    assert await forum.pinned() == [seen.id]


async def test_a_missing_right_to_pin_is_told_once(
    district: District, kong: Person, meng: Person
) -> None:
    district.expects_trouble = True
    hall = await binds(district, kong, meng, may_pin=False)
    for moment in (DRAFTED, "2024-11-08 08:30"):
        await district.turns_to(moment)
        await meng.waits_for("请审签")
        await meng.presses(PUBLISH)
        await district.rests()
    told = [words for words in district.sent_to(kong, "notice") if "没有置顶权限" in words]
    assert len(told) == 1
    assert await hall.pinned() == []


async def test_an_office_that_does_not_pin_does_not_ask_to(opens: Opens) -> None:
    district = await opens(bulletin={"pin": False})
    kong, meng = await district.person(OFFICE), await district.person(APPROVER)
    hall = await binds(district, kong, meng)
    await is_drafted(district, meng)
    await meng.presses(PUBLISH)
    await district.rests()
    assert await hall.pinned() == []
    assert await district.people.calls("pinChatMessage") == []


# Returned, remarked, mended


async def test_returned_with_its_reason_it_waits_for_the_office(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    await taps(meng, RETURN)
    await says(meng, "数字对不上，请核 <投资>")
    await taps(meng, "✅ 提交")
    seen = await kong.waits_for("被退回")
    assert "数字对不上，请核 <投资>" in seen.text and APPROVER in seen.text
    assert {NOTE, FRESH, AGAIN, DROP} <= set(seen.buttons)
    row = row_of(district)
    assert (row.state, row.reason) == (BulletinState.RETURNED, "数字对不上，请核 <投资>")
    [remark] = district.rows(select(bulletin_remark))
    assert remark.kind == "return"
    await meng.presses(PUBLISH, on=card)
    await district.rests()
    assert posted(district) == []


async def test_a_remark_leaves_it_open_and_reaches_the_office(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    await taps(meng, REMARK)
    await says(meng, "标题再醒目些")
    await taps(meng, "✅ 提交")
    assert "标题再醒目些" in (await kong.waits_for("有修改意见")).text
    assert row_of(district).state == BulletinState.DRAFTED
    await meng.presses(PUBLISH, on=card)
    await district.rests()
    assert len(await parts_in(hall)) == 1


async def test_an_old_preview_cannot_publish_after_a_change(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    old = await is_drafted(district, meng)
    await says(kong, "/bulletin")
    await taps(kong, NOTE)
    await says(kong, "请各单位抓紧。")
    await taps(kong, "✅ 提交")
    new = await meng.waits_for("请审签")
    assert new.id != old.id
    await meng.presses(PUBLISH, on=old)
    assert "已经更新" in (await meng.waits_for_popup()).text
    assert posted(district) == []
    await meng.presses(PUBLISH, on=new)
    await district.rests()
    [seen] = await parts_in(hall)
    assert "请各单位抓紧。" in seen.text


async def test_the_note_stands_on_top_and_hostile_words_stay_words(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await is_drafted(district, meng)
    await says(kong, "/bulletin")
    await taps(kong, NOTE)
    await says(kong, "<a href='https://evil'>点我</a> {{ config }} & @all")
    await taps(kong, "✅ 提交")
    await meng.waits_for("请审签")
    await meng.presses(PUBLISH)
    await district.rests()
    [seen] = await parts_in(hall)
    shown = seen.text.replace("\u200b", "")
    assert "<a href='https://evil'>点我</a> {{ config }} & @all" in shown
    assert "<a " not in seen.html


async def test_written_anew_it_holds_what_came_in_meanwhile(
    district: District, hall: Group, kong: Person, meng: Person, li: Person
) -> None:
    await is_drafted(district, meng)
    before = row_of(district)
    await reports(li, STEEL, done="补报的三层")
    await says(kong, "/bulletin")
    await taps(kong, FRESH)
    await meng.waits_for("请审签")
    after = row_of(district)
    assert "补报的三层" in after.parts[0] and "补报的三层" not in before.parts[0]
    assert after.facts_sha != before.facts_sha
    await meng.presses(PUBLISH)
    await district.rests()
    assert "补报的三层" in (await parts_in(hall))[0].text


async def test_handed_in_again_as_it_was_it_is_the_same_text(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await is_drafted(district, meng)
    before = row_of(district)
    await says(kong, "/bulletin")
    await taps(kong, AGAIN)
    await meng.waits_for("请审签")
    assert row_of(district).parts_sha == before.parts_sha


async def test_a_bulletin_that_is_not_to_be_is_kept_and_never_posted(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    await says(kong, "/bulletin")
    await taps(kong, DROP)
    row = row_of(district)
    assert row.state == BulletinState.DROPPED and row.facts
    await meng.presses(PUBLISH, on=card)
    assert "已经有人处理过了" in (await meng.waits_for_popup()).text
    assert posted(district) == []
    await district.turns_to("2024-11-08 08:30")
    assert "第2期" in (await meng.waits_for("请审签")).text


# What is missing


async def test_without_a_group_nothing_is_published_and_it_can_be_later(
    district: District, kong: Person, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    assert "还没有绑定的群" in card.text
    await meng.presses(PUBLISH, on=card)
    assert "还没有绑定发布的群" in (await meng.waits_for_popup()).text
    assert row_of(district).state == BulletinState.DRAFTED
    hall = await binds(district, kong, meng)
    await meng.presses(PUBLISH, on=card)
    await district.rests()
    assert len(await parts_in(hall)) == 1


async def test_without_an_approver_the_office_is_told_and_can_hand_it_in_later(
    district: District, kong: Person, meng: Person
) -> None:
    await meng.blocks_bot()
    await district.turns_to(DRAFTED)
    await kong.waits_for("还没有审签人加入", since=0)
    assert row_of(district).state == BulletinState.DRAFTED
    await meng.unblocks_bot()
    await district.rests()
    await says(kong, "/bulletin")
    await taps(kong, AGAIN)
    await meng.waits_for("请审签")


async def test_where_no_approval_is_needed_it_is_posted_at_its_time(opens: Opens) -> None:
    district = await opens(bulletin={"approval": False})
    kong, meng = await district.person(OFFICE), await district.person(APPROVER)
    hall = await binds(district, kong, meng)
    await district.turns_to(DRAFTED)
    await is_posted(district)
    assert len(await parts_in(hall)) == 1
    row = row_of(district)
    assert (row.state, row.decided_by) == (BulletinState.POSTED, None)
    await district.bot_restarts()
    await district.rests()
    assert len(await parts_in(hall)) == 1


async def test_without_approval_and_group_it_waits_and_goes_out_once_there_is_one(
    opens: Opens,
) -> None:
    district = await opens(bulletin={"approval": False})
    kong, meng = await district.person(OFFICE), await district.person(APPROVER)
    await district.turns_to(DRAFTED)
    await kong.waits_for("没有绑定的群，没有发出", since=0)
    hall = await binds(district, kong, meng)
    await says(kong, "/bulletin")
    await taps(kong, "📢 现在发出")
    await is_posted(district)
    assert len(await parts_in(hall)) == 1


# Late, long, spoilt


async def test_a_bulletin_late_by_three_hours_says_so_in_the_group(
    district: District, hall: Group, meng: Person
) -> None:
    await district.turns_to("2024-11-01 11:45")
    await meng.waits_for("请审签", since=0)
    await meng.presses(PUBLISH)
    await district.rests()
    assert "延迟" in (await parts_in(hall))[0].text


async def test_a_bulletin_late_by_forty_hours_is_drafted_by_a_person_only(
    district: District, hall: Group, kong: Person, meng: Person
) -> None:
    await district.turns_to("2024-11-03 00:30")
    await kong.waits_for("错过了时间", since=0)
    assert row_of(district).state == BulletinState.FROZEN
    await says(kong, "/bulletin")
    await taps(kong, "📤 现在拟稿送审")
    await meng.waits_for("请审签")
    await meng.presses(PUBLISH)
    await district.rests()
    assert "延迟" in (await parts_in(hall))[0].text


async def test_a_spoilt_template_is_told_and_the_bulletin_comes_all_the_same(
    opens: Opens, tmp_path: Path
) -> None:
    folder = tmp_path / "templates" / "zh-CN"
    folder.mkdir(parents=True)
    (folder / "weekly.html").write_text("{% for %}", "utf-8")
    district = await opens(bulletin={"templates": "templates"})
    kong, meng = await district.person(OFFICE), await district.person(APPROVER)
    await binds(district, kong, meng)
    await is_drafted(district, meng)
    assert "weekly.html" in (await kong.waits_for("自定义模板", since=0)).text
    assert "第1期" in row_of(district).parts[0]


# Rights


@pytest.mark.parametrize("name", ["li", "cheng", "kong"])
async def test_only_an_approver_publishes_even_with_the_approvers_button(
    district: District,
    hall: Group,
    meng: Person,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    await is_drafted(district, meng)
    other: Person = await district.person({"li": "李敏", "cheng": "程子涵", "kong": OFFICE}[name])
    [data] = [each for each in district.data_on(meng) if "b.ok" in each]
    await says(other, "/help")
    await other.forges(data, on=(await other.sees())[-1])
    await district.rests()
    assert posted(district) == []


async def test_who_is_no_longer_approver_publishes_nothing(
    district: District, hall: Group, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    assert district._database is not None
    gone = person_role.delete().where(person_role.c.role == "approver")
    district._database.work_now(lambda tx: tx.execute(gone))
    await meng.presses(PUBLISH, on=card)
    assert (await meng.waits_for_popup()).is_alert
    assert posted(district) == []


async def test_reporters_have_no_bulletin_to_look_at(district: District, li: Person) -> None:
    await district.turns_to(DRAFTED)
    seen = await says(li, "/bulletin")
    assert "第1期" not in seen.text


# A restart in between


async def test_a_restart_between_preview_and_press_changes_nothing(
    district: District, hall: Group, meng: Person
) -> None:
    card = await is_drafted(district, meng)
    await district.bot_restarts()
    await meng.presses(PUBLISH, on=card)
    await district.rests()
    assert len(await parts_in(hall)) == 1
    moment = datetime.fromisoformat("2024-11-01T08:30:00+08:00")
    assert row_of(district).decided_at == moment
