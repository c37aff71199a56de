"""Cross-checks: what a ledger's own totals and counts say against the rows below them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ledger.aliases import folded
from ledger.cells import text_of
from ledger.columns import AMOUNTS, Field
from ledger.draft import Spot
from ledger.findings import Findings
from ledger.header import Column, Table
from ledger.money import IN_WAN, MoneyUnit, amount_of
from ledger.rows import COUNT, Line, RowKind
from rules.refusal import Unusable

LEAST_TOLERANCE = Decimal("0.01")
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SummedRow:
    """A project row with the amounts it adds; `name` lets a project on two lists count once."""

    line: Line
    name: str
    amounts: dict[Field, Decimal | None]


def check_sums(
    table: Table,
    lines: Iterable[Line],
    rows: tuple[SummedRow, ...],
    unit_of: Callable[[Column], MoneyUnit],
    findings: Findings,
) -> None:
    """Warn where a total or a count differs by more than rounding explains.

    A 合计 speaks for the whole table, a section's own sums for its rows, a 小计 for the rows since
    the section began or the last 小计 ended.
    """
    columns = [(one, unit_of(one)) for one in table.columns if one.field in AMOUNTS]
    last_subtotal = 0
    for line in lines:
        scope: tuple[SummedRow, ...] = ()
        if line.kind is RowKind.TOTAL:
            scope = rows
        elif line.kind is RowKind.SECTION:
            scope = tuple(row for row in rows if line.sections[-1] in row.line.sections)
        elif line.kind is RowKind.SUBTOTAL:
            scope = _since(line, rows, last_subtotal)
            last_subtotal = line.row.number
        if scope:
            _check_amounts(table, line, scope, columns, findings)
            _check_count(table, line, scope, findings)


def _since(line: Line, rows: tuple[SummedRow, ...], last_subtotal: int) -> tuple[SummedRow, ...]:
    begun = max(last_subtotal, line.sections[-1].row if line.sections else 0)
    return tuple(row for row in rows if begun < row.line.row.number < line.row.number)


def _check_amounts(
    table: Table,
    line: Line,
    scope: tuple[SummedRow, ...],
    columns: list[tuple[Column, MoneyUnit]],
    findings: Findings,
) -> None:
    for column, unit in columns:
        assert column.field is not None
        try:
            stated = amount_of(line.row.cell(column.index), unit)
        except Unusable:
            continue
        if stated is None or any(column.field not in row.amounts for row in scope):
            continue
        sums = [_sum(scope, column.field), _sum(_once(scope), column.field)]
        tolerance = _tolerance(stated, unit, len(scope))
        if all(abs(stated - one) > tolerance for one in sums):
            spot = Spot(table.sheet.name, line.row.number, column.letter, column.title)
            findings.warn("sum_differs", spot, label=line.label, stated=stated, summed=sums[0])


def _sum(scope: Iterable[SummedRow], field: Field) -> Decimal:
    return sum((row.amounts[field] or Decimal(0) for row in scope), Decimal(0))


def _once(scope: tuple[SummedRow, ...]) -> tuple[SummedRow, ...]:
    return tuple({row.name: row for row in reversed(scope)}.values())


def _tolerance(stated: Decimal, unit: MoneyUnit, rows: int) -> Decimal:
    """Half of the last digit the total shows, once for itself and once for every row."""
    shown = (stated / IN_WAN[unit]).normalize()
    exponent = shown.as_tuple().exponent
    digit = Decimal(1).scaleb(min(int(exponent), 0)) * IN_WAN[unit]
    return max(LEAST_TOLERANCE, digit * HALF) + LEAST_TOLERANCE * HALF * rows


def _check_count(
    table: Table, line: Line, scope: tuple[SummedRow, ...], findings: Findings
) -> None:
    words = (folded(text_of(cell)) for _, cell in line.row.filled() if isinstance(cell, str))
    stated = next((int(match[1]) for one in words if (match := COUNT.fullmatch(one))), None)
    if stated is None or stated in {len(scope), len(_once(scope))}:
        return
    spot = Spot(table.sheet.name, line.row.number)
    findings.warn("count_differs", spot, label=line.label, stated=stated, counted=len(scope))
