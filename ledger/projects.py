"""The rows of a project sheet, read into entries; a row with an error is held back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.aliases import class_of, level_of, levels_of, phase_from, phase_of
from ledger.cells import line_of, names_of, phone_of, text_of
from ledger.columns import Field
from ledger.draft import InvestmentEntry, MembershipEntry, ProjectEntry, YearToDate
from ledger.findings import Findings, spot_of
from ledger.frame import Frame
from ledger.header import Column, Table
from ledger.hints import Hints
from ledger.money import MoneyUnit
from ledger.project_row import ProjectRow
from ledger.rows import Line, RowKind, lines_of
from ledger.sentence import Sentence
from ledger.sums import SummedRow, check_sums
from rules.refusal import Unusable
from rules.terms import Level, Phase, ProjectClass

TEXTS = {
    "industry": Field.INDUSTRY,
    "carrier": Field.CARRIER,
    "content": Field.CONTENT,
    "progress": Field.PROGRESS,
    "problem": Field.PROBLEM,
    "note": Field.NOTE,
}
LINES = {
    "code": Field.CODE,
    "owner_name": Field.OWNER,
    "owner_head": Field.OWNER_HEAD,
    "task_force": Field.TASK_FORCE,
}
PHONES = {"owner_phone": Field.OWNER_PHONE, "phone": Field.PHONE}
NAMES = {
    "sponsors": Field.SPONSOR,
    "responsible": Field.RESPONSIBLE,
    "contacts": Field.CONTACT,
}
OTHERS = {
    "units": (Field.UNITS,),
    "total": (Field.TOTAL,),
    "prior": (Field.PRIOR,),
    "phase": (Field.PHASE,),
    "plan": (Field.PLAN,),
    "project_class": (Field.CLASS,),
    "start_on": (Field.SPAN, Field.START),
    "finish_on": (Field.SPAN, Field.FINISH),
}


@dataclass(slots=True)
class ProjectRows:
    """What one sheet gave; `held` are names and codes of rows with errors."""

    entries: list[ProjectEntry] = field(default_factory=list)
    investments: list[InvestmentEntry] = field(default_factory=list)
    summed: list[SummedRow] = field(default_factory=list)
    held: set[str] = field(default_factory=set)


def attributes_of(table: Table) -> frozenset[str]:
    """The attributes of a project and of its memberships for which the sheet has columns."""
    single = {**TEXTS, **LINES, **PHONES, **NAMES}
    wanted = {**{name: (one,) for name, one in single.items()}, **OTHERS}
    return frozenset(name for name, fields in wanted.items() if any(map(table.column, fields)))


def read_projects(
    table: Table,
    frame: Frame,
    year: int,
    hints: Hints,
    unit_of: Callable[[Column], MoneyUnit],
    findings: Findings,
) -> ProjectRows:
    """Read every row; the sheet's own totals are checked against what was read."""
    reader = _Reader(table, frame, year, hints, findings)
    lines = tuple(lines_of(table))
    for line in lines:
        if line.kind is RowKind.ENTRY:
            reader.read(line, ProjectRow(table, reader.columns, unit_of, findings, line.row))
        elif line.kind is RowKind.CONTINUED:
            findings.warn("row_continued", spot_of(table, line.row.number))
    reader.tell_assumptions()
    check_sums(table, lines, tuple(reader.found.summed), unit_of, findings)
    return reader.found


