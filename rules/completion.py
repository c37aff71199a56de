"""How far the money has come: year-to-date against the ANNUAL plan, and against the months gone."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Pace(StrEnum):
    """How the printed gap reads: 超, 持平, 低于时间进度."""

    AHEAD = "ahead"
    LEVEL = "level"
    BEHIND = "behind"


def completion(done: Decimal, plan: Decimal | None) -> Decimal | None:
    """A fraction, never clamped: above 1 is normal. None while there is no annual plan above 0.

    Both in the same unit, summed before dividing and not rounded.
    """
    if plan is None or plan <= 0:
        return None
    return done / plan


def time_progress(month: int) -> Decimal:
    """m/12, as a fraction. ValueError for a month that is not 1 to 12."""
    if month not in range(1, 13):
        raise ValueError(f"there is no month {month}")
    return Decimal(month) / 12


def gap(done: Decimal, plan: Decimal | None, month: int, decimals: int = 1) -> Decimal | None:
    """Completion less time progress in 个百分点, from raw figures, rounded last and half up.

    629.0 of 647.4 after October is 13.8, although 97.2 less 83.3 would be 13.9.
    """
    time_progress(month)
    if plan is None or plan <= 0:
        return None
    exact = (Fraction(done) / Fraction(plan) - Fraction(month, 12)) * 100
    return _rounded(exact, decimals)


def pace(gap_points: Decimal) -> Pace:
    """By the gap as printed: one that rounds to 0.0 is level."""
    if not gap_points:
        return Pace.LEVEL
    return Pace.AHEAD if gap_points > 0 else Pace.BEHIND


def show_percent(fraction: Decimal, decimals: int = 1, keep_zeros: bool = True) -> str:
    """0.9716 is `97.2%`; without `keep_zeros`, 0.91 is `91%`."""
    shown = f"{_rounded(Fraction(fraction) * 100, decimals):f}"
    if not keep_zeros and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown}%"


def show_points(gap_points: Decimal, keep_zeros: bool = True) -> str:
    """The size of a gap without its sign, for `超13.8个百分点` and `低于6.6个百分点`."""
    shown = f"{abs(gap_points):f}"
    if not keep_zeros and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown


def _rounded(exact: Fraction, decimals: int) -> Decimal:
    """Half away from zero, and never a negative zero."""
    doubled = abs(exact) * 10**decimals * 2
    nearest = (doubled.numerator // doubled.denominator + 1) // 2
    rounded = Decimal(nearest).scaleb(-decimals)
    return -rounded if exact < 0 and nearest else rounded
