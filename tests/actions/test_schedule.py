"""The clock: each occasion once, over ticks, restarts, holidays and the bot's absence."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions.schedule import Due, due_now, occasions, take_care
from actions.settings import FIRST_PERIOD, keep_setting
from models.bulletin import BulletinState, OccasionState, bulletin, occasion
from models.edge import outbox
from rules.week import week_after, week_before
from tests.actions.conftest import Winds
from tests.clockwork import Clockwork
from tests.district import NEXT_WEEK, WEEK
from tests.district_book import APPROVER, LI, METAL, OFFICE, YANG


def names(done: list[Due]) -> list[tuple[str, str]]:
    return [(due.kind, due.period) for due in done]


def states(clockwork: Clockwork) -> dict[tuple[str, str], str]:
    rows = clockwork.rows(select(occasion))
    return {(row.kind, row.period): row.state for row in rows}


def wall(clockwork: Clockwork, moment: datetime) -> str:
    return f"{moment.astimezone(clockwork.office.zone):%m-%d %H:%M}"


def begins(clockwork: Clockwork, period: str) -> None:
    clockwork.does(lambda desk: keep_setting(desk.tx, FIRST_PERIOD, period))


def test_a_week_goes_by_in_its_order_each_occasion_once(clockwork: Clockwork) -> None:
    done = clockwork.ticks_until("2024-11-01 10:00")
    assert names(done) == [
        ("reminder.1", WEEK),
        ("reminder.2", WEEK),
        ("cutoff", WEEK),
        ("bulletin", WEEK),
    ]
    assert set(states(clockwork).values()) == {OccasionState.PLANNED}
    assert [wall(clockwork, due.due_at) for due in done] == [
        "10-30 10:00",
        "10-31 10:00",
        "10-31 18:00",
        "11-01 08:30",
    ]


def test_two_ticks_at_the_same_moment_do_it_once(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-30 10:00")
    assert names(clockwork.ticks()) == [("reminder.1", WEEK)]
    assert clockwork.ticks() == []
    assert len(clockwork.words("reminder", LI)) == 1


def test_two_bots_that_saw_the_same_occasion_do_it_once(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-30 10:00")
    [due] = clockwork.does(due_now)
    assert clockwork.does(take_care, due)
    assert not clockwork.does(take_care, due)
    assert len(clockwork.words("reminder", LI)) == 1


def test_a_crash_in_the_middle_leaves_the_occasion_for_the_next_tick(
    clockwork: Clockwork,
) -> None:
    clockwork.turns_to("2024-10-30 10:00")
    [due] = clockwork.does(due_now)

    def crash(desk: object) -> None:
        take_care(desk, due)  # type: ignore[arg-type]  # it is a desk
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        clockwork.does(crash)
    assert states(clockwork) == {} and clockwork.owed() == []
    assert names(clockwork.ticks()) == [("reminder.1", WEEK)]


def test_nothing_is_due_before_a_ledger_is_in(winds: Winds) -> None:
    clockwork = winds("empty")
    clockwork.turns_to("2024-12-31 23:00")
    assert clockwork.ticks() == []


def test_nothing_is_due_for_weeks_before_the_office_began(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-11-01 08:30")
    assert {due.period for due in clockwork.does(due_now)} == {WEEK}


def test_nobody_is_reminded_for_a_moment_that_has_passed(clockwork: Clockwork) -> None:
    """Away from Tuesday to Thursday noon: the second reminder still helps, the first does not."""
    clockwork.turns_to("2024-10-31 12:00")
    clockwork.ticks()
    assert states(clockwork) == {
        ("reminder.1", WEEK): OccasionState.SKIPPED,
        ("reminder.2", WEEK): OccasionState.PLANNED,
    }
    assert len(clockwork.words("reminder", LI)) == 1


def test_after_the_cut_off_nobody_is_reminded_and_the_late_are_told(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-31 20:00")
    clockwork.ticks()
    assert states(clockwork)["reminder.2", WEEK] == OccasionState.SKIPPED
    assert clockwork.words("reminder") == []
    assert len(clockwork.words("closed", LI)) == 1


def test_a_bulletin_two_hours_late_is_as_good_as_punctual(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-11-01 10:30")
    clockwork.ticks()
    assert not clockwork.bulletin(WEEK).is_delayed
    assert "延迟" not in clockwork.words("preview", APPROVER)[0]


def test_a_bulletin_three_hours_late_says_so(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-11-01 11:31")
    clockwork.ticks()
    assert clockwork.bulletin(WEEK).is_delayed
    assert "延迟" in clockwork.words("preview", APPROVER)[0]


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2024-11-02 20:30", OccasionState.PLANNED), ("2024-11-02 20:31", OccasionState.HELD)],
)
def test_a_bulletin_later_than_36_hours_is_held_and_the_office_told(
    clockwork: Clockwork, moment: str, state: OccasionState
) -> None:
    clockwork.turns_to(moment)
    clockwork.ticks()
    assert states(clockwork)["bulletin", WEEK] == state
    is_held = state == OccasionState.HELD
    assert ("missed_bulletin" in clockwork.troubles()) == is_held
    assert any("错过了时间" in words for words in clockwork.words("notice", OFFICE)) == is_held
    assert (clockwork.bulletin(WEEK).state == BulletinState.FROZEN) == is_held
    assert bool(clockwork.words("preview")) != is_held


def test_of_several_missed_weeks_only_the_latest_is_made_up_for(clockwork: Clockwork) -> None:
    """Three weeks away, back on a Friday morning."""
    clockwork.turns_to("2024-11-15 09:00")
    clockwork.ticks()
    found = {
        period: state for (kind, period), state in states(clockwork).items() if kind == "bulletin"
    }
    assert found == {
        "2024-W44": OccasionState.HELD,
        "2024-W45": OccasionState.HELD,
        "2024-W46": OccasionState.PLANNED,
    }
    assert len(clockwork.words("preview", APPROVER)) == 2
    told = [words for words in clockwork.words("notice", OFFICE) if "错过了时间" in words]
    assert len(told) == 2
    assert clockwork.words("reminder") == []


def test_an_absence_of_months_is_not_made_up_for_week_by_week(clockwork: Clockwork) -> None:
    clockwork.turns_to("2025-03-14 09:00")
    clockwork.ticks()
    rows = clockwork.rows(select(bulletin.c.period))
    assert len(rows) <= 3
    assert len(clockwork.words("preview", APPROVER)) == 2


def test_the_late_are_not_told_days_after_the_cut_off(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-11-02 19:00")
    clockwork.ticks()
    assert clockwork.words("closed") == []


def test_a_cut_off_that_is_made_up_for_after_the_draft_does_not_change_it(
    clockwork: Clockwork,
) -> None:
    """As when the cut-off's own messages had failed until somebody mended them."""
    clockwork.turns_to("2024-11-01 08:30")
    due = [each for each in clockwork.does(due_now) if each.kind == "bulletin"]
    assert clockwork.does(take_care, due[0])
    frozen = clockwork.bulletin(WEEK)
    clockwork.reports(LI, "精品钢绿色转型项目", WEEK)
    assert names(clockwork.ticks())[-1] == ("cutoff", WEEK)
    assert clockwork.bulletin(WEEK).facts_sha == frozen.facts_sha


