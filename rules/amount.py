"""Amounts of money as people write and read them: Decimal 万元 inside, 亿 and 万 in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rules.numeral import is_plain, read_numeral, with_digits
from rules.refusal import Unusable
from rules.tidy import half_width

LARGEST = Decimal(10) ** 8
"""万元; every amount stays below it (一万亿元)."""

_YUAN_IN = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "亿元": 10**8}
_LONGEST = 60

_AROUND = re.compile(r"^(?:大约|大概|约为|约|合计|累计|共|人民币|¥)+|(?:左右|人民币|整|[。.,;!])+$")
_BROKEN_NUMBER = re.compile(r"[0-9]\s+[0-9]")
_SCIENTIFIC = re.compile(r"[0-9.]e[+-]?[0-9]|[0-9.][x×*]10")
_MINUS = re.compile(r"[-−–—负]+(?=[0-9十.])")
_RANGE = re.compile(r"[0-9十百千万亿元](?:[-−–—~～至到]+)约?[0-9十]")
_AMOUNT = re.compile(
    r"(?:(?P<yi>[^亿]+)亿)?(?:(?P<wan>[^亿万]+)万)?(?P<rest>[^亿万元]*)(?P<yuan>元)?"
)


def read_amount(words: str, unit: str = "万元") -> Decimal:
    """In 万元, exact to the 元. A number without 万, 亿 or 元 is in `unit`.

    Unusable says what to write instead. ValueError for a unit that is none of 元, 千元, 万元,
    百万元, 亿元.
    """
    if unit not in _YUAN_IN:
        raise ValueError(f"no unit of money is called {unit!r}")
    plain = _plain(words)
    _refuse_other_shapes(plain)
    yuan = _yuan(plain, _YUAN_IN[unit])
    if yuan is None:
        raise Unusable("rules.amount.not_a_number")
    if yuan >= int(LARGEST) * 10**4:
        raise Unusable("rules.amount.too_large")
    if yuan.denominator != 1:
        raise Unusable("rules.amount.too_fine")
    return Decimal(int(yuan)) / 10**4


def _plain(words: str) -> str:
    plain = half_width(words).strip()
    if not plain:
        raise Unusable("rules.amount.empty")
    if len(plain) > _LONGEST or _BROKEN_NUMBER.search(plain):
        raise Unusable("rules.amount.not_a_number")
    plain = _AROUND.sub("", "".join(plain.split()).lower())
    return with_digits(plain.replace("。", "."))


def _refuse_other_shapes(plain: str) -> None:
    if _MINUS.match(plain):
        raise Unusable("rules.amount.negative")
    if _SCIENTIFIC.search(plain):
        raise Unusable("rules.amount.scientific")
    if _RANGE.search(plain):
        raise Unusable("rules.amount.range")
    if "万亿" in plain:
        raise Unusable("rules.amount.too_large")


def _yuan(plain: str, bare: int) -> Fraction | None:
    found = _AMOUNT.fullmatch(plain)
    if found is None or not plain.rstrip("元"):
        return None
    yi, wan, rest = found["yi"], found["wan"], found["rest"]
    if yi is None and wan is None:
        number = read_numeral(rest)
        return None if number is None else number * (1 if found["yuan"] else bare)
    parts = (
        _part(yi, 10**8, is_last=not wan and not rest),
        _part(wan, 10**4, is_last=not rest, limit=10**4 if yi else None),
        _tail(rest, 10**4 if wan else 10**8, in_yuan=bool(found["yuan"])),
    )
    total = Fraction()
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _part(
    numeral: str | None, unit: int, *, is_last: bool, limit: int | None = None
) -> Fraction | None:
    """What stands before 亿 or 万; only the last part may have a fraction."""
    if numeral is None:
        return Fraction()
    number = read_numeral(numeral)
    if number is None or (limit is not None and number >= limit):
        return None
    return number * unit if is_last or number.denominator == 1 else None


def _tail(rest: str, after: int, *, in_yuan: bool) -> Fraction | None:
    """What stands behind the last 亿 or 万: 12万3千 is 123,000 元, 3亿5千 and 3亿5 are 3.5亿."""
    if not rest:
        return Fraction()
    number = read_numeral(rest)
    if number is None or number >= 10**4:
        return None
    if rest.startswith("0"):
        return number
    if is_plain(rest) and len(rest) == 1:
        return None if in_yuan else number * after / 10
    if after == 10**4:
        return number if not is_plain(rest) or (len(rest) == 4 and number >= 1000) else None
    return None if in_yuan or is_plain(rest) else number * 10**4


def show_amount(
    amount: Decimal, unit: str = "万元", decimals: int | None = None, keep_zeros: bool = False
) -> str:
    """`amount` is 万元; `unit` 万元 or 亿元 stands at the end. Half up; None: every decimal."""
    if unit not in ("万元", "亿元"):
        raise ValueError(f"amounts are shown in 万元 or 亿元, not in {unit!r}")
    value = amount if unit == "万元" else amount.scaleb(-4)
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    shown = f"{value if value else abs(value):f}"
    if not keep_zeros and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown + unit


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that can be true but is asked about once; `key` names the question."""

    key: str
    facts: Mapping[str, object]


def doubts(
    amount: Decimal,
    *,
    last: Decimal | None = None,
    plan: Decimal | None = None,
    total: Decimal | None = None,
    ytd_before: Decimal | None = None,
) -> tuple[Doubt, ...]:
    """All in 万元; None: not known, so not compared.

    `last` is the same figure one period earlier, `plan` what was planned for it, `total` the
    project's total investment. `ytd_before` is what was completed before and is not in `amount`;
    None when `amount` is itself cumulative.
    """
    meant = _ten_thousandfold(amount, last, plan, total)
    if meant is not None:
        return (Doubt("rules.doubt.unit", {"amount": show_amount(amount), "meant": _short(meant)}),)
    found: list[Doubt] = []
    if last is not None and last > 0:
        facts = {"amount": _short(amount), "last": _short(last)}
        if amount < last:
            found.append(Doubt("rules.doubt.falls", facts))
        elif amount > last * Decimal("1.3"):
            found.append(Doubt("rules.doubt.leaps", facts))
    if plan is not None and plan > 0 and amount > plan * 3:
        facts = {"amount": _short(amount), "plan": _short(plan)}
        found.append(Doubt("rules.doubt.far_above_plan", facts))
    done = amount + (ytd_before or 0)
    if total is not None and total > 0 and done > total * Decimal("1.2"):
        facts = {"done": _short(done), "total": _short(total)}
        found.append(Doubt("rules.doubt.above_total", facts))
    return tuple(found)


def _short(amount: Decimal) -> str:
    return show_amount(amount, "亿元" if amount >= 10**4 else "万元")


def _ten_thousandfold(amount: Decimal, *known: Decimal | None) -> Decimal | None:
    """The amount in the unit that was probably meant: 万 and 亿 are mistaken by 10^4."""
    like = next((figure for figure in known if figure is not None and figure > 0), None)
    if like is None or amount <= 0:
        return None
    for meant in (amount.scaleb(4), amount.scaleb(-4)):
        if like / 10 <= meant <= like * 3:
            return meant
    return None
