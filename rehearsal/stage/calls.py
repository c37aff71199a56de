"""The log of what the bot asked of Telegram, and where it broke the published contract."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rehearsal.stage.bell import Bell

Json = dict[str, Any]

MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call; `fault` names what the rehearsal did to it on purpose."""

    number: int
    method: str
    parameters: Json
    at: float
    seconds: float
    error: Json | None = None
    result: object = None
    fault: str = ""

    def as_json(self) -> Json:
        return {
            "number": self.number,
            "method": self.method,
            "parameters": self.parameters,
            "at": self.at,
            "seconds": round(self.seconds, 6),
            "ok": self.error is None,
            "error": self.error,
            "result": self.result,
            "fault": self.fault,
        }


class CallLog:
    """Polling for nothing is not logged; it would drown everything else."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST_KEPT)
        self.violations: deque[Json] = deque(maxlen=1000)
        self.count = 0
        self.running = 0
        self.bell = Bell()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While somebody waits for an answer, the bot is not at rest."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.bell.ring()

    def add(
        self,
        method: str,
        parameters: Json,
        *,
        at: float,
        seconds: float,
        error: Json | None = None,
        result: object = None,
        fault: str = "",
    ) -> None:
        self.count += 1
        call = Call(self.count, method, parameters, at, seconds, error, result, fault)
        self._calls.append(call)

    def violated(self, method: str, what: str) -> None:
        self.violations.append({"method": method, "what": what, "call": self.count + 1})

    def after(self, number: int, method: str = "") -> list[Call]:
        wanted: list[Call] = []
        for call in reversed(self._calls):
            if call.number <= number:
                break
            if not method or call.method == method:
                wanted.append(call)
        return wanted[::-1]
