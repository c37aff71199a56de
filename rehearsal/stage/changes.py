"""Everything visible that happened, in one numbered row that pages and scripts can follow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rehearsal.stage.bell import Bell

Json = dict[str, Any]

MOST_KEPT = 100_000


class ChangeKind(StrEnum):
    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    PIN = "pin"
    POPUP = "popup"
    MEMBER = "member"
    MENU = "menu"
    TYPING = "typing"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Change:
    sequence: int
    kind: ChangeKind
    chat_id: int | None = None
    message_id: int | None = None
    person_id: int | None = None

    def as_json(self) -> Json:
        return {
            "sequence": self.sequence,
            "kind": self.kind.value,
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "person_id": self.person_id,
        }


class Changes:
    """The newest hundred thousand; older ones fall off the row's beginning."""

    def __init__(self) -> None:
        self._row: list[Change] = []
        self._dropped = 0
        self.bell = Bell()

    @property
    def last(self) -> int:
        return self._dropped + len(self._row)

    def add(
        self,
        kind: ChangeKind,
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
        person_id: int | None = None,
    ) -> int:
        sequence = self.last + 1
        self._row.append(Change(sequence, kind, chat_id, message_id, person_id))
        if len(self._row) > 2 * MOST_KEPT:
            self._dropped += MOST_KEPT
            del self._row[:MOST_KEPT]
        self.bell.ring()
        return sequence

    def after(self, sequence: int) -> list[Change]:
        return self._row[max(sequence - self._dropped, 0) :]
