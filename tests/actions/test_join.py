"""People come in: the first office by its code, everybody else by a link made for them."""

import io

from sqlalchemy import func, select

from models.people import PersonState, invitation, person, person_role, stranger
from rehearsal.people import Person
from rules.terms import Role
from tests.conftest import Opens
from tests.district import District
from tests.district_book import HE, LI, METAL, OFFICE, SECOND_OFFICE, SPONSOR, STREET, UNIT, YANG
from tests.ledger_cast import openpyxl, workbook
from tests.talking import claims_office, says, taps


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    """Of the only sheet of an .xlsx file, all of whose cells are text."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [tuple(map(str, row)) for row in sheet.iter_rows(values_only=True)]


def state_of(district: District, name: str) -> str:
    return str(district.value(select(person.c.state).where(person.c.name == name)))


def account_of(district: District, name: str) -> int | None:
    found: int | None = district.value(select(person.c.telegram_id).where(person.c.name == name))
    return found


async def link_for(office: Person, name: str) -> str:
    """The newest link in the office's chat for somebody."""
    lines = [line for seen in await office.sees() for line in seen.text.splitlines()]
    return next(line for line in reversed(lines) if line.startswith(name) and "start=" in line)


class TestTheFirstOffice:
    async def test_claims_itself_and_is_welcomed_by_the_name_in_the_ledger(
        self, imported: District
    ) -> None:
        kong = await imported.person("Kong")
        await kong.opens_link(imported.office_code())
        asked = await kong.waits_for("您是台账里的哪一位")
        assert asked.buttons == [OFFICE, SECOND_OFFICE, "都不是，以我的 Telegram 名字登记"]
        await kong.presses(OFFICE)
        welcome = await kong.waits_for("您已加入")
        assert OFFICE in welcome.text
        assert "区重点项目办" in welcome.text
        assert account_of(imported, OFFICE) == kong.id
        assert state_of(imported, OFFICE) == PersonState.JOINED

    async def test_may_be_somebody_the_ledger_does_not_name(self, imported: District) -> None:
        new = await imported.person("新来的")
        await new.opens_link(imported.office_code())
        await new.waits_for("您是台账里的哪一位")
        await new.presses("都不是，以我的 Telegram 名字登记")
        await new.waits_for("调度员：点名")
        assert account_of(imported, "新来的") == new.id

    async def test_comes_before_any_ledger_under_its_own_name(self, empty: District) -> None:
        first = await empty.person("孔主任")
        await first.opens_link(empty.office_code())
        await first.waits_for("孔主任")
        assert account_of(empty, "孔主任") == first.id

    async def test_a_code_makes_only_one_office(self, imported: District) -> None:
        code = imported.office_code()
        await claims_office(imported)
        other = await imported.person("也想当调度员")
        await other.opens_link(code)
        await other.waits_for("邀请链接已失效")
        roles = select(func.count()).where(person_role.c.role == Role.OFFICE)
        assert imported.value(roles) == 2  # as in the ledger, no third
        assert account_of(imported, SECOND_OFFICE) is None

    async def test_of_two_who_show_the_code_the_first_to_choose_has_it(
        self, imported: District
    ) -> None:
        first, second = await imported.person("甲"), await imported.person("乙")
        for each in (first, second):
            await each.opens_link(imported.office_code())
            await each.waits_for("您是台账里的哪一位")
        await first.presses(OFFICE)
        await first.waits_for("您已加入")
        await second.presses(SECOND_OFFICE)
        await second.waits_for("邀请链接已失效")
        assert account_of(imported, SECOND_OFFICE) is None

    async def test_a_restart_prints_another_code_and_the_former_is_dead(
        self, imported: District
    ) -> None:
        former = imported.office_code()
        await imported.bot_restarts()
        assert imported.office_code() != former
        late = await imported.person("来晚了")
        await late.opens_link(former)
        await late.waits_for("邀请链接已失效")
        await claims_office(imported)

    async def test_no_code_is_printed_once_there_is_an_office(self, district: District) -> None:
        assert "start=" not in district.printed

    async def test_the_code_is_kept_as_a_hash_only(self, imported: District) -> None:
        [row] = imported.rows(select(invitation))
        assert imported.office_code() not in str(row)


