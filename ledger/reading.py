"""The guarded child process: one spreadsheet on standard input, its cells as JSON on the output.

It runs as a script in an isolated interpreter, so it imports nothing of this project.
"""

import csv
import datetime
import io
import json
import math
import resource
import sys
from typing import Any

ENCODINGS = ("utf-8-sig", "gb18030")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (",", "\t", ";", "|")
SNIFFED_LINES = 30
MERGES_KEPT = 10_000

Answer = dict[str, Any]


class RefusedError(Exception):
    """A cap was exceeded or the file cannot be opened; the parent says it in words."""


def main() -> None:
    limits: dict[str, int] = json.loads(sys.argv[2])
    confine(limits)
    content = sys.stdin.buffer.read()
    try:
        answer = read_csv(content, limits) if sys.argv[1] == "csv" else read_book(content, limits)
    except RefusedError as refusal:
        answer = {"refused": refusal.args[0], "facts": refusal.args[1]}
    except MemoryError:
        answer = {"refused": "too_heavy", "facts": {}}
    except BaseException as error:
        # What the Rust reader throws on a broken file derives from BaseException and has no module.
        if type(error).__name__ != "PanicException":
            raise
        answer = {"refused": "damaged", "facts": {}}
    words = json.dumps(answer, separators=(",", ":"), allow_nan=False)
    if len(words) > limits["answer_bytes"]:
        words = json.dumps({"refused": "too_heavy", "facts": {}})
    sys.stdout.write(words)


def confine(limits: dict[str, int]) -> None:
    """Give up memory, time and disk beyond the caps, whatever the file makes the reader do."""
    for kind, amount in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["answer_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def read_book(content: bytes, limits: dict[str, int]) -> Answer:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise RefusedError("password", {}) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedError("damaged", {}) from error
    worksheet, shown = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum
    worksheets = [one for one in book.sheets_metadata if one.typ == worksheet]
    visible = [one.name for one in worksheets if one.visible == shown.Visible]
    hidden = [one.name for one in worksheets if one.visible != shown.Visible]
    if len(visible) > limits["sheets"]:
        raise RefusedError("too_many_sheets", {"limit": limits["sheets"]})
    tally = Tally(limits)
    return {"sheets": [read_sheet(book, name, tally) for name in visible], "hidden": hidden}


def read_sheet(book: Any, name: str, tally: "Tally") -> Answer:
    import python_calamine

    try:
        sheet = book.get_sheet_by_name(name)
        first_column = sheet.start[1] if sheet.start else 0
        sheet_rows = tally.rows(name, sheet.iter_rows(), first_column)
        merges = [
            [top + 1, left, bottom + 1, right]
            for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:MERGES_KEPT]
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedError("damaged", {}) from error
    return {"name": name, "rows": sheet_rows, "merges": merges, "cut": tally.taken_cuts()}


def read_csv(content: bytes, limits: dict[str, int]) -> Answer:
    text = decoded(content)
    csv.field_size_limit(max(len(text), 1))
    tally = Tally(limits)
    try:
        rows = tally.rows("CSV", csv.reader(io.StringIO(text, newline=""), delimiter=delim(text)))
    except csv.Error as error:
        raise RefusedError("damaged", {}) from error
    sheet = {"name": "CSV", "rows": rows, "merges": [], "cut": tally.taken_cuts()}
    return {"sheets": [sheet], "hidden": []}


def decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(UTF16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError("encoding", {})


def delim(text: str) -> str:
    """The separator that most of the first lines hold."""
    lines = [line for line in text[:100_000].splitlines()[:SNIFFED_LINES] if line.strip()]
    return max(DELIMITERS, key=lambda mark: (sum(mark in line for line in lines), text.count(mark)))


class Tally:
    """Counts what is kept of all sheets and refuses what is too much."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.cells = 0
        self.cuts: list[list[int]] = []

    def rows(self, sheet: str, source: Any, first_column: int = 0) -> list[list[Any]]:
        """[[row number, [cells]]] without blank rows and without blank cells at the end."""
        kept: list[list[Any]] = []
        for number, values in enumerate(source, start=1):
            cells = self.cells_of(sheet, number, values, first_column)
            if not cells:
                continue
            kept.append([number, cells])
            if len(kept) > self.limits["rows"]:
                raise RefusedError("too_many_rows", {"sheet": sheet, "limit": self.limits["rows"]})
        return kept

    def cells_of(self, sheet: str, number: int, values: Any, first_column: int) -> list[Any]:
        cells: list[Any] = [None] * first_column
        last = 0
        for column, value in enumerate(values, start=first_column):
            cell = self.plain(value, number, column)
            cells.append(cell)
            if cell is not None:
                last = column + 1
                self.cells += 1
        if last > self.limits["columns"]:
            raise RefusedError(
                "too_many_columns", {"sheet": sheet, "limit": self.limits["columns"]}
            )
        if self.cells > self.limits["cells"]:
            raise RefusedError("too_heavy", {})
        return cells[:last]

    def plain(self, value: Any, row: int, column: int) -> Any:
        if isinstance(value, str):
            return self.text(value, row, column)
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            number = float(value)
            return number if math.isfinite(number) else str(value)
        if isinstance(value, datetime.date):
            return {"d": value.isoformat()[:10]}
        return str(value)

    def text(self, value: str, row: int, column: int) -> str | None:
        if not value or value.isspace():
            return None
        if len(value) > self.limits["cell_chars"]:
            self.cuts.append([row, column])
        return value[: self.limits["cell_chars"]]

    def taken_cuts(self) -> list[list[int]]:
        cuts, self.cuts = self.cuts, []
        return cuts


if __name__ == "__main__":
    main()
