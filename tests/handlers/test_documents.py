"""Files in the chat: the office's ledger is tried first; everything else is refused in words."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select

from models.edge import file
from models.people import person
from models.project import plan, project
from rehearsal.people import Person
from tests.conftest import Opens
from tests.district import District
from tests.district_book import OFFICE, STEEL, book
from tests.ledger_cast import openpyxl, workbook
from tests.talking import claims_office, opens_report, says, taps

HEADINGS = ["项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]
NEW = ["城南水厂", "区级", "续建", 9000, 3000]
SHORT_LEDGER = workbook(台账=[["莱芜区2024年重点项目台账"], HEADINGS, NEW])


def count(district: District, table: Any) -> int:
    return int(district.value(select(func.count()).select_from(table)))


def changed_plan() -> bytes:
    """The district's own ledger, but for one annual plan."""
    loaded = openpyxl.load_workbook(io.BytesIO(book()))
    sheet = loaded["重点项目台账"]
    [cell] = [row[5] for row in sheet.iter_rows() if row[1].value == STEEL]
    cell.value = 15000
    target = io.BytesIO()
    loaded.save(target)
    return target.getvalue()


class TestTheOfficesLedger:
    async def test_is_tried_first_and_written_only_on_a_tap(self, imported: District) -> None:
        kong = await claims_office(imported)
        await kong.sends_document(SHORT_LEDGER, name="新台账.xlsx")
        tried = await kong.waits_for("试读《新台账.xlsx》")
        assert "还没有写入" in tried.text
        assert count(imported, project) == 6
        await taps(kong, "✅ 确认导入")
        assert "台账已导入" in (await kong.waits_for("")).text
        assert count(imported, project) == 7
        assert count(imported, file) == 0

    async def test_may_be_dropped(self, district: District, kong: Person) -> None:
        await kong.sends_document(SHORT_LEDGER, name="新台账.xlsx")
        await kong.waits_for("试读")
        assert "没有导入" in (await taps(kong, "🚫 不导入")).text
        assert count(district, project) == 6
        assert count(district, file) == 0

    async def test_that_changes_nothing_says_so(self, district: District, kong: Person) -> None:
        await kong.sends_document(book(), name="台账.xlsx")
        tried = await kong.waits_for("试读")
        assert "与现有台账一致" in tried.text
        assert "✅ 确认导入" not in tried.buttons

    async def test_with_another_plan_wants_a_reason_as_a_reply(
        self, district: District, kong: Person
    ) -> None:
        await kong.sends_document(changed_plan(), name="台账.xlsx")
        tried = await kong.waits_for("试读")
        assert "须写明原因" in tried.text
        assert "✅ 确认导入" not in tried.buttons
        await district.rests()  # nobody types a reason before the card's number is written down
        await kong.says("年中调整", reply_to=tried)
        await kong.waits_for("台账已导入")
        rows = district.rows(select(plan.c.reason, plan.c.version).where(plan.c.version == 2))
        assert [tuple(row) for row in rows] == [("年中调整", 2)]

    async def test_pressed_twice_is_imported_once(self, district: District, kong: Person) -> None:
        await kong.sends_document(SHORT_LEDGER, name="新台账.xlsx")
        card = await kong.waits_for("试读")
        data = next(each for each in district.data_on(kong) if "l.ok" in each)
        await taps(kong, "✅ 确认导入")
        await kong.forges(data, on=card)
        assert "情况已有变化" in (await kong.waits_for_popup()).text
        assert count(district, project) == 7

    async def test_goes_back_to_the_office_as_a_file(
        self, district: District, kong: Person
    ) -> None:
        await kong.says("导出")
        sent = await kong.waits_for("")
        assert sent.media["document"]["file_name"] == "重点项目台账-2024-10-29.xlsx"
        await kong.sends_document(await district.people.file(sent), name="导出.xlsx")
        assert "与现有台账一致" in (await kong.waits_for("试读")).text


