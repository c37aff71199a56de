"""What a director turns: the simulated clock, and the faults that befall the bot."""

from datetime import datetime, timedelta
from typing import Any

from rehearsal.cast.line import Line

Json = dict[str, Any]


class ClockHand:
    """The simulated clock, as the rehearsal's director turns it."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self._line.get("/clock"))["now"])

    async def set(self, moment: datetime | str | None = None, *, rate: float | None = None) -> None:
        said = moment.isoformat() if isinstance(moment, datetime) else moment
        await self._line.post("/clock", now=said, rate=rate)

    async def forward(self, step: timedelta) -> None:
        await self.set(await self.now() + step)

    async def freeze(self) -> None:
        await self.set(rate=0)


class Faults:
    """What shall go wrong: `await faults.add("reset_after", method="sendMessage", times=1)`."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def add(self, kind: str, **more: object) -> Json:
        made: Json = await self._line.post("/faults", kind=kind, **more)
        return made

    async def listed(self) -> list[Json]:
        rules: list[Json] = await self._line.get("/faults")
        return rules

    async def clear(self) -> None:
        await self._line.delete("/faults")
