"""One row of a project sheet: its cells by field, read with their errors noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ledger.book import Cell, Row
from ledger.cells import text_of
from ledger.columns import AMOUNTS, Field
from ledger.dates import month_of, span_of
from ledger.draft import Spot
from ledger.findings import Findings, spot_of
from ledger.header import Column, Table
from ledger.money import MoneyUnit, amount_of
from rules.refusal import Unusable

T = TypeVar("T")


@dataclass(slots=True)
class ProjectRow:
    """`failed` says that an error was met: the row must be kept out."""

    table: Table
    columns: Mapping[Field, Column]
    unit_of: Callable[[Column], MoneyUnit]
    findings: Findings
    row: Row
    failed: bool = False

    def cell(self, which: Field) -> Cell:
        column = self.columns.get(which)
        return self.row.cell(column.index) if column else None

    def joined(self, *fields: Field) -> Cell:
        """The cells of all columns of these fields as one list (责任单位 and 配合单位)."""
        columns = [one for which in fields for one in self.table.all_of(which)]
        cells = (text_of(self.row.cell(one.index)) for one in columns)
        return "、".join(words for words in cells if words)

    def spot(self, which: Field | None = None) -> Spot:
        column = self.columns.get(which) if which else None
        return spot_of(self.table, self.row.number, column)

    def fail(self, key: str, which: Field, **facts: object) -> None:
        self.failed = True
        self.findings.error(key, self.spot(which), **facts)

    def amounts(self) -> dict[Field, Decimal | None]:
        """Amounts that cannot be read are missing from the result; absent ones are None."""
        amounts: dict[Field, Decimal | None] = {}
        for which in AMOUNTS:
            if which not in self.columns:
                continue
            try:
                amounts[which] = self.amount(self.columns[which])
            except Unusable as refusal:
                self.fail(refusal.key, which, **refusal.facts)
                continue
            amount = amounts[which]
            if amount is not None and amount < 0:
                self.fail("amount_negative", which, amount=amount)
        return amounts

    def amount(self, column: Column) -> Decimal | None:
        return amount_of(self.row.cell(column.index), self.unit_of(column))

    def span(self) -> tuple[date | None, date | None]:
        """The months of start and finish; own columns for them go before 建设起止年月."""
        start_on, finish_on = self._dates(Field.SPAN, span_of) or (None, None)
        if Field.START in self.columns:
            start_on = self._dates(Field.START, month_of)
        if Field.FINISH in self.columns:
            finish_on = self._dates(Field.FINISH, _month_at_year_end)
        if start_on and finish_on and finish_on < start_on:
            self.findings.warn("span_reversed", self.spot())
        return start_on, finish_on

    def _dates(self, which: Field, read: Callable[[Cell], T]) -> T | None:
        try:
            return read(self.cell(which))
        except Unusable as refusal:
            if refusal.key == "date_impossible":
                self.fail(refusal.key, which, **refusal.facts)
            else:
                self.findings.warn(refusal.key, self.spot(which), **refusal.facts)
            return None


def _month_at_year_end(cell: Cell) -> date | None:
    return month_of(cell, at_year_end=True)
