"""From the cells of a file to a ledger draft: which sheet is which, and what its rows say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from ledger.book import Book, column_letter
from ledger.columns import AMOUNTS, Field
from ledger.draft import (
    LedgerDraft,
    MilestoneEntry,
    PersonEntry,
    SheetReading,
    Spot,
)
from ledger.findings import Findings, spot_of
from ledger.frame import Frame, frame_of
from ledger.header import Column, Kind, Table, find_table
from ledger.hints import Hints
from ledger.identity import merge_projects
from ledger.milestones import read_milestones
from ledger.money import MoneyUnit
from ledger.months import check_year_to_date, read_months, settle_investments
from ledger.people import gather_people, read_people
from ledger.projects import ProjectRows, attributes_of, read_projects
from ledger.unit_names import near_names


@dataclass(slots=True)
class _Sheets:
    """The recognised sheets of a file with what stands around them."""

    framed: list[tuple[Table, Frame]] = field(default_factory=list)

    def of(self, kind: Kind) -> list[tuple[Table, Frame]]:
        return [(table, frame) for table, frame in self.framed if table.kind is kind]


def recognise(book: Book, hints: Hints | None = None) -> LedgerDraft:
    """Read a whole file; whatever is doubtful or wrong becomes a finding, never an exception."""
    hints = hints or Hints()
    findings = Findings()
    sheets = _find_sheets(book, findings)
    year = _year(sheets, hints)
    units = _Units(sheets, hints, findings)
    if year is None:
        findings.block("year_missing", Spot())
    rows = _read_project_sheets(sheets, year or 0, hints, units, findings)
    projects = merge_projects(rows.entries, rows.held, findings)
    if not projects and not rows.held:
        findings.block("no_projects", Spot())
    known = _known(rows, {entry.name for entry in projects})
    months = [
        entry
        for table, frame in sheets.of(Kind.MONTHS)
        for entry in read_months(table, year or 0, known, units.of(table, frame), findings)
    ]
    kept = [entry for entry in rows.investments if known(entry.project)]
    investments = settle_investments(months, kept, findings)
    check_year_to_date(projects, investments, findings)
    people: list[PersonEntry] = []
    for table, _ in sheets.of(Kind.PEOPLE):
        people += read_people(table, hints, findings)
    _doubt_units(projects_units=[unit for one in projects for unit in one.units], findings=findings)
    return LedgerDraft(
        year=year or 0,
        as_of=next((frame.as_of for _, frame in sheets.framed if frame.as_of), None),
        projects=projects,
        investments=investments,
        milestones=_read_milestone_sheets(sheets, known, hints, findings),
        people=gather_people(people, projects, findings),
        sheets=tuple(_reading(table, units.of(table, frame)) for table, frame in sheets.framed),
        fields=frozenset().union(*(attributes_of(one) for one, _ in sheets.of(Kind.PROJECTS))),
        unknown_columns=_unknown_columns(sheets, findings),
        findings=findings.all(),
        held=frozenset(rows.held),
    )


def _find_sheets(book: Book, findings: Findings) -> _Sheets:
    sheets = _Sheets()
    for name in book.hidden:
        findings.note("sheet_hidden", Spot(name))
    for sheet in book.sheets:
        for row, column in sheet.cut_cells:
            findings.warn("text_cut", Spot(sheet.name, row, column_letter(column)))
        table = find_table(sheet)
        if table is None:
            findings.note("sheet_ignored", Spot(sheet.name))
        elif table.kind is Kind.PROJECTS and table.column(Field.NAME) is None:
            findings.block("name_column_missing", Spot(sheet.name))
        else:
            sheets.framed.append((table, frame_of(table)))
    return sheets


def _year(sheets: _Sheets, hints: Hints) -> int | None:
    named = [frame.year for _, frame in sheets.of(Kind.PROJECTS) if frame.year]
    return named[0] if named else hints.year


class _Units:
    """The unit of a column: the office's word, its heading, the unit line, an assumption."""

    def __init__(self, sheets: _Sheets, hints: Hints, findings: Findings) -> None:
        self.hints = hints
        named = [frame.unit for _, frame in sheets.of(Kind.PROJECTS) if frame.unit]
        self.shared = named[0] if named else hints.unit
        self.of_money = next(_units_of_money(sheets), None)
        for table, frame in sheets.of(Kind.PROJECTS):
            self._tell_assumption(table, frame, findings)

    def of(self, table: Table, frame: Frame) -> Callable[[Column], MoneyUnit]:
        @cache
        def unit_of(column: Column) -> MoneyUnit:
            told = self.hints.units.get(column.title) or self.hints.units.get(column.letter)
            of_months = self.of_money if table.kind is Kind.MONTHS else None
            own = column.heading.unit or frame.unit
            return told or own or self.shared or of_months or MoneyUnit.WAN

        return unit_of

    def _tell_assumption(self, table: Table, frame: Frame, findings: Findings) -> None:
        if frame.unit or self.shared:
            return
        for column in table.columns:
            told = column.title in self.hints.units or column.letter in self.hints.units
            if column.field in AMOUNTS and not column.heading.unit and not told:
                findings.warn("unit_assumed", spot_of(table, 0, column))


