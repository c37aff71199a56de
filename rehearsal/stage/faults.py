"""Faults on request: which of the bot's calls go wrong, how, and how often."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class FaultKind(StrEnum):
    ERROR = "error"
    DELAY = "delay"
    REFUSE = "refuse"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    DUPLICATE_UPDATE = "duplicate_update"
    LATE = "late"
    BAD_JSON = "bad_json"


@dataclass(slots=True)
class Fault:
    """A rule; `times` None means until it is cleared, `probability` below 1 is drawn by `seed`."""

    id: int
    kind: FaultKind
    method: str = "*"
    chat_id: str | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float = 1.0
    code: int = 500
    description: str = "Internal Server Error"
    parameters: Json | None = None
    hits: int = 0
    chance: random.Random = field(default_factory=random.Random)

    @property
    def is_spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def strikes(self, method: str, chat_id: str | None) -> bool:
        if self.is_spent or self.method.lower() not in ("*", method.lower()):
            return False
        if self.kind is FaultKind.REFUSE:
            return False
        if self.kind is FaultKind.DUPLICATE_UPDATE and method.lower() != "getupdates":
            return False
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        return self.probability >= 1 or self.chance.random() < self.probability

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "method": self.method,
            "chat_id": self.chat_id,
            "times": self.times,
            "probability": self.probability,
            "seconds": self.seconds,
            "code": self.code,
            "description": self.description,
            "parameters": self.parameters,
            "hits": self.hits,
        }


class Faults:
    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._count = 0

    def add(self, wish: Json) -> Fault:
        """From JSON: kind, method, chat_id, times, probability, seed and the kind's own words."""
        known = {"kind", "method", "chat_id", "times", "probability", "seed"}
        known |= {"seconds", "code", "description", "parameters"}
        if unknown := set(wish) - known:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        self._count += 1
        fault = Fault(self._count, FaultKind(wish.get("kind", "")))
        for name in known & set(wish) - {"kind", "seed", "chat_id"}:
            setattr(fault, name, wish[name])
        if wish.get("chat_id") is not None:
            fault.chat_id = str(wish["chat_id"])
        fault.chance = random.Random(wish.get("seed"))
        self._rules.append(fault)
        return fault

    def struck(self, method: str, chat_id: str | None) -> Fault | None:
        """The first rule that strikes this call; it counts as used."""
        if not self._rules:
            return None
        for fault in self._rules:
            if fault.strikes(method, chat_id):
                fault.hits += 1
                return fault
        return None

    def clear(self, fault_id: int | None = None) -> None:
        self._rules = [f for f in self._rules if fault_id is not None and f.id != fault_id]

    def listed(self) -> list[Fault]:
        return list(self._rules)
