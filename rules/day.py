"""Days as people write them: 12月15日, 下周五, 月底, 2024.12.15, 十天内."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from rules.numeral import read_numeral, with_digits
from rules.refusal import Unusable
from rules.tidy import half_width

YEARS_AHEAD = 30
DAYS_BACK = 31
"""A day without a year is this year's, or the next year's if this year's lies further back."""

_LONGEST = 40
_NAMED = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_YEARS_AWAY = {"去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_WEEKDAYS = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}
_PARTS = {"上旬": 10, "中旬": 20}

_AROUND = re.compile(r"\((?:周|星期|礼拜)[一二三四五六日天]\)|(?:[之以]?前|左右|[。.,;!])+$")
_CHINESE_NUMBER = re.compile(
    r"[零〇○一二两三四五六七八九十]+(?=[年月日号天周个季])|(?<=月)[一二三四五六七八九十]+$"
)
_YEAR = r"(?:(?P<year>[0-9]{4}|[0-9]{2}(?=年))[年./-]|(?P<said>去年|今年|本年|明年|后年))"
_PART = r"(?P<part>底|末|上旬|中旬|下旬)"

Found = re.Match[str]
Reader = Callable[[Found, date], date]


def read_day(words: str, today: date) -> date:
    """A month alone is its last day; 周五 is the next Friday, today included.

    Unusable for words that name no day, a day that does not exist, a past year or one more than
    30 years ahead. A day of this year may lie before today: see `read_day_ahead`.
    """
    plain = _plain(words)
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    for pattern, reader in _READERS:
        found = pattern.fullmatch(plain)
        if found is not None:
            return _within_bounds(reader, found, today)
    raise Unusable("rules.day.unreadable")


def read_day_ahead(words: str, today: date) -> date:
    """`read_day`, for what is still to come: a day before today is Unusable."""
    on = read_day(words, today)
    if on < today:
        raise Unusable("rules.day.past", on=on)
    return on


def show_day(on: date, today: date) -> str:
    """`10月24日`, with its year when that is not today's."""
    shown = f"{on.month}月{on.day}日"
    return shown if on.year == today.year else f"{on.year}年{shown}"


def _plain(words: str) -> str:
    plain = "".join(half_width(words).split())
    if not plain:
        raise Unusable("rules.day.empty")
    if len(plain) > _LONGEST:
        raise Unusable("rules.day.unreadable")
    return _CHINESE_NUMBER.sub(_digits, _AROUND.sub("", plain))


def _digits(found: Found) -> str:
    number = read_numeral(with_digits(found[0]))
    return found[0] if number is None else str(number)


def _within_bounds(reader: Reader, found: Found, today: date) -> date:
    try:
        on = reader(found, today)
    except (ValueError, OverflowError):
        raise Unusable("rules.day.impossible") from None
    if on.year < today.year:
        raise Unusable("rules.day.past_year", on=on)
    if on.year > today.year + YEARS_AHEAD:
        raise Unusable("rules.day.too_far", on=on)
    return on


def _year(found: Found, today: date) -> int | None:
    groups = found.groupdict()
    if groups.get("said"):
        return today.year + _YEARS_AWAY[groups["said"]]
    if not groups.get("year"):
        return None
    year = groups["year"]
    return int(year) if len(year) == 4 else 2000 + int(year)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _in_part(year: int, month: int, part: str | None) -> date:
    """The last day of the month, or of its third that is called 上旬 or 中旬."""
    if part in _PARTS:
        return date(year, month, _PARTS[part])
    return _month_end(year, month)


def _months_after(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + months, 12)
    return today.year + years, month + 1


def _day_of_year(found: Found, today: date) -> date:
    month, day = int(found["month"]), int(found["day"])
    year = _year(found, today)
    if year is not None:
        return date(year, month, day)
    oldest = today - timedelta(days=DAYS_BACK)
    for year in (today.year, today.year + 1):
        exists = 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
        if exists and date(year, month, day) >= oldest:
            return date(year, month, day)
    raise ValueError("no such day this year or next")


def _month_of_year(found: Found, today: date) -> date:
    month, part = int(found["month"]), found.groupdict().get("part")
    year = _year(found, today)
    if year is not None:
        return _in_part(year, month, part)
    on = _in_part(today.year, month, part)
    return on if on >= today else _in_part(today.year + 1, month, part)


def _quarter(found: Found, today: date) -> date:
    month = int(found["quarter"]) * 3
    year = _year(found, today)
    on = _month_end(year or today.year, month)
    return on if year is not None or on >= today else _month_end(today.year + 1, month)


def _year_end(found: Found, today: date) -> date:
    return date(_year(found, today) or today.year, 12, 31)


def _compact(found: Found, _today: date) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _day_of_said_month(found: Found, today: date) -> date:
    away = 1 if found["which"].startswith("下") else 0
    return date(*_months_after(today, away), int(found["day"]))


def _part_of_said_month(found: Found, today: date) -> date:
    away = 1 if (found["which"] or "").startswith("下") else 0
    return _in_part(*_months_after(today, away), found["part"])


def _day_of_month(found: Found, today: date) -> date:
    day = int(found["day"])
    away = 1 if day < today.day else 0
    return date(*_months_after(today, away), day)


def _weekday(found: Found, today: date) -> date:
    weekday, which = _WEEKDAYS[found["weekday"]], found["which"]
    if not which:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=weekday, weeks=which.count("下"))


def _after(found: Found, today: date) -> date:
    number, unit = int(found["number"]), found["unit"]
    if unit == "月":
        year, month = _months_after(today, number)
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=number * (1 if unit in "天日" else 7))


_WHICH_MONTH = r"(?P<which>本|这个|当|下个?)月"
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (rf"{_YEAR}?(?P<month>[0-9]{{1,2}})(?:月|[./-])(?P<day>[0-9]{{1,2}})[日号]?", _day_of_year),
        (rf"{_YEAR}?(?P<month>[0-9]{{1,2}})月份?{_PART}?", _month_of_year),
        (r"(?P<year>[0-9]{4})[./-](?P<month>[0-9]{1,2})", _month_of_year),
        (r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", _compact),
        (rf"{_WHICH_MONTH}(?P<day>[0-9]{{1,2}})[日号]?", _day_of_said_month),
        (rf"(?:(?P<which>本|这个|当|下个?)?月){_PART}", _part_of_said_month),
        (r"(?P<day>[0-9]{1,2})[日号]", _day_of_month),
        (rf"{_YEAR}?第?(?P<quarter>[1-4])季度[底末]?", _quarter),
        (rf"(?=.*年){_YEAR}?年?[底末]", _year_end),
        (
            r"(?P<which>本|这个?|下下个?|下个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])",
            _weekday,
        ),
        (r"(?P<number>[0-9]{1,3})个?(?P<unit>[天日周月]|星期|礼拜)[之以]?[后内]", _after),
    )
)
