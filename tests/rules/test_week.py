"""The weekly round: ordinary weeks, long holidays, year ends and clocks that change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.week import (
    Rhythm,
    Slot,
    Week,
    current_week,
    is_period,
    week_after,
    week_before,
    week_of,
    weeks_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def shown(*moments: datetime) -> list[str]:
    return [f"{at:%m-%d %a %H:%M}" for at in moments]


def is_in_order(week: Week) -> bool:
    moments = [at.astimezone(UTC) for at in (week.opens_at, *week.reminders_at)]
    cutoff, bulletin, agenda, meeting = (
        at.astimezone(UTC)
        for at in (week.cutoff_at, week.bulletin_at, week.agenda_at, week.meeting_at)
    )
    return (
        moments == sorted(moments)
        and len(set(week.reminders_at)) == len(week.reminders_at)
        and moments[-1] < cutoff <= bulletin <= meeting
        and cutoff <= agenda <= meeting
    )


def days_off(first: str, last: str) -> dict[date, bool]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n): False for n in range((end - start).days + 1)}


def test_an_ordinary_week_runs_from_friday_to_mondays_meeting(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    week = week_of("2024-W43", rhythm, year_2024)
    assert week == Week(
        period="2024-W43",
        first_on=date(2024, 10, 18),
        last_on=date(2024, 10, 24),
        opens_at=local("2024-10-18 09:00"),
        reminders_at=(local("2024-10-23 10:00"), local("2024-10-24 10:00")),
        cutoff_at=local("2024-10-24 18:00"),
        bulletin_at=local("2024-10-25 08:30"),
        agenda_at=local("2024-10-25 10:00"),
        meeting_at=local("2024-10-28 15:00"),
    )


def test_spring_festival_moves_the_round_to_the_make_up_sunday(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    before = week_of("2024-W06", rhythm, year_2024)
    festival = week_of("2024-W07", rhythm, year_2024)
    after = week_of("2024-W08", rhythm, year_2024)
    assert shown(before.cutoff_at, before.meeting_at) == ["02-08 Thu 18:00", "02-18 Sun 15:00"]
    assert shown(festival.opens_at) == ["02-09 Fri 09:00"]
    assert shown(*festival.reminders_at) == ["02-18 Sun 10:00"]
    assert shown(festival.cutoff_at) == ["02-18 Sun 18:00"]
    assert shown(festival.bulletin_at, festival.agenda_at, festival.meeting_at) == [
        "02-19 Mon 08:30",
        "02-19 Mon 10:00",
        "02-19 Mon 15:00",
    ]
    assert shown(after.opens_at, after.cutoff_at) == ["02-18 Sun 09:00", "02-22 Thu 18:00"]


def test_national_day_leaves_one_reminder_and_a_meeting_after_the_bulletin(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    week = week_of("2024-W40", rhythm, year_2024)
    assert shown(*week.reminders_at, week.cutoff_at) == ["10-08 Tue 10:00", "10-08 Tue 18:00"]
    assert shown(week.bulletin_at, week.meeting_at) == ["10-09 Wed 08:30", "10-09 Wed 15:00"]
    following = week_of("2024-W41", rhythm, year_2024)
    assert shown(following.opens_at, following.cutoff_at) == ["10-08 Tue 09:00", "10-10 Thu 18:00"]


def test_a_make_up_saturday_takes_what_fell_on_the_friday_before(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    calendar = replace(year_2024, overrides={date(2024, 10, 11): False})
    week = week_of("2024-W41", rhythm, calendar)
    assert shown(week.bulletin_at, week.agenda_at) == ["10-12 Sat 08:30", "10-12 Sat 10:00"]


def test_of_two_cutoffs_moved_to_one_day_the_earlier_week_keeps_it(rhythm: Rhythm) -> None:
    calendar = Calendar(overrides=days_off("2025-01-23", "2025-01-31"))
    earlier, later, third = (
        week_of(period, rhythm, calendar) for period in ("2025-W04", "2025-W05", "2025-W06")
    )
    assert shown(earlier.cutoff_at) == ["02-03 Mon 18:00"]
    assert shown(later.cutoff_at) == ["02-04 Tue 18:00"]
    assert shown(*later.reminders_at) == ["02-03 Mon 10:00"]
    assert shown(third.cutoff_at) == ["02-06 Thu 18:00"]


def test_a_pile_up_pushes_on_into_a_week_that_has_its_own_thursday(rhythm: Rhythm) -> None:
    calendar = Calendar(overrides=days_off("2025-01-16", "2025-02-04"))
    cutoffs = [
        week_of(period, rhythm, calendar).cutoff_at
        for period in ("2025-W03", "2025-W04", "2025-W05", "2025-W06", "2025-W07")
    ]
    assert shown(*cutoffs) == [
        "02-05 Wed 18:00",
        "02-06 Thu 18:00",
        "02-07 Fri 18:00",
        "02-10 Mon 18:00",
        "02-13 Thu 18:00",
    ]


def test_a_reminder_that_would_come_at_the_cutoff_or_later_is_dropped() -> None:
    late = Rhythm(SHANGHAI, reminders=(Slot(2, time(20)),))
    calendar = Calendar(overrides=days_off("2024-10-23", "2024-10-24"))
    week = week_of("2024-W43", late, calendar)
    assert week.reminders_at == ()
    assert shown(week.opens_at, week.cutoff_at) == ["10-18 Fri 09:00", "10-25 Fri 18:00"]


def test_an_opening_never_comes_after_the_first_reminder() -> None:
    afternoon = Rhythm(SHANGHAI, opens=Slot(4, time(14)))
    calendar = Calendar(overrides=days_off("2024-10-18", "2024-10-23"))
    week = week_of("2024-W43", afternoon, calendar)
    assert shown(week.opens_at, *week.reminders_at) == ["10-24 Thu 10:00", "10-24 Thu 10:00"]


def test_an_opening_moved_past_the_cutoff_goes_back_to_the_working_day_before() -> None:
    evening = Rhythm(SHANGHAI, opens=Slot(2, time(19)), reminders=())
    calendar = Calendar(overrides=days_off("2024-10-23", "2024-10-24"))
    week = week_of("2024-W43", evening, calendar)
    assert shown(week.opens_at, week.cutoff_at) == ["10-22 Tue 19:00", "10-25 Fri 18:00"]


def test_at_the_cutoff_the_next_week_is_the_current_one(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    cutoff = local("2024-10-24 18:00")
    assert current_week(cutoff - timedelta(seconds=1), rhythm, year_2024).period == "2024-W43"
    assert current_week(cutoff, rhythm, year_2024).period == "2024-W44"


def test_during_a_long_holiday_the_moved_week_stays_current(
    rhythm: Rhythm, year_2024: Calendar
) -> None:
    for day in ("2024-10-03 19:00", "2024-10-06 12:00", "2024-10-08 17:59"):
        assert current_week(local(day), rhythm, year_2024).period == "2024-W40"
    assert current_week(local("2024-10-08 18:00"), rhythm, year_2024).period == "2024-W41"


def test_a_moment_without_a_zone_is_refused(rhythm: Rhythm, year_2024: Calendar) -> None:
    with pytest.raises(ValueError, match="aware"):
        current_week(datetime(2024, 10, 24), rhythm, year_2024)  # noqa: DTZ001


def test_years_end_and_week_53_have_their_neighbours() -> None:
    assert week_after("2020-W52") == "2020-W53"
    assert week_after("2020-W53") == "2021-W01"
    assert week_before("2021-W01") == "2020-W53"
    assert week_after("2024-W52") == "2025-W01"
    assert weeks_between("2020-W52", "2021-W01") == 2
    assert weeks_between("2021-W01", "2020-W52") == -2


def test_the_last_week_of_2020_meets_after_new_year(rhythm: Rhythm) -> None:
    week = week_of("2020-W53", rhythm, Calendar(overrides={date(2021, 1, 1): False}))
    assert (week.first_on, week.last_on) == (date(2020, 12, 25), date(2020, 12, 31))
    assert week.meeting_at == local("2021-01-04 15:00")


@pytest.mark.parametrize(
    "words",
    [
        *("", "2024", "2024-43", "2024-W5", "2024-W00", "2024-W53", "24-W43", "2024-w43"),
        *("２０２４-W43", "2024-W43\n", " 2024-W43", "0000-W01", "9999-W52"),
    ],
)
def test_what_is_no_week_is_refused(words: str, rhythm: Rhythm, year_2024: Calendar) -> None:
    assert not is_period(words)
    with pytest.raises(ValueError, match="2024-W43"):
        week_of(words, rhythm, year_2024)
    with pytest.raises(ValueError, match="2024-W43"):
        week_after(words)


def test_a_cutoff_in_skipped_hours_waits_for_the_clocks_and_keeps_the_order() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = Rhythm(
        berlin,
        opens=Slot(6, time(1, 30)),
        reminders=(Slot(6, time(2)), Slot(6, time(1, 45))),
        cutoff=Slot(6, time(2, 30)),
        bulletin=Slot(6, time(2, 45)),
        agenda=Slot(6, time(4)),
    )
    every_day = Calendar(lambda _on: True, {})
    spring = week_of("2024-W13", night, every_day)
    assert spring.cutoff_at == spring.bulletin_at == datetime(2024, 3, 31, 3, tzinfo=berlin)
    assert len(spring.reminders_at) == 1
    autumn = week_of("2024-W43", night, every_day)
    assert autumn.cutoff_at.astimezone(UTC) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    in_between = datetime(2024, 10, 27, 1, 10, tzinfo=UTC)
    assert current_week(in_between, night, every_day).period == "2024-W44"
    assert is_in_order(spring) and is_in_order(autumn)


PERIODS = st.dates(date(2015, 1, 1), date(2035, 12, 31)).map(
    lambda on: f"{on.isocalendar().year:04}-W{on.isocalendar().week:02}"
)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30, 59]))
SLOTS = st.builds(Slot, st.integers(0, 6), TIMES)
ZONES = st.sampled_from(
    [SHANGHAI, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), ZoneInfo("UTC")]
)


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    """Any rhythm that the office may write down."""
    cutoff, opens, meeting = draw(SLOTS), draw(SLOTS), draw(SLOTS)
    opened = opens.minutes_before(cutoff)
    room = meeting.minutes_after(cutoff)
    reminders = draw(st.lists(SLOTS, max_size=3))
    kept = tuple(slot for slot in reminders if slot.minutes_before(cutoff) <= opened)
    early = [draw(SLOTS), draw(SLOTS)]
    bulletin, agenda = (slot if slot.minutes_after(cutoff) <= room else meeting for slot in early)
    return Rhythm(draw(ZONES), opens, kept, cutoff, bulletin, agenda, meeting)


@st.composite
def holidays(draw: st.DrawFn) -> Calendar:
    """Weekends off, with some long holidays and make-up days, as a hard year could have them."""
    overrides: dict[date, bool] = {}
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.dates(date(2024, 1, 1), date(2024, 12, 1)))
        for n in range(draw(st.integers(1, 24))):
            overrides[start + timedelta(days=n)] = False
    for day in draw(st.lists(st.dates(date(2024, 1, 1), date(2025, 1, 31)), max_size=6)):
        overrides[day] = True
    return Calendar(overrides=overrides)


LATE_2023 = datetime(2023, 12, 1, tzinfo=UTC)
WEEKS_2024 = st.integers(1, 52).map(lambda week: f"2024-W{week:02}")


@given(PERIODS)
def test_weeks_tile_and_count_without_gaps(period: str) -> None:
    rhythm = Rhythm(SHANGHAI)
    calendar = Calendar()
    week, following = (week_of(each, rhythm, calendar) for each in (period, week_after(period)))
    assert is_period(period)
    assert (week.last_on - week.first_on).days == 6
    assert following.first_on == week.last_on + timedelta(days=1)
    assert week_before(following.period) == period
    assert weeks_between(period, following.period) == 1


@settings(max_examples=150, deadline=None)
@given(WEEKS_2024, rhythms(), holidays())
def test_no_holiday_and_no_rhythm_breaks_the_order(
    period: str, rhythm: Rhythm, calendar: Calendar
) -> None:
    week = week_of(period, rhythm, calendar)
    assert is_in_order(week)
    assert is_on_workdays(week, calendar, free={week.opens_at} & set(week.reminders_at))


def is_on_workdays(week: Week, calendar: Calendar, free: Iterable[datetime] = ()) -> bool:
    moments = {week.opens_at, *week.reminders_at, week.cutoff_at, week.bulletin_at}
    moments |= {week.agenda_at, week.meeting_at}
    return all(calendar.is_workday(at.date()) for at in moments - set(free))


@settings(max_examples=80, deadline=None)
@given(rhythms(), holidays())
def test_cutoffs_strictly_increase_all_year(rhythm: Rhythm, calendar: Calendar) -> None:
    period, cutoffs = "2023-W50", []
    while weeks_between(period, "2025-W10") > 0:
        cutoffs.append(week_of(period, rhythm, calendar).cutoff_at.astimezone(UTC))
        period = week_after(period)
    assert all(earlier < later for earlier, later in pairwise(cutoffs))


@settings(max_examples=150, deadline=None)
@given(
    st.timedeltas(timedelta(), timedelta(days=450)).map(LATE_2023.__add__),
    rhythms(),
    holidays(),
)
def test_the_current_week_is_the_earliest_still_open(
    now: datetime, rhythm: Rhythm, calendar: Calendar
) -> None:
    week = current_week(now, rhythm, calendar)
    previous = week_of(week_before(week.period), rhythm, calendar)
    assert previous.cutoff_at.astimezone(UTC) <= now < week.cutoff_at.astimezone(UTC)
