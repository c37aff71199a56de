"""The monthly investment sheet, and its agreement with the lump in the project's own row."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from ledger.cells import line_of
from ledger.columns import Field
from ledger.draft import InvestmentEntry, ProjectEntry
from ledger.findings import Findings, spot_of
from ledger.header import Column, Table
from ledger.money import MoneyUnit, amount_of
from ledger.rows import Line, RowKind, lines_of
from rules.refusal import Unusable

TOLERANCE = Decimal("0.05")  # twelve months rounded to a hundredth of 万元


def read_months(
    table: Table,
    year: int,
    known: Callable[[str], str | None],
    unit_of: Callable[[Column], MoneyUnit],
    findings: Findings,
) -> list[InvestmentEntry]:
    """`known` gives the name under which a project is kept, "" if its row was held back."""
    columns = [
        one
        for one in (*table.all_of(Field.MONTH), *table.all_of(Field.YEAR_TO_DATE))
        if one.heading.month and one.heading.year in {None, year}
    ]
    found: list[InvestmentEntry] = []
    seen: dict[str, int] = {}
    for line in lines_of(table):
        if line.kind is not RowKind.ENTRY:
            continue
        spot = spot_of(table, line.row.number, table.column(Field.NAME))
        words = line_of(table.cell(line.row, Field.NAME))
        name = known(words) if words else None
        if name is None:
            findings.error("month_of_unknown_project", spot, name=words)
            continue
        if name in seen:
            findings.error("month_row_twice", spot, name=name, first_row=seen[name])
            continue
        if not name:
            continue
        seen[name] = line.row.number
        entries = _read_row(table, line, name, columns, unit_of, findings)
        _check_row(table, line, entries, unit_of, findings)
        found.extend(entries)
    return found


def _read_row(
    table: Table,
    line: Line,
    name: str,
    columns: list[Column],
    unit_of: Callable[[Column], MoneyUnit],
    findings: Findings,
) -> list[InvestmentEntry]:
    """The row's months; one unreadable amount keeps the row out, since its sum would be wrong."""
    found: list[InvestmentEntry] = []
    failed = False
    for column in columns:
        try:
            amount = amount_of(line.row.cell(column.index), unit_of(column))
        except Unusable as refusal:
            spot = spot_of(table, line.row.number, column)
            findings.error(refusal.key, spot, **refusal.facts)
            failed = True
            continue
        if amount is None:
            continue
        spot = spot_of(table, line.row.number, column)
        heading = column.heading
        if amount < 0:
            findings.warn("month_negative", spot, name=name, amount=amount)
        if any(_inside(one, heading.first_month, heading.month) for one in found):
            _check_lump(name, found, heading.first_month, heading.month, amount, column, findings)
            continue
        found.append(InvestmentEntry(name, heading.first_month, heading.month, amount, spot))
    return [] if failed else found


def _inside(entry: InvestmentEntry, first: int, last: int) -> bool:
    return first <= entry.month and entry.first_month <= last


def _check_lump(
    name: str,
    found: list[InvestmentEntry],
    first: int,
    last: int,
    amount: Decimal,
    column: Column,
    findings: Findings,
) -> None:
    inside = [one for one in found if first <= one.first_month and one.month <= last]
    summed = sum((one.amount for one in inside), Decimal(0))
    if abs(summed - amount) > TOLERANCE:
        spot = found[0].spot
        facts = {"name": name, "stated": amount, "summed": summed, "title": column.title}
        findings.warn("month_sum_differs", spot, **facts)


def _check_row(
    table: Table,
    line: Line,
    entries: list[InvestmentEntry],
    unit_of: Callable[[Column], MoneyUnit],
    findings: Findings,
) -> None:
    column = table.column(Field.SUM)
    if column is None or not entries:
        return
    try:
        stated = amount_of(line.row.cell(column.index), unit_of(column))
    except Unusable:
        return
    summed = sum((one.amount for one in entries), Decimal(0))
    if stated is not None and abs(stated - summed) > TOLERANCE:
        spot = spot_of(table, line.row.number, column)
        facts = {"name": entries[0].project, "stated": stated, "summed": summed}
        findings.warn("month_sum_differs", spot, title=column.title, **facts)


def settle_investments(
    sheets: list[InvestmentEntry], rows: list[InvestmentEntry], findings: Findings
) -> tuple[InvestmentEntry, ...]:
    """The monthly sheet speaks first; months in project rows fill what it leaves open."""
    settled = list(sheets)
    spoken: dict[str, list[InvestmentEntry]] = defaultdict(list)
    for entry in sheets:
        spoken[entry.project].append(entry)
    for entry in rows:
        same = spoken[entry.project]
        inside = [one for one in same if _inside(one, entry.first_month, entry.month)]
        if not inside:
            settled.append(entry)
        elif abs(sum((one.amount for one in inside), Decimal(0)) - entry.amount) > TOLERANCE:
            facts = {"name": entry.project, "first": entry.first_month, "last": entry.month}
            findings.warn("month_differs", entry.spot, **facts)
    return tuple(settled)


def check_year_to_date(
    projects: Iterable[ProjectEntry], entries: tuple[InvestmentEntry, ...], findings: Findings
) -> None:
    """Warn where 1-N月完成投资 in the project's row is not the sum of its months."""
    by_project: dict[str, list[InvestmentEntry]] = defaultdict(list)
    for entry in entries:
        by_project[entry.project].append(entry)
    for project in projects:
        lump, months = project.year_to_date, by_project[project.name]
        if lump is None or not months:
            continue
        until = [one.amount for one in months if one.month <= lump.month]
        summed = sum(until, Decimal(0))
        if abs(summed - lump.amount) > TOLERANCE:
            facts = {"name": project.name, "month": lump.month}
            spot = project.spot
            findings.warn("lump_differs", spot, stated=lump.amount, summed=summed, **facts)
