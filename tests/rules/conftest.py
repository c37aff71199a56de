"""The calendar of 2024 as the State Council announced it, and the rhythm most offices keep."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.calendar import Calendar
from rules.week import Rhythm


def _days(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


_HOLIDAYS_2024 = (
    _days("2024-01-01", "2024-01-01")
    | _days("2024-02-10", "2024-02-17")
    | _days("2024-04-04", "2024-04-06")
    | _days("2024-05-01", "2024-05-05")
    | _days("2024-06-08", "2024-06-10")
    | _days("2024-09-15", "2024-09-17")
    | _days("2024-10-01", "2024-10-07")
)
_MAKE_UP_2024 = {
    date.fromisoformat(day)
    for day in (
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
    )
}


def _official(on: date) -> bool | None:
    if on.year != 2024:
        return None
    if on in _HOLIDAYS_2024:
        return False
    return on in _MAKE_UP_2024 or on.weekday() < 5


@pytest.fixture
def year_2024() -> Calendar:
    return Calendar(_official, {})


@pytest.fixture
def rhythm() -> Rhythm:
    return Rhythm(ZoneInfo("Asia/Shanghai"))