class TestAFileThatIsNoLedger:
    @pytest.mark.parametrize(
        ("content", "name", "told"),
        [
            (b"hello", "台账.xlsx", "不是电子表格"),
            (b"", "台账.xlsx", "空的"),
            (b"PK\x03\x04broken", "台账.xlsx", "打不开"),
            (b"%PDF-1.7", "通知.pdf", "只能读"),
            (b"MZ\x90", "virus.exe", "只能读"),
            (workbook(表=[["姓名", "年龄"], ["甲", 3]]), "名单.xlsx", "没有找到任何项目"),
        ],
        ids=["text", "empty", "broken", "pdf", "program", "another table"],
    )
    async def test_is_refused_with_what_to_do(
        self, district: District, kong: Person, content: bytes, name: str, told: str
    ) -> None:
        await kong.sends_document(content, name=name)
        assert told in (await kong.waits_for("")).text
        assert count(district, project) == 6

    async def test_of_30_megabytes_is_not_even_fetched(
        self, district: District, kong: Person
    ) -> None:
        await kong.sends_document(b"PK" + bytes(30 * 1024 * 1024), name="大台账.xlsx")
        assert "文件超过 5 MB" in (await kong.waits_for("", timeout=20)).text
        assert not await district.people.calls("getFile")

    async def test_may_be_as_large_as_the_office_configures(self, opens: Opens) -> None:
        district = await opens("at_work", ledger={"max_megabytes": 1})
        kong = await district.person(OFFICE)
        await kong.sends_document(b"PK" + bytes(1024 * 1024 + 1), name="台账.xlsx")
        assert "文件超过 1 MB" in (await kong.waits_for("")).text

    async def test_that_swells_when_unpacked_is_not_read(
        self, district: District, kong: Person
    ) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/workbook.xml", bytes(200 * 1024 * 1024))
        await kong.sends_document(packed.getvalue(), name="炸弹.xlsx")
        assert "不读" in (await kong.waits_for("", timeout=20)).text

    async def test_with_a_hostile_name_is_named_harmlessly(
        self, district: District, kong: Person
    ) -> None:
        await kong.sends_document(SHORT_LEDGER, name="<b>{x}</b>&.xlsx")
        tried = await kong.waits_for("试读")
        assert "<b>{x}</b>&.xlsx" in tried.text


class TestFromOthers:
    async def test_a_reporters_ledger_is_not_read(
        self, district: District, li: Person, meng: Person
    ) -> None:
        for who in (li, meng):
            await who.sends_document(SHORT_LEDGER, name="台账.xlsx")
            assert "只看得懂文字" in (await who.waits_for("")).text
        assert not await district.people.calls("getFile")
        assert count(district, file) == 0

    async def test_in_the_middle_of_a_report_words_are_asked_for(
        self, district: District, li: Person
    ) -> None:
        await opens_report(li, STEEL)
        await li.sends_document(SHORT_LEDGER, name="台账.xlsx")
        assert "这里需要文字" in (await li.waits_for("")).text

    async def test_the_commands_for_it_are_the_offices_alone(
        self, district: District, li: Person, cheng: Person
    ) -> None:
        for who in (li, cheng):
            for words in ("/ledger", "/export", "台账", "导出"):
                assert "不在您的权限内" in (await says(who, words)).text


async def test_the_list_of_people_is_a_file_for_the_office(
    district: District, kong: Person
) -> None:
    await says(kong, "名单")
    await kong.presses("📄 人员名单（文件）")
    sent = await kong.waits_for("")
    assert sent.media["document"]["file_name"] == "人员名单-2024-10-29.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(await district.people.file(sent))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("单位", "姓名", "职务", "角色", "电话", "状态")
    assert len(rows) == 1 + count(district, person)
    assert ("莱芜经济开发区", "李敏", "科长", "填报人", "13800000001", "已加入") in rows
