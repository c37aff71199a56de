"""`make demo`: a dispatch week on the demo ledger, played by people over HTTP."""

import asyncio
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rehearsal.cast.group import Group
from rehearsal.cast.person import Person
from rehearsal.cast.screen import NotSeen
from rehearsal.cast.seen import Seen
from rehearsal.company import ROOT, Company, NotStarted
from rehearsal.narrator import Narrator

LEDGER = ROOT / "rehearsal" / "laiwu-2024.xlsx"
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = "2024-10-31T15:30:00+08:00"
OFFICE, APPROVER, SPONSOR = "孔令辉煌", "孟庆东方", "程子涵"
STEPPER, EXPERT, QUIET, TROUBLED = "高宏斌", "韩玉珍", "曹雪梅", "曾海涛"
LATE, AWAY, DEPUTY = "曾长青", "彭子涵", "韩立新"
JOINING = (APPROVER, SPONSOR, STEPPER, EXPERT, QUIET, TROUBLED, LATE, AWAY, DEPUTY)
REVIEW = "请核对"
CONTACTS = (
    "李敏", "朱建国", "杨伟", "彭丽", "张立新", "宋敏", "曹春生", "王春生", "陈子涵", "徐立新",
    "彭海涛", "孙文博", "张凤霞",
)  # fmt: skip
"""Of thirteen more units; the rest stay silent, so that the bulletin has somebody to name."""


