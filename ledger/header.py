"""Finding the heading rows of a sheet, what kind of sheet it is, and which column holds what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ledger.aliases import class_of, level_of
from ledger.book import Cell, Row, Sheet, column_letter
from ledger.cells import text_of
from ledger.columns import (
    AMBIGUOUS,
    GROUP_LEAVES,
    OWNER_LEAVES,
    PROJECT_SIGNS,
    Field,
    fields_named,
    leaf_named,
)
from ledger.heading import Heading, read_heading

SEARCHED_ROWS = 30
DEEPEST = 3
LONGEST_HEADING = 60
SAMPLED_ROWS = 60
MANY_SIGNS = 4


class Kind(StrEnum):
    """What the rows of a sheet are."""

    PROJECTS = "projects"
    MONTHS = "months"
    MILESTONES = "milestones"
    PEOPLE = "people"


FIELDS = {
    Kind.PROJECTS: frozenset(Field)
    - {Field.SUM, Field.MILESTONE, Field.DUE, Field.DONE, Field.PERSON, Field.POST, Field.UNIT}
    - {Field.ROLE},
    Kind.MONTHS: frozenset({Field.NUMBER, Field.NAME, Field.CODE, Field.MONTH, Field.SUM})
    | {Field.YEAR_TO_DATE, Field.NOTE},
    Kind.MILESTONES: frozenset({Field.NUMBER, Field.NAME, Field.CODE, Field.MILESTONE, Field.DUE})
    | {Field.DONE, Field.UNITS, Field.UNIT, Field.RESPONSIBLE, Field.NOTE},
    Kind.PEOPLE: frozenset({Field.NUMBER, Field.PERSON, Field.POST, Field.UNIT, Field.UNITS})
    | {Field.ROLE, Field.PHONE, Field.NOTE},
}
REPEATABLE = frozenset({Field.MONTH, Field.YEAR_TO_DATE, Field.SPONSOR})


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a heading; `field` is None where the dictionary does not know it."""

    index: int
    heading: Heading
    field: Field | None

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def title(self) -> str:
        return self.heading.title


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised sheet: its kind, its columns, and the rows above and below the heading."""

    sheet: Sheet
    kind: Kind
    columns: tuple[Column, ...]
    above: tuple[Row, ...]
    body: tuple[Row, ...]

    def column(self, field: Field) -> Column | None:
        return next((one for one in self.columns if one.field is field), None)

    def cell(self, row: Row, field: Field) -> Cell:
        """The row's cell in the column of a field, None without such a column."""
        column = self.column(field)
        return row.cell(column.index) if column else None

    def all_of(self, field: Field) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.field is field)

    @property
    def unknown(self) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.field is None)


def find_table(sheet: Sheet) -> Table | None:
    """The best reading of the first rows as a heading; None if nothing looks like one."""
    best: tuple[int, int, int] | None = None
    for start in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in range(_least_depth(sheet, start), DEEPEST + 1):
            score = _score(sheet, start, depth)
            if score and (best is None or (score, -depth, -start) > best):
                best = (score, -depth, -start)
    if best is None:
        return None
    start, depth = -best[2], -best[1]
    headings = _headings(sheet, start, depth)
    kind = _kind(headings)
    assert kind is not None  # a heading without a kind has no score
    body = sheet.rows[start + depth :]
    return Table(sheet, kind, _columns(kind, headings, body), sheet.rows[:start], body)


@dataclass(frozen=True, slots=True)
class _Named:
    """A heading with the fields it may mean."""

    index: int
    heading: Heading
    fields: tuple[Field, ...]


def _score(sheet: Sheet, start: int, depth: int) -> int:
    headings = _headings(sheet, start, depth)
    if _kind(headings) is None:
        return 0
    return len({(one.fields, one.heading.month) for one in headings if one.fields})


def _least_depth(sheet: Sheet, start: int) -> int:
    """Cells merged downwards say how many rows the heading has at least."""
    first = sheet.rows[start].number
    ends = [one.last_row for one in sheet.merges if one.first_row == first]
    depth = max(ends, default=first) - first + 1
    return depth if depth <= DEEPEST else 1


def _headings(sheet: Sheet, start: int, depth: int) -> tuple[_Named, ...]:
    rows = sheet.rows[start : start + depth]
    if len(rows) < depth or any(_is_data(row) for row in rows):
        return ()
    lines = _filled_lines(sheet, rows)
    width = max(len(line) for line in lines)
    return tuple(
        _named(index, path)
        for index in range(width)
        if (path := tuple(dict.fromkeys(line[index] for line in lines if line[index])))
    )


