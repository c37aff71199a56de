"""Which rows of a table are entries, and which are sections, sums, remarks or headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ledger.aliases import class_of, folded, level_of
from ledger.book import Row
from ledger.cells import line_of, text_of
from ledger.columns import AMOUNTS, Field
from ledger.header import Table
from rules.terms import Level, ProjectClass


class RowKind(StrEnum):
    """What one row of a table's body is."""

    ENTRY = "entry"
    SECTION = "section"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    REMARK = "remark"
    HEADING = "heading"
    CONTINUED = "continued"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between the rows, such as 一、省级重点项目; the row number makes it unique."""

    row: int
    depth: int
    words: str
    level: Level | None
    project_class: ProjectClass | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its kind, its label and the sections it stands in, outermost first."""

    kind: RowKind
    row: Row
    label: str
    sections: tuple[Section, ...]

    @property
    def level(self) -> Level | None:
        return next((one.level for one in reversed(self.sections) if one.level), None)

    @property
    def project_class(self) -> ProjectClass | None:
        found = (one.project_class for one in reversed(self.sections) if one.project_class)
        return next(found, None)


TOTAL = re.compile(r"(?:总|合|共|总合)计(?:[::]|\(.*\)|\d+[个项])*")
SUBTOTAL = re.compile(r"小计.*|[^\d]{1,20}(?:小计|合计)(?:\(.*\)|\d+[个项])?")
REMARK = re.compile(
    r"(?:备?注|说明|填报(?:单位|人|说明)?|填表人|制表人?|审核人?|单位负责人|联系人)\d*[::].*|[*※].*"
)
COUNT = re.compile(r"(?:.*[(共])?(\d+)[个项][)]?")
NUMERAL = "[一二三四五六七八九十]+"
DEPTHS = (
    (1, re.compile(rf"{NUMERAL}[、..,].*")),
    (2, re.compile(rf"[(]{NUMERAL}[)].*")),
)
LONE_NUMERAL = re.compile(rf"([(]?){NUMERAL}[)]?[、.]?")
# A heading without a number holds only words of level and class: 市级重点建设项目(48个).
PLAIN_SECTION = re.compile(
    r"(?:其中:?|自治区|省|市|城区|区|县|级|本级|重点|重大|建设|项目|工程|类|年度|本年|今年|计划|拟|续建|在建|结转"
    r"|新开工|新建|开工|竣工|投产|完工|前期|预备|储备|谋划|工作|共|和|及|、|20\d\d年|\(?\d+[个项]\)?|\(\d+\)|:)+"
)
LEVEL_DEPTH, CLASS_DEPTH = 3, 4
LONGEST_SECTION = 40
NO_DETAIL = frozenset({*AMOUNTS, Field.NUMBER, Field.NAME, Field.CODE, Field.MONTH, Field.SUM}) | {
    Field.RATE,
    Field.SINCE_START,
    Field.NOTE,
    Field.PERSON,
    None,
}


def lines_of(table: Table, name_field: Field = Field.NAME) -> Iterator[Line]:
    """The body's rows in their order; sections are carried on to the rows below them."""
    reader = _Reader(table, name_field)
    sections: tuple[Section, ...] = ()
    for row in table.body:
        kind, label = reader.kind(row)
        if kind is RowKind.SECTION:
            section = _section(row, label)
            sections = (*(one for one in sections if one.depth < section.depth), section)
        yield Line(kind, row, label, sections)


def _section(row: Row, label: str) -> Section:
    plain = folded(label)
    level, project_class = level_of(plain), class_of(plain)
    depth = next((depth for depth, pattern in DEPTHS if pattern.match(plain)), 0)
    if not depth:
        depth = LEVEL_DEPTH if level else CLASS_DEPTH
    return Section(row.number, depth, label, level, project_class)


class _Reader:
    """Decides the kind of a row from the few columns that matter."""

    def __init__(self, table: Table, name_field: Field) -> None:
        number, name = table.column(Field.NUMBER), table.column(name_field)
        self.number = number.index if number else -1
        self.name = name.index if name else -1
        self.title = folded(name.title) if name else ""
        self.details = [one.index for one in table.columns if one.field not in NO_DETAIL]
        self.continued = {
            row
            for merge in table.sheet.merges
            if merge.first_column == self.name
            for row in range(merge.first_row + 1, min(merge.last_row, merge.first_row + 500) + 1)
        }

    def kind(self, row: Row) -> tuple[RowKind, str]:
        name = line_of(row.cell(self.name))
        number = folded(text_of(row.cell(self.number)))
        if not name and row.number in self.continued:
            return RowKind.CONTINUED, name
        if any(TOTAL.fullmatch(folded(words)) for words in (name, number)):
            return RowKind.TOTAL, name or number
        if re.fullmatch(r"\d+(?:\.\d+)*", number) or self._has_details(row):
            is_heading = bool(name) and folded(name) == self.title
            return (RowKind.HEADING if is_heading else RowKind.ENTRY), name
        label = self._label(row, number, name)
        return self._kind_of(label, number), label

    def _has_details(self, row: Row) -> bool:
        cells = (row.cell(one) for one in self.details)
        return any(isinstance(one, str) and not COUNT.fullmatch(folded(one)) for one in cells)

    def _label(self, row: Row, number: str, name: str) -> str:
        if LONE_NUMERAL.fullmatch(number) and name:
            return f"{number.rstrip('、.')}、{name}" if number[0] != "(" else number + name
        words = (line_of(cell) for _, cell in row.filled() if isinstance(cell, str))
        return name or number or next(words, "")

    @staticmethod
    def _kind_of(label: str, number: str) -> RowKind:
        plain = folded(label)
        if SUBTOTAL.fullmatch(plain) or SUBTOTAL.fullmatch(folded(number)):
            return RowKind.SUBTOTAL
        if REMARK.match(plain):
            return RowKind.REMARK
        numbered = any(pattern.fullmatch(plain) for _, pattern in DEPTHS)
        named = PLAIN_SECTION.fullmatch(plain) and (level_of(plain) or class_of(plain))
        if len(plain) <= LONGEST_SECTION and (numbered or named):
            return RowKind.SECTION
        return RowKind.ENTRY
