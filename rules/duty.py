"""Whether a project owes a report for a week, and whether one came late."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from rules.terms import Phase
from rules.week import Week

Preparation = Literal["fortnight", "month"]
"""How often a project in 前期 reports."""

SAME_IN_A_ROW = 2

_WEEK = timedelta(days=7)


def is_due(phase: Phase, week: Week, preparation: Preparation) -> bool:
    """在建 every week; 前期 by the office's setting; 竣工 and 暂停 never.

    - fortnight: the even ISO weeks; after a year of 53 weeks the pause is three weeks, once.
    - month: the last week whose nominal cut-off lies in the month.
    """
    if phase is Phase.BUILDING:
        return True
    if phase is not Phase.PREPARATION:
        return False
    if preparation == "month":
        return (week.last_on + _WEEK).month != week.last_on.month
    return int(week.period[-2:]) % 2 == 0


def is_late(submitted_at: datetime, week: Week) -> bool:
    """From the very cut-off on: at that moment the next week is already the current one."""
    return submitted_at.astimezone(UTC) >= week.cutoff_at.astimezone(UTC)


def is_same_allowed(same_in_a_row: int) -> bool:
    """Whether 与上周一致 may be said after so many in a row; the third asks a question."""
    return same_in_a_row < SAME_IN_A_ROW
