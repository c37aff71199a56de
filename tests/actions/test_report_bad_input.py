"""Whatever is typed gets a clear sentence that says what to do, and nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.report import report
from models.talk import draft
from rehearsal.people import Person
from tests.conftest import Opens
from tests.district import District
from tests.district_book import METAL, YANG
from tests.talking import fills_in, opens_report, says, taps

MONEY = {"week": {"asks_money": True}}


def said(district: District) -> dict[str, Any]:
    """What the one draft holds."""
    [row] = district.rows(select(draft.c.said))
    return dict(row.said)


class TestWords:
    @pytest.mark.parametrize("words", ["…", "。。。", "🙂", "-", "!!!", "\u200b\u200b。"])
    async def test_that_say_nothing_are_asked_for_again(
        self, district: District, yang: Person, words: str
    ) -> None:
        await opens_report(yang)
        again = await says(yang, words)
        assert "⚠️" in again.text
        assert "目前的形象进度" in again.text
        assert said(district) == {}

    async def test_of_nothing_but_invisible_signs_are_no_answer(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        assert "没有收到文字" in (await says(yang, "\u200b\u200e\u2060")).text

    async def test_that_are_too_long_are_counted_for_the_writer(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        again = await says(yang, "长" * 101)
        assert "101个字，最多100个字" in again.text
        assert said(district) == {}

    async def test_of_4097_characters_come_in_two_and_neither_half_is_an_answer(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await yang.says("很" * 4096 + "长")
        assert "最多" in (await yang.waits_for("⚠️")).text
        await district.rests()
        assert said(district) == {}
        cards = [seen for seen in await yang.sees() if seen.is_from_bot]
        assert "目前的形象进度" in cards[-1].text
        assert "⚠️" in cards[-1].text
        assert "本周做了哪些工作" in (await says(yang, "主体三层")).text

    @pytest.mark.parametrize(
        "words",
        [
            "👷‍♀️ 主体三层 🏗️🇨🇳",
            "<b>主体</b> & <script>alert(1)</script>",
            "{{ 7*7 }} {% for x in y %} {project} {0.__class__}",
            "مرحبا ‮منعكس‬ 三层",
            "a\u0000b\u0007c",
            "主体\ud83d三层",
            "&lt;b&gt; &amp; &#60;",
            "'; DROP TABLE report; --",
            "*bold* _it_ `code` [x](http://y)",
            "第一行\n第二行\r\n第三行",
            "=HYPERLINK(1)",
            "％＃＠：；",
        ],
    )
    async def test_of_any_kind_come_out_as_they_went_in(
        self, district: District, yang: Person, kong: Person, words: str
    ) -> None:
        await opens_report(yang)
        await says(yang, words if any(c.isalnum() for c in words) else f"三层{words}")
        review = await fills_after_progress(yang, words)
        await taps(yang, "✅ 提交")
        [row] = district.rows(select(report))
        assert "\x00" not in row.progress
        assert "\ud83d" not in row.progress
        for visible in ("49", "alert(1)", "DROP"):
            assert (visible in row.progress) == (visible in words)
        card = await says(kong, f"项目 {METAL}")
        assert row.progress.split("\n")[0] in card.text
        assert row.progress.split("\n")[0] in review.text

    async def test_in_a_language_of_markup_cannot_break_a_card(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        for words in ("</b><i>", "<a href='tg://user?id=1'>x</a>", "<blockquote expandable>"):
            card = await says(yang, f"1{words}")
            assert "<a href" not in card.html
            await taps(yang, "◀ 上一步")


async def fills_after_progress(who: Person, words: str) -> Any:
    plain = f"做了{words}"
    await says(who, plain, plain)
    return await taps(who, "无")


class TestOtherThanWords:
    async def test_a_voice_message_is_asked_for_in_words(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await yang.sends_voice()
        again = await yang.waits_for("⚠️")
        assert "这里需要文字" in again.text
        assert "目前的形象进度" in again.text

    async def test_a_sticker_a_place_a_contact_are_too(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await yang.sends_sticker()
        await yang.waits_for("这里需要文字")
        await yang.shares_location(36.2, 117.6)
        await yang.waits_for("这里需要文字")
        await yang.shares_contact("13800000000")
        await yang.waits_for("这里需要文字")
        assert said(district) == {}

    async def test_outside_a_report_they_are_answered_as_well(
        self, district: District, yang: Person
    ) -> None:
        await yang.sends_voice()
        assert "只看得懂文字" in (await yang.waits_for("")).text

    async def test_a_forwarded_message_is_no_answer(
        self, district: District, yang: Person, li: Person
    ) -> None:
        original = await li.says("主体三层")
        await opens_report(yang)
        await yang.forwards(original, of=li)
        assert "转发的消息" in (await yang.waits_for("")).text
        assert said(district) == {}

    async def test_a_forwarded_command_does_nothing(
        self, district: District, yang: Person, li: Person
    ) -> None:
        await opens_report(yang)
        original = await li.says("/cancel")
        await yang.forwards(original, of=li)
        assert "转发的消息" in (await yang.waits_for("")).text
        assert said(district) == {}

    async def test_a_file_in_a_report_is_no_answer(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        await yang.sends_document(b"PK\x03\x04", name="本周进展.docx")
        assert "这里需要文字" in (await yang.waits_for("")).text

    async def test_words_nobody_understands_say_where_to_begin(
        self, district: District, yang: Person
    ) -> None:
        assert "要填报请发“填报”" in (await says(yang, "今天天气不错")).text
        assert "要填报请发“填报”" in (await says(yang, "/unknown")).text


class TestMoney:
    @pytest.mark.parametrize(
        ("words", "amount"),
        [
            ("350", "350"),
            ("350万", "350"),
            ("0.035亿", "350"),
            ("三百五十万", "350"),
            ("三千万", "3000"),
            ("350万元", "350"),
            ("\uff13\uff15\uff10", "350"),
            ("3,500,000元", "350"),
            ("无", "0"),
            ("0", "0"),
        ],
    )
    async def test_is_read_as_people_write_it(self, opens: Opens, words: str, amount: str) -> None:
        district, yang = await self.asked(opens)
        review = await says(yang, words)
        assert "请核对" in review.text
        await taps(yang, "✅ 提交")
        [row] = district.rows(select(report.c.invested))
        assert row.invested == Decimal(amount)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ("-5", "不小于 0"),
            ("1e9", "科学计数法"),
            ("很多", "没有看懂这个金额"),
            ("3到5亿", "不填区间"),
            ("99999999999999亿", "一万亿"),
            ("0.00001", "精确到元"),
        ],
    )
    async def test_that_cannot_be_says_what_to_write(
        self, opens: Opens, words: str, told: str
    ) -> None:
        district, yang = await self.asked(opens)
        again = await says(yang, words)
        assert told in again.text
        assert "本周完成投资多少" in again.text
        assert "invested" not in said(district)

    @pytest.mark.parametrize("words", ["3.5亿", "35,000万元"])
    async def test_far_above_the_plan_is_asked_about_once(self, opens: Opens, words: str) -> None:
        district, yang = await self.asked(opens)
        doubted = await says(yang, words)
        assert "超过计划" in doubted.text
        assert "35000万元，对吗" in doubted.text
        await taps(yang, "是", "✅ 提交")
        [row] = district.rows(select(report.c.invested))
        assert row.invested == Decimal(35000)

    async def test_a_doubted_amount_can_be_typed_anew(self, opens: Opens) -> None:
        district, yang = await self.asked(opens)
        assert "对吗" in (await says(yang, "3.5亿")).text
        review = await says(yang, "350")
        assert "350万元" in review.text
        await taps(yang, "✅ 提交")
        [row] = district.rows(select(report.c.invested))
        assert row.invested == Decimal(350)

    async def asked(self, opens: Opens) -> tuple[District, Person]:
        """杨伟 before the question for money."""
        district: District = await opens("at_work", **MONEY)
        yang = await district.person(YANG)
        await opens_report(yang)
        asked = await fills_in(yang)
        assert "本周完成投资多少" in asked.text
        return district, yang

    async def test_is_not_asked_for_by_default(self, district: District, yang: Person) -> None:
        await opens_report(yang)
        assert "请核对" in (await fills_in(yang)).text
