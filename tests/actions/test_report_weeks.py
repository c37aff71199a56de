"""The same as last week, several projects in a row, early, late, corrected, and for others."""

from typing import Any

from sqlalchemy import select

from models.people import person
from models.report import report, report_revision
from models.talk import draft
from rehearsal.people import Person
from tests.district import NEXT_WEEK, WEEK, District
from tests.district_book import LOGISTICS, METAL, OFFICE, RESERVOIR, STATION, STEEL, YANG
from tests.talking import fills_in, opens_report, reports, says, taps

WEEKS = ("2024-10-29 10:00", "2024-11-05 10:00", "2024-11-12 10:00", "2024-11-19 10:00")


def row_of(district: District, name: str = METAL, period: str = WEEK) -> Any:
    query = select(report).where(
        report.c.project_id == district.id_of(name), report.c.period == period
    )
    [row] = district.rows(query)
    return row


def id_of_person(district: District, name: str) -> int:
    return int(district.value(select(person.c.id).where(person.c.name == name)))


class TestTheSameAsLastWeek:
    async def test_cannot_be_said_without_a_last_week(
        self, district: District, yang: Person
    ) -> None:
        assert "🟰 与上周一致" not in (await opens_report(yang)).buttons

    async def test_is_one_tap(self, district: District, yang: Person) -> None:
        await reports(yang, done="浇筑三层", plan="浇筑四层")
        await district.turns_to(WEEKS[1])
        card = await opens_report(yang)
        assert card.buttons[0] == "🟰 与上周一致"
        sent = await taps(yang, "🟰 与上周一致")
        assert "与上周一致" in sent.text
        row = row_of(district, period=NEXT_WEEK)
        assert (row.way, row.done, row.plan) == ("same", "浇筑三层", "浇筑四层")
        assert row.same_in_a_row == 1
        assert not district.rows(select(draft))

    async def test_twice_then_one_question_and_it_counts_as_stalled(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang)
        for moment in WEEKS[1:3]:
            await district.turns_to(moment)
            await opens_report(yang)
            assert "已提交" in (await taps(yang, "🟰 与上周一致")).text
        await district.turns_to(WEEKS[3])
        await opens_report(yang)
        asked = await taps(yang, "🟰 与上周一致")
        assert "连续第3周" in asked.text
        assert "停滞关注" in asked.text
        await taps(yang, "资金")
        await says(yang, "贷款还没有放下来")
        sent = await taps(yang, "✅ 提交")
        assert "已列入停滞关注" in sent.text
        row = row_of(district, period="2024-W47")
        assert (row.is_stalled, row.stalled_factor) == (True, "money")
        assert row.stalled_words == "贷款还没有放下来"
        assert row.same_in_a_row == 3

    async def test_a_report_in_words_ends_the_row(self, district: District, yang: Person) -> None:
        await reports(yang)
        await district.turns_to(WEEKS[1])
        await opens_report(yang)
        await taps(yang, "🟰 与上周一致")
        await district.turns_to(WEEKS[2])
        await reports(yang, done="又浇了一层")
        await district.turns_to(WEEKS[3])
        await opens_report(yang)
        await taps(yang, "🟰 与上周一致")
        assert row_of(district, period="2024-W47").same_in_a_row == 1

    async def test_an_old_button_does_not_undo_what_was_answered_since(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang)
        await district.turns_to(WEEKS[1])
        await opens_report(yang)
        same = next(data for data in district.data_on(yang) if "r.same" in data)
        await says(yang, "安装90%")
        await yang.forges(same, on=await newest(yang))
        assert "情况已有变化" in (await yang.waits_for_popup()).text
        [row] = district.rows(select(draft.c.said))
        assert dict(row.said)["progress"] == "安装90%"

    async def test_an_old_button_does_not_overwrite_what_was_handed_in(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang)
        await district.turns_to(WEEKS[1])
        await opens_report(yang)
        same = next(data for data in district.data_on(yang) if "r.same" in data)
        await fills_in(yang, done="真的做了事")
        await taps(yang, "✅ 提交")
        await yang.forges(same, on=await newest(yang))
        assert "情况已有变化" in (await yang.waits_for_popup()).text
        assert row_of(district, period=NEXT_WEEK).done == "真的做了事"

    async def test_its_question_left_open_does_not_overwrite_a_report_either(
        self, district: District, yang: Person, zhou: Person
    ) -> None:
        await reports(yang)
        for moment in WEEKS[1:3]:
            await district.turns_to(moment)
            await opens_report(yang)
            await taps(yang, "🟰 与上周一致")
        await district.turns_to(WEEKS[3])
        await opens_report(yang)
        await taps(yang, "🟰 与上周一致", "资金", "跳过")
        await reports(zhou, METAL, done="周建国写的")
        await yang.presses("✅ 提交")
        assert "情况已有变化" in (await yang.waits_for_popup()).text
        assert row_of(district, period="2024-W47").done == "周建国写的"


