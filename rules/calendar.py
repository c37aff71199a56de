"""Working days: the State Council's list, the office's overrides, Monday to Friday otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Official = Callable[[date], bool | None]
"""Whether the State Council made it a working day; None: the list for that year is not known.

Asked some forty times for one week, so a slow look-up should be cached.
"""

SEARCH_DAYS = 400
"""No search for a working day looks further than this many days."""

_SATURDAY = 5
_DAY = timedelta(days=1)


def no_list_known(_on: date) -> None:
    """The `Official` of an office without any list: every year is unconfirmed."""
    return


@dataclass(frozen=True, slots=True)
class Calendar:
    """Overrides win over the official list, the list over Monday to Friday."""

    official: Official = no_list_known
    overrides: Mapping[date, bool] = field(default_factory=dict)
    """True: a working day."""

    def is_workday(self, on: date) -> bool:
        override = self.overrides.get(on)
        if override is not None:
            return override
        listed = self.official(on)
        return on.weekday() < _SATURDAY if listed is None else listed

    def is_confirmed(self, year: int) -> bool:
        """The year's list is known, or the office has given days of it itself.

        Until then its only days off are Saturdays and Sundays.
        """
        is_given = any(on.year == year for on in self.overrides)
        return is_given or self.official(date(year, 1, 1)) is not None

    def next_workday(self, on: date) -> date:
        """`on` itself when it is one. Raises ValueError after 400 days without one."""
        found = on
        for _ in range(SEARCH_DAYS):
            if self.is_workday(found):
                return found
            found += _DAY
        raise ValueError(f"no working day within {SEARCH_DAYS} days from {on}")

    def add_workdays(self, on: date, n: int) -> date:
        """The n-th working day after `on` (before it when n is negative); `on` itself when n is 0.

        Raises ValueError when it lies more than 400 days away.
        """
        step = _DAY if n > 0 else -_DAY
        found, left = on, abs(n)
        for _ in range(SEARCH_DAYS):
            if not left:
                return found
            found += step
            left -= self.is_workday(found)
        if not left:
            return found
        raise ValueError(f"working day {n:+} lies more than {SEARCH_DAYS} days from {on}")