def _is_data(row: Row) -> bool:
    """Headings are short words; a number, a date or a long text belongs to the body."""
    for _, cell in row.filled():
        if not isinstance(cell, str) or re.fullmatch(r"[\d.,%-]{3,}", cell):
            return True
    return False


def _filled_lines(sheet: Sheet, rows: tuple[Row, ...]) -> list[list[str]]:
    width = max(len(row.cells) for row in rows)
    lines = [[text_of(row.cell(column)) for column in range(width)] for row in rows]
    numbers = {row.number: at for at, row in enumerate(rows)}
    for merge in sheet.merges:
        if merge.first_row not in numbers:
            continue
        words = lines[numbers[merge.first_row]][merge.first_column : merge.first_column + 1]
        for number in range(merge.first_row, merge.last_row + 1):
            for column in range(merge.first_column, min(merge.last_column, width - 1) + 1):
                if number in numbers and words:
                    lines[numbers[number]][column] = words[0]
    _spread_groups(lines)
    return lines


def _spread_groups(lines: list[list[str]]) -> None:
    """Where merges are not told (.csv, .ods), a group reaches over the leaves to its right."""
    for upper, lower in pairwise(lines):
        for column in range(1, len(upper)):
            if not upper[column] and lower[column] and lower[column - 1]:
                upper[column] = upper[column - 1]


def _named(index: int, path: tuple[str, ...]) -> _Named:
    leaf = read_heading(path[-1][: LONGEST_HEADING * 2])
    if len(leaf.plain) > LONGEST_HEADING:
        return _Named(index, leaf, ())
    if len(path) == 1:
        return _Named(index, leaf, fields_named(leaf.plain))
    above = path[-2][: LONGEST_HEADING * 2]
    group = read_heading(above)
    joined = read_heading(above + leaf.title)
    whole = Heading(
        f"{group.title}/{leaf.title}",
        leaf.plain,
        leaf.unit or group.unit,
        leaf.year or group.year,
        leaf.first_month or group.first_month,
        leaf.month or group.month,
        leaf.so_far or group.so_far,
    )
    groups = fields_named(group.plain)
    leaves = [field for one in groups if (field := leaf_named(one, leaf.plain))]
    found = tuple(leaves) or fields_named(joined.plain)
    if not found and not any(one in GROUP_LEAVES for one in groups):
        found = fields_named(leaf.plain)
    return _Named(index, whole, found)


def _kind(headings: tuple[_Named, ...]) -> Kind | None:
    fields = {field for one in headings for field in one.fields}
    signs = len(fields & PROJECT_SIGNS)
    months = sum(Field.MONTH in one.fields for one in headings)
    named = Field.NAME in fields
    if named and Field.MILESTONE in fields and Field.DUE in fields and signs <= 2:
        return Kind.MILESTONES
    if Field.PERSON in fields and not named and fields & {Field.ROLE, Field.UNIT, Field.PHONE}:
        return Kind.PEOPLE
    if named and months >= 2 and signs <= 2:
        return Kind.MONTHS
    if (named and signs >= 2) or signs >= MANY_SIGNS:
        return Kind.PROJECTS
    return None


def _columns(kind: Kind, headings: tuple[_Named, ...], body: tuple[Row, ...]) -> tuple[Column, ...]:
    taken: set[Field] = set()
    owner_is_near = False
    columns: list[Column] = []
    for one in headings:
        field = next((field for field in one.fields if field in FIELDS[kind]), None)
        if AMBIGUOUS.fullmatch(one.heading.plain) and kind is Kind.PROJECTS:
            field = _field_by_values(one.index, body)
        if owner_is_near and field in OWNER_LEAVES:
            pattern, owners = OWNER_LEAVES[field]
            field = owners if pattern.fullmatch(one.heading.plain) else field
        if field is not None and field in taken and field not in REPEATABLE:
            field = None
        if field is not None:
            taken.add(field)
            owner_is_near = field in {Field.OWNER, Field.OWNER_HEAD, Field.OWNER_PHONE}
        columns.append(Column(one.index, one.heading, field))
    return tuple(columns)


def _field_by_values(index: int, body: tuple[Row, ...]) -> Field:
    values = list(_sample(index, body))
    for field, reads in ((Field.LEVEL, level_of), (Field.CLASS, class_of)):
        if values and sum(reads(value) is not None for value in values) * 2 > len(values):
            return field
    return Field.INDUSTRY


def _sample(index: int, body: tuple[Row, ...]) -> Iterator[str]:
    for row in body[:SAMPLED_ROWS]:
        words = text_of(row.cell(index))
        if words:
            yield words
