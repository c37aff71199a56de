"""The milestone sheet: one row per 关键节点 of a project."""

from collections.abc import Callable
from datetime import date

from ledger.cells import line_of, names_of, text_of
from ledger.columns import Field
from ledger.dates import date_of
from ledger.draft import MilestoneEntry
from ledger.findings import Findings, spot_of
from ledger.header import Table
from ledger.hints import Hints
from ledger.rows import Line, RowKind, lines_of
from rules.refusal import Unusable

DONE_WORDS = frozenset({"是", "已完成", "完成", "√", "✓", "已办结", "已办理"})
NOT_DONE_WORDS = frozenset({"否", "未完成", "×", "推进中", "进行中", "办理中"})


def read_milestones(
    table: Table, known: Callable[[str], str | None], hints: Hints, findings: Findings
) -> tuple[MilestoneEntry, ...]:
    """`known` gives the name under which a project is kept, "" if its row was held back.

    Below a merged project name the name is carried on to the rows without one.
    """
    reader = _Reader(table, hints, findings)
    found: dict[tuple[str, str], MilestoneEntry] = {}
    carried = ""
    for line in lines_of(table):
        if line.kind not in {RowKind.ENTRY, RowKind.CONTINUED}:
            continue
        carried = reader.words(line, Field.NAME) or carried
        project = known(carried) if carried else None
        if project is None:
            reader.fail(line, Field.NAME, "milestone_of_unknown_project", name=carried)
            continue
        entry = reader.entry(line, project) if project else None
        if entry is None:
            continue
        key = (entry.project, entry.name)
        if key in found:
            facts = {"name": entry.name, "project": project, "first_row": found[key].spot.row}
            reader.fail(line, Field.MILESTONE, "milestone_twice", **facts)
            continue
        found[key] = entry
    return tuple(found.values())


class _Reader:
    """Reads the cells of one row after another."""

    def __init__(self, table: Table, hints: Hints, findings: Findings) -> None:
        self.table = table
        self.hints = hints
        self.findings = findings

    def words(self, line: Line, which: Field) -> str:
        return line_of(self.table.cell(line.row, which))

    def fail(self, line: Line, which: Field, key: str, **facts: object) -> None:
        spot = spot_of(self.table, line.row.number, self.table.column(which))
        self.findings.error(key, spot, **facts)

    def entry(self, line: Line, project: str) -> MilestoneEntry | None:
        name = self.words(line, Field.MILESTONE)
        if not name:
            self.fail(line, Field.MILESTONE, "milestone_without_name", project=project)
            return None
        try:
            due_on = self._date(line, Field.DUE)
            done_on = self._done(line)
        except Unusable as refusal:
            which = Field.DONE if refusal.facts.pop("done", None) else Field.DUE
            self.fail(line, which, refusal.key, **refusal.facts)
            return None
        units = Field.UNITS if self.table.column(Field.UNITS) else Field.UNIT
        return MilestoneEntry(
            project=project,
            name=name,
            due_on=due_on,
            done_on=done_on,
            unit="、".join(self.hints.units_of(self.words(line, units))),
            responsible="、".join(names_of(self.words(line, Field.RESPONSIBLE))),
            spot=spot_of(self.table, line.row.number),
        )

    def _date(self, line: Line, which: Field) -> date | None:
        return date_of(self.table.cell(line.row, which))

    def _done(self, line: Line) -> date | None:
        words = text_of(self.table.cell(line.row, Field.DONE))
        if words in NOT_DONE_WORDS:
            return None
        if words in DONE_WORDS:
            # The day is a fact that only the office knows; it is asked for, never made up.
            spot = spot_of(self.table, line.row.number, self.table.column(Field.DONE))
            self.findings.warn("done_without_day", spot, name=self.words(line, Field.MILESTONE))
            return None
        try:
            return self._date(line, Field.DONE)
        except Unusable as refusal:
            raise Unusable(refusal.key, **refusal.facts, done=True) from refusal
