"""A project's living card, by any name people give it, to those who may see it; and 我的."""

import pytest
from sqlalchemy import select

from models.project import project
from rehearsal.people import Person
from rules.terms import Phase
from tests.district import District
from tests.district_book import LOGISTICS, METAL, RESERVOIR, STATION, STEEL, TOWN
from tests.talking import fills_in, opens_report, reports, says, taps


class TestALivingCard:
    async def test_says_where_the_project_stands(self, district: District, kong: Person) -> None:
        card = await says(kong, f"/status {RESERVOIR}")
        for words in (
            f"{RESERVOIR}（莱芜经济开发区）",
            "阶段：在建",
            "列入：市级重点，续建",
            "包推领导：程子涵",
            "责任人：周建国",
            "联系人：李敏",
            "形象进度：坝体填筑",
            "节点“大坝合龙”",
            "已过 9 天",
        ):
            assert words in card.text
        assert "13800000001" not in card.text
        assert "下闸蓄水" not in card.text

    async def test_shows_money_only_against_the_time_that_has_passed(
        self, district: District, kong: Person
    ) -> None:
        card = await says(kong, f"项目 {RESERVOIR}")
        assert "1-10月完成年度计划的 80%" in card.text
        assert "低于时间进度3.3个百分点" in card.text

    async def test_follows_the_reports(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await opens_report(yang)
        await says(yang, "安装90%", "吊装完成", "调试", "电还没有接通")
        await taps(yang, "配套", "责任单位", "跳过", "没有了", "✅ 提交")
        card = await says(kong, f"项目 {METAL}")
        assert "形象进度：安装90%" in card.text
        assert "⚠️ 配套：电还没有接通" in card.text
        assert "10.25—10.31 吊装完成" in card.text

    @pytest.mark.parametrize(
        "words",
        [
            STEEL,
            "精品钢绿色转型",
            "精品钢绿色转型项目 ",
            "\u7cbe\u54c1\u94a2\u7eff\u8272\u8f6c\u578b\u5de5\u7a0b",
        ],
    )
    async def test_comes_at_once_for_a_full_name(
        self, district: District, kong: Person, words: str
    ) -> None:
        assert f"{STEEL}（" in (await says(kong, f"项目 {words}")).text

    @pytest.mark.parametrize(
        "words", ["精品钢", "jpglszx", "精品刚绿色", "jingpingang", "绿色转型"]
    )
    async def test_is_offered_for_what_only_comes_near(
        self, district: District, kong: Person, words: str
    ) -> None:
        asked = await says(kong, f"/status {words}")
        assert f"您要看的“{words}”是哪个" in asked.text
        assert STEEL in asked.buttons
        assert f"{STEEL}（" in (await taps(kong, STEEL)).text

    async def test_of_nothing_known_is_said_so(self, district: District, kong: Person) -> None:
        assert "没有找到“火星基地”" in (await says(kong, "项目 火星基地")).text
        assert "看哪个项目" in (await says(kong, "/status")).text

    async def test_of_somebody_elses_project_stays_closed(
        self, district: District, he: Person, li: Person
    ) -> None:
        assert "没有找到" in (await says(he, f"项目 {STEEL}")).text
        data = district.data_on(li)
        assert not data
        assert f"{LOGISTICS}（" in (await says(he, f"项目 {LOGISTICS}")).text

    async def test_is_open_to_its_sponsor_leader_and_the_approver(
        self, district: District, cheng: Person, meng: Person
    ) -> None:
        for who in (cheng, meng):
            card = await says(who, f"项目 {STATION}")
            assert f"{STATION}（" in card.text
            assert "📝 填报" not in card.buttons
            assert "改阶段" not in card.buttons

    async def test_leads_to_the_report(self, district: District, yang: Person) -> None:
        await says(yang, f"项目 {METAL}")
        assert "目前的形象进度" in (await taps(yang, "📝 填报")).text


class TestThePhase:
    async def test_is_changed_by_the_office(self, district: District, kong: Person) -> None:
        await says(kong, f"项目 {METAL}")
        asked = await taps(kong, "改阶段")
        assert asked.buttons == ["在建", "前期", "竣工", "暂停"]
        assert "阶段：竣工" in (await taps(kong, "竣工")).text
        phase = select(project.c.phase).where(project.c.name == METAL)
        assert district.value(phase) == Phase.COMPLETED

    async def test_decides_at_once_what_is_owed(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await says(kong, f"项目 {METAL}")
        await taps(kong, "改阶段", "暂停")
        assert "没有待报的项目" in (await says(yang, "填报")).text


class TestMine:
    async def test_what_i_owe_what_i_sent_and_the_way_there(
        self, district: District, li: Person
    ) -> None:
        await reports(li, STEEL)
        mine = await says(li, "/mine")
        assert "待报 2 个，本期已报 1 个" in mine.text
        assert f"✅ {STEEL}" in mine.text
        assert f"▫️ {RESERVOIR}（待报）" in mine.text
        assert "📝 开始填报" in mine.buttons
        assert "2 个项目待报" in (await taps(li, "📝 开始填报")).text

    async def test_what_is_late(self, district: District, yang: Person) -> None:
        await district.turns_to("2024-11-05 10:00")
        mine = await says(yang, "我的")
        assert f"⏰ {METAL}（上期未报，可补报）" in mine.text
        assert f"▫️ {METAL}（待报）" in mine.text

    async def test_my_last_weeks_stand_on_the_card(self, district: District, yang: Person) -> None:
        await reports(yang, done="第一周的事")
        await district.turns_to("2024-11-05 10:00")
        await opens_report(yang)
        await taps(yang, "🟰 与上周一致")
        await says(yang, "我的")
        card = await taps(yang, METAL)
        assert "10.25—10.31 第一周的事" in card.text
        assert "11.1—11.7 与上周一致" in card.text

    async def test_what_need_not_be_reported_is_no_burden(
        self, district: District, yang: Person
    ) -> None:
        assert f"· {TOWN}（本期不必报）" in (await says(yang, "我的")).text

    async def test_a_sponsor_leader_sees_the_projects_and_how_they_go(
        self, district: District, cheng: Person, yang: Person
    ) -> None:
        await opens_report(yang)
        await fills_in(yang, progress="安装90%")
        await taps(yang, "✅ 提交")
        mine = await says(cheng, "我的")
        assert "您包推的项目" in mine.text
        assert f"{METAL}：安装90%" in mine.text

    async def test_who_has_none_is_told_so(self, district: District, meng: Person) -> None:
        assert "您名下没有项目" in (await says(meng, "我的")).text
