"""A plain list as an Excel file: one sheet, a header, text cells that can never be formulas."""

import io
from collections.abc import Sequence

WIDEST = 60


def list_book(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Every cell is text; characters that Excel refuses are left out."""
    import xlsxwriter  # 60 ms: loaded when a file is written

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
            widest = max([len(title), *(len(row[column]) for row in rows)], default=8)
            sheet.set_column(column, column, min(widest * 1.8 + 2, WIDEST))
        for number, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                sheet.write_string(number, column, _writable(words))
    return target.getvalue()


def _writable(words: str) -> str:
    return "".join(c for c in words if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))
