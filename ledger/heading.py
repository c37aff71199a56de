"""One heading of a column: its plain form, and the unit, year and months it names."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ledger.money import MoneyUnit

BRACKETS = re.compile(r"[(\[【<《「][^()\[\]【】<>《》「」]*[)\]】>》」]")
BRACKETED_UNIT = re.compile(r"(?:[(\[【,/:]|单位:)\s*(?:单位:)?(?:人民币)?(亿元|万元|元)[)\]】]?$")
TRAILING_UNIT = re.compile(r"(?<=投资|金额|资金|完成|计划|累计)(亿元|万元)$")
ANY_BRACKETED_UNIT = re.compile(r"[(\[【](?:单位:)?(?:人民币)?(亿元|万元|元)[)\]】]")
LAST_YEAR_END = re.compile(r"(?:上|去|前一)年(?:度)?(?:年)?[底末]")
YEAR_END = re.compile(r"(20\d\d)年(?:度)?(?:年)?(?:12月)?(?:31日)?[底末]")
YEAR = re.compile(r"(20\d\d)(?:年度|年)")
THIS_YEAR = re.compile(r"本年度?|当年度?|今年|全年|(?<!Y)年度")
MONTH_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
MONTH_WORDS |= {"七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}
CHINESE_MONTH = re.compile(r"(十[一二]|[一二三四五六七八九十])月")
MONTHS = re.compile(r"(\d{1,2})(?:月份?)?[-~—–至到](\d{1,2})月份?")
MONTHS_SO_FAR = re.compile(r"(?:1|一)月?[-~—–至到](?:本|当|n|N)月份?|(?:年初)(?:以来|至今)")
ONE_MONTH = re.compile(r"(\d{1,2})月份?")
THIS_MONTH = re.compile(r"[本当]月")
DECORATION = re.compile(r"[、,:;。*※★\s]|其中")


@dataclass(frozen=True, slots=True)
class Heading:
    """`title` is what a person reads; months are 0 where the heading names none.

    `so_far` says that a span of months has no named end (1-本月).
    """

    title: str
    plain: str
    unit: MoneyUnit | None = None
    year: int | None = None
    first_month: int = 0
    month: int = 0
    so_far: bool = False


@lru_cache(maxsize=4096)
def read_heading(words: str) -> Heading:
    """Read a heading such as 至2023年底累计完成投资(亿元) or 1-10月完成投资."""
    title = re.sub(r"\s", "", words)
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    unit, plain = _unit(plain)
    plain = BRACKETS.sub("", plain) or re.sub(r"[()\[\]【】]", "", plain)
    year, plain = _year(plain)
    first, last, so_far, plain = _months(plain)
    plain = DECORATION.sub("", plain)
    return Heading(title, plain, unit, year, first, last, so_far)


def _unit(plain: str) -> tuple[MoneyUnit | None, str]:
    for pattern in (ANY_BRACKETED_UNIT, BRACKETED_UNIT, TRAILING_UNIT):
        match = pattern.search(plain)
        if match:
            return MoneyUnit(match[1]), plain[: match.start()] + plain[match.end() :]
    return None, plain


def _year(plain: str) -> tuple[int | None, str]:
    ended = YEAR_END.search(plain)
    if ended:
        # The end of 2023 is said in a ledger of 2024.
        return int(ended[1]) + 1, _since(YEAR_END.sub("Y年底", plain))
    if LAST_YEAR_END.search(plain):
        return None, _since(LAST_YEAR_END.sub("Y年底", plain))
    named = YEAR.search(plain)
    plain = THIS_YEAR.sub("Y年", YEAR.sub("Y年", plain))
    return (int(named[1]) if named else None), plain


def _since(plain: str) -> str:
    return re.sub(r"截[至止]", "至", plain)


def _months(plain: str) -> tuple[int, int, bool, str]:
    plain = CHINESE_MONTH.sub(lambda match: f"{MONTH_WORDS[match[1]]}月", plain)
    if MONTHS_SO_FAR.search(plain):
        return 1, 0, True, MONTHS_SO_FAR.sub("M-N月", plain)
    span = MONTHS.search(plain)
    if span and 1 <= int(span[1]) <= int(span[2]) <= 12:
        return int(span[1]), int(span[2]), False, MONTHS.sub("M-N月", plain)
    one = ONE_MONTH.search(plain)
    if one and 1 <= int(one[1]) <= 12:
        return int(one[1]), int(one[1]), False, ONE_MONTH.sub("N月", plain)
    return 0, 0, THIS_MONTH.search(plain) is not None, THIS_MONTH.sub("N月", plain)
