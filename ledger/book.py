"""What was read from a spreadsheet file: its sheets, rows and cells, and how to name a cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

Cell = str | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says something; `number` counts from 1, as Excel shows it."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell at a column counted from 0; nothing beyond the last one."""
        return self.cells[column] if 0 <= column < len(self.cells) else None

    def filled(self) -> Iterator[tuple[int, Cell]]:
        """The cells that hold something, with their column."""
        return ((column, cell) for column, cell in enumerate(self.cells) if cell is not None)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows counted from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet; blank rows are left out, `cut_cells` were longer than allowed."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    cut_cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A whole file; hidden sheets are named and not read."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


@cache
def column_letter(column: int) -> str:
    """The letters Excel shows over a column that is counted from 0."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
