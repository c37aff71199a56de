"""Completion against the annual plan and against the months gone, rounded last."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.completion import (
    Pace,
    completion,
    gap,
    pace,
    show_percent,
    show_points,
    time_progress,
)

MONEY = st.decimals(0, 10**8, places=4, allow_nan=False, allow_infinity=False)
PLANS = st.decimals(1, 10**8, places=4, allow_nan=False, allow_infinity=False)
MONTHS = st.integers(1, 12)


def rate(done: Decimal, plan: Decimal | None) -> Decimal:
    fraction = completion(done, plan)
    assert fraction is not None
    return fraction


def test_a_published_october_is_97_2_percent_and_13_8_points_ahead() -> None:
    done, plan = Decimal("629.0"), Decimal("647.4")
    assert show_percent(rate(done, plan)) == "97.2%"
    assert gap(done, plan, 10) == Decimal("13.8")


def test_a_published_april_is_26_7_percent_and_6_6_points_behind() -> None:
    done, plan = Decimal("107.4"), Decimal("401.9")
    assert show_percent(rate(done, plan)) == "26.7%"
    behind = gap(done, plan, 4)
    assert behind == Decimal("-6.6")
    assert show_points(behind) == "6.6"


def test_without_an_annual_plan_there_is_no_rate() -> None:
    for plan in (None, Decimal(0), Decimal(-1)):
        assert completion(Decimal(5), plan) is None
        assert gap(Decimal(5), plan, 1) is None


def test_more_than_the_plan_is_shown_as_it_is() -> None:
    assert show_percent(rate(Decimal("1414"), Decimal(1000))) == "141.4%"


@pytest.mark.parametrize(
    ("month", "shown"),
    [
        *((1, "8.3"), (2, "16.7"), (3, "25.0"), (4, "33.3"), (5, "41.7"), (6, "50.0")),
        *((7, "58.3"), (8, "66.7"), (9, "75.0"), (10, "83.3"), (11, "91.7"), (12, "100.0")),
    ],
)
def test_time_progress_is_a_twelfth_a_month(month: int, shown: str) -> None:
    assert show_percent(time_progress(month)) == f"{shown}%"


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_is_no_thirteenth_month(month: int) -> None:
    with pytest.raises(ValueError, match="month"):
        time_progress(month)
    with pytest.raises(ValueError, match="month"):
        gap(Decimal(1), None, month)


@pytest.mark.parametrize(
    ("fraction", "decimals", "keep_zeros", "shown"),
    [
        ("0.91", 1, True, "91.0%"),
        ("0.91", 1, False, "91%"),
        ("0.755", 1, False, "75.5%"),
        ("0.309", 2, True, "30.90%"),
        ("0.9725", 1, True, "97.3%"),
        ("0.97249999", 1, True, "97.2%"),
        ("1", 0, False, "100%"),
        ("0", 1, True, "0.0%"),
        ("0", 1, False, "0%"),
        ("1.1091", 1, True, "110.9%"),
    ],
)
def test_percentages_follow_the_offices_decimals(
    fraction: str, decimals: int, keep_zeros: bool, shown: str
) -> None:
    assert show_percent(Decimal(fraction), decimals, keep_zeros) == shown


def test_an_exact_half_rounds_away_from_zero_even_beside_thirds() -> None:
    # 2003/6000 less 4/12 is exactly 0.05 points, although neither ends as a decimal.
    assert gap(Decimal("2003"), Decimal(6000), 4) == Decimal("0.1")
    assert gap(Decimal("1997"), Decimal(6000), 4) == Decimal("-0.1")


def test_a_gap_that_rounds_to_nothing_is_level_and_has_no_sign() -> None:
    nearly = gap(Decimal("2499"), Decimal(10000), 3)
    assert nearly is not None
    assert str(nearly) == "0.0"
    assert pace(nearly) is Pace.LEVEL
    assert pace(Decimal("0.1")) is Pace.AHEAD
    assert pace(Decimal("-0.1")) is Pace.BEHIND


def test_points_may_drop_their_trailing_zero() -> None:
    assert show_points(Decimal("13.0")) == "13.0"
    assert show_points(Decimal("-13.0"), keep_zeros=False) == "13"
    assert show_points(Decimal("10"), keep_zeros=False) == "10"


@given(MONEY, PLANS, MONTHS, st.integers(0, 4))
def test_a_gap_is_the_exact_difference_to_half_a_last_digit(
    done: Decimal, plan: Decimal, month: int, decimals: int
) -> None:
    found = gap(done, plan, month, decimals)
    assert found is not None
    exact = (Fraction(done) / Fraction(plan) - Fraction(month, 12)) * 100
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**decimals)
    assert -found.as_tuple().exponent == decimals  # type: ignore[operator]  # never NaN


@given(MONEY, PLANS, st.integers(2, 1000))
def test_the_unit_of_money_does_not_change_the_rate(
    done: Decimal, plan: Decimal, factor: int
) -> None:
    assert gap(done, plan, 6) == gap(done * factor, plan * factor, 6)
    assert show_percent(rate(done, plan)) == show_percent(rate(done * factor, plan * factor))


@given(MONEY, MONEY, PLANS, MONTHS)
def test_more_money_never_lowers_the_gap(
    done: Decimal, more: Decimal, plan: Decimal, month: int
) -> None:
    before, after = gap(done, plan, month), gap(done + more, plan, month)
    assert before is not None and after is not None
    assert before <= after
