"""The company of a rehearsal: the simulator and the real bot, two processes over one folder."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from rehearsal.people import People

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "7000000001:AAE-rehearsal-token-not-a-secret-00"
START_SECONDS = 20.0


class NotStarted(Exception):
    """A process of the company did not come up; its last lines say why."""


class Company:
    """`async with Company(folder, start="2024-10-31T16:00:00+08:00") as company:`.

    The bot is reached as its user would: by HTTP and by its command line.
    """

    def __init__(
        self,
        folder: Path,
        *,
        start: str,
        rate: float = 0.0,
        tick_seconds: float = 0.1,
        settings: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self._start = start
        self._rate = rate
        self._python = python
        self._clock = folder / "clock.json"
        self._config = folder / "config.toml"
        self._more = {"CLOCK__TICK_SECONDS": str(tick_seconds), **(settings or {})}
        self._simulator: asyncio.subprocess.Process | None = None
        self._bot: asyncio.subprocess.Process | None = None
        self.url = ""
        self.people_url = ""
        self.people: People

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._config.exists():
            self._config.write_text((ROOT / "config.toml").read_text("utf-8"), "utf-8")
        await self._raise_curtain()
        self.people = await People(self.people_url).__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.people.__aexit__(kind, error, trace)
        await self.stop_bot()
        await _ended(self._simulator, signal.SIGTERM)

    async def _raise_curtain(self) -> None:
        ready = self.folder / "simulator.json"
        ready.unlink(missing_ok=True)
        self._simulator = await asyncio.create_subprocess_exec(
            self._python,
            "-m",
            "rehearsal.simulator",
            *("--token", TOKEN, "--clock-file", str(self._clock), "--ready-file", str(ready)),
            *("--start", self._start, "--rate", str(self._rate)),
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
        )
        told = json.loads(await self._told_in(ready))
        self.url, self.people_url = told["url"], told["people_url"]

    async def _told_in(self, ready: Path) -> str:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while not ready.exists() or not ready.read_text().strip():
            assert self._simulator is not None
            if self._simulator.returncode is not None:
                raise NotStarted("the simulator stopped")
            if asyncio.get_running_loop().time() > deadline:
                raise NotStarted("the simulator did not come up")
            await asyncio.sleep(0.02)
        return ready.read_text().strip()

    @property
    def environment(self) -> dict[str, str]:
        """What the bot is told: nothing but its settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DIAODU_")}
        told = {
            "TELEGRAM__TOKEN": TOKEN,
            "TELEGRAM__BASE_URL": self.url,
            "CLOCK__FILE": str(self._clock),
            **self._more,
        }
        return kept | {f"DIAODU_{name}": value for name, value in told.items()}

    @property
    def bot_pid(self) -> int:
        """Of the running bot, for whoever measures it."""
        if self._bot is None or self._bot.returncode is not None:
            raise NotStarted("no bot is running")
        return self._bot.pid

    async def start_bot(self) -> None:
        """Returns when the bot polls."""
        with self.log.open("ab") as log:
            self._bot = await asyncio.create_subprocess_exec(
                self._python,
                *("bot.py", "run", "--config", str(self._config)),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            await self.people.bot_listens(timeout=START_SECONDS)
        except Exception as fault:
            raise NotStarted(self.log.read_text("utf-8")[-2000:]) from fault

    async def stop_bot(self) -> int | None:
        """As an operator stops it: SIGTERM, and waiting until it has put everything down."""
        return await _ended(self._bot, signal.SIGTERM)

    async def kill_bot(self) -> None:
        """As a power cut stops it."""
        await _ended(self._bot, signal.SIGKILL)

    async def command(self, *words: str) -> tuple[int, str]:
        """The bot's command line; its exit code and what it printed."""
        child = await asyncio.create_subprocess_exec(
            self._python,
            *("bot.py", *words, "--config", str(self._config)),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await child.communicate()
        return child.returncode or 0, printed.decode("utf-8", "replace")

    def office_code(self) -> str:
        """The one-time code that the bot printed at its first start."""
        lines = self.log.read_text("utf-8").splitlines()
        links = [line for line in lines if "?start=" in line]
        return links[-1].split("?start=")[1].strip()


async def _ended(process: asyncio.subprocess.Process | None, how: signal.Signals) -> int | None:
    if process is None or process.returncode is not None:
        return None if process is None else process.returncode
    process.send_signal(how)
    return await process.wait()