# The calendar


def moments(clockwork: Clockwork, period: str) -> dict[str, str]:
    week = clockwork.office.week(period)
    return {due.kind: wall(clockwork, due.due_at) for due in occasions(week)}


def test_national_day_2024_is_left_alone(clockwork: Clockwork) -> None:
    """1 to 7 October are off; Sunday 29 September and Saturday 12 October are worked."""
    begins(clockwork, "2024-W40")
    assert moments(clockwork, "2024-W40") == {
        "reminder.1": "10-08 10:00",
        "cutoff": "10-08 18:00",
        "bulletin": "10-09 08:30",
    }
    clockwork.turns_to("2024-09-30 08:00")
    off = clockwork.ticks_until("2024-10-08 09:59", timedelta(hours=4))
    assert off == []
    assert clockwork.owed() == []
    clockwork.ticks_until("2024-10-08 10:00")
    assert len(clockwork.words("reminder", LI)) == 1


def test_spring_festival_2024_with_its_make_up_days(clockwork: Clockwork) -> None:
    """10 to 17 February are off; Sundays 4 and 18 February are worked."""
    assert moments(clockwork, "2024-W06")["cutoff"] == "02-08 18:00"
    assert moments(clockwork, "2024-W06")["bulletin"] == "02-09 08:30"
    assert moments(clockwork, "2024-W07") == {
        "reminder.1": "02-18 10:00",
        "cutoff": "02-18 18:00",
        "bulletin": "02-19 08:30",
    }
    begins(clockwork, "2024-W06")
    clockwork.turns_to("2024-02-09 12:00")
    clockwork.ticks()
    before = len(clockwork.owed())
    clockwork.ticks_until("2024-02-18 09:59", timedelta(hours=4))
    assert len(clockwork.owed()) == before
    clockwork.ticks_until("2024-02-18 10:00")
    assert len(clockwork.words("reminder", LI)) == 1