class TestInvitations:
    async def test_as_messages_one_line_for_each_who_has_not_joined(
        self, imported: District
    ) -> None:
        kong = await claims_office(imported)
        menu = await says(kong, "邀请")
        assert "还有 8 人未加入" in menu.text
        listed = await taps(kong, "💬 发成消息，逐条转发")
        assert listed.text.count("https://t.me/diaodu_bot?start=") == 8
        assert OFFICE not in listed.text
        assert UNIT in listed.text

    async def test_for_one_unit(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        listed = await taps(kong, STREET)
        assert [line.split("：")[0] for line in listed.text.splitlines()[1:]] == [HE, "王强"]

    async def test_as_a_file(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        await kong.presses("📄 发成 Excel 文件")
        sent = await kong.waits_for("")
        assert sent.media["document"]["file_name"] == "邀请链接-2024-10-29.xlsx"
        rows = rows_of(await imported.people.file(sent))
        assert rows[0] == ("单位", "姓名", "邀请链接")
        link = next(row[2] for row in rows if row[1] == YANG)
        yang = await imported.person("伟哥")
        await yang.opens_link(link)
        await yang.waits_for("您的身份：杨伟")

    async def test_let_one_account_in_and_no_second(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        link = await link_for(kong, LI)
        li, thief = await imported.person("小李"), await imported.person("捡到链接的人")
        await li.opens_link(link)
        welcome = await li.waits_for("您的身份：李敏")
        assert welcome.buttons == ["📝 开始填报"]
        await thief.opens_link(link)
        await thief.waits_for("邀请链接已失效")
        assert account_of(imported, LI) == li.id
        await li.opens_link(link)
        await li.waits_for("您已经以 李敏 的身份加入")

    async def test_expire_after_a_fortnight(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        await imported.turns_to("2024-11-12 10:01")
        li = await imported.person("小李")
        await li.opens_link(await link_for(kong, LI))
        await li.waits_for("邀请链接已失效")
        assert account_of(imported, LI) is None

    async def test_a_newer_link_ends_the_older(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        older = await link_for(kong, LI)
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        newer = await link_for(kong, LI)
        li = await imported.person("小李")
        await li.opens_link(older)
        await li.waits_for("邀请链接已失效")
        await li.opens_link(newer)
        await li.waits_for("您的身份：李敏")

    async def test_a_wrong_code_tells_a_guesser_nothing_and_only_once_a_day(
        self, imported: District
    ) -> None:
        guesser = await imported.person("猜的人")
        await guesser.opens_link("A" * 22)
        await guesser.waits_for("邀请链接已失效")
        await guesser.opens_link("B" * 22)
        await imported.rests()
        assert len(imported.sent_to(guesser)) == 1

    async def test_an_account_that_is_somebody_already_stays_who_it_is(
        self, district: District, kong: Person, li: Person
    ) -> None:
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        await li.opens_link(await link_for(kong, "王强"))
        await li.waits_for("这个账号已经是 李敏")
        assert account_of(district, "王强") is None

    async def test_a_new_telephone_takes_over_by_a_link_of_its_own(
        self, district: District, kong: Person, li: Person
    ) -> None:
        await says(kong, "邀请 李敏")
        new = await district.person("李敏的新手机")
        await new.opens_link(await link_for(kong, LI))
        await new.waits_for("您的身份：李敏")
        await li.waits_for("您的身份已在另一个账号上启用")
        await says(new, "我的")
        assert account_of(district, LI) == new.id
        await li.says("我的")
        await li.waits_for("凭邀请链接使用")

    async def test_for_a_name_nobody_has_are_refused_in_words(
        self, district: District, kong: Person
    ) -> None:
        told = await says(kong, "邀请 张三丰")
        assert "张三丰" in told.text

    async def test_are_the_offices_business_alone(self, district: District, li: Person) -> None:
        assert "不在您的权限内" in (await says(li, "/invite")).text
        assert "不在您的权限内" in (await says(li, "邀请 杨伟")).text

    async def test_everybody_in_means_nobody_to_invite(
        self, district: District, kong: Person
    ) -> None:
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        for name in (SECOND_OFFICE, "王强"):
            one = await district.person(f"{name}本人")
            await one.opens_link(await link_for(kong, name))
            await one.waits_for("您的身份")
        assert "没有要邀请的" in (await says(kong, "/invite")).text


class TestAStranger:
    async def test_is_told_once_a_day(self, district: District) -> None:
        who = await district.stranger()
        await who.says("你好")
        assert "邀请链接" in (await who.waits_for("")).text
        await who.says("在吗")
        await who.says("/start")
        await district.rests()
        assert len(district.sent_to(who)) == 1
        await district.turns_to("2024-10-30 09:00")
        await who.says("早上好")
        await district.rests()
        assert len(district.sent_to(who)) == 2

    async def test_reaches_nothing_by_words_commands_photos_files_or_edits(
        self, district: District
    ) -> None:
        who = await district.stranger()
        first = await who.says("填报")
        commands = (
            "/mine",
            "/status 精品钢",
            "/rollcall",
            "/ledger",
            "/export",
            "/people",
            "/help",
        )
        for words in (*commands, "精品钢\n进度 封顶\n本周 浇筑", "/start x", "/bind", "/cancel"):
            await who.says(words)
        await who.edits(first, "点名")
        await who.sends_photo(b"\x89PNG not a photo")
        await who.sends_document(b"PK not a ledger", name="台账.xlsx")
        await who.sends_voice()
        await who.shares_contact("13800000000")
        await who.shares_location(36.2, 117.6)
        await district.rests()
        assert len(district.sent_to(who)) == 1
        assert district.value(select(stranger.c.seen).where(stranger.c.telegram_id == who.id)) > 10
        assert not await district.people.calls("getFile")

    async def test_gets_nothing_from_a_button_either(self, district: District, li: Person) -> None:
        who = await district.stranger()
        await who.says("你好")
        card = await who.waits_for("")
        await says(li, "填报")
        stolen = district.data_on(li)
        assert stolen
        for data in stolen:
            await who.forges(data, on=card)
            await who.waits_for_popup("情况已有变化")
        assert len(district.sent_to(who)) == 1

    async def test_sees_a_menu_with_help_alone(self, district: District) -> None:
        who = await district.stranger()
        await who.says("你好")
        assert await who.menu() == ["help"]


class TestBlocking:
    async def test_the_office_hears_of_it_and_sees_it_in_the_list(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await kong.has_read()
        await yang.blocks_bot()
        await kong.waits_for("杨伟 停用了机器人")
        listed = await says(kong, "名单")
        assert "停用机器人 1" in listed.text
        assert "杨伟（已停用）" in listed.text

    async def test_who_comes_back_is_joined_as_before(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        await yang.blocks_bot()
        await kong.waits_for("杨伟 停用了机器人")
        await yang.unblocks_bot()
        await says(yang, "我的")
        assert state_of(district, YANG) == PersonState.JOINED
        assert "停用机器人 0" in (await says(kong, "名单")).text

    async def test_a_stranger_who_blocks_is_nobodys_news(
        self, district: District, kong: Person
    ) -> None:
        who = await district.stranger()
        await who.says("你好")
        await who.waits_for("")
        await who.blocks_bot()
        await district.rests()
        assert not district.sent_to(kong, "notice")

    async def test_a_deleted_account_is_noticed_when_it_is_written_to(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        district.expects_trouble = True
        await yang.deletes_account()
        await kong.has_read()
        await district.turns_to("2024-10-30 10:00")
        await kong.waits_for("杨伟")
        assert state_of(district, YANG) == PersonState.BLOCKED


class TestPeopleWhoGo:
    async def test_who_has_left_the_post_is_a_stranger_from_then_on(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        card = await says(kong, "名单 杨伟")
        assert "填报人" in card.text
        asked = await taps(kong, "🚪 已离岗")
        assert METAL in asked.text
        await taps(kong, "🚪 确认离岗")
        await yang.waits_for("不再接收调度信息")
        assert state_of(district, YANG) == PersonState.LEFT
        assert await yang.menu() == ["help"]
        await yang.says("填报")
        await yang.waits_for("凭邀请链接使用")
        assert "已离开 1" in (await says(kong, "名单")).text

    async def test_the_last_of_the_office_cannot_take_leave_of_it(
        self, district: District, kong: Person
    ) -> None:
        card = await says(kong, f"名单 {OFFICE}")
        assert card.buttons == ["🔗 生成邀请链接"]

    async def test_only_the_office_may_say_so(self, district: District, li: Person) -> None:
        assert "不在您的权限内" in (await says(li, "名单 杨伟")).text

    async def test_a_sponsor_leader_is_welcomed_as_such(self, imported: District) -> None:
        kong = await claims_office(imported)
        await says(kong, "邀请")
        await taps(kong, "💬 发成消息，逐条转发")
        cheng = await imported.person("老程")
        await cheng.opens_link(await link_for(kong, SPONSOR))
        welcome = await cheng.waits_for("您的身份：程子涵")
        assert "包推领导" in welcome.text
        assert not welcome.buttons


async def test_the_office_may_call_the_tie_of_its_leaders_as_it_likes(opens: Opens) -> None:
    district = await opens("at_work", office={"sponsor_verb": "包保"})
    cheng = await district.person(SPONSOR)
    await cheng.says("/start")
    assert "包保领导" in (await cheng.waits_for("")).text


HOSTILE = "<b>{{ 7*7 }}</b> {name} \u202e&\u0000\ud83d"


async def test_a_telegram_name_full_of_markup_stays_a_name(imported: District) -> None:
    who = await imported.person(HOSTILE)
    await who.opens_link(imported.office_code())
    await who.waits_for("您是台账里的哪一位")
    await taps(who, "都不是，以我的 Telegram 名字登记")
    assert "<b>{{ 7*7 }}</b> {name}" in (await who.waits_for("您已加入")).text
    assert "<b>{{ 7*7 }}</b> {name}" in (await says(who, "名单 <b>")).text


async def test_a_ledger_full_of_markup_is_shown_as_it_is(imported: District) -> None:
    kong = await claims_office(imported)
    name = "<i>{{ x }}</i>&{y}水厂项目"
    rows = [
        ["项目名称", "总投资(万元)", "责任单位", "联系人"],
        [name, 9000, "<u>{单位}", "<s>{%李%}"],
    ]
    sheet = workbook(台账=[["莱芜区2024年重点项目台账"], *rows])
    await kong.sends_document(sheet, name="台账.xlsx")
    await kong.waits_for("试读")
    await taps(kong, "✅ 确认导入")
    assert name in (await says(kong, "点名")).text
    card = await says(kong, f"项目 {name}")
    assert f"{name}（<u>{{单位}}）" in card.text
    assert name in (await taps(kong, "📝 填报")).text