async def newest(who: Person) -> int:
    return (await who.sees())[-1].id


class TestSeveralProjects:
    async def test_are_offered_and_those_done_are_marked(
        self, district: District, li: Person
    ) -> None:
        choice = await says(li, "填报")
        assert "3 个项目待报" in choice.text
        assert "10月31日 18:00" in choice.text
        assert choice.buttons == ["📝 逐个填报（3个）", STEEL, RESERVOIR, STATION]
        await taps(li, STEEL)
        sent = await self.hands_in(li)
        assert "还有 2 个项目待报" in sent.text
        assert sent.buttons[0] == f"下一个：{RESERVOIR}"
        choice = await says(li, "填报")
        assert f"✅ {STEEL}" in choice.buttons

    async def test_are_walked_one_after_another_with_a_count(
        self, district: District, li: Person
    ) -> None:
        await says(li, "填报")
        first = await taps(li, "📝 逐个填报（3个）")
        assert "第 1 个，共 3 个" in first.text
        assert STEEL in first.text
        await self.hands_in(li)
        second = await li.waits_for("第 2 个，共 3 个")
        assert RESERVOIR in second.text
        await says(li, "坝体填筑")
        await taps(li, "已完成")
        await says(li, "合龙", "验收")
        await taps(li, "无", "✅ 提交")
        third = await li.waits_for("第 3 个，共 3 个")
        assert STATION in third.text
        await self.hands_in(li)
        await li.waits_for("本期都报完了")
        assert len(district.rows(select(report))) == 3
        assert not district.rows(select(draft))

    async def test_a_walk_goes_on_after_a_restart_and_a_pause(
        self, district: District, li: Person
    ) -> None:
        await says(li, "填报")
        await taps(li, "📝 逐个填报（3个）", "暂存")
        await district.bot_restarts()
        choice = await says(li, "填报")
        label = next(each for each in choice.buttons if each.startswith("接着填"))
        assert "第 1 个，共 3 个" in (await taps(li, label)).text
        await self.hands_in(li)
        await li.waits_for("第 2 个，共 3 个")

    async def test_a_walk_passes_over_what_somebody_else_has_reported(
        self, district: District, li: Person, zhou: Person
    ) -> None:
        await says(li, "填报")
        await taps(li, "📝 逐个填报（3个）")
        await opens_report(zhou, RESERVOIR)
        await says(zhou, "坝体填筑")
        await taps(zhou, "已完成")
        await says(zhou, "合龙", "验收")
        await taps(zhou, "无", "✅ 提交")
        await self.hands_in(li)
        following = await li.waits_for("第 2 个")
        assert STATION in following.text

    async def hands_in(self, who: Person) -> Any:
        await fills_in(who)
        return await taps(who, "✅ 提交")


