"""A practised reporter says it all in one message, as it is typed on a Chinese keyboard."""

from typing import Any

import pytest
from sqlalchemy import select

from models.report import obstacle, report
from models.talk import draft
from rehearsal.people import Person
from tests.district import NEXT_WEEK, WEEK, District
from tests.district_book import LI, METAL, RESERVOIR, STATION, STEEL
from tests.talking import opens_report, says, taps

COLON, COMMA, SEMICOLON = "\uff1a", "\uff0c", "\uff1b"
WIDE_SPACE = "\u3000"


def written(district: District) -> Any:
    """The one report there is."""
    [row] = district.rows(select(report))
    return row


_PARTS = ("进度 安装90%", "本周 吊装完成", "下周 调试", "问题 无")
_WIDE = tuple(part.replace(" ", COLON) for part in _PARTS)
_NARROW = tuple(part.replace(" ", ": ") for part in _PARTS)
_ENGLISH = ("progress: 安装90%", "done: 吊装完成", "plan: 调试", "problem: 无")
MESSAGES = {
    "lines": "\n".join((METAL, *_PARTS)),
    "lines with wide colons": "\n".join((f"项目{COLON}{METAL}", *_WIDE)),
    "one line": SEMICOLON.join((f"{METAL}{COMMA}{_PARTS[0]}", *_PARTS[1:])),
    "narrow punctuation": "; ".join((METAL, *_NARROW)),
    "wide spaces": WIDE_SPACE.join((METAL, *_PARTS)),
    "another order": "\n".join((METAL, *reversed(_WIDE))),
    "in English": "\n".join((f"project: {METAL}", *_ENGLISH)),
}


@pytest.mark.parametrize("words", MESSAGES.values(), ids=MESSAGES.keys())
async def test_it_is_read_shown_and_confirmed_by_one_tap(
    district: District, yang: Person, words: str
) -> None:
    review = await says(yang, words)
    assert "请核对" in review.text
    await taps(yang, "✅ 提交")
    row = written(district)
    assert (row.progress, row.done, row.plan) == ("安装90%", "吊装完成", "调试")
    assert (row.way, row.project_id) == ("message", district.id_of(METAL))
    assert not district.rows(select(obstacle))


async def test_an_obstacle_in_it_is_taken_with_its_factor_and_level(
    district: District, yang: Person
) -> None:
    await says(
        yang,
        f"{METAL}\n进度 安装90%\n本周 吊装\n下周 调试\n"
        f"问题{COLON}用地手续没有批下来{COMMA}请区里协调",
    )
    await taps(yang, "✅ 提交")
    [told] = district.rows(select(obstacle))
    assert (told.factor, told.instance) == ("approval", "district")
    assert "用地手续没有批下来" in told.words


async def test_what_it_leaves_out_is_asked_for(district: District, yang: Person) -> None:
    asked = await says(yang, f"{METAL}\n进度 安装90%\n下周 调试")
    assert "本周做了哪些工作" in asked.text
    await says(yang, "吊装完成")
    review = await taps(yang, "无")
    assert "安装90%" in review.text


async def test_a_due_milestone_is_still_asked_about(district: District, li: Person) -> None:
    asked = await says(li, f"{RESERVOIR}\n进度 填筑\n本周 填筑到顶\n下周 合龙\n问题 无")
    assert "大坝合龙" in asked.text