class _Reader:
    """Turns rows into entries, and counts what had to be assumed."""

    def __init__(
        self, table: Table, frame: Frame, year: int, hints: Hints, findings: Findings
    ) -> None:
        self.table = table
        self.frame = frame
        self.year = year
        self.hints = hints
        self.findings = findings
        self.found = ProjectRows()
        self.columns = {one.field: one for one in reversed(table.columns) if one.field}
        self.month = self._month_so_far()
        self.sheet_level = level_of(frame.title) or level_of(table.sheet.name)
        self.sheet_class = class_of(table.sheet.name)
        self.assumed_levels = 0
        self.assumed_classes = 0

    def read(self, line: Line, row: ProjectRow) -> None:
        name, code = line_of(row.cell(Field.NAME)), line_of(row.cell(Field.CODE))
        amounts = row.amounts()
        start_on, finish_on = row.span()
        if not name:
            row.fail("name_missing", Field.NAME)
        self.found.summed.append(SummedRow(line, name, amounts))
        if row.failed:
            self.found.held |= {name, code} - {""}
            return
        project_class, is_assumed = self._class(line, row, start_on)
        plan = amounts.get(Field.PLAN)
        memberships = tuple(
            MembershipEntry(level, project_class, plan, is_assumed, row.spot())
            for level in self._levels(line, row)
        )
        entry = self._entry(name, row, memberships, amounts, (start_on, finish_on))
        self._doubt(entry, plan, row)
        self.found.entries.append(entry)
        self.found.investments.extend(self._months(row, entry))

    def tell_assumptions(self) -> None:
        """Once per sheet, not once per row: a missing column is one fact."""
        spot = spot_of(self.table)
        if self.assumed_levels:
            level = self.hints.level or Level.DISTRICT
            said = Sentence(f"level.{level}")
            self.findings.warn("level_assumed", spot, count=self.assumed_levels, level=said)
        if self.assumed_classes:
            self.findings.warn("class_assumed", spot, count=self.assumed_classes)

    def _entry(
        self,
        name: str,
        row: ProjectRow,
        memberships: tuple[MembershipEntry, ...],
        amounts: dict[Field, Decimal | None],
        span: tuple[date | None, date | None],
    ) -> ProjectEntry:
        done = amounts.get(Field.YEAR_TO_DATE)
        stated = self._stated_phase(row)
        words: dict[str, Any] = {key: text_of(row.cell(one)) for key, one in TEXTS.items()}
        words |= {key: line_of(row.cell(one)) for key, one in LINES.items()}
        words |= {key: phone_of(row.cell(one)) for key, one in PHONES.items()}
        words |= {key: names_of(row.joined(one)) for key, one in NAMES.items()}
        classes = tuple(one.project_class for one in memberships)
        return ProjectEntry(
            name=name,
            memberships=memberships,
            phase=stated or phase_from(classes, words["progress"]),
            phase_is_stated=stated is not None,
            start_on=span[0],
            finish_on=span[1],
            total=amounts.get(Field.TOTAL),
            prior=amounts.get(Field.PRIOR),
            year_to_date=YearToDate(self.month, done) if done is not None and self.month else None,
            units=self.hints.units_of(row.joined(Field.UNITS, Field.SUPPORTING)),
            extra=self._extra(row),
            spot=row.spot(),
            **words,
        )

    def _levels(self, line: Line, row: ProjectRow) -> tuple[Level, ...]:
        words = text_of(row.cell(Field.LEVEL))
        levels = levels_of(words)
        if levels:
            return levels
        if words:
            self.findings.warn("level_unknown", row.spot(Field.LEVEL), words=words[:60])
        known = line.level or self.sheet_level
        if known is None:
            self.assumed_levels += 1
        return (known or self.hints.level or Level.DISTRICT,)

    def _class(
        self, line: Line, row: ProjectRow, start_on: date | None
    ) -> tuple[ProjectClass, bool]:
        """The class, and whether nothing but the start date speaks for it."""
        words = text_of(row.cell(Field.CLASS))
        stated = class_of(words) if words else None
        if words and stated is None:
            self.findings.warn("class_unknown", row.spot(Field.CLASS), words=words[:60])
        known = stated or line.project_class or self.sheet_class
        if known is None:
            self.assumed_classes += 1
        return known or self._class_by_start(start_on), known is None

    def _class_by_start(self, start_on: date | None) -> ProjectClass:
        if start_on is None or start_on.year < self.year:
            return ProjectClass.CONTINUING
        return ProjectClass.NEW_START if start_on.year == self.year else ProjectClass.PREPARATION

    def _stated_phase(self, row: ProjectRow) -> Phase | None:
        words = text_of(row.cell(Field.PHASE))
        phase = phase_of(words) if words else None
        if words and phase is None:
            self.findings.warn("phase_unknown", row.spot(Field.PHASE), words=words[:60])
        return phase

    def _extra(self, row: ProjectRow) -> tuple[tuple[str, str], ...]:
        cells = ((one.title, text_of(row.row.cell(one.index))) for one in self.table.unknown)
        return tuple((title, words) for title, words in cells if words)

    def _months(self, row: ProjectRow, entry: ProjectEntry) -> list[InvestmentEntry]:
        """Columns of single months, and what the year's lump leaves for the months before one."""
        months: list[InvestmentEntry] = []
        for column in self.table.all_of(Field.MONTH):
            month = column.heading.month or self._current_month()
            if not month or column.heading.year not in {None, self.year}:
                continue
            try:
                amount = row.amount(column)
            except Unusable as refusal:
                spot = spot_of(self.table, row.row.number, column)
                self.findings.error(refusal.key, spot, **refusal.facts)
                continue
            if amount is not None:
                months.append(InvestmentEntry(entry.name, month, month, amount, row.spot()))
        lump = entry.year_to_date
        if len(months) == 1 and lump and lump.month == months[0].month > 1:
            rest = lump.amount - months[0].amount
            months.insert(0, InvestmentEntry(entry.name, 1, lump.month - 1, rest, row.spot()))
        return months

    def _current_month(self) -> int:
        as_of = self.frame.as_of
        return as_of.month if as_of and as_of.year == self.year else 0

    def _month_so_far(self) -> int:
        column = self.columns.get(Field.YEAR_TO_DATE)
        if column is None:
            return 0
        return column.heading.month or self._current_month() or (0 if column.heading.so_far else 12)

    def _doubt(self, entry: ProjectEntry, plan: Decimal | None, row: ProjectRow) -> None:
        if entry.total is not None and plan is not None and plan > entry.total:
            facts = {"plan": plan, "total": entry.total, "name": entry.name}
            self.findings.warn("plan_above_total", row.spot(Field.PLAN), **facts)
        listed = any(one.project_class is not ProjectClass.PREPARATION for one in entry.memberships)
        if plan is None and listed and Field.PLAN in self.columns:
            self.findings.warn("plan_missing", row.spot(Field.PLAN), name=entry.name)
