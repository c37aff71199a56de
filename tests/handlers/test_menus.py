"""Everybody's menu, help and language: what a role may do, and in words it can read."""

import pytest

from rehearsal.people import Person
from tests.district import District
from tests.district_book import YANG
from tests.talking import claims_office, says, taps

OFFICE_MENU = ["report", "mine", "status", "rollcall", "bulletin", "people", "invite", "leave"]
OFFICE_MENU += ["groups", "ledger", "export", "language", "help", "cancel"]
REPORTER_MENU = ["report", "mine", "status", "language", "help", "cancel"]


async def joins(district: District, kong: Person, name: str) -> Person:
    """Somebody of the ledger by a link of their own."""
    card = await says(kong, f"邀请 {name}")
    who = await district.person(f"{name}的手机")
    await who.opens_link(card.text.split("start=")[1].split()[0])
    await who.waits_for(f"您的身份：{name}")
    await district.rests()
    return who


class TestTheMenu:
    async def test_is_given_with_the_role(self, imported: District) -> None:
        kong = await claims_office(imported)
        await imported.rests()
        assert await kong.menu() == OFFICE_MENU
        yang = await joins(imported, kong, YANG)
        assert await yang.menu() == REPORTER_MENU
        cheng = await joins(imported, kong, "程子涵")
        assert await cheng.menu() == ["mine", "status", "language", "help", "cancel"]
        meng = await joins(imported, kong, "孟庆东方")
        assert "rollcall" in await meng.menu()
        assert "ledger" not in await meng.menu()

    async def test_is_taken_from_an_account_that_is_replaced(self, imported: District) -> None:
        kong = await claims_office(imported)
        yang = await joins(imported, kong, YANG)
        card = await says(kong, f"邀请 {YANG}")
        new = await imported.person("新手机")
        await new.opens_link(card.text.split("start=")[1].split()[0])
        await new.waits_for("您的身份")
        await imported.rests()
        assert await yang.menu() == ["help"]
        assert await new.menu() == REPORTER_MENU

    async def test_in_a_group_is_bind_for_its_administrators(
        self, district: District, kong: Person
    ) -> None:
        group = await district.people.group("调度群", owner=kong)
        assert await kong.menu(group) == ["bind"]

    async def test_changes_with_the_language(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "语言")
        assert "in English" in (await taps(kong, "English")).text
        await imported.rests()
        menus = [each["parameters"] for each in await imported.people.calls("setMyCommands")]
        newest = [each for each in menus if str(kong.id) in str(each["scope"])][-1]
        assert "File this week" in str(newest["commands"])
        assert "点名" not in str(newest["commands"])


class TestHelp:
    async def test_lists_what_this_role_can_do(
        self, district: District, kong: Person, li: Person, cheng: Person
    ) -> None:
        office = await says(kong, "/help")
        for words in ("/rollcall（点名）", "/ledger（台账）", "/invite（邀请）"):
            assert words in office.text
        reporter = await says(li, "帮助")
        assert "/report（填报）" in reporter.text
        assert "/rollcall" not in reporter.text
        sponsor = await says(cheng, "？")
        assert "/mine（我的）" in sponsor.text
        assert "/report" not in sponsor.text

    @pytest.mark.parametrize(
        "words", ["/help", "help", "HELP", "帮助", "怎么用", "?", "？", "/帮助", "/help@diaodu_bot"]
    )
    async def test_answers_to_many_words(
        self, district: District, yang: Person, words: str
    ) -> None:
        assert "调度机器人" in (await says(yang, words)).text

    async def test_of_every_role_names_only_what_works(
        self, district: District, kong: Person, meng: Person, li: Person, cheng: Person
    ) -> None:
        for who in (kong, meng, li, cheng):
            helped = await says(who, "/help")
            named = [line[1:].split("（")[0] for line in helped.text.splitlines() if line[0] == "/"]
            assert named
            for command in named:
                answered = await says(who, f"/{command}")
                assert "不在您的权限内" not in answered.text
                assert "没有看懂" not in answered.text
                await says(who, "取消")


class TestChineseWords:
    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ("点名", "应报"),
            ("名单", "人员"),
            ("邀请", "还有"),
            ("请假", "谁请假"),
            ("群组", "群里发 /bind"),
            ("台账", "台账文件"),
            ("通报", "周通报"),
            ("项目 精品钢绿色转型", "列入"),
            ("项目\u3000精品钢绿色转型", "列入"),
            ("/点名", "应报"),
            ("\uff0f点名", "应报"),
            ("  点名  ", "应报"),
        ],
    )
    async def test_do_what_the_commands_do(
        self, district: District, kong: Person, words: str, told: str
    ) -> None:
        assert told in (await says(kong, words)).text


class TestTheLanguage:
    async def test_is_each_persons_own(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await says(yang, "/language")
        await taps(yang, "English")
        card = await says(yang, "/report")
        assert "How far is the site?" in card.text
        assert "目前的形象进度" not in card.text
        assert "应报" in (await says(kong, "点名")).text

    async def test_may_be_typed_in_either(self, district: District, yang: Person) -> None:
        await says(yang, "语言")
        await taps(yang, "English")
        await says(yang, "填报", "主体三层")
        assert "Cancelled" in (await says(yang, "取消")).text
        await says(yang, "report", "主体三层")
        assert "Cancelled" in (await says(yang, "cancel")).text

    async def test_goes_back(self, district: District, yang: Person) -> None:
        await says(yang, "语言")
        await taps(yang, "English")
        await says(yang, "/language")
        assert "以后用中文" in (await taps(yang, "中文")).text