class TestANameThatIsNotExact:
    @pytest.mark.parametrize("name", ["精品钢", "精品刚绿色转型", "jpg", "jingpingang"])
    async def test_is_always_confirmed_by_a_button(
        self, district: District, li: Person, name: str
    ) -> None:
        asked = await says(li, f"{name}\n进度 封顶\n本周 浇筑\n下周 砌体\n问题 无")
        assert f"您说的“{name}”是哪个项目" in asked.text
        assert STEEL in asked.buttons
        review = await taps(li, STEEL)
        assert "请核对" in review.text
        assert STEEL in review.text
        await taps(li, "✅ 提交")
        assert written(district).project_id == district.id_of(STEEL)

    async def test_nobody_knows_brings_the_few_that_it_can_be(
        self, district: District, li: Person
    ) -> None:
        asked = await says(li, "月球基地\n进度 封顶\n本周 浇筑\n下周 砌体\n问题 无")
        assert asked.buttons == [STEEL, RESERVOIR, STATION]
        assert "请核对" in (await taps(li, STEEL)).text

    async def test_nobody_knows_is_said_so_where_it_can_be_many(
        self, district: District, kong: Person
    ) -> None:
        told = await says(kong, "月球基地\n进度 封顶\n本周 浇筑\n下周 砌体")
        assert "没有找到叫“月球基地”的项目" in told.text
        assert not district.rows(select(draft))

    async def test_of_two_messages_each_button_means_its_own(
        self, district: District, li: Person
    ) -> None:
        first = await says(li, "精品钢\n进度 甲\n本周 浇筑甲\n下周 砌体\n问题 无")
        second = await says(li, "高铁\n进度 乙\n本周 浇筑乙\n下周 砌体\n问题 无")
        await li.presses(STEEL, on=first)
        assert "浇筑甲" in (await li.waits_for("请核对")).text
        await taps(li, "✅ 提交")
        await li.presses(STATION, on=second)
        assert "浇筑乙" in (await li.waits_for("请核对")).text
        await taps(li, "✅ 提交")
        done = dict(district.rows(select(report.c.project_id, report.c.done)))
        assert done == {district.id_of(STEEL): "浇筑甲", district.id_of(STATION): "浇筑乙"}

    async def test_pressed_twice_opens_nothing_new(self, district: District, li: Person) -> None:
        asked = await says(li, "精品钢\n进度 甲\n本周 浇筑甲\n下周 砌体\n问题 无")
        data = next(each for each in district.data_on(li) if "r.pick" in each)
        await taps(li, STEEL)
        await li.forges(data, on=asked)
        await li.waits_for_popup("情况已有变化")
        assert len(district.rows(select(draft))) == 1

    async def test_left_unanswered_does_not_stand_in_the_way(
        self, district: District, li: Person
    ) -> None:
        await says(li, "精品钢\n进度 甲\n本周 浇筑甲\n下周 砌体\n问题 无")
        assert "3 个项目待报" in (await says(li, "填报")).text
        assert "没有看懂" in (await says(li, "今天天气不错")).text


class TestInTheMiddleOfAnother:
    async def test_it_is_a_report_of_its_own_and_the_other_is_put_aside(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await says(li, "主体四层")
        review = await says(li, f"{STATION}\n进度 桩基\n本周 打桩\n下周 承台\n问题 无")
        assert STATION in review.text
        await taps(li, "✅ 提交")
        choice = await says(li, "填报")
        assert any(each.startswith(f"接着填{COLON}{STEEL[:5]}") for each in choice.buttons)

    async def test_an_answer_that_only_looks_like_it_stays_an_answer(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await says(li, "主体四层")
        asked = await says(li, "浇筑完成 本周 打桩 下周 承台")
        assert "下周计划做什么" in asked.text
        [row] = district.rows(select(draft.c.said))
        assert dict(row.said)["done"] == "浇筑完成 本周 打桩 下周 承台"


class TestWhen:
    async def test_between_the_cutoff_and_the_next_opening_it_is_the_late_week(
        self, district: District, yang: Person
    ) -> None:
        await district.turns_to("2024-10-31 19:00")
        review = await says(yang, MESSAGES["lines"])
        assert "补报" in review.text
        await taps(yang, "✅ 提交")
        assert (written(district).period, written(district).is_late) == (WEEK, True)

    async def test_after_the_opening_it_is_the_new_week(
        self, district: District, yang: Person
    ) -> None:
        await district.turns_to("2024-11-01 10:00")
        await says(yang, MESSAGES["lines"])
        await taps(yang, "✅ 提交")
        assert (written(district).period, written(district).is_late) == (NEXT_WEEK, False)

    async def test_a_second_one_corrects_the_first(self, district: District, yang: Person) -> None:
        await says(yang, MESSAGES["lines"])
        await taps(yang, "✅ 提交")
        await says(yang, f"{METAL}\n本周 吊装完成两台\n下周 调试")
        await taps(yang, "✅ 提交")
        row = written(district)
        assert (row.done, row.progress, row.revision) == ("吊装完成两台", "安装90%", 1)

    async def test_after_the_cutoff_the_second_one_is_asked_for_its_reason(
        self, district: District, yang: Person
    ) -> None:
        await says(yang, MESSAGES["lines"])
        await taps(yang, "✅ 提交")
        await district.turns_to("2024-10-31 19:00")
        await taps(yang, "修改")
        assert "改动须说明原因" in (await yang.waits_for("")).text


async def test_the_office_says_it_for_somebody(district: District, kong: Person) -> None:
    review = await says(kong, f"{STEEL}\n进度 封顶\n本周 浇筑\n下周 砌体\n问题 无")
    assert f"代 {LI} 填报" in review.text
