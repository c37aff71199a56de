"""Chinese and mixed numerals below ten thousand: 三千零五十, 3千5百, 十二点五, 35,000."""

import re
from fractions import Fraction

_DIGITS = dict(zip("零〇○一二两三四五六七八九点", "000122345678 9.".replace(" ", ""), strict=True))
_FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆", "123456789十百千万亿元", strict=True))
_SAME = str.maketrans(_DIGITS | _FORMAL)

_UNITS = {"十": 10, "百": 100, "千": 1000}
_PLAIN = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_ONE_UNIT = re.compile(rf"(?P<number>{_PLAIN.pattern})(?P<unit>[十百千])")
_SEVERAL_UNITS = re.compile(
    r"(?:0?(?P<thousands>[0-9])千)?"
    r"(?:0?(?P<hundreds>[0-9])百)?"
    r"(?P<has_tens>0?(?P<tens>[0-9])?十)?"
    r"(?P<ones>0?[1-9])?"
    r"(?P<part>\.[0-9]+)?"
)


def with_digits(words: str) -> str:
    """零 to 九, 点 and the formal 壹 to 玖 as digits and a point; 十百千万亿元 stay as they are."""
    return words.translate(_SAME)


def is_plain(numeral: str) -> bool:
    """Digits, thousands separators in their places and a point, without 十百千."""
    return _PLAIN.fullmatch(numeral) is not None


def read_numeral(numeral: str) -> Fraction | None:
    """A numeral of `with_digits` without 万 and 亿; None when it is none."""
    if is_plain(numeral):
        return Fraction(numeral.replace(",", ""))
    if found := _ONE_UNIT.fullmatch(numeral):
        return Fraction(found["number"].replace(",", "")) * _UNITS[found["unit"]]
    found = _SEVERAL_UNITS.fullmatch(numeral)
    return _sum(found) if found and numeral[0] not in "." else None


def _sum(found: re.Match[str]) -> Fraction | None:
    total = Fraction(int(found["thousands"] or 0) * 1000 + int(found["hundreds"] or 0) * 100)
    if found["has_tens"]:
        total += int(found["tens"] or 1) * 10
    ones, part = found["ones"], found["part"]
    if not ones:
        return total + Fraction(part or 0)
    shortened = _shortened_unit(found)
    if shortened and part:
        return None
    return total + int(ones) * (shortened or 1) + Fraction(part or 0)


def _shortened_unit(found: re.Match[str]) -> int | None:
    """三千五 means 三千五百: a last digit right behind 百 or 千 counts the next unit below."""
    if found["has_tens"] or found["ones"].startswith("0"):
        return None
    if found["hundreds"]:
        return 10
    return 100 if found["thousands"] else None
