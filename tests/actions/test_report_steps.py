"""李敏 and 杨伟 report step by step: typed, tapped, back, put aside, corrected, with photos."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from models.people import person
from models.project import milestone, milestone_change, project
from models.report import obstacle, photo, report
from models.talk import draft
from rehearsal.people import Person
from tests.district import WEEK, District
from tests.district_book import LI, METAL, RESERVOIR, STATION, STEEL
from tests.talking import fills_in, opens_report, reports, says, taps


def reported(district: District, name: str = METAL, period: str = WEEK) -> Any:
    """The one report of a project and week."""
    query = select(report).where(
        report.c.project_id == district.id_of(name), report.c.period == period
    )
    [row] = district.rows(query)
    return row


def count(district: District, table: Table) -> int:
    return int(district.value(select(func.count()).select_from(table)))


class TestOneProject:
    async def test_is_opened_at_once_when_it_is_the_only_one_owed(
        self, district: District, yang: Person
    ) -> None:
        card = await says(yang, "填报")
        assert METAL in card.text
        assert "10月25日—10月31日" in card.text
        assert "1/4" in card.text
        assert "上次：设备安装" in card.text

    @pytest.mark.parametrize("words", ["填报", "/report", "报", " 周报 ", "REPORT"])
    async def test_answers_to_many_words(
        self, district: District, yang: Person, words: str
    ) -> None:
        assert "形象进度" in (await says(yang, words)).text

    async def test_typed_from_the_first_question_to_the_office(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        review = await fills_in(yang, progress="设备安装80%", done="吊装完成", plan="调试")
        assert "请核对" in review.text
        for words in ("设备安装80%", "吊装完成", "调试"):
            assert words in review.text
        sent = await says(yang, "提交")
        assert f"已提交：{METAL}" in sent.text
        assert "本期都报完了" in sent.text
        row = reported(district)
        assert (row.progress, row.done, row.plan) == ("设备安装80%", "吊装完成", "调试")
        assert (row.is_late, row.way, row.revision) == (False, "steps", 1)
        assert row.progress_before == "设备安装"
        known = district.rows(select(project.c.progress, project.c.latest_report_id))
        assert ("设备安装80%", row.id) in [tuple(each) for each in known]
        assert count(district, draft) == 0

    async def test_tapped_wherever_there_is_a_button(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await taps(yang, "沿用上次进度")
        await says(yang, "完成吊装", "开始调试")
        await taps(yang, "用地")
        await says(yang, "还差五亩地没有批下来")
        await taps(yang, "区调度会")
        asked = await yang.waits_for("希望哪天前解决")
        await taps(yang, next(each for each in asked.buttons if "两周后" in each))
        review = await taps(yang, "没有了")
        assert "还差五亩地没有批下来" in review.text
        await taps(yang, "✅ 提交")
        [told] = district.rows(select(obstacle))
        assert (told.factor, told.instance) == ("land", "district")
        assert told.words == "还差五亩地没有批下来"
        assert told.wished_on == date(2024, 11, 12)
        assert reported(district).progress == "设备安装"

    async def test_up_to_three_obstacles(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        await says(yang, "调试", "吊装", "试车")
        for number in range(1, 4):
            await says(yang, f"第{number}个问题,电还没有接通")
            await taps(yang, "配套", "责任单位")
            last = await taps(yang, "跳过")
            if number < 3:
                await taps(yang, "还有一个")
        assert "请核对" in last.text
        await taps(yang, "✅ 提交")
        assert count(district, obstacle) == 3

    async def test_an_obstacle_no_longer_told_in_a_correction_is_withdrawn(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "调试", "吊装", "试车", "电还没有接通")
        await taps(yang, "配套", "责任单位", "跳过", "没有了", "✅ 提交")
        await taps(yang, "修改")
        card = await yang.waits_for("请核对")
        line = next(each for each in card.text.splitlines() if "需协调问题" in each)
        await taps(yang, f"改{line.split('.')[0]}")
        await taps(yang, "无", "✅ 提交")
        [told] = district.rows(select(obstacle))
        assert told.withdrawn_at is not None


class TestMilestones:
    async def test_a_milestone_that_is_overdue_is_asked_about(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, RESERVOIR)
        asked = await says(li, "坝体填筑完成")
        assert "大坝合龙" in asked.text
        assert "已过9天" in asked.text
        assert "下闸蓄水" not in asked.text

    async def test_done_with_its_day(self, district: District, li: Person) -> None:
        await opens_report(li, RESERVOIR)
        await says(li, "坝体填筑完成", "10月21日完成", "合龙", "验收")
        await taps(li, "无", "✅ 提交")
        row = self.of(district)
        assert row.done_on == date(2024, 10, 21)
        [change] = district.rows(select(milestone_change))
        assert (change.field, change.new_on) == ("done_on", date(2024, 10, 21))

    async def test_not_yet_with_its_cause_and_a_new_day(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, RESERVOIR)
        await says(li, "坝体填筑")
        await taps(li, "未完成", "资金")
        await says(li, "11月15日", "填筑", "合龙")
        await taps(li, "无", "✅ 提交")
        row = self.of(district)
        assert (row.done_on, row.expected_on) == (None, date(2024, 11, 15))
        assert row.cause == "资金"
        assert row.due_on == date(2024, 10, 20)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("2月30日", "没有这一天"),
            ("10月1日", "已经过去"),
            ("猴年马月", "没有看懂"),
            ("2099年1月1日", "太远"),
            ("13月40日", "没有"),
        ],
    )
    async def test_a_day_that_cannot_be_is_asked_for_again(
        self, district: District, li: Person, words: str, said: str
    ) -> None:
        await opens_report(li, RESERVOIR)
        await says(li, "坝体填筑")
        await taps(li, "未完成", "资金")
        again = await says(li, words)
        assert "⚠️" in again.text
        assert said in again.text
        assert "预计哪天完成" in again.text

    async def test_a_day_still_to_come_is_no_day_of_completion(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, RESERVOIR)
        again = await says(li, "坝体填筑", "11月5日完成")
        assert "11月5日还没到" in again.text

    def of(self, district: District) -> Any:
        [row] = district.rows(select(milestone).where(milestone.c.name == "大坝合龙"))
        return row


class TestTheWayAround:
    async def test_back_takes_one_answer_away(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        await says(yang, "设备安装80%", "吊装完成")
        assert "本周做了哪些工作" in (await taps(yang, "◀ 上一步")).text
        assert "目前的形象进度" in (await says(yang, "上一步")).text
        review = await fills_in(yang, progress="安装90%")
        assert "安装90%" in review.text
        assert "安装80%" not in review.text

    async def test_the_first_question_has_no_way_back(
        self, district: District, yang: Person
    ) -> None:
        card = await opens_report(yang)
        assert "◀ 上一步" not in card.buttons
        assert "目前的形象进度" in (await says(yang, "上一步")).text

    async def test_only_what_may_be_left_out_can_be_skipped(
        self, district: District, yang: Person
    ) -> None:
        card = await opens_report(yang)
        assert "跳过" not in card.buttons
        refused = await says(yang, "跳过")
        assert "不能跳过" in refused.text
        assert "目前的形象进度" in refused.text

    async def test_put_aside_and_taken_up_again_where_it_was(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "设备安装80%")
        assert "已暂存" in (await taps(yang, "暂存")).text
        choice = await says(yang, "填报")
        label = next(each for each in choice.buttons if each.startswith("接着填"))
        assert "本周做了哪些工作" in (await taps(yang, label)).text
        await says(yang, "吊装", "调试")
        assert "设备安装80%" in (await taps(yang, "无")).text

    @pytest.mark.parametrize("words", ["取消", "/cancel", "退出"])
    async def test_given_up_leaves_nothing(
        self, district: District, yang: Person, words: str
    ) -> None:
        await opens_report(yang)
        await says(yang, "设备安装80%")
        assert "已取消" in (await says(yang, words)).text
        assert count(district, draft) == count(district, report) == 0
        assert "没有正在填的" in (await says(yang, "取消")).text

    async def test_another_word_of_the_bot_does_not_lose_the_draft(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "设备安装80%")
        assert "待报 1 个" in (await says(yang, "我的")).text
        assert "本周做了哪些工作" in (await says(yang, "填报")).text

    async def test_an_answer_may_begin_with_a_word_of_the_bot(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "项目 主体完成")
        assert "本周做了哪些工作" in (await yang.waits_for("")).text

    async def test_another_project_puts_the_first_aside(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await says(li, "主体四层")
        other = await li.waits_for("本周做了哪些工作")
        assert STEEL in other.text
        await says(li, "暂存")
        await opens_report(li, STATION)
        await says(li, "桩基完成")
        choice = [seen.text for seen in await li.sees()]
        assert any(STATION in text for text in choice)
        rows = district.rows(select(draft.c.live, draft.c.said).order_by(draft.c.id))
        assert [(row.live, dict(row.said)["progress"]) for row in rows] == [
            (False, "主体四层"),
            (True, "桩基完成"),
        ]

    async def test_a_line_of_the_summary_is_put_right_by_its_button_or_number(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await fills_in(yang)
        asked = await taps(yang, "改2")
        assert "现在填的是：浇筑三层" in asked.text
        assert "浇筑三层和四层" in (await says(yang, "浇筑三层和四层")).text
        assert "现在填的是：砌体施工" in (await says(yang, "3")).text
        assert "砌体施工" in (await taps(yang, "◀ 不改了")).text
        refused = await says(yang, "再加一句")
        assert "各项都已填好" in refused.text
        await taps(yang, "✅ 提交")
        assert reported(district).done == "浇筑三层和四层"


class TestARestart:
    """At every step the next answer is taken up by the next run of the bot."""

    async def test_loses_nothing_at_any_step_of_a_long_report(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, RESERVOIR)
        typed = ["坝体填筑", "未完成", "资金", "11月15日", "填筑到顶", "合龙", "拨款没有到位"]
        for words in (*typed, "资金", "区调度会", "跳过", "没有了"):
            await district.bot_restarts()
            await says(li, words)
        await district.bot_restarts()
        review = await li.waits_for("请核对")
        assert "拨款没有到位" in review.text
        await taps(li, "✅ 提交")
        assert reported(district, RESERVOIR).done == "填筑到顶"
        assert count(district, obstacle) == 1

    async def test_answers_what_was_said_while_the_bot_was_away(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await district.bot_stops()
        for words in ("设备安装80%", "吊装完成", "调试", "无"):
            await yang.says(words)
        await district.bot_starts()
        await yang.waits_for("请核对")
        await district.rests()
        await taps(yang, "✅ 提交")
        assert reported(district).plan == "调试"


class TestAnEditedMessage:
    async def test_corrects_the_step_it_answered(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        first = await yang.says("设备安装8%")
        await yang.waits_for("本周做了哪些工作")
        await says(yang, "吊装完成")
        await yang.edits(first, "设备安装80%")
        assert "下周计划" in (await yang.waits_for("")).text
        await says(yang, "调试")
        assert "设备安装80%" in (await taps(yang, "无")).text

    async def test_that_cannot_be_used_asks_that_step_again_and_keeps_the_old(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        first = await yang.says("设备安装80%")
        await yang.waits_for("本周做了哪些工作")
        await yang.edits(first, "长" * 101)
        again = await yang.waits_for("最多100个字")
        assert "现在填的是：设备安装80%" in again.text

    async def test_that_was_refused_before_is_the_answer_now(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        first = await yang.says("长" * 101)
        await yang.waits_for("最多100个字")
        await yang.edits(first, "主体封顶")
        assert "本周做了哪些工作" in (await yang.waits_for("")).text

    async def test_of_something_else_changes_nothing(
        self, district: District, yang: Person
    ) -> None:
        hello = await yang.says("你好")
        await yang.waits_for("没有看懂")
        await opens_report(yang)
        before = district.rows(select(draft))
        await yang.edits(hello, "设备安装")
        await district.rests()
        assert district.rows(select(draft)) == before


class TestPhotos:
    async def test_come_at_any_step_and_interrupt_none(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "设备安装80%")
        await yang.sends_photo(b"\x89PNG one")
        assert "本周做了哪些工作" in (await yang.waits_for("")).text
        await says(yang, "吊装完成")
        await yang.sends_document(b"\x89PNG two", name="现场.png")
        await yang.waits_for("下周计划")
        await says(yang, "调试")
        assert "2张" in (await taps(yang, "无")).text
        await taps(yang, "✅ 提交")
        row = reported(district)
        kept = district.rows(select(photo.c.report_id, photo.c.file_id))
        assert [each.report_id for each in kept] == [row.id, row.id]

    async def test_without_a_report_are_refused_in_words(
        self, district: District, yang: Person
    ) -> None:
        await yang.sends_photo(b"\x89PNG one")
        assert "不知道属于哪个项目" in (await yang.waits_for("")).text
        assert count(district, photo) == 0

    async def test_of_a_report_given_up_do_not_turn_up_in_the_next(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await li.sends_photo(b"\x89PNG steel")
        await li.waits_for("")
        await taps(li, "取消")
        await reports(li, STATION)
        assert count(district, photo) == 0

    async def test_more_than_ten_are_said_to_be_too_many(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        for number in range(10):
            await yang.sends_photo(b"\x89PNG %d" % number)
            await yang.waits_for("")
        await yang.sends_photo(b"\x89PNG one too many")
        assert "10张" in (await yang.waits_for("⚠️")).text
        assert count(district, photo) == 10

    async def test_a_caption_is_no_answer_and_that_is_said(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await yang.sends_photo(b"\x89PNG one", caption="现场照片")
        card = await yang.waits_for("照片已收下")
        assert "目前的形象进度" in card.text
        assert "1张" in (await fills_in(yang)).text

    async def test_can_be_taken_back(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        await yang.sends_photo(b"\x89PNG one")
        await yang.waits_for("")
        await fills_in(yang)
        await taps(yang, "改5", "无", "✅ 提交")
        assert count(district, photo) == 0

    async def test_stay_where_they_are_when_an_answer_is_taken_back(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await yang.sends_photo(b"\x89PNG one")
        card = await yang.waits_for("")
        assert "◀ 上一步" not in card.buttons
        await says(yang, "设备安装")
        assert "目前的形象进度" in (await taps(yang, "◀ 上一步")).text
        assert "1张" in (await fills_in(yang)).text


async def test_the_screen_holds_one_card_and_no_old_questions(
    district: District, yang: Person
) -> None:
    await opens_report(yang)
    await fills_in(yang)
    await district.rests()
    cards = [seen for seen in await yang.sees() if seen.is_from_bot and METAL in seen.text]
    assert len(cards) == 1


async def test_it_is_known_who_reported(district: District, li: Person) -> None:
    await reports(li, STEEL)
    row = reported(district, STEEL)
    assert district.value(select(person.c.name).where(person.c.id == row.submitted_by)) == LI
    assert row.on_behalf_of is None
