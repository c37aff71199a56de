"""The growing list of remarks while a ledger is recognised."""

from ledger.draft import Finding, Severity, Spot
from ledger.header import Column, Table


class Findings:
    """Collects remarks in the order in which they are met."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def error(self, key: str, spot: Spot, **facts: object) -> None:
        """The row is kept out of the import."""
        self._found.append(Finding(Severity.ERROR, key, spot, facts))

    def block(self, key: str, spot: Spot, **facts: object) -> None:
        """Nothing can be imported."""
        self._found.append(Finding(Severity.ERROR, key, spot, facts, blocks=True))

    def warn(self, key: str, spot: Spot, **facts: object) -> None:
        self._found.append(Finding(Severity.WARNING, key, spot, facts))

    def note(self, key: str, spot: Spot, **facts: object) -> None:
        self._found.append(Finding(Severity.NOTE, key, spot, facts))

    def all(self) -> tuple[Finding, ...]:
        return tuple(self._found)


def spot_of(table: Table, row: int = 0, column: Column | None = None) -> Spot:
    """Where a remark points to."""
    if column is None:
        return Spot(table.sheet.name, row)
    return Spot(table.sheet.name, row, column.letter, column.title)
