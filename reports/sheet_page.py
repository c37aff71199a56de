"""One worksheet written so that no word of a person can become a formula, a link or a fault."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from ledger.cells import FORBIDDEN

LONGEST_CELL = 32_767
CUT_MARK = "…(后文略)"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BORDERED = {"border": 1, "valign": "vcenter", "font_size": 10}
STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "line": {"font_size": 10, "valign": "vcenter"},
    "right": {"font_size": 10, "align": "right", "valign": "vcenter"},
    "heading": {**BORDERED, "bold": True, "align": "center", "text_wrap": True},
    "text": {**BORDERED, "text_wrap": True},
    "quoted": {**BORDERED, "text_wrap": True, "quote_prefix": True},
    "bold": {**BORDERED, "bold": True, "text_wrap": True},
    "number": {**BORDERED, "align": "center"},
    "amount": {**BORDERED, "num_format": "#,##0.00"},
    "bold_amount": {**BORDERED, "bold": True, "num_format": "#,##0.00"},
    "rate": {**BORDERED, "num_format": "0.0%"},
    "bold_rate": {**BORDERED, "bold": True, "num_format": "0.0%"},
}


def safe_words(words: str) -> str:
    """What Excel can hold: forbidden characters replaced, length cut with a mark."""
    clean = FORBIDDEN.sub("\ufffd", words)
    if len(clean) <= LONGEST_CELL:
        return clean
    return clean[: LONGEST_CELL - len(CUT_MARK)] + CUT_MARK


class Styles:
    """The formats of a workbook, made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._formats: dict[str, Format] = {
            name: workbook.add_format(dict(style)) for name, style in STYLES.items()
        }

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]


class Page:
    """Writes cells by row and column, both counted from 0."""

    def __init__(self, workbook: Workbook, name: str, styles: Styles) -> None:
        self.sheet = workbook.add_worksheet(name)
        self.styles = styles

    def words(self, row: int, column: int, words: str, style: str = "text") -> None:
        """Always a text cell; one that looks like a formula keeps looking so after an edit."""
        if not words:
            self.sheet.write_blank(row, column, None, self.styles[style])
            return
        chosen = "quoted" if style == "text" and words.startswith(FORMULA_STARTS) else style
        self.sheet.write_string(row, column, safe_words(words), self.styles[chosen])

    def amount(self, row: int, column: int, amount: Decimal | None, style: str = "amount") -> None:
        if amount is None:
            self.sheet.write_blank(row, column, None, self.styles[style])
            return
        self.sheet.write_number(row, column, float(amount), self.styles[style])

    def merged(
        self, first: tuple[int, int], last: tuple[int, int], words: str, style: str = "heading"
    ) -> None:
        if first == last:
            self.words(*first, words, style)
            return
        self.sheet.merge_range(*first, *last, "", self.styles[style])
        self.words(*first, words, style)

    def printed_on(self, heading_rows: tuple[int, int]) -> None:
        """Landscape A3, as wide as one page, the headings on every page."""
        self.sheet.set_landscape()
        self.sheet.set_paper(8)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(*heading_rows)
