"""Units of money, and amounts as cells of a ledger hold them."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ledger.book import Cell
from ledger.cells import is_absent
from rules.amount import LARGEST, read_amount
from rules.refusal import Unusable


class MoneyUnit(StrEnum):
    """The units in which Chinese offices count money."""

    YUAN = "元"
    WAN = "万元"
    YI = "亿元"


IN_WAN = {
    MoneyUnit.YUAN: Decimal("0.0001"),
    MoneyUnit.WAN: Decimal(1),
    MoneyUnit.YI: Decimal(10_000),
}
SUFFIXES = {
    "亿元": MoneyUnit.YI,
    "亿": MoneyUnit.YI,
    "万元": MoneyUnit.WAN,
    "万": MoneyUnit.WAN,
    "元": MoneyUnit.YUAN,
}
ONE_YUAN = Decimal("0.0001")
NUMBER = re.compile(
    r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?)(亿元?|万元?|元)?"
)
IN_BRACKETS = re.compile(r"\((.*)\)")
UNIT_LINE = re.compile(r"单位\s*[::]?\s*(?:人民币)?\s*(亿元|万元|元)")


def unit_named_in(words: str) -> MoneyUnit | None:
    """The unit that a unit line such as 计量单位:万元 names."""
    match = UNIT_LINE.search(unicodedata.normalize("NFKC", words))
    return MoneyUnit(match[1]) if match else None


def amount_of(cell: Cell, unit: MoneyUnit) -> Decimal | None:
    """The amount in 万元, to the 元; an absent value is None and a zero is a zero.

    A unit written in the cell itself goes before `unit`. Raises Unusable: amount_is_text,
    amount_out_of_range.
    """
    if is_absent(cell):
        return None
    amount = _amount(cell, unit)
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise Unusable("amount_out_of_range", words=str(cell)[:60])
    return amount.quantize(ONE_YUAN, ROUND_HALF_UP)


def _amount(cell: Cell, unit: MoneyUnit) -> Decimal:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return Decimal(repr(cell)) * IN_WAN[unit]
    if not isinstance(cell, str):
        raise Unusable("amount_is_text", words=str(cell)[:60])
    words = re.sub(r"[\s¥¥]", "", unicodedata.normalize("NFKC", cell)).replace("−", "-")
    negative = IN_BRACKETS.fullmatch(words)  # accountants write -5 as (5)
    if negative:
        words = f"-{negative[1]}"
    plain = NUMBER.fullmatch(words)
    if plain:
        number = Decimal(plain[1].replace(",", ""))
        return number * IN_WAN[SUFFIXES.get(plain[2], unit)]
    try:
        return read_amount(words, unit)
    except Unusable as refusal:
        raise Unusable("amount_is_text", words=cell[:60]) from refusal
