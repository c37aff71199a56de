"""The real bot as its user starts it, killed as by a power cut: nothing lost, nothing twice."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rehearsal.company import Company
from rehearsal.people import Group, Person
from tests.district import ACCOUNTS, START, Templates
from tests.district_book import APPROVER, LI, OFFICE

DEADLINE = 20.0


class Killed:
    """A company whose bot dies now and then, and its books as anybody can read them."""

    def __init__(self, company: Company) -> None:
        self.company = company

    async def person(self, name: str) -> Person:
        made = await self.company.people.person(name, id=ACCOUNTS[name])
        await made.says("/help")
        return made

    def count(self, query: str) -> int:
        with sqlite3.connect(self.company.folder / "diaodu.sqlite", timeout=10) as books:
            return int(books.execute(query).fetchone()[0])

    async def until(self, query: str, count: int) -> None:
        deadline = asyncio.get_running_loop().time() + DEADLINE
        while self.count(query) != count:
            assert asyncio.get_running_loop().time() < deadline, (query, self.count(query))
            await asyncio.sleep(0.02)

    async def dies_and_returns(self) -> None:
        await self.company.kill_bot()
        await self.company.people.faults.clear()
        await self.company.start_bot()


@pytest.fixture
async def killed(tmp_path: Path, templates: Templates) -> AsyncIterator[Killed]:
    (tmp_path / "diaodu.sqlite").write_bytes(templates.at_work.read_bytes())
    async with Company(tmp_path, start=START.isoformat()) as company:
        await company.start_bot()
        yield Killed(company)


async def bound_hall(killed: Killed, kong: Person, meng: Person) -> Group:
    hall = await killed.company.people.group("调度群", owner=kong)
    await kong.says("/bind", where=hall)
    await meng.waits_for("申请把周通报发到这个群", timeout=DEADLINE)
    await meng.presses("✅ 确认")
    await hall.waits_for("今后发在这里", timeout=DEADLINE)
    return hall


async def test_what_was_acknowledged_and_not_done_is_done_once_after_a_kill(
    killed: Killed,
) -> None:
    people = killed.company.people
    kong, meng = await killed.person(OFFICE), await killed.person(APPROVER)
    hall = await people.group("调度群", owner=kong)
    # The handler of /bind asks for the number of members: there it hangs, between the two.
    await people.faults.add("delay", method="getChatMemberCount", seconds=60)
    await kong.says("/bind", where=hall)
    await killed.until("SELECT count(*) FROM inbox WHERE state = 'new'", 1)
    while await people.pending():
        await asyncio.sleep(0.02)
    assert killed.count("SELECT count(*) FROM group_binding") == 0
    await killed.dies_and_returns()
    await meng.waits_for("申请把周通报发到这个群", timeout=DEADLINE)
    await killed.until("SELECT count(*) FROM inbox WHERE state = 'new'", 0)
    await killed.until("SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')", 0)
    assert killed.count("SELECT count(*) FROM group_binding") == 1
    asked = [seen for seen in await meng.sees() if "申请把周通报发到这个群" in seen.text]
    assert len(asked) == 1


async def test_a_reply_comes_once_or_twice_and_a_bulletin_never_twice_after_a_kill(
    killed: Killed,
) -> None:
    people = killed.company.people
    kong, meng, li = [await killed.person(name) for name in (OFFICE, APPROVER, LI)]
    hall = await bound_hall(killed, kong, meng)
    await people.clock.set("2024-11-01T08:30:00+08:00")
    await meng.waits_for("请审签", timeout=DEADLINE)
    await people.faults.add("delay", method="sendMessage", chat_id=hall.id, seconds=60)
    await people.faults.add("delay", method="sendMessage", chat_id=li.id, seconds=60)
    await meng.presses("✅ 发布")
    await li.says("我的")
    for chat_id in (hall.id, li.id):
        sending = f"chat_id = {chat_id} AND state = 'sending'"
        await killed.until(f"SELECT count(*) FROM outbox WHERE {sending}", 1)
    await killed.dies_and_returns()
    await kong.waits_for("已停下等您决定", timeout=DEADLINE)
    await li.waits_for("项目", timeout=DEADLINE)
    assert [seen for seen in await hall.sees() if "第1期" in seen.text] == []
    assert killed.count("SELECT count(*) FROM outbox WHERE state = 'held'") == 1
    await kong.presses("群里没有，再发一次")
    await hall.waits_for("第1期", timeout=DEADLINE)
    await killed.until("SELECT count(*) FROM bulletin WHERE state = 'posted'", 1)
    assert len([seen for seen in await hall.sees() if "第1期" in seen.text]) == 1