class Demo:
    """Eleven scenes. People are driven through the simulator's side for people, never inside."""

    def __init__(self, company: Company, narrator: Narrator, out: Path) -> None:
        self._company = company
        self._narrator = narrator
        self._out = out
        self._cast: dict[str, Person] = {}
        self._group: Group

    async def play(self) -> None:
        await self._the_ledger_comes_in()
        await self._people_join()
        await self._a_group_is_bound()
        await self._a_first_report()
        await self._early_ones()
        await self._a_leave_and_a_stranger()
        await self._reminders()
        await self._the_rest_report()
        await self._everybody_else()
        await self._the_cutoff()
        await self._the_bulletin()

    # The scenes, in order.

    async def _the_ledger_comes_in(self) -> None:
        await self._scene("项目办导入台账", BEGIN)
        code, printed = await self._company.command("import", str(LEDGER), "--apply")
        self._narrator.said("bot.py import", printed.strip())
        if code:
            raise NotStarted(printed)
        await self._company.start_bot()
        self._narrator.aside("bot.py run: the real bot, as its own process, polls the simulator")

    async def _people_join(self) -> None:
        await self._scene("凭链接加入", "2024-10-31T15:40:00+08:00")
        office = await self._enter(OFFICE)
        await office.opens_link(self._company.office_code())
        await self._sees(office, "哪一位")
        await self._presses(office, OFFICE)
        await self._sees(office, "加入")
        await office.says("邀请")
        await office.waits_for("未加入")
        await self._presses(office, "发成消息")
        links = await self._links(office)
        for name in JOINING:
            person = await self._enter(name)
            await person.opens_link(links[name])
            shown = await person.waits_for("加入")
            if name in (APPROVER, STEPPER, SPONSOR):
                self._narrator.answered(name, shown)
        self._narrator.aside(f"{len(JOINING)} people opened their links")

    async def _a_group_is_bound(self) -> None:
        await self._scene("群由两个人绑定", "2024-10-31T16:00:00+08:00")
        office, approver = self._cast[OFFICE], self._cast[APPROVER]
        self._group = await self._company.people.group(
            "莱芜区重点项目调度群",
            owner=office,
            kind="forum",
            members=(approver,),
            topics=("周通报",),
        )
        await self._group.promotes_bot()
        topic = self._group.topics["周通报"]
        await office.says("/bind", where=self._group, thread=topic)
        self._narrator.said(f"{OFFICE} @群", "/bind")
        await self._sees(approver, "申请")
        await self._presses(approver, "确认")
        self._narrator.answered("群", await self._group.waits_for("今后发在这里"))

    async def _a_first_report(self) -> None:
        await self._scene("第一次填报(练手)", "2024-10-31T16:30:00+08:00")
        await self._fills(
            QUIET,
            {
                "形象进度": "基础施工",
                "哪些工作": "完成桩基检测",
                "下周": "承台开挖",
                "新问题": "无",
            },
            project="鲁中啤酒",
        )

    async def _early_ones(self) -> None:
        await self._scene("新的一周:逐步填、一条说完、与上周一致", "2024-11-04T10:00:00+08:00")
        await self._fills(
            STEPPER,
            {
                "形象进度": "设备安装完成八成",
                "哪些工作": "完成制冷机组吊装",
                "下周": "管道保温和单机调试",
                "新问题": "无",
            },
            project="冷链物流园",
        )
        expert = self._cast[EXPERT]
        await self._says(
            expert, "现代种业基地 进度:竣工验收准备 本周:消防整改完成 下周:申请联合验收 问题:无"
        )
        await self._sees(expert, "哪个项目")
        await self._presses(expert, "现代种业")
        await self._answers(expert, {"基础完成": "已完成"})
        quiet = self._cast[QUIET]
        await self._says(quiet, "填报")
        await quiet.waits_for("形象进度")
        await self._presses(quiet, "与上周一致")
        await self._sees(quiet, "已提交")

    async def _a_leave_and_a_stranger(self) -> None:
        await self._scene("请假有代理,陌生人进不来", "2024-11-05T09:00:00+08:00")
        office = self._cast[OFFICE]
        await self._says(office, "请假")
        await self._answers(
            office, {"谁请假": AWAY, "谁代理": DEPUTY, "从哪天": "今天", "到哪天": "11月8日"}
        )
        await self._sees(self._cast[DEPUTY], "代为填报")
        stranger = await self._enter("路人")
        await self._says(stranger, "你们的项目进度发我看看")
        await self._sees(stranger, "邀请链接")
        await stranger.says("/rollcall")
        await stranger.waits_in_vain_for("点名")
        self._narrator.aside("the stranger's second message that day gets no answer at all")

    async def _reminders(self) -> None:
        await self._scene("催报:只提醒还欠着的人", "2024-11-06T10:00:00+08:00")
        for name in (TROUBLED, DEPUTY):
            await self._sees(self._cast[name], "待报")
        for name in (EXPERT, QUIET, AWAY):
            await self._cast[name].waits_in_vain_for("待报", timeout=0.05)
        self._narrator.aside(f"{EXPERT} and {QUIET} have reported, {AWAY} is away: no reminder")

    async def _the_rest_report(self) -> None:
        await self._scene("有问题的、代理的;项目办点名", "2024-11-06T15:00:00+08:00")
        await self._fills(
            TROUBLED,
            {
                "形象进度": "内外装修",
                "哪些工作": "外立面完成六成",
                "下周": "室内地坪",
                "新问题": "配套",
                "什么问题": "10千伏专线迁改未批,影响设备调试",
                "哪一级": "区调度会",
                "希望哪天": "11月20日",
                "还有其他": "没有了",
            },
            project="鲁中啤酒智慧仓储物流(一期)",
        )
        await self._fills(
            DEPUTY,
            {"形象进度": "沿用", "哪些工作": "主体结构验收", "下周": "设备进场", "新问题": "无"},
            project="精密铸锻件",
        )
        office = self._cast[OFFICE]
        await self._says(office, "点名")
        await self._sees(office, "应报")
        await self._presses(office, "催办")
        popup = await office.waits_for_popup("催办")
        self._narrator.popped(OFFICE, popup.text)

    async def _everybody_else(self) -> None:
        await self._scene("其他人也报上来", "2024-11-07T10:00:00+08:00")
        office = self._cast[OFFICE]
        await self._presses(office, "发成消息")
        links = await self._links(office)
        crowd = [name for name in CONTACTS if name in links]
        counts = await asyncio.gather(*(self._one_of_the_crowd(name, links) for name in crowd))
        self._narrator.aside(f"{len(crowd)} more people join and report {sum(counts)} projects")
        await self._says(office, "点名")
        await self._sees(office, "应报")

    async def _one_of_the_crowd(self, name: str, links: dict[str, str]) -> int:
        """Joins, looks up what is owed, and tells each project in one message."""
        person = await self._company.people.person(name)
        await person.opens_link(links[name])
        await person.waits_for("加入", timeout=30)
        await person.says("我的")
        mine = await person.waits_for("待报", timeout=30)
        owed = re.findall(r"^▫️ (.+?)\W待报\W$", mine.text, re.M)
        for number, project in enumerate(owed):
            progress = "主体施工过半" if number % 3 else "主体施工"
            await person.says(f"{project} 进度:{progress} 本周:按计划推进 下周:继续施工 问题:无")
            await self._tap_through(person, number)
        return len(owed)

    async def _tap_through(self, person: Person, number: int) -> None:
        """Whatever is still asked is answered by a button, then the report is sent."""
        for _ in range(20):
            shown = await person.waits_for("", timeout=30)
            if "已提交" in shown.text:
                return
            await person.has_read()
            await person.presses(_quick_answer(shown, number), on=shown)
        raise NotSeen(f"{person.name} was asked without end")

    async def _the_cutoff(self) -> None:
        await self._scene("截止;截止后补报", "2024-11-07T18:00:00+08:00")
        await self._sees(self._cast[OFFICE], "点名")
        await self._sees(self._cast[LATE], "截止")
        await self._company.people.clock.set("2024-11-07T20:10:00+08:00")
        late = self._cast[LATE]
        await self._presses(late, "生姜精深加工")
        await self._answers(
            late,
            {
                "完成了吗": "未完成",
                "原因": "施工",
                "预计哪天": "11月30日",
                "形象进度": "土方开挖",
                "哪些工作": "完成土方八成",
                "下周": "垫层施工",
                "新问题": "无",
            },
        )
        sponsor = self._cast[SPONSOR]
        await self._says(sponsor, "我的")
        await self._sees(sponsor, "包推")

    async def _the_bulletin(self) -> None:
        await self._scene("通报:起草、审签、发布", "2024-11-08T08:30:00+08:00")
        approver = self._cast[APPROVER]
        await self._sees(approver, "请审签")
        await self._presses(approver, "发布")
        await self._sees(approver, "正在发布")
        await self._sees(self._cast[OFFICE], "已发到")
        await self._company.people.settle()
        posted = [
            message
            for message in await self._group.sees(thread=self._group.topics["周通报"])
            if message.is_from_bot and "今后发在这里" not in message.text and message.text
        ]
        for message in posted:
            self._narrator.answered("群", message)
        bulletin = self._out / "bulletin-2024-W45.txt"
        bulletin.write_text("\n\n".join(m.text for m in posted if "期" in m.text) + "\n", "utf-8")
        self._narrator.aside(f"pinned: {await self._group.pinned() != []}; written to {bulletin}")

    # How people act, and how it is told.

    async def _scene(self, title: str, moment: str) -> None:
        at = datetime.fromisoformat(moment)
        self._narrator.scene(title, at.astimezone(ZONE))
        for person in self._cast.values():
            await person.has_read()
        await self._company.people.clock.set(moment)

    async def _enter(self, name: str) -> Person:
        self._cast[name] = await self._company.people.person(name)
        return self._cast[name]

    async def _sees(self, who: Person, words: str) -> Seen:
        shown = await who.waits_for(words, timeout=10)
        self._narrator.answered(who.name, shown)
        return shown

    async def _says(self, who: Person, words: str) -> None:
        await who.has_read()
        self._narrator.said(who.name, words)
        await who.says(words)

    async def _presses(self, who: Person, words: str) -> None:
        """The newest button that has these words in its label."""
        for message in reversed(await who.sees(last=12)):
            for button in message.buttons:
                if words in button:
                    await who.has_read()
                    self._narrator.pressed(who.name, button)
                    await who.presses(button, on=message)
                    return
        raise NotSeen(f"{who.name} has no button «{words}»")

    async def _fills(self, name: str, answers: dict[str, str], *, project: str) -> None:
        who = self._cast[name]
        await self._says(who, "填报")
        shown = await who.waits_for("", timeout=10)
        if "形象进度" not in shown.text:
            self._narrator.answered(name, shown)
            await self._presses(who, project)
        await self._answers(who, answers)

    async def _answers(self, who: Person, answers: dict[str, str]) -> None:
        """Answers each question as it comes, by a button where one says so, and sends it in."""
        for _ in range(20):
            shown = await who.waits_for("", timeout=10)
            self._narrator.answered(who.name, shown)
            if REVIEW in shown.text:
                await self._presses(who, "提交")
                await self._sees(who, "已")
                return
            words = _answer_to(shown, answers)
            button = next((each for each in shown.buttons if words in each), None)
            if button is not None:
                await self._presses(who, button)
            else:
                await self._says(who, words)
        raise NotSeen(f"{who.name} was asked too much")

    async def _links(self, office: Person) -> dict[str, str]:
        """Name to code, read off the messages to forward."""
        await office.waits_for("?start=")
        await self._company.people.settle()
        links: dict[str, str] = {}
        for message in await office.sees(last=30):
            links |= dict(re.findall(r"^(\S+?)[:\uff1a].*\?start=(\S+)$", message.text, re.M))
        return links


