"""Reading weekdays and wall times, and refusing a rhythm that contradicts itself."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rhythm import Rhythm, Slot, moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SLOTS = st.builds(Slot, st.integers(0, 6), st.builds(time, st.integers(0, 23), st.integers(0, 59)))
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "words",
    ["Thu 18:00", "thursday 18:00", "Thurs. 18:00", "周四 18:00", "星期四18:00", "礼拜四 18：00"],
)
def test_thursday_at_six_is_read_in_every_usual_way(words: str) -> None:
    assert Slot.read(words) == Slot(3, time(18))


def test_sunday_has_two_chinese_names() -> None:
    assert Slot.read("周日 9:05") == Slot.read("星期天 09:05") == Slot(6, time(9, 5))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("", "Thu 18:00"),
        ("18:00", "Thu 18:00"),
        ("Thu", "Thu 18:00"),
        ("Thu 18", "Thu 18:00"),
        ("周八 18:00", "Thu 18:00"),
        ("Thu 24:00", "23:59"),
        ("Thu 12:60", "23:59"),
        ("Foo 18:00", "foo"),
        ("Thx 18:00", "thx"),
    ],
)
def test_a_slot_that_cannot_be_read_says_how_to_write_it(words: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        Slot.read(words)


@given(SLOTS)
def test_a_slot_reads_back_as_it_is_shown(slot: Slot) -> None:
    assert Slot.read(str(slot)) == slot


@pytest.mark.parametrize(("weekday", "at"), [(7, time(9)), (-1, time(9)), (0, time(9, 0, 30))])
def test_a_slot_out_of_bounds_is_refused(weekday: int, at: time) -> None:
    with pytest.raises(ValueError, match=r"weekday|whole minutes"):
        Slot(weekday, at)


@given(SLOTS, SLOTS, DAYS)
def test_every_slot_stands_once_in_the_week_before_and_once_in_the_week_from_another(
    slot: Slot, other: Slot, day: date
) -> None:
    day += timedelta(days=(other.weekday - day.weekday()) % 7)
    stands_at = datetime.combine(day, other.at)
    before = datetime.combine(slot.before(other, day), slot.at)
    after = datetime.combine(slot.on_or_after(other, day), slot.at)
    assert before.weekday() == after.weekday() == slot.weekday
    assert timedelta() < stands_at - before <= timedelta(days=7)
    assert timedelta() <= after - stands_at < timedelta(days=7)


def test_a_reminder_before_the_opening_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"Wed 10:00.*Thu 09:00.*Thu 18:00"):
        Rhythm(SHANGHAI, opens=Slot(3, time(9)))


def test_a_reminder_on_the_cutoff_is_refused() -> None:
    with pytest.raises(ValueError, match="reminder Thu 18:00"):
        Rhythm(SHANGHAI, reminders=(Slot(3, time(18)),))


def test_a_reminder_at_the_opening_is_accepted() -> None:
    assert Rhythm(SHANGHAI, reminders=(Slot(4, time(9)),)).reminders


def test_a_bulletin_or_agenda_after_the_meeting_is_refused() -> None:
    with pytest.raises(ValueError, match=r"bulletin Tue 08:30.*Mon 15:00"):
        Rhythm(SHANGHAI, bulletin=Slot(1, time(8, 30)))
    with pytest.raises(ValueError, match=r"agenda Mon 15:01.*Mon 15:00"):
        Rhythm(SHANGHAI, agenda=Slot(0, time(15, 1)))


def test_a_bulletin_and_an_agenda_may_come_with_the_meeting() -> None:
    meeting = Slot(0, time(15))
    assert Rhythm(SHANGHAI, bulletin=meeting, agenda=meeting).agenda == meeting


def test_an_office_that_settles_nothing_keeps_the_usual_rhythm() -> None:
    usual = Rhythm(SHANGHAI)
    assert str(usual.opens) == "Fri 09:00"
    assert [str(slot) for slot in usual.reminders] == ["Wed 10:00", "Thu 10:00"]
    assert str(usual.cutoff) == "Thu 18:00"
    assert str(usual.bulletin) == "Fri 08:30"
    assert str(usual.agenda) == "Fri 10:00"
    assert str(usual.meeting) == "Mon 15:00"


def test_a_wall_time_that_the_clocks_skip_becomes_the_first_minute_after() -> None:
    at = moment(date(2024, 3, 31), time(2, 15), BERLIN)
    assert (at.time(), at.astimezone(UTC)) == (time(3), datetime(2024, 3, 31, 1, tzinfo=UTC))
    half = moment(date(2024, 10, 6), time(2, 10), LORD_HOWE)
    assert half.time() == time(2, 30)


def test_a_wall_time_shown_twice_is_the_first() -> None:
    at = moment(date(2024, 10, 27), time(2, 30), BERLIN)
    assert at.fold == 0
    assert at.astimezone(UTC) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_a_day_that_a_country_skipped_moves_to_the_next_midnight() -> None:
    at = moment(date(2011, 12, 30), time(18), ZoneInfo("Pacific/Apia"))
    assert (at.date(), at.time()) == (date(2011, 12, 31), time(0))


@given(
    DAYS,
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.sampled_from([SHANGHAI, BERLIN, LORD_HOWE, ZoneInfo("America/St_Johns")]),
)
def test_every_moment_exists_and_is_hardly_later_than_asked(
    day: date, at: time, zone: ZoneInfo
) -> None:
    stands_at = moment(day, at, zone)
    assert stands_at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == stands_at.replace(
        tzinfo=None
    )
    later = stands_at.replace(tzinfo=None) - datetime.combine(day, at)
    assert timedelta() <= later <= timedelta(hours=1)
