"""A dispatch week played for the pictures: the real bot, a simulated Telegram, people over HTTP."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from rehearsal.cast.group import Group
from rehearsal.cast.person import Person
from rehearsal.cast.seen import Seen
from rehearsal.company import ROOT, Company

Json = dict[str, Any]

LEDGER = ROOT / "rehearsal" / "laiwu-2024.xlsx"
OFFICE, APPROVER, HERO = "孔令辉煌", "孟庆东方", "曾海涛"
SILENT = ("羊里街道", "苗山镇", "区水务局")
"""Units that have not reported by Monday; the first is the hero's own."""
GROUP, TOPIC = "莱芜区重点项目调度群", "周通报"
UNHURRIED = {
    "TELEGRAM__PER_SECOND": "1000",
    "TELEGRAM__PER_CHAT_SECOND": "1000",
    "TELEGRAM__CHAT_BURST": "1000",
    "BULLETIN__FIRST_NUMBER": "44",
}
WEEKS: dict[str, tuple[str, str, str]] = {
    "施工图审查": ("施工图审查完成", "图审意见全部回复", "施工招标挂网"),
    "前期手续办理": ("", "环评报告送审", "办理用地规划许可"),
    "土方开挖": ("垫层施工", "土方外运完成", "基础钢筋绑扎"),
    "基础施工": ("", "完成承台浇筑12个", "地梁施工"),
    "主体施工": ("主体施工至五层", "四层梁板浇筑完成", "五层钢筋绑扎"),
    "主体封顶": ("二次结构施工", "主体结构验收通过", "砌体和机电预埋"),
    "内外装修": ("", "外立面完成六成", "室内地坪施工"),
    "管网铺设": ("", "雨污管网铺设1.2公里", "管网闭水试验"),
    "设备安装调试": ("设备单机调试", "主要设备全部到场", "联动调试"),
    "竣工验收准备": ("", "消防验收资料报送", "申请联合验收"),
}
"""What people answer, by the 形象进度 that they are shown: the new one if any, done, plan."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen as it stood: raw messages, oldest first, each with its HTML and buttons."""

    title: str
    subtitle: str
    messages: list[Json]
    me: int = 0
    pinned: int = 0


async def play(folder: Path) -> dict[str, Shot]:
    """The screens by name; takes up to a minute or two."""
    company = Company(folder, start="2024-10-31T15:30:00+08:00", settings=UNHURRIED)
    async with company:
        await company.people.limits(is_on=False)
        code, printed = await company.command("import", str(LEDGER), "--apply")
        assert code == 0, printed
        await company.start_bot()
        return await _Week(company).play()