def _units_of_money(sheets: _Sheets) -> Iterator[MoneyUnit]:
    """Units in the headings of the project sheet: months without one are in the same."""
    for table, _ in sheets.of(Kind.PROJECTS):
        for one in (Field.YEAR_TO_DATE, Field.PLAN, Field.TOTAL):
            column = table.column(one)
            if column and column.heading.unit:
                yield column.heading.unit


def _read_project_sheets(
    sheets: _Sheets, year: int, hints: Hints, units: _Units, findings: Findings
) -> ProjectRows:
    read = ProjectRows()
    for table, frame in sheets.of(Kind.PROJECTS):
        rows = read_projects(table, frame, year, hints, units.of(table, frame), findings)
        read.entries += rows.entries
        read.investments += rows.investments
        read.held |= rows.held
    return read


def _known(rows: ProjectRows, names: set[str]) -> Callable[[str], str | None]:
    """The name under which a project is kept; "" if its row was held, None for a stranger."""
    name_of_folded = {_squeezed(name): name for name in names}

    def known(words: str) -> str | None:
        if words in names:
            return words
        if words in rows.held:
            return ""
        return name_of_folded.get(_squeezed(words))

    return known


def _squeezed(name: str) -> str:
    return "".join(name.split())


def _read_milestone_sheets(
    sheets: _Sheets, known: Callable[[str], str | None], hints: Hints, findings: Findings
) -> tuple[MilestoneEntry, ...]:
    found: list[MilestoneEntry] = []
    for table, _ in sheets.of(Kind.MILESTONES):
        found += read_milestones(table, known, hints, findings)
    return tuple(found)


def _doubt_units(projects_units: list[str], findings: Findings) -> None:
    for shorter, longer in near_names(projects_units):
        findings.warn("units_near", Spot(), shorter=shorter, longer=longer)


def _unknown_columns(sheets: _Sheets, findings: Findings) -> tuple[str, ...]:
    titles: dict[str, None] = {}
    for table, _ in sheets.framed:
        for column in table.unknown:
            if column.title and table.kind is Kind.PROJECTS:
                findings.note("column_kept", spot_of(table, 0, column))
                titles[column.title] = None
            elif column.title:
                findings.note("column_ignored", spot_of(table, 0, column))
    return tuple(titles)


def _reading(table: Table, unit_of: Callable[[Column], MoneyUnit]) -> SheetReading:
    column = table.column(Field.TOTAL) or table.column(Field.PLAN) or table.columns[0]
    return SheetReading(
        table.sheet.name,
        table.kind,
        unit_of(column),
        tuple((one.letter, one.title, one.field or "") for one in table.columns),
    )
