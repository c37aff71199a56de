"""Days, months and spans of months in the many ways ledgers write them."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from ledger.book import Cell
from ledger.cells import is_absent
from rules.refusal import Unusable

EXCEL_EPOCH = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
DIGIT_YEAR = r"((?:19|20|21)\d\d)"
DAY = re.compile(DIGIT_YEAR + r"[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[T ].*)?(?:之?前|以前)?")
MONTH = re.compile(
    DIGIT_YEAR + r"(?:[-./年](\d{1,2})月?份?|(\d\d))(上旬|中旬|下旬|月?底|月?末)?(?:之?前|以前)?"
)
YEAR = re.compile(DIGIT_YEAR + r"年?(?:年底|底|末)?(?:之?前|以前)?")
COMPACT_DAY = re.compile(DIGIT_YEAR + r"(\d\d)(\d\d)")
SPAN_MARK = re.compile(r"\s*(?:至|到|~|〜|―|-{2,}|—+|–|→)\s*")
HYPHEN_SPAN = re.compile(r"(.+\d月?|\d{4}年?)\s*-\s*(\d{4}.*|\d{1,2}月)")
TEN_DAYS = {"上旬": 10, "中旬": 20}


def date_of(cell: Cell) -> date | None:
    """A day; a month alone means its last day (上旬 the 10th, 中旬 the 20th), as deadlines do.

    Raises Unusable: date_impossible (30 February), date_unreadable.
    """
    if is_absent(cell):
        return None
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return EXCEL_EPOCH + timedelta(days=int(cell))
    words = _words(cell)
    day = DAY.fullmatch(words) or COMPACT_DAY.fullmatch(words)
    if day:
        return _day(int(day[1]), int(day[2]), int(day[3]), words)
    month = MONTH.fullmatch(words)
    if month:
        year, number = int(month[1]), int(month[2] or month[3])
        last = _last_day(year, number, words)
        return _day(year, number, TEN_DAYS.get(month[4] or "", last), words)
    year_only = YEAR.fullmatch(words)
    if year_only:
        return date(int(year_only[1]), 12, 31)
    raise Unusable("date_unreadable", words=words[:60])


def month_of(cell: Cell, *, at_year_end: bool = False) -> date | None:
    """The first day of a month; a bare year means its January, or its December at the end.

    Raises Unusable: date_impossible, date_unreadable, and month_ambiguous for the number 2024.1,
    which is what Excel makes of a typed 2024.10.
    """
    if is_absent(cell):
        return None
    if isinstance(cell, float) and repr(cell).endswith(".1"):
        raise Unusable("month_ambiguous", words=repr(cell))
    words = _words(cell)
    month = MONTH.fullmatch(words)
    if month:
        return _month(int(month[1]), int(month[2] or month[3]), words)
    year = YEAR.fullmatch(words)
    if year:
        return date(int(year[1]), 12 if at_year_end else 1, 1)
    day = date_of(cell)
    return day.replace(day=1) if day else None


def span_of(cell: Cell) -> tuple[date | None, date | None]:
    """建设起止年月 as the first days of both months: 2021-08至2027-10, 2021.8-2027.10, 2021-2027.

    Raises Unusable like `month_of`.
    """
    if is_absent(cell):
        return None, None
    if not isinstance(cell, str):
        return month_of(cell), None
    words = _words(cell)
    parts = [part for part in SPAN_MARK.split(words) if part]
    if len(parts) == 1 and not MONTH.fullmatch(words):
        hyphen = HYPHEN_SPAN.fullmatch(words)
        parts = [hyphen[1], hyphen[2]] if hyphen else parts
    if len(parts) > 2:
        raise Unusable("date_unreadable", words=words[:60])
    if len(parts) == 1 and SPAN_MARK.match(words):
        return None, _finish(parts[0], None)
    start = month_of(parts[0]) if parts else None
    finish = _finish(parts[1], start) if len(parts) == 2 else None
    return start, finish


def _finish(words: str, start: date | None) -> date | None:
    same_year = re.fullmatch(r"(\d{1,2})月?", words)  # 2024年3月至11月
    if same_year and start:
        return _month(start.year, int(same_year[1]), words)
    return month_of(words, at_year_end=True)


def _words(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{int(cell)}" if cell.is_integer() else repr(cell)
    return re.sub(r"(?<!\d) | (?!\d)", "", unicodedata.normalize("NFKC", str(cell)).strip())


def _month(year: int, month: int, words: str) -> date:
    return _day(year, month, 1, words)


def _last_day(year: int, month: int, words: str) -> int:
    if not 1 <= month <= 12:
        raise Unusable("date_impossible", words=words[:60])
    return monthrange(year, month)[1]


def _day(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unusable("date_impossible", words=words[:60]) from error
