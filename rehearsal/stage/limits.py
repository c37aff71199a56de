"""Flood limits by chat, by group and overall, as buckets that leak with simulated time."""

import math
from dataclasses import dataclass, fields

from rehearsal.stage.clock import Clock
from rehearsal.stage.refusals import too_many


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many messages at once, and how many per second after that."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's stated figures; its real ones are not published and vary."""

    chat: Allowance = Allowance(burst=20, per_second=1.0)
    group: Allowance = Allowance(burst=20, per_second=20 / 60)
    overall: Allowance = Allowance(burst=30, per_second=30.0)
    is_on: bool = True

    def changed(self, wishes: dict[str, object]) -> "Limits":
        """From JSON such as {"is_on": false} or {"group": {"burst": 5, "per_second": 0.1}}."""
        unknown = set(wishes) - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"no such limit: {', '.join(sorted(unknown))}")
        return Limits(
            chat=_allowance(wishes.get("chat"), self.chat),
            group=_allowance(wishes.get("group"), self.group),
            overall=_allowance(wishes.get("overall"), self.overall),
            is_on=bool(wishes.get("is_on", self.is_on)),
        )

    def as_json(self) -> dict[str, object]:
        buckets = {
            name: {"burst": made.burst, "per_second": made.per_second}
            for name, made in (
                ("chat", self.chat),
                ("group", self.group),
                ("overall", self.overall),
            )
        }
        return {"is_on": self.is_on, **buckets}


def _allowance(wish: object, now: Allowance) -> Allowance:
    if not isinstance(wish, dict):
        return now
    made = Allowance(burst=int(wish["burst"]), per_second=float(wish["per_second"]))
    if made.burst < 1 or made.per_second <= 0:
        raise ValueError("a limit lets at least one message through, and time heals it")
    return made


class FloodGate:
    """One number per bucket: the moment at which it will be empty again."""

    def __init__(self, clock: Clock, limits: Limits | None = None) -> None:
        self._clock = clock
        self.limits = limits or Limits()
        self._empty_at: dict[int, float] = {}

    def pass_through(self, chat_id: int, *, is_group: bool) -> None:
        """Counts one message; raises 429 with the seconds to wait, and then counts nothing."""
        if not self.limits.is_on:
            return
        now = self._clock.flow()
        mine = self.limits.group if is_group else self.limits.chat
        wait = max(self._wait(chat_id, mine, now), self._wait(0, self.limits.overall, now))
        if wait > 0:
            raise too_many(math.ceil(wait))
        self._count(chat_id, mine, now)
        self._count(0, self.limits.overall, now)

    def _wait(self, key: int, allowance: Allowance, now: float) -> float:
        full = self._empty_at.get(key, now) - now
        return full - (allowance.burst - 1) / allowance.per_second - 1e-9

    def _count(self, key: int, allowance: Allowance, now: float) -> None:
        self._empty_at[key] = max(self._empty_at.get(key, now), now) + 1 / allowance.per_second
