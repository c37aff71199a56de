"""Six people do anything at all, in any order, over three weeks, and the bot never fails."""

import random
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from models.edge import InboxState, inbox
from models.report import report
from models.talk import draft
from rehearsal.cast.line import Refused
from rehearsal.people import Person
from tests.district import District
from tests.district_book import (
    APPROVER,
    HE,
    LI,
    METAL,
    OFFICE,
    RESERVOIR,
    SPONSOR,
    STEEL,
    YANG,
)

STEPS = 120
WORDS = (
    *(
        "填报",
        "我的",
        "点名",
        "名单",
        "邀请",
        "请假",
        "通报",
        "群组",
        "台账",
        "导出",
        "帮助",
        "语言",
    ),
    *(
        "取消",
        "暂存",
        "上一步",
        "跳过",
        "提交",
        "无",
        "是",
        "1",
        "2",
        "改1",
        "/report",
        "/start",
        "/bind",
    ),
    *(
        "主体三层",
        "浇筑完成",
        "用地手续没有批下来",
        "11月5日",
        "2月30日",
        "350万",
        "3.5亿",
        "-5",
        "明天",
    ),
    *(STEEL, f"项目 {METAL}", "项目 高铁", "名单 李敏", f"邀请 {HE}", YANG, HE, "今天起", "区里"),
    *("<b>&amp;</b>", "{{ x }} {y}", "🙂", "长" * 300, "\u0000\ud83d\u202e乱", "\n\n", "？？？"),
    f"{STEEL}\n进度 封顶\n本周 浇筑\n下周 砌体\n问题 无",
    f"{RESERVOIR}\n进度 填筑\n本周 填筑",
    "高铁\n进度 桩基\n本周 打桩\n下周 承台\n问题 资金没有到位",
)
PLAIN = ("主体三层", "浇筑完成", "砌体施工", "11月5日", "资金没有到位", YANG, HE)
AROUND = ("◀", "暂存", "取消", "跳过", "🔄")
MOMENTS = (
    *("2024-10-30 10:00", "2024-10-31 10:00", "2024-10-31 18:00", "2024-11-01 08:30"),
    *("2024-11-01 10:00", "2024-11-06 10:00", "2024-11-07 18:00", "2024-11-14 19:00"),
)


class Whim:
    """What somebody may think of next."""

    def __init__(self, seed: int, district: District, people: list[Person]) -> None:
        self._chance = random.Random(seed)
        self._district = district
        self._people = people
        self._said: dict[int, list[int]] = {who.id: [] for who in people}
        self._moments = list(MOMENTS)

    async def follows(self) -> None:
        who = self._chance.choice(self._people)
        strange = (self._says, self._presses, self._presses, self._sends, self._edits)
        acts = (*strange, *(self._goes_on for _ in strange), *(self._goes_on for _ in strange))
        with suppress(Refused):  # nothing to press or to edit yet
            await self._chance.choice(acts)(who)
        if self._chance.random() < 0.06 and self._moments:
            await self._district.turns_to(self._moments.pop(0))
        if self._chance.random() < 0.5:
            await self._district.rests()

    async def _goes_on(self, who: Person) -> None:
        """As somebody does who means it: hand in, choose, or say a plain word."""
        cards = [seen for seen in await who.sees() if seen.is_from_bot]
        shown = cards[-1].buttons if cards else []
        ahead = [label for label in shown if not label.startswith(AROUND)]
        if "✅ 提交" in shown:
            await who.presses("✅ 提交", on=cards[-1])
        elif ahead and self._chance.random() < 0.8:
            await who.presses(self._chance.choice(ahead), on=cards[-1])
        elif "暂存" in shown or "取消" in shown:
            await who.says(self._chance.choice(PLAIN))
        else:
            await who.says("填报")

    async def _says(self, who: Person) -> None:
        words = self._chance.choice(WORDS)
        self._said[who.id].append(await who.says(words))

    async def _presses(self, who: Person) -> None:
        shown = [seen for seen in await who.sees() if seen.buttons]
        if not shown:
            return await self._says(who)
        card = shown[-1] if self._chance.random() < 0.7 else self._chance.choice(shown)
        row = self._chance.randrange(len(card.keyboard))
        col = self._chance.randrange(len(card.keyboard[row]))
        await who.presses(on=card, row=row, col=col)
        return None

    async def _sends(self, who: Person) -> None:
        kind = self._chance.randrange(3)
        if kind == 0:
            await who.sends_photo(b"\x89PNG", caption=self._chance.choice(("", "现场")))
        elif kind == 1:
            await who.sends_voice()
        elif kind == 2:
            await who.sends_document(b"PK\x03\x04", name="台账.xlsx")
        else:
            await who.shares_location(36.2, 117.6)

    async def _edits(self, who: Person) -> None:
        if self._said[who.id]:
            number = self._chance.choice(self._said[who.id])
            await who.edits(number, self._chance.choice(WORDS))


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_that_people_do_makes_the_bot_fail(district: District, seed: int) -> None:
    """What failed, was refused or broke the contract, the district itself finds at the end."""
    names = (OFFICE, APPROVER, SPONSOR, LI, YANG, HE)
    whim = Whim(seed, district, [await district.person(name) for name in names])
    for number in range(STEPS):
        await whim.follows()
        if number == STEPS // 2:
            await district.bot_restarts()
    await district.rests()
    assert not district.value(select(func.count()).where(inbox.c.state != InboxState.DONE))
    live = select(draft.c.person_id).where(draft.c.live)
    assert len(district.rows(live)) == len({row.person_id for row in district.rows(live)})
    pairs = [tuple(row) for row in district.rows(select(report.c.project_id, report.c.period))]
    assert len(pairs) == len(set(pairs))
