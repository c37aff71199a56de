"""Days that lie behind: when something was done, as people say it."""

import re
from calendar import monthrange
from datetime import date, timedelta

from flows.phrase import day
from rules.day import read_day
from rules.refusal import Unusable

_DAYS_AGO = {"昨天": 1, "昨日": 1, "前天": 2, "大前天": 3}
_YEAR = re.compile(r"[0-9]{4}|年")
_LAST_WEEK = re.compile(r"上(?:个)?(?=周|星期|礼拜)")
_WEEKDAY = re.compile(r"周|星期|礼拜")
_DAY_ALONE = re.compile(r"[0-9]{1,2}\s*[日号]")
_FAR_BACK = timedelta(days=183)
_WEEK = timedelta(days=7)


def read_past_day(words: str, today: date) -> date:
    """Today or earlier: 周五 is the last Friday, 20日 the last 20th. Raises Unusable."""
    on = _written_in_full(words) or _latest(words.strip(), today)
    if on > today:
        raise Unusable("flow.day_is_ahead", on=day(on, today))
    return on


def _written_in_full(words: str) -> date | None:
    """2024-10-20, as a draft keeps it; that it is of a past year is no objection here."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _latest(words: str, today: date) -> date:
    if words in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[words])
    if _LAST_WEEK.match(words):
        return read_day("本" + _LAST_WEEK.sub("", words), today) - _WEEK
    on = read_day(words, today)
    if on <= today or _YEAR.search(words):
        return on
    if _WEEKDAY.search(words):
        return on - _WEEK
    if _DAY_ALONE.fullmatch(words):
        return _last_such_day(on.day, today)
    return _a_year_earlier(on, today)


def _last_such_day(number: int, today: date) -> date:
    """In this month, or in the latest month before that has such a day (1 to 31)."""
    if number <= today.day:
        return today.replace(day=number)
    month = today
    while True:
        month = month.replace(day=1) - timedelta(days=1)
        if number <= month.day:
            return month.replace(day=number)


def _a_year_earlier(on: date, today: date) -> date:
    """Only within half a year: a day further back was rather meant to come."""
    last = monthrange(on.year - 1, on.month)[1]
    earlier = on.replace(year=on.year - 1, day=min(on.day, last))
    return earlier if earlier > today - _FAR_BACK else on