class TestWhen:
    async def test_early_is_as_good_as_any(self, district: District, yang: Person) -> None:
        await district.turns_to("2024-10-25 11:00")
        await reports(yang)
        assert not row_of(district).is_late

    async def test_after_the_cutoff_it_is_filed_late_for_the_week_that_is_owed(
        self, district: District, yang: Person
    ) -> None:
        await district.turns_to("2024-10-31 18:30")
        card = await opens_report(yang)
        assert "10月25日—10月31日" in card.text
        assert "补报" in card.text
        await fills_in(yang)
        sent = await taps(yang, "✅ 提交")
        assert "记为补报" in sent.text
        assert row_of(district).is_late

    async def test_begun_before_the_cutoff_and_sent_after_it_is_late_too(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await fills_in(yang)
        await district.turns_to("2024-10-31 18:00")
        assert "记为补报" in (await taps(yang, "✅ 提交")).text
        assert row_of(district).is_late

    async def test_a_week_later_both_weeks_are_offered_the_late_one_first(
        self, district: District, yang: Person
    ) -> None:
        await district.turns_to("2024-11-05 10:00")
        choice = await says(yang, "填报")
        assert f"⏰ {METAL}（补报）" in choice.buttons
        assert METAL in choice.buttons

    async def test_before_the_cutoff_a_second_report_replaces_the_first(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang, done="浇筑三层")
        card = await taps(yang, "修改")
        assert "浇筑三层" in card.text
        await taps(yang, "改2")
        await says(yang, "浇筑三层和四层")
        await taps(yang, "✅ 提交")
        row = row_of(district)
        assert (row.done, row.revision, row.is_late) == ("浇筑三层和四层", 1, False)
        assert not district.rows(select(report_revision))

    async def test_after_it_a_change_is_a_revision_with_its_reason(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang, done="浇筑三层")
        await district.turns_to("2024-10-31 18:30")
        card = await taps(yang, "修改")
        assert "改动须说明原因" in card.text
        review = await says(yang, "少写了一层")
        assert "更正原因" in review.text
        await taps(yang, "改2")
        await says(yang, "浇筑三层和四层")
        sent = await taps(yang, "✅ 提交")
        assert "记为更正" in sent.text
        row = row_of(district)
        assert (row.done, row.revision, row.is_late) == ("浇筑三层和四层", 2, False)
        [kept] = district.rows(select(report_revision))
        assert (kept.reason, kept.content["done"]) == ("少写了一层", "浇筑三层")

    async def test_a_cutoff_in_the_middle_of_a_correction_asks_for_the_reason(
        self, district: District, yang: Person
    ) -> None:
        await reports(yang)
        await taps(yang, "修改")
        await district.turns_to("2024-10-31 18:00")
        asked = await taps(yang, "✅ 提交")
        assert "改动须说明原因" in asked.text


class TestForOthers:
    async def test_the_office_reports_for_somebody_and_that_is_said(
        self, district: District, kong: Person
    ) -> None:
        await says(kong, "点名")
        await taps(kong, "✍️ 代报")
        card = await taps(kong, f"{METAL[:22]} · 莱芜经济开发区")
        assert f"代 {YANG} 填报" in card.text
        await fills_in(kong)
        sent = await taps(kong, "✅ 提交")
        assert f"代 {YANG} 填报" in sent.text
        row = row_of(district)
        assert row.submitted_by == id_of_person(district, OFFICE)
        assert row.on_behalf_of == id_of_person(district, YANG)

    async def test_who_is_reported_for_is_reminded_no_more(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await district.turns_to("2024-10-29 21:30")
        await says(kong, "点名")
        await kong.presses("📣 催办未报的人")
        await kong.waits_for_popup("已催办 3 人")
        await taps(kong, "✍️ 代报", f"{METAL[:22]} · 莱芜经济开发区")
        await fills_in(kong)
        await taps(kong, "✅ 提交")
        await district.turns_to("2024-10-30 08:00")
        await yang.waits_in_vain_for("催办")

    async def test_the_responsible_person_reports_in_his_own_name(
        self, district: District, zhou: Person
    ) -> None:
        await reports(zhou, METAL)
        row = row_of(district)
        assert row.on_behalf_of is None

    async def test_two_write_at_once_and_the_later_one_stands(
        self, district: District, yang: Person, zhou: Person
    ) -> None:
        await opens_report(yang)
        await opens_report(zhou, METAL)
        await fills_in(yang, done="杨伟写的")
        await fills_in(zhou, done="周建国写的")
        await taps(yang, "✅ 提交")
        await taps(zhou, "✅ 提交")
        assert row_of(district).done == "周建国写的"

    async def test_what_is_parked_goes_when_the_same_week_is_handed_in_another_way(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await says(li, "主体四层")
        await taps(li, "暂存")
        await says(li, f"{STEEL}\n进度 主体五层\n本周 浇筑\n下周 砌体\n问题 无")
        await taps(li, "✅ 提交")
        assert not district.rows(select(draft))
        choice = await says(li, "填报")
        assert not [each for each in choice.buttons if each.startswith("接着填")]

    async def test_nobody_reports_for_a_project_that_is_not_theirs(
        self, district: District, he: Person, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(he, "填报")
        assert METAL not in "".join(seen.text for seen in await he.sees())
        told = await says(he, f"{METAL}\n进度 封顶\n本周 浇筑\n下周 砌体")
        assert "请核对" not in told.text
        assert not [row for row in district.rows(select(draft.c.said)) if "封顶" in str(row.said)]

    async def test_the_sponsor_leader_has_nothing_to_report(
        self, district: District, cheng: Person
    ) -> None:
        assert "没有要填报的项目" in (await says(cheng, "填报")).text


async def test_who_reports_for_one_week_is_asked_anew_the_next(
    district: District, he: Person
) -> None:
    await reports(he)
    assert "没有待报" in (await says(he, "填报")).text
    await district.turns_to("2024-11-05 10:00")
    assert LOGISTICS in (await says(he, "填报")).text
