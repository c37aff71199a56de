"""Presses: yesterday's, somebody else's and forged ones do nothing, and say so."""

import random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from installation import office_of
from models.bulletin import bulletin
from models.edge import audit, inbox, outbox
from models.people import stranger
from models.report import report
from models.talk import draft
from rehearsal.people import Person, Seen
from rules.button import pack
from tests.district import District, settings_in
from tests.district_book import METAL, STATION, STEEL
from tests.talking import fills_in, opens_report, reports, says, taps

LETTERS = "ABCXYZabcxyz0189_-|.:"


def books(district: District) -> dict[str, list[Any]]:
    """Everything the office keeps; not the edge, where a refused press leaves its own trace."""
    edge = {inbox.name, outbox.name, stranger.name, "alembic_version"}
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in edge]
    return {table.name: district.rows(select(table)) for table in tables}


async def card_of(who: Person) -> Seen:
    return [seen for seen in await who.sees() if seen.is_from_bot][-1]


class TestAnOldCard:
    async def test_of_this_report_brings_the_current_card(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        old = next(data for data in district.data_on(yang) if "r.last" in data)
        await says(yang, "安装90%")
        before = books(district)["draft"][0].said
        await yang.forges(old, on=await card_of(yang))
        assert "情况已有变化" in (await yang.waits_for_popup()).text
        assert "本周做了哪些工作" in (await yang.waits_for("")).text
        assert books(district)["draft"][0].said == before

    async def test_of_another_project_is_not_taken_for_this_one(
        self, district: District, li: Person
    ) -> None:
        """Both drafts stand at the same revision; only the card tells them apart."""
        first = await opens_report(li, STEEL)
        await says(li, f"/status {STATION}")
        assert STATION in (await taps(li, "📝 填报")).text
        await li.presses("沿用上次进度", on=first)
        assert "情况已有变化" in (await li.waits_for_popup()).text
        assert STATION in (await li.waits_for("")).text
        assert [row.said for row in district.rows(select(draft))] == [[], []]

    async def test_of_two_telephones_is_moved_on_by_the_other(
        self, district: District, yang: Person
    ) -> None:
        """Both show the same chat; the slower one presses what the quicker one has answered."""
        await opens_report(yang)
        await says(yang, "安装90%", "吊装", "调试")
        slow = next(data for data in district.data_on(yang) if "r.say|none" in data)
        card = await card_of(yang)
        await taps(yang, "用地")
        await yang.forges(slow, on=card)
        assert "情况已有变化" in (await yang.waits_for_popup()).text
        assert "具体是什么问题" in (await yang.waits_for("")).text

    async def test_after_the_report_went_off_says_that_it_is_done(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await fills_in(yang)
        send = next(data for data in district.data_on(yang) if "r.send" in data)
        await taps(yang, "✅ 提交")
        await yang.forges(send, on=await card_of(yang))
        assert "这张卡片已经办完" in (await yang.waits_for_popup()).text
        assert district.value(select(func.count()).select_from(report)) == 1

    async def test_pressed_twice_in_a_hurry_hands_in_once(
        self, district: District, yang: Person
    ) -> None:
        await opens_report(yang)
        await fills_in(yang)
        send = next(data for data in district.data_on(yang) if "r.send" in data)
        card = await card_of(yang)
        for _ in range(3):
            await yang.forges(send, on=card)
        await district.rests()
        [row] = district.rows(select(report))
        assert row.revision == 1
        submitted = select(func.count()).where(audit.c.action == "report.submit")
        assert district.value(submitted) == 1

    async def test_of_last_week_still_opens_what_it_names(
        self, district: District, yang: Person
    ) -> None:
        await district.turns_to("2024-10-30 10:00")
        reminder = await yang.waits_for("待报")
        await district.turns_to("2024-11-05 10:00")
        await yang.presses(METAL, on=reminder)
        card = await yang.waits_for("目前的形象进度")
        assert "10月25日—10月31日" in card.text
        assert "补报" in card.text

    async def test_whose_message_the_person_deleted_comes_again(
        self, district: District, yang: Person
    ) -> None:
        card = await opens_report(yang)
        data = next(each for each in district.data_on(yang) if "r.last" in each)
        hello = await yang.says("安装90%")
        await yang.waits_for("本周做了哪些工作")
        await yang.deletes(await card_of(yang))
        await yang.forges(data, on=hello)
        again = await yang.waits_for("本周做了哪些工作")
        assert again.id != card.id


class TestSomebodyElsesButton:
    async def test_does_nothing_for_anybody(
        self, district: District, kong: Person, li: Person, yang: Person
    ) -> None:
        await says(kong, "点名")
        await says(kong, f"项目 {STEEL}")
        await taps(kong, "改阶段")
        await says(kong, "名单")
        await says(kong, "邀请")
        await opens_report(li, STEEL)
        stolen = [*district.data_on(kong), *district.data_on(li)]
        assert len(stolen) > 15
        await says(yang, "你好")
        card = await card_of(yang)
        before = books(district)
        for data in stolen:
            await yang.forges(data, on=card)
            await yang.waits_for_popup("情况已有变化")
        assert books(district) == before

    async def test_on_a_forwarded_card_has_no_buttons_and_no_power(
        self, district: District, li: Person, yang: Person
    ) -> None:
        card = await opens_report(li, STEEL)
        data = district.data_on(li)
        number = await yang.forwards(card, of=li)
        await yang.waits_for("转发的消息")
        before = books(district)
        for each in data:
            await yang.forges(each, on=number)
            await yang.waits_for_popup("情况已有变化")
        assert books(district) == before

    async def test_in_a_group_does_nothing(
        self, district: District, kong: Person, li: Person
    ) -> None:
        group = await district.people.group("调度群", owner=kong, members=(li,))
        said = await li.says("大家好", where=group)
        await opens_report(li, STEEL)
        before = books(district)
        for data in district.data_on(li):
            await li.forges(data, on=said, where=group)
        await district.rests()
        assert books(district) == before


class TestForgedData:
    async def test_two_hundred_mutations_have_no_effect(
        self, district: District, kong: Person, yang: Person
    ) -> None:
        chance = random.Random(20241031)
        await opens_report(yang)
        await says(kong, "点名")
        await says(kong, f"项目 {STEEL}")
        genuine = {who: district.data_on(who) for who in (kong, yang)}
        cards = {who: await card_of(who) for who in (kong, yang)}
        before = books(district)
        for _ in range(200):
            who = chance.choice((kong, yang))
            await who.forges(mutated(chance, chance.choice(genuine[who])), on=cards[who])
        await district.rests()
        assert books(district) == before
        answered = await district.people.calls("answerCallbackQuery")
        words = {each["parameters"].get("text", "") for each in answered}
        assert len(answered) == 200
        assert len(words) == 1
        assert "情况已有变化" in words.pop()

    @pytest.mark.parametrize(
        "data",
        ["", "1", "x" * 64, "1" + "A" * 16 + "r.send||0", "{}", "\u70b9\u540d", "r.open|1|0"],
    )
    async def test_of_any_shape_is_answered(
        self, district: District, yang: Person, data: str
    ) -> None:
        card = await opens_report(yang)
        await yang.forges(data, on=card)
        assert "情况已有变化" in (await yang.waits_for_popup()).text


def mutated(chance: random.Random, data: str) -> str:
    """Never the same again, and never more than Telegram's 64 bytes."""
    place = chance.randrange(len(data))
    kind = chance.randrange(4)
    if kind == 0:
        return data[:place] + chance.choice(LETTERS.replace(data[place], "")) + data[place + 1 :]
    if kind == 1:
        return data[:place] + data[place + 1 :]
    if kind == 2:
        return (data[:place] + chance.choice(LETTERS) + data[place:])[:64]
    head, _, tail = data.rpartition("|")
    return f"{head}|{int(tail, 36) + chance.randint(1, 30)}"


class TestRights:
    """Even a rightly signed button, for one's own chat, is checked again when it is pressed."""

    OFFICE_ONLY = (
        ("rc.nudge", "2024-W44"),
        ("rc.for", "2024-W44.0"),
        ("rc.show", "2024-W44"),
        ("inv.list", ""),
        ("inv.file", ""),
        ("inv.unit", "1"),
        ("inv.menu", ""),
        ("ppl.file", ""),
        ("ppl.show", "3"),
        ("ppl.link", "3"),
        ("ppl.leave", "3"),
        ("ppl.left", "3"),
        ("lv.new", ""),
        ("lv.end", "1"),
        ("s.phase", "1"),
        ("s.set", "1.paused"),
        ("b.note", "1"),
        ("b.fresh", "1"),
        ("b.again", "1"),
        ("b.drop", "1"),
        ("b.draft", "1"),
        ("g.off", "1"),
        ("g.ok", "1"),
        ("o.again", "1"),
        ("o.there", "1"),
        ("l.no", "1"),
    )

    @pytest.mark.parametrize(("verb", "thing"), OFFICE_ONLY)
    async def test_a_reporter_presses_the_offices_button_in_vain(
        self, district: District, li: Person, verb: str, thing: str
    ) -> None:
        await says(li, "你好")
        before = books(district)
        await li.forges(self.signed(district, li, verb, thing), on=await card_of(li))
        popup = await li.waits_for_popup()
        assert popup.text
        assert popup.is_alert
        assert books(district) == before
        assert len(district.sent_to(li)) == 1

    @pytest.mark.parametrize("verb", ["b.ok", "b.back", "b.remark"])
    async def test_only_the_approver_approves(
        self, district: District, kong: Person, li: Person, yang: Person, verb: str
    ) -> None:
        await reports(yang)
        await district.turns_to("2024-11-01 08:30")
        [row] = district.rows(select(bulletin))
        before = books(district)
        for who in (kong, li):
            data = self.signed(district, who, verb, str(row.id), row.rev)
            await says(who, "你好")
            await who.forges(data, on=await card_of(who))
            assert "不在您的权限内" in (await who.waits_for_popup()).text
        assert books(district) == before

    async def test_a_reporter_cannot_open_somebody_elses_project(
        self, district: District, li: Person
    ) -> None:
        await says(li, "你好")
        other = f"{district.id_of(METAL)}.2024-W44"
        before = books(district)
        for verb in ("r.open", "r.same", "r.pick"):
            await li.forges(self.signed(district, li, verb, other), on=await card_of(li))
            assert (await li.waits_for_popup()).text
        await li.forges(
            self.signed(district, li, "s.show", str(district.id_of(METAL))), on=await card_of(li)
        )
        assert "不在您可以查看的范围" in (await li.waits_for_popup()).text
        assert books(district) == before

    @pytest.mark.parametrize(
        ("verb", "thing"),
        [
            ("r.open", "999.2024-W44"),
            ("r.open", "1.2024-W99"),
            ("r.open", "x.y"),
            ("r.open", ""),
            ("r.resume", "999"),
            ("r.resume", "x"),
            ("r.fix", "nothing"),
            ("r.say", "nothing"),
            ("rc.show", "nothing"),
            ("rc.for", "2024-W44.99"),
            ("rc.for", "nothing.9"),
            ("s.show", "999"),
            ("s.set", "1.nothing"),
            ("s.set", "999.paused"),
            ("s.phase", "999"),
            ("inv.unit", "999"),
            ("ppl.show", "999"),
            ("lv.end", "999"),
            ("b.note", "999"),
            ("b.draft", "999"),
            ("g.ok", "999"),
            ("l.ok", "x"),
            ("o.again", "999"),
            ("l.ok", "999"),
            ("l.no", "999"),
            ("lang", "fr"),
            ("join.as", "1.1"),
            ("zzz", ""),
        ],
    )
    async def test_a_button_of_ours_that_leads_nowhere_is_answered_in_words(
        self, district: District, kong: Person, verb: str, thing: str
    ) -> None:
        """Ids go, weeks end: a signed button may outlive what it names."""
        await says(kong, "你好")
        await kong.forges(self.signed(district, kong, verb, thing), on=await card_of(kong))
        await kong.waits_for_popup()
        await district.rests()

    def signed(
        self, district: District, who: Person, verb: str, thing: str = "", rev: int = 0
    ) -> str:
        key = office_of(settings_in(district.folder), "diaodu_bot").button_keys[0]
        return pack(key, who.id, verb, thing, rev)
