"""One round of the weekly dispatch, from its opening to its meeting, moved by the calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rules.calendar import Calendar
from rules.rhythm import Rhythm, Slot, moment

__all__ = [
    "Rhythm",
    "Slot",
    "Week",
    "current_week",
    "is_period",
    "week_after",
    "week_before",
    "week_of",
    "weeks_between",
]

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_PERIOD = re.compile(r"(?P<year>19[0-9]{2}|2[0-9]{3})-W(?P<week>[0-9]{2})")
_PILE_UP_WEEKS = 12
_THURSDAY = 4


@dataclass(frozen=True, slots=True)
class Week:
    """opens <= reminders < cut-off <= bulletin and agenda <= meeting, also after moving."""

    period: str
    """The ISO week of the nominal cut-off day, e.g. `2024-W43`."""
    first_on: date
    last_on: date
    """The nominal cut-off day; first to last are seven days, and weeks tile without a gap."""
    opens_at: datetime
    reminders_at: tuple[datetime, ...]
    cutoff_at: datetime
    bulletin_at: datetime
    agenda_at: datetime
    meeting_at: datetime


def is_period(words: str) -> bool:
    """A week that exists, written `2024-W43`, of the years 1900 to 2999."""
    return _year_and_week(words) is not None


def week_before(period: str) -> str:
    return _period(_thursday(period) - _WEEK)


def week_after(period: str) -> str:
    return _period(_thursday(period) + _WEEK)


def weeks_between(a: str, b: str) -> int:
    """How many weeks later `b` is than `a`; negative when it is earlier."""
    return (_thursday(b) - _thursday(a)).days // 7


def week_of(period: str, rhythm: Rhythm, calendar: Calendar) -> Week:
    """What falls on a day off moves to the next working day, at the same wall time.

    - Two cut-offs never share a day: when a long holiday moves both to the same one, the earlier
      week keeps it and the later one takes the working day after it.
    - Reminders that come to the same moment are one; one that would come at the cut-off or after
      it is dropped.
    - The bulletin and the agenda wait for the cut-off, the meeting waits for both.
    - The opening is never later than the first reminder; without one, it is on the last working
      day that lies before the cut-off.
    """
    last_on = _nominal_cutoff(period, rhythm)
    cutoffs = _cutoffs(last_on, calendar)
    cutoff_on = next(on for nominal_on, on in cutoffs if nominal_on == last_on)
    return _week(last_on, cutoff_on, rhythm, calendar)


def current_week(now: datetime, rhythm: Rhythm, calendar: Calendar) -> Week:
    """The earliest week whose cut-off is still to come; at the very cut-off it is the next one.

    It stays the current week until its `cutoff_at`.
    """
    if now.utcoffset() is None:
        raise ValueError("now must be aware")
    today = now.astimezone(rhythm.zone).date()

    def is_open(cutoff_on: date) -> bool:
        cutoff_at = moment(cutoff_on, rhythm.cutoff.at, rhythm.zone)
        return cutoff_at.astimezone(UTC) > now

    cutoffs = _cutoffs(_nominal_cutoff(_period(today), rhythm), calendar)
    first = next(each for each in cutoffs if each[1] >= today and is_open(each[1]))
    return _week(*first, rhythm, calendar)


def _period(on: date) -> str:
    year, week, _ = on.isocalendar()
    return f"{year:04}-W{week:02}"


def _year_and_week(words: str) -> tuple[int, int] | None:
    found = _PERIOD.fullmatch(words)
    if found is None:
        return None
    year, week = int(found["year"]), int(found["week"])
    weeks_in_year = date(year, 12, 28).isocalendar().week
    return (year, week) if 1 <= week <= weeks_in_year else None


def _thursday(period: str) -> date:
    number = _year_and_week(period)
    if number is None:
        raise ValueError(f"a week is written such as 2024-W43, not {period!r}")
    return date.fromisocalendar(*number, _THURSDAY)


def _nominal_cutoff(period: str, rhythm: Rhythm) -> date:
    monday = _thursday(period) - 3 * _DAY
    return monday + rhythm.cutoff.weekday * _DAY


def _cutoffs(last_on: date, calendar: Calendar) -> Iterator[tuple[date, date]]:
    """Nominal and moved cut-off days without end, from twelve weeks before `last_on`.

    Each depends on the ones before it, because a long holiday piles several up. Twelve weeks with
    fewer than twelve working days would still let two weeks share a day.
    """
    nominal_on = last_on - _PILE_UP_WEEKS * _WEEK
    cutoff_on = nominal_on - _DAY
    while True:
        cutoff_on = calendar.next_workday(max(nominal_on, cutoff_on + _DAY))
        yield nominal_on, cutoff_on
        nominal_on += _WEEK


def _week(last_on: date, cutoff_on: date, rhythm: Rhythm, calendar: Calendar) -> Week:
    cutoff_at = moment(cutoff_on, rhythm.cutoff.at, rhythm.zone)
    reminders_at = _reminders(last_on, cutoff_at, rhythm, calendar)
    bulletin_at = _following(rhythm.bulletin, last_on, cutoff_at, rhythm, calendar)
    agenda_at = _following(rhythm.agenda, last_on, cutoff_at, rhythm, calendar)
    ready_at = max(bulletin_at, agenda_at)
    return Week(
        period=_period(last_on),
        first_on=last_on - 6 * _DAY,
        last_on=last_on,
        opens_at=_opening(last_on, reminders_at, cutoff_at, rhythm, calendar),
        reminders_at=reminders_at,
        cutoff_at=cutoff_at,
        bulletin_at=bulletin_at,
        agenda_at=agenda_at,
        meeting_at=_following(rhythm.meeting, last_on, ready_at, rhythm, calendar),
    )


def _reminders(
    last_on: date, cutoff_at: datetime, rhythm: Rhythm, calendar: Calendar
) -> tuple[datetime, ...]:
    moments = set[datetime]()
    for slot in rhythm.reminders:
        on = slot.before(rhythm.cutoff, last_on)
        moments.add(moment(calendar.next_workday(on), slot.at, rhythm.zone))
    return tuple(sorted(at for at in moments if at < cutoff_at))


def _opening(
    last_on: date,
    reminders_at: tuple[datetime, ...],
    cutoff_at: datetime,
    rhythm: Rhythm,
    calendar: Calendar,
) -> datetime:
    on = calendar.next_workday(rhythm.opens.before(rhythm.cutoff, last_on))
    opens_at = moment(on, rhythm.opens.at, rhythm.zone)
    if reminders_at:
        return min(opens_at, reminders_at[0])
    if opens_at < cutoff_at:
        return opens_at
    on = calendar.add_workdays(cutoff_at.date(), -1)
    return moment(on, rhythm.opens.at, rhythm.zone)


def _following(
    slot: Slot, last_on: date, earliest_at: datetime, rhythm: Rhythm, calendar: Calendar
) -> datetime:
    """Where the slot stands after the nominal cut-off, moved, and not before `earliest_at`."""
    on = calendar.next_workday(slot.on_or_after(rhythm.cutoff, last_on))
    on = calendar.next_workday(max(on, earliest_at.date()))
    at = moment(on, slot.at, rhythm.zone)
    if at >= earliest_at:
        return at
    return moment(calendar.next_workday(on + _DAY), slot.at, rhythm.zone)
