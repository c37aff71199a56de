"""What all parts of one ledger import share: the desk, the year, who imports and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table

from actions.desk import Desk


@dataclass(frozen=True, slots=True)
class LedgerDesk:
    """`by` is the importing person, None for the command line; `reason` explains new plans."""

    desk: Desk
    year: int
    by: int | None
    reason: str

    @property
    def tx(self) -> Connection:
        return self.desk.tx

    @property
    def today(self) -> date:
        return self.desk.office.today(self.desk.now)

    def insert(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Many rows at once; all of them name the same columns."""
        gathered = list(rows)
        if gathered:
            self.tx.execute(table.insert(), gathered)

    def stamp(self) -> dict[str, Any]:
        return {"recorded_at": self.desk.now, "recorded_by": self.by}
