"""What the office can say beside a file, where the file itself is silent or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.book import Cell
from ledger.cells import units_of
from ledger.money import MoneyUnit
from rules.terms import Level


@dataclass(frozen=True, slots=True)
class Hints:
    """`units` overrides a column's unit by its title or letter; `unit_aliases` maps a short name
    of a responsible unit to its full one; year, unit and level hold where the file names none.
    """

    year: int | None = None
    unit: MoneyUnit | None = None
    level: Level | None = None
    units: Mapping[str, MoneyUnit] = field(default_factory=dict)
    unit_aliases: Mapping[str, str] = field(default_factory=dict)

    def units_of(self, cell: Cell) -> tuple[str, ...]:
        """Responsible units by their full names, in their order."""
        return tuple(dict.fromkeys(self.unit_aliases.get(unit, unit) for unit in units_of(cell)))