class _Week:
    def __init__(self, company: Company) -> None:
        self._people = company.people
        self._company = company
        self._shots: dict[str, Shot] = {}
        self._round = 0

    async def play(self) -> dict[str, Shot]:
        office = await self._people.person(OFFICE)
        await office.opens_link(self._company.office_code())
        await office.waits_for("哪一位")
        await office.presses(OFFICE)
        await office.waits_for("您已加入")
        joined = await self._all_join(await self._links(office))
        approver, hero = joined[APPROVER], joined[HERO]
        group = await self._bound_group(office, approver)
        await self._people.clock.set("2024-11-04T10:00:00+08:00")
        for name, person in joined.items():
            if name not in (APPROVER, HERO):
                await self._reports_everything(person)
        await self._the_hero_reports(hero)
        await self._the_bulletin_goes_out(approver, group)
        return self._shots

    async def _links(self, office: Person) -> dict[str, str]:
        await office.says("邀请")
        await office.waits_for("未加入")
        await office.presses("发成消息")
        await office.waits_for("?start=")
        await self._people.settle()
        shown = "\n".join(message.text for message in await office.sees(last=30))
        return dict(re.findall(r"^(\S+?)[:\uff1a].*\?start=(\S+)$", shown, re.M))

    async def _all_join(self, links: dict[str, str]) -> dict[str, Person]:
        """The approver, the hero, and everybody who reports for a unit that is not silent."""
        joined = {}
        for name, code in links.items():
            person = await self._people.person(name)
            await person.opens_link(code)
            welcome = (await person.waits_for("您已加入")).text
            is_silent = any(unit in welcome for unit in SILENT)
            if name in (APPROVER, HERO) or ("填报人" in welcome and not is_silent):
                joined[name] = person
        return joined

    async def _bound_group(self, office: Person, approver: Person) -> Group:
        group = await self._people.group(
            GROUP, owner=office, kind="forum", members=(approver,), topics=(TOPIC,)
        )
        await group.promotes_bot()
        await office.says("/bind", where=group, thread=group.topics[TOPIC])
        await approver.waits_for("申请")
        await approver.presses("确认")
        await group.waits_for("今后发在这里")
        return group

    async def _reports_everything(self, who: Person) -> None:
        await who.says("填报")
        shown = await who.waits_for("")
        if "没有" in shown.text:
            return
        if "逐个填报" in " ".join(shown.buttons):
            await who.presses("逐个填报")
            shown = await who.waits_for("")
        progress = ""
        while "都报完" not in shown.text:
            hint = re.search("上次：(.+)", shown.text)
            progress = hint[1] if hint else progress
            answer = self._answer(shown, progress)
            if not answer:
                shown = await who.waits_for("", since=shown.sequence)
                continue
            if any(answer in button for button in shown.buttons):
                await who.presses(answer)
            else:
                await who.says(answer)
            shown = await who.waits_for("")

    def _answer(self, shown: Seen, progress: str) -> str:
        """By the question on the card; nothing where the card only tells."""
        question = shown.text.split("\n\n", 1)[-1]
        moved, done, plan = WEEKS.get(progress, ("", "按计划推进", "按计划推进"))
        self._round += 1
        answers = {
            "请核对": "提交",
            "完成了吗": "已完成" if self._round % 5 else "未完成",
            "主要原因": ("征迁", "配套", "审批")[self._round % 3],
            "预计哪天": "月底",
            "形象进度": moved or "沿用",
            "哪些工作": done,
            "新问题": "无",
            "下周": plan,
        }
        return next((words for key, words in answers.items() if key in question), "")

    async def _the_hero_reports(self, hero: Person) -> None:
        await self._people.clock.set("2024-11-06T10:00:00+08:00")
        await hero.waits_for("待报")
        await self._shoot_chat("reminder", hero)
        await self._people.clock.forward(timedelta(minutes=6))
        await self._presses(hero, "鲁中啤酒", "形象进度")
        await self._types(hero, "外立面完成六成", "哪些工作")
        await self._types(hero, "幕墙龙骨安装完成", "下周")
        await self._types(hero, "室内地坪施工", "新问题")
        await self._shoot_chat("question", hero)
        await self._presses(hero, "配套", "什么问题")
        await self._types(hero, "10千伏专线迁改未批，影响设备调试", "哪一级")
        await self._presses(hero, "区调度会", "哪天前")
        await self._presses(hero, "两周后", "还有其他")
        await self._presses(hero, "没有了", "请核对")
        await self._shoot_chat("review", hero)
        await self._presses(hero, "提交", "已提交")

    async def _types(self, who: Person, words: str, following: str) -> None:
        await self._people.clock.forward(timedelta(seconds=9))
        await who.says(words)
        await who.waits_for(following)
        await self._people.settle()

    async def _presses(self, who: Person, button: str, following: str) -> None:
        await self._people.clock.forward(timedelta(seconds=2))
        await who.presses(button)
        await who.waits_for(following)

    async def _the_bulletin_goes_out(self, approver: Person, group: Group) -> None:
        await self._people.clock.set("2024-11-07T18:00:00+08:00")
        await self._people.settle(quiet=0.5)
        await self._people.clock.set("2024-11-08T08:30:00+08:00")
        await approver.waits_for("请审签", timeout=20)
        await self._shoot_chat("approval", approver)
        await approver.presses("发布")
        await approver.waits_for("已发到", timeout=20)
        await self._people.settle()
        shown = await group.view(limit=20, thread=group.topics[TOPIC])
        pinned = shown["pinned"][-1]
        posted = [each for each in shown["messages"] if each["message_id"] >= pinned]
        self._shots["bulletin"] = Shot(GROUP, TOPIC, posted, pinned=pinned)

    async def _shoot_chat(self, name: str, who: Person) -> None:
        shown = await who.view(limit=30)
        self._shots[name] = Shot("区重点项目办 · 调度", "机器人", shown["messages"], me=who.id)