def test_a_bot_that_comes_back_on_a_holiday_reminds_nobody(clockwork: Clockwork) -> None:
    """Wednesday 3 April 2024 was missed; the 4th to 6th are off, Sunday the 7th is worked."""
    begins(clockwork, "2024-W14")
    assert moments(clockwork, "2024-W14")["reminder.2"] == "04-07 10:00"
    clockwork.turns_to("2024-04-05 10:00")
    clockwork.ticks()
    clockwork.delivers()
    assert clockwork.words("reminder") == []
    clockwork.ticks_until("2024-04-07 10:00", timedelta(hours=2))
    assert len(clockwork.words("reminder", LI)) == 1


def test_the_office_may_say_that_a_day_is_off(winds: Winds) -> None:
    clockwork = winds(calendar={"days": {date(2024, 10, 31): "off"}})
    assert moments(clockwork, WEEK)["cutoff"] == "11-01 18:00"
    clockwork.turns_to("2024-10-31 20:00")
    assert names(clockwork.ticks()) == [("reminder.1", WEEK)] or clockwork.words("reminder") == []


def test_the_year_ends_without_a_gap_or_a_week_twice(clockwork: Clockwork) -> None:
    """2026 has 53 weeks."""
    begins(clockwork, "2026-W51")
    clockwork.turns_to("2026-12-14 08:00")
    done = clockwork.ticks_until("2027-01-18 08:00", timedelta(hours=6))
    drafted = [due.period for due in done if due.kind == "bulletin"]
    assert drafted == ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    rows = clockwork.rows(select(bulletin.c.year, bulletin.c.number).order_by(bulletin.c.period))
    assert [tuple(row) for row in rows] == [(2026, 1), (2026, 2), (2026, 3), (2027, 1), (2027, 2)]


# A clock that misbehaves


def test_a_clock_set_back_repeats_nothing(clockwork: Clockwork) -> None:
    clockwork.ticks_until("2024-11-01 09:00")
    before = len(clockwork.owed())
    clockwork.turns_to("2024-10-30 09:00")
    clockwork.ticks_until("2024-11-01 09:00")
    assert len(clockwork.owed()) == before


steps = st.lists(
    st.sampled_from([timedelta(minutes=1), timedelta(hours=3), timedelta(hours=26)])
    | st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
    min_size=1,
    max_size=9,
)


@given(steps=steps)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whenever_the_bot_looks_every_bulletin_is_drafted_or_held_and_none_twice(
    clockwork: Clockwork, steps: list[timedelta]
) -> None:
    for table in (outbox, bulletin, occasion):
        clockwork.does(lambda desk, table=table: desk.tx.execute(table.delete()))  # type: ignore[misc]  # the default binds the loop's table
    clockwork.turns_to("2024-10-29 10:00")
    for step in steps:
        clockwork.now += step
        clockwork.ticks()
        clockwork.delivers()
    handled = states(clockwork)
    keys = [row.key for row in clockwork.owed()]
    assert len(keys) == len(set(keys))
    period, this = WEEK, clockwork.office.current_week(clockwork.now).period
    noticed = [this]
    for _ in range(3):
        noticed.append(week_before(noticed[-1]))
    while period <= this:
        week = clockwork.office.week(period)
        if week.bulletin_at <= clockwork.now and period in noticed:
            assert ("bulletin", period) in handled
        period = week_after(period)


def test_weeks_tile_without_a_gap(clockwork: Clockwork) -> None:
    period, weeks = "2023-W50", []
    for _ in range(60):
        weeks.append(clockwork.office.week(period))
        period = week_after(period)
    for one, following in pairwise(weeks):
        assert one.last_on + timedelta(days=1) == following.first_on
        assert one.cutoff_at < following.cutoff_at


def test_what_the_office_hears_at_the_cut_off_is_the_roll(clockwork: Clockwork) -> None:
    clockwork.reports(YANG, METAL, WEEK)
    clockwork.turns_to("2024-10-31 18:00")
    clockwork.ticks()
    [roll] = [words for words in clockwork.words("notice", OFFICE) if "点名" in words]
    assert "应报 <b>5</b>" in roll or "应报 5" in roll
    assert NEXT_WEEK not in roll
