"""CPU per committed conversation step, against a ConversationHandler that keeps nothing."""

import asyncio
import re
import sys
import tempfile
from asyncio.subprocess import Process
from pathlib import Path
from statistics import median

from benches.district import district_book
from benches.processes import cpu_seconds, resident_mib
from rehearsal.cast.person import Person
from rehearsal.company import ROOT, TOKEN, Company

PEOPLE = 24
ROUNDS = 4
STEPS = 6
SETTINGS = {
    "TELEGRAM__PER_SECOND": "100000",
    "TELEGRAM__PER_CHAT_SECOND": "100000",
    "TELEGRAM__CHAT_BURST": "100000",
    "LOG__LEVEL": "WARNING",
}
WEEKS = ("2024-11-04", "2024-11-11", "2024-11-18", "2024-11-25", "2024-12-02", "2024-12-09")


class Ours:
    """The real bot: one weekly report a person and week, in six typed messages."""

    words = ("填报", "主体三层施工", "完成三层浇筑", "四层模板支设", "无", "提交")

    def __init__(self, company: Company) -> None:
        self._company = company
        self.people: list[Person] = []

    async def set_up(self) -> int:
        ledger = self._company.folder / "ledger.xlsx"
        ledger.write_bytes(district_book(PEOPLE, per_contact=1, milestones=False))
        code, printed = await self._company.command("import", str(ledger), "--apply")
        assert not code, printed
        await self._company.start_bot()
        code, printed = await self._company.command("people", "invite")
        links = re.findall(r"\t(联系人\S+)\t\S+start=(\S+)$", printed, re.M)
        assert len(links) == PEOPLE, printed
        for name, link in links:
            person = await self._company.people.person(name)
            await person.opens_link(link)
            await person.waits_for("加入", timeout=30)
            self.people.append(person)
        return self._company.bot_pid

    async def new_week(self, week: str) -> None:
        await self._company.people.clock.set(f"{week}T11:00:00+08:00")
        await self._company.people.settle(quiet=1.0, timeout=60)


class Theirs:
    """Six steps, one reply each, everything in memory, default settings."""

    words = ("/report", "主体三层施工", "完成三层浇筑", "四层模板支设", "无", "提交")

    def __init__(self, company: Company) -> None:
        self._company = company
        self.people: list[Person] = []
        self.process: Process

    async def set_up(self) -> int:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benches.peer", TOKEN, self._company.url),
            cwd=ROOT,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await self._company.people.bot_listens(timeout=30)
        for number in range(PEOPLE):
            self.people.append(await self._company.people.person(f"联系人{number}"))
        return self.process.pid

    async def new_week(self, week: str) -> None:
        await self._company.people.settle(quiet=0.2, timeout=60)


async def _round(side: Ours | Theirs, pid: int) -> float:
    """CPU seconds of the bot's process for one conversation of each person, per step."""
    before = cpu_seconds(pid)
    await asyncio.gather(*(_converse(person, side.words) for person in side.people))
    return (cpu_seconds(pid) - before) / (len(side.people) * STEPS)


async def _converse(person: Person, words: tuple[str, ...]) -> None:
    for each in words:
        await person.has_read()
        await person.says(each)
        await person.waits_for("", timeout=60)


async def compare() -> dict[str, float]:
    """Medians of alternating rounds, in milliseconds, their ratio, and our memory at rest."""
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        a = Company(Path(folder) / "ours", start="2024-10-31T20:00:00+08:00",
                    tick_seconds=15.0, settings=SETTINGS)  # fmt: skip
        b = Company(Path(folder) / "theirs", start="2024-10-31T20:00:00+08:00")
        async with a, b:
            for company in (a, b):
                await company.people.limits(is_on=False)
            mine, peer = Ours(a), Theirs(b)
            my_pid, peer_pid = await mine.set_up(), await peer.set_up()
            at_rest = resident_mib(my_pid)
            for number, week in enumerate(WEEKS[: ROUNDS + 1]):
                await mine.new_week(week)
                await peer.new_week(week)
                my_step, peer_step = await _round(mine, my_pid), await _round(peer, peer_pid)
                if number:  # the first round warms both up
                    ours.append(my_step * 1000)
                    theirs.append(peer_step * 1000)
            memory = resident_mib(my_pid)
            peer.process.terminate()
            await peer.process.wait()
    return {
        "ours_ms": median(ours),
        "theirs_ms": median(theirs),
        "ratio": median(a / b for a, b in zip(ours, theirs, strict=True)),
        "rest_mib": at_rest,
        "after_mib": memory,
    }


if __name__ == "__main__":
    print(asyncio.run(compare()))
