"""Which projects owe a report this week, and when one is late."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.duty import Preparation, is_due, is_late, is_same_allowed
from rules.terms import Phase
from rules.week import Rhythm, Week, week_after, week_of, weeks_between

EVERY: tuple[Preparation, ...] = ("fortnight", "month")


@pytest.fixture
def week(rhythm: Rhythm, year_2024: Calendar) -> Callable[[str], Week]:
    return lambda period: week_of(period, rhythm, year_2024)


@pytest.mark.parametrize("preparation", EVERY)
def test_a_building_site_reports_every_week_and_a_finished_or_paused_one_never(
    week: Callable[[str], Week], preparation: Preparation
) -> None:
    for period in ("2024-W42", "2024-W43", "2024-W44"):
        assert is_due(Phase.BUILDING, week(period), preparation)
        assert not is_due(Phase.COMPLETED, week(period), preparation)
        assert not is_due(Phase.PAUSED, week(period), preparation)


def test_a_project_in_preparation_reports_in_even_weeks(week: Callable[[str], Week]) -> None:
    assert is_due(Phase.PREPARATION, week("2024-W42"), "fortnight")
    assert not is_due(Phase.PREPARATION, week("2024-W43"), "fortnight")


def test_after_week_53_a_fortnight_is_three_weeks_long_once(week: Callable[[str], Week]) -> None:
    periods = ["2020-W52", "2020-W53", "2021-W01", "2021-W02"]
    due = [period for period in periods if is_due(Phase.PREPARATION, week(period), "fortnight")]
    assert due == ["2020-W52", "2021-W02"]


def test_a_monthly_report_is_due_in_the_last_week_that_ends_in_the_month(
    week: Callable[[str], Week],
) -> None:
    periods = [f"2024-W{number:02}" for number in range(40, 49)]
    due = [period for period in periods if is_due(Phase.PREPARATION, week(period), "month")]
    assert due == ["2024-W44", "2024-W48"]
    assert [week(period).last_on for period in due] == [date(2024, 10, 31), date(2024, 11, 28)]


@given(st.integers(2015, 2040))
def test_every_month_has_one_monthly_report(year: int) -> None:
    rhythm, calendar = Rhythm(ZoneInfo("Asia/Shanghai")), Calendar()
    period, months = f"{year}-W01", []
    while weeks_between(period, f"{year + 1}-W06") > 0:
        week = week_of(period, rhythm, calendar)
        if is_due(Phase.PREPARATION, week, "month") and week.last_on.year == year:
            months.append(week.last_on.month)
        period = week_after(period)
    assert months == list(range(1, 13))


def test_a_report_is_late_from_the_cutoff_on(week: Callable[[str], Week]) -> None:
    cutoff = week("2024-W43").cutoff_at
    assert not is_late(cutoff - timedelta(microseconds=1), week("2024-W43"))
    assert is_late(cutoff, week("2024-W43"))
    assert is_late(cutoff.astimezone(UTC), week("2024-W43"))


def test_a_report_on_the_holidays_last_day_is_in_time_for_the_moved_cutoff(
    week: Callable[[str], Week],
) -> None:
    moved = week("2024-W40")
    nominal = moved.cutoff_at.replace(month=10, day=3)
    assert not is_late(nominal + timedelta(days=4), moved)


def test_the_same_as_last_week_may_be_said_twice_and_the_third_asks() -> None:
    assert is_same_allowed(0)
    assert is_same_allowed(1)
    assert not is_same_allowed(2)
    assert not is_same_allowed(3)