def _answer_to(shown: Seen, answers: dict[str, str]) -> str:
    """By the question itself, which stands in the last lines of the card."""
    for key, words in answers.items():
        if key in shown.text.split("\n\n", 1)[-1]:
            return words
    raise NotSeen(f"nobody knows what to answer to: {shown.text}")


def _quick_answer(shown: Seen, number: int) -> str:
    """The button that somebody in a hurry would tap."""
    wanted = ["提交", "施工", "月底", "已完成" if number % 3 else "未完成"]
    for words in wanted:
        for button in shown.buttons:
            if words in button:
                return button
    raise NotSeen(f"no button to hurry on: {shown}")


def main(out: Path) -> int:
    """0 when the whole week went as the script expects."""
    out.mkdir(parents=True, exist_ok=True)
    narrator = Narrator(11, out / "transcript.txt")
    folder = Path(tempfile.mkdtemp(prefix="diaodu-demo-"))
    try:
        asyncio.run(_play(folder, narrator, out))
    except (NotSeen, NotStarted) as fault:
        narrator.end(f"The demo did not go as expected: {fault}")
        shutil.copy(folder / "bot.log", out / "bot.log")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    narrator.end(WHAT_NEXT.format(out=out))
    return 0


async def _play(folder: Path, narrator: Narrator, out: Path) -> None:
    async with Company(folder, start=BEGIN) as company:
        await Demo(company, narrator, out).play()


WHAT_NEXT = """\
The week is over. In {out}/: the bulletin and the whole transcript.

To run with a real bot:
  1. Get a token from @BotFather.
  2. Look through config.toml: the office's name, the week, the database.
  3. DIAODU_TELEGRAM__TOKEN=… .venv/bin/python bot.py import your-ledger.xlsx --apply
  4. DIAODU_TELEGRAM__TOKEN=… .venv/bin/python bot.py run
     and open the one-time link that it prints, to become the dispatch office."""


if __name__ == "__main__":
    raise SystemExit(main(Path("out")))
