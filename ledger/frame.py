"""What stands around a table: its title, the unit line, the as-of line, and the year they tell."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from ledger.cells import text_of
from ledger.columns import Field
from ledger.header import Table
from ledger.money import MoneyUnit, unit_named_in

AS_OF = re.compile(r"截[至止]?到?(20\d\d)年(\d{1,2})月(?:(\d{1,2})日|底|末)?")
YEAR = re.compile(r"(20\d\d)年")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the lines above the heading and the headings themselves say of the whole sheet."""

    title: str = ""
    unit: MoneyUnit | None = None
    as_of: date | None = None
    year: int | None = None


def frame_of(table: Table) -> Frame:
    """The plan's heading knows the list's year best, then the other headings, then the title."""
    lines = [
        unicodedata.normalize("NFKC", words)
        for row in table.above
        for _, cell in row.filled()
        if (words := text_of(cell))
    ]
    unit = next((unit for line in lines if (unit := unit_named_in(line))), None)
    as_of = next((day for line in lines if (day := _as_of(line))), None)
    title = next((line for line in lines if not AS_OF.search(line) and not unit_named_in(line)), "")
    return Frame(title, unit, as_of, _year(table, lines, as_of))


def _as_of(line: str) -> date | None:
    match = AS_OF.search(re.sub(r"\s", "", line))
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    day = int(match[3] or last)
    return date(year, month, day) if 1 <= day <= last else None


def _year(table: Table, lines: list[str], as_of: date | None) -> int | None:
    for field in (Field.PLAN, Field.YEAR_TO_DATE, Field.PRIOR, Field.MONTH):
        column = table.column(field)
        if column and column.heading.year:
            return column.heading.year
    for words in (*lines, table.sheet.name):
        named = YEAR.search(words)
        if named and not AS_OF.search(words):
            return int(named[1])
    return as_of.year if as_of else None
