"""The office notes who is away and who answers meanwhile; the deputy is told and may report."""

import pytest
from sqlalchemy import select

from models.people import leave, person
from models.report import report
from rehearsal.people import Person, Seen
from tests.district import District
from tests.district_book import HE, OFFICE, UNIT, YANG
from tests.talking import fills_in, says, taps

OPEN, CLOSE = "\uff08", "\uff09"


async def away(district: District, deputy: str = HE) -> Seen:
    """杨伟 is away from today to 5 November; returns what the office was told at the end."""
    kong = await district.person(OFFICE)
    await says(kong, "请假", YANG, deputy)
    await taps(kong, "今天起")
    await says(kong, "11月5日")
    done = await taps(kong, "✅ 提交")
    await district.rests()
    return done


async def test_is_noted_step_by_step_and_the_deputy_is_told(
    district: District, kong: Person, he: Person
) -> None:
    await he.has_read()
    done = await away(district)
    assert "杨伟 10月29日 至 11月5日 请假，由 何静 代理（已通知代理人）" in done.text
    told = await he.waits_for("由您代为填报")
    assert "杨伟 10月29日 至 11月5日 请假" in told.text


async def test_the_deputy_finds_the_projects_and_reports_on_behalf(
    district: District, kong: Person, he: Person
) -> None:
    await away(district)
    choice = await says(he, "填报")
    assert "2 个项目待报" in choice.text
    card = await taps(he, "再生金属循环利用项目")
    assert f"代 {YANG} 填报" in card.text
    await fills_in(he)
    assert f"代 {YANG} 填报" in (await taps(he, "✅ 提交")).text
    names = dict(district.rows(select(person.c.id, person.c.name)))
    [row] = district.rows(select(report))
    assert (names[row.submitted_by], names[row.on_behalf_of]) == (HE, YANG)


async def test_the_deputy_is_reminded_and_not_the_one_away(
    district: District, kong: Person, he: Person, yang: Person
) -> None:
    await away(district)
    await district.turns_to("2024-10-30 10:00")
    assert "2</b> 个项目" in district.sent_to(he, "reminder")[0]
    assert not district.sent_to(yang, "reminder")


async def test_after_the_last_day_the_deputy_answers_no_more(
    district: District, kong: Person, he: Person
) -> None:
    await away(district)
    await district.turns_to("2024-11-05 10:00")
    assert "再生金属" in (await says(he, "我的")).text
    await district.turns_to("2024-11-06 09:00")
    assert "再生金属" not in (await says(he, "我的")).text


async def test_a_card_left_open_is_refused_once_the_deputy_answers_no_more(
    district: District, kong: Person, he: Person
) -> None:
    await away(district)
    await says(he, "填报")
    await taps(he, "再生金属循环利用项目")
    await fills_in(he)
    await district.turns_to("2024-11-06 09:00")
    await he.presses("✅ 提交")
    assert "不由您填报" in (await he.waits_for_popup()).text
    assert not district.rows(select(report))


async def test_back_early_ends_it_at_once(district: District, kong: Person, he: Person) -> None:
    await away(district)
    known = await says(kong, "请假")
    assert "🏖 杨伟 请假 10月29日 至 11月5日，代理：何静" in known.text
    assert "已登记：杨伟 已回来" in (await taps(kong, "杨伟 已回来")).text
    assert "再生金属" not in (await says(he, "我的")).text
    assert "谁请假" in (await says(kong, "请假")).text


async def test_without_a_deputy_the_others_of_the_project_answer(
    district: District, kong: Person, zhou: Person
) -> None:
    await says(kong, "请假", YANG)
    await taps(kong, "跳过", "今天起")
    await says(kong, "11月5日")
    assert "没有代理人" in (await taps(kong, "✅ 提交")).text
    await district.turns_to("2024-10-30 10:00")
    assert "再生金属" in district.sent_to(zhou, "reminder")[0]


async def test_a_deputy_who_has_not_joined_is_said_to_the_office(
    district: District, kong: Person
) -> None:
    assert "还没有加入，请先邀请" in (await away(district, "王强")).text


async def test_it_stands_in_the_list_of_people_and_in_the_rollcall(
    district: District, kong: Person
) -> None:
    await away(district)
    assert "🏖 杨伟 请假" in (await says(kong, "名单")).text
    assert "再生金属循环利用项目 — 何静，代 杨伟" in (await says(kong, "点名")).text


@pytest.mark.parametrize(
    "name", [f"{YANG} {UNIT}", f"{YANG}({UNIT})", f"{YANG}{OPEN}{UNIT}{CLOSE}", f" {YANG}\u3000"]
)
async def test_a_name_may_come_with_its_unit(district: District, kong: Person, name: str) -> None:
    assert "谁代理填报" in (await says(kong, "请假", name)).text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["张三丰"], "台账里没有“张三丰”"),
        ([YANG, YANG], "代理人不能是请假人自己"),
        ([YANG, HE, "10月1日"], "已经过去"),
        ([YANG, HE, "2月30日"], "没有这一天"),
        ([YANG, HE, "11月5日", "11月1日"], "结束日期早于开始日期"),
    ],
)
async def test_what_cannot_be_is_asked_for_again(
    district: District, kong: Person, words: list[str], told: str
) -> None:
    assert told in (await says(kong, "请假", *words)).text
    assert not district.rows(select(leave))


async def test_only_the_office_notes_it(district: District, li: Person, meng: Person) -> None:
    for who in (li, meng):
        assert "不在您的权限内" in (await says(who, "/leave")).text


async def test_given_up_halfway_nothing_is_noted(district: District, kong: Person) -> None:
    assert "已取消" in (await says(kong, "请假", YANG, "取消")).text
    assert not district.rows(select(leave))


async def test_it_survives_a_restart_and_a_night(district: District, kong: Person) -> None:
    await says(kong, "请假", YANG, HE)
    await district.bot_restarts()
    await taps(kong, "今天起")
    await district.turns_to("2024-10-30 09:00")
    again = await says(kong, "11月5日")
    assert "从哪天开始" in again.text
    await taps(kong, "今天起")
    await says(kong, "11月5日")
    await taps(kong, "✅ 提交")
    [row] = district.rows(select(leave))
    assert (row.first_on.isoformat(), row.last_on.isoformat()) == ("2024-10-30", "2024-11-05")
