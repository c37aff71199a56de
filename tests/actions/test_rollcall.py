"""点名: the office sees who has reported and who has not, and why; it nudges within limits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from models.edge import outbox
from models.people import PersonState, person
from rehearsal.people import Person, Seen
from tests.conftest import Opens
from tests.district import District
from tests.district_book import LI, LOGISTICS, METAL, OFFICE, RESERVOIR, STATION, STEEL, STREET
from tests.talking import claims_office, opens_report, reports, says, taps


def lines(seen: Seen, *words: str) -> Iterable[str]:
    return [line for line in seen.text.splitlines() if all(word in line for word in words)]


class TestTheNumbers:
    async def test_count_what_is_owed_and_by_whom(self, district: District, kong: Person) -> None:
        roll = await says(kong, "点名")
        assert "10月25日—10月31日" in roll.text
        assert "应报 5 个项目：已报 0（其中补报 0），未报 5（其中有草稿 0）" in roll.text
        assert "10月31日 18:00 截止" in roll.text
        assert lines(roll, "莱芜经济开发区（应报 4，未报 4）")
        assert lines(roll, STEEL, LI)
        assert "雪野湖" not in roll.text

    async def test_are_live(self, district: District, kong: Person, yang: Person) -> None:
        roll = await says(kong, "点名")
        await reports(yang)
        await kong.presses("🔄 刷新点名", on=roll)
        fresh = await kong.waits_for("已报 1")
        assert METAL not in fresh.text
        assert fresh.id == roll.id

    async def test_know_a_draft_from_nothing(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await opens_report(yang)
        roll = await says(kong, "点名")
        assert "其中有草稿 1" in roll.text
        assert lines(roll, METAL, "杨伟，有草稿")

    async def test_know_who_has_not_joined(self, imported: District) -> None:
        kong = await claims_office(imported)
        roll = await says(kong, "点名")
        assert lines(roll, STEEL, "李敏，未加入")

    async def test_know_who_has_blocked_the_bot_as_out_of_reach(
        self, district: District, kong: Person, he: Person
    ) -> None:
        await he.blocks_bot()
        await district.rests()
        assert district.value(select(person.c.state).where(person.c.telegram_id == he.id)) == (
            PersonState.BLOCKED
        )
        roll = await says(kong, "点名")
        assert lines(roll, LOGISTICS, "何静，已停用机器人")

    async def test_count_late_ones(self, district: District, kong: Person, yang: Person) -> None:
        await district.turns_to("2024-10-31 19:00")
        await reports(yang)
        roll = await says(kong, "点名")
        assert "已报 1（其中补报 1），未报 4" in roll.text
        assert "已于 10月31日 18:00 截止" in roll.text

    async def test_turn_to_the_week_before_and_back(self, district: District, kong: Person) -> None:
        await district.turns_to("2024-11-05 10:00")
        assert "11月1日—11月7日" in (await says(kong, "点名")).text
        before = await taps(kong, "◀ 上一周")
        assert "10月25日—10月31日" in before.text
        assert "📣 催办未报的人" not in before.buttons
        assert "11月1日—11月7日" in (await taps(kong, "下一周 ▶")).text

    async def test_of_weeks_before_the_first_owe_nothing(
        self, district: District, kong: Person
    ) -> None:
        await says(kong, "点名")
        assert "没有应报的项目" in (await taps(kong, "◀ 上一周")).text

    async def test_of_a_project_in_preparation_or_finished_change_at_once(
        self, district: District, kong: Person
    ) -> None:
        await says(kong, f"项目 {STEEL}")
        await taps(kong, "改阶段", "暂停")
        assert "应报 4 个项目" in (await says(kong, "点名")).text

    async def test_are_for_the_office_and_the_approver(
        self, district: District, meng: Person, li: Person, cheng: Person
    ) -> None:
        roll = await says(meng, "点名")
        assert "应报 5 个项目" in roll.text
        assert "📣 催办未报的人" not in roll.buttons
        assert "✍️ 代报" not in roll.buttons
        for who in (li, cheng):
            assert "不在您的权限内" in (await says(who, "/rollcall")).text


class TestANudge:
    async def test_goes_once_to_each_who_owes_with_all_their_projects(
        self, district: District, kong: Person, li: Person, yang: Person
    ) -> None:
        await reports(yang)
        await li.has_read()
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        assert "已催办 2 人" in (await kong.waits_for_popup()).text
        nudge = await li.waits_for("项目办催办")
        assert "3 个项目" in nudge.text
        for name in (STEEL, RESERVOIR, STATION):
            assert name in nudge.text
        assert not district.sent_to(yang, "nudge")
        assert STEEL in (await taps(li, STEEL)).text

    async def test_is_capped_at_one_a_week(self, district: District, kong: Person) -> None:
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        assert "已催办 3 人" in (await kong.waits_for_popup()).text
        await kong.presses("📣 催办未报的人")
        assert "已催办 0 人" in (await kong.waits_for_popup()).text
        await district.turns_to("2024-10-30 09:00")
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        popup = await kong.waits_for_popup()
        assert "已催办 0 人。本周已达提醒上限、没有再催的 3 人" in popup.text
        assert len(district.rows(select(outbox.c.id).where(outbox.c.kind == "nudge"))) == 3

    async def test_waits_for_the_morning_in_quiet_hours(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await district.turns_to("2024-10-29 21:30")
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        await kong.waits_for_popup("已催办 3 人")
        await yang.waits_in_vain_for("催办")
        await district.turns_to("2024-10-30 08:00")
        await yang.waits_for("催办")

    async def test_is_not_sent_in_the_morning_to_who_reported_in_the_night(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await district.turns_to("2024-10-29 21:30")
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        await kong.waits_for_popup()
        await reports(yang)
        await yang.has_read()
        await district.turns_to("2024-10-30 08:00")
        await yang.waits_in_vain_for("催办")

    async def test_counts_with_the_reminders(self, opens: Opens) -> None:
        district = await opens("at_work", reminders={"per_week": 1, "nudges_per_week": 5})
        kong = await district.person(OFFICE)
        await district.turns_to("2024-10-30 10:00")
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        assert "没有再催的 3 人" in (await kong.waits_for_popup()).text

    async def test_names_the_projects_nobody_can_be_asked_about(
        self, district: District, kong: Person, he: Person
    ) -> None:
        await he.blocks_bot()
        await district.rests()
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        assert "无人可提醒的项目 1 个" in (await kong.waits_for_popup()).text

    async def test_on_a_card_of_a_week_gone_by_does_nothing(
        self, district: District, kong: Person
    ) -> None:
        await says(kong, "点名")
        await district.turns_to("2024-11-05 10:00")
        before = len(district.rows(select(outbox.c.id)))
        await kong.presses("📣 催办未报的人")
        assert "情况已有变化" in (await kong.waits_for_popup()).text
        assert len(district.rows(select(outbox.c.id))) == before


class TestReportingForOthers:
    async def test_offers_what_is_missing_and_leads_back(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await reports(yang)
        await says(kong, "点名")
        offered = await taps(kong, "✍️ 代报")
        assert "还有 4 个项目未报（1/1）" in offered.text
        assert f"{LOGISTICS} · {STREET}" in offered.buttons
        assert METAL not in "".join(offered.buttons)
        assert "应报 5 个项目" in (await taps(kong, "返回点名")).text


async def test_an_unconfirmed_year_is_said_so(opens: Opens) -> None:
    start = datetime.fromisoformat("2031-03-04T10:00:00+08:00")
    district = await opens("at_work", start=start)
    kong = await district.person(OFFICE)
    await district.rests()
    district.expects_trouble = True
    assert "2031 年的放假安排尚未确认" in (await says(kong, "点名")).text
