"""Working days, holidays and the office's own word about them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
NEAR = st.integers(-60, 60)


def test_a_make_up_sunday_is_a_working_day_and_a_holiday_tuesday_is_not(
    year_2024: Calendar,
) -> None:
    assert year_2024.is_workday(date(2024, 2, 18))
    assert not year_2024.is_workday(date(2024, 10, 1))


def test_the_office_overrides_the_state_council(year_2024: Calendar) -> None:
    on_duty, closed = date(2024, 10, 1), date(2024, 10, 8)
    calendar = Calendar(year_2024.official, {on_duty: True, closed: False})
    assert calendar.is_workday(on_duty)
    assert not calendar.is_workday(closed)
    assert calendar.next_workday(date(2024, 10, 2)) == date(2024, 10, 9)


def test_a_year_without_a_list_has_ordinary_weeks_and_says_so(year_2024: Calendar) -> None:
    assert year_2024.is_workday(date(2025, 10, 1))
    assert not year_2024.is_workday(date(2025, 10, 4))
    assert year_2024.is_confirmed(2024)
    assert not year_2024.is_confirmed(2025)
    assert not Calendar().is_confirmed(2024)


def test_the_next_working_day_of_national_day_is_the_eighth(year_2024: Calendar) -> None:
    assert year_2024.next_workday(date(2024, 10, 1)) == date(2024, 10, 8)
    assert year_2024.next_workday(date(2024, 10, 8)) == date(2024, 10, 8)


def test_working_days_are_counted_over_a_holiday_in_both_directions(year_2024: Calendar) -> None:
    assert year_2024.add_workdays(date(2024, 9, 30), 1) == date(2024, 10, 8)
    assert year_2024.add_workdays(date(2024, 10, 8), -1) == date(2024, 9, 30)
    assert year_2024.add_workdays(date(2024, 10, 5), -2) == date(2024, 9, 29)
    assert year_2024.add_workdays(date(2024, 10, 11), 1) == date(2024, 10, 12)
    assert year_2024.add_workdays(date(2024, 10, 5), 0) == date(2024, 10, 5)


def test_an_office_that_never_works_is_told_so() -> None:
    idle = Calendar(lambda _on: False, {})
    with pytest.raises(ValueError, match="400"):
        idle.next_workday(date(2024, 1, 1))
    with pytest.raises(ValueError, match="400"):
        idle.add_workdays(date(2024, 1, 1), -1)


def test_the_search_reaches_exactly_four_hundred_days() -> None:
    start = date(2024, 1, 1)
    calendar = Calendar(lambda _on: False, {start + timedelta(days=400): True})
    assert calendar.add_workdays(start, 1) == start + timedelta(days=400)
    with pytest.raises(ValueError, match="400"):
        calendar.add_workdays(start - timedelta(days=1), 1)


@given(DAYS, st.sets(NEAR), st.sets(NEAR), st.integers(1, 20))
def test_going_forward_and_back_over_working_days_comes_home(
    on: date, worked: set[int], closed: set[int], n: int
) -> None:
    overrides = {on + timedelta(days=day): True for day in worked}
    overrides |= {on + timedelta(days=day): False for day in closed}
    calendar = Calendar(overrides=overrides)
    start = calendar.next_workday(on)
    there = calendar.add_workdays(start, n)
    assert calendar.is_workday(there)
    assert calendar.add_workdays(there, -n) == start
    passed = (start + timedelta(days=day) for day in range(1, (there - start).days + 1))
    assert sum(calendar.is_workday(day) for day in passed) == n
