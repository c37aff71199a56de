"""Reminders: to those who owe, about what they owe, and at no time that is theirs."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions.desk import Desk
from actions.drafts import Draft
from actions.reminders import Reminded, nudge_all, remind_all
from actions.report_facts import report_facts
from actions.report_sent import hand_in
from actions.settings import FIRST_PERIOD, keep_setting
from actions.submission import Submission
from flows.report_facts import ReportContent
from models.database import insert_row
from models.edge import OutState, outbox
from models.people import PersonState, leave, person
from models.project import project
from rules.reminder import Quiet
from rules.terms import Phase
from tests.actions.conftest import Winds
from tests.clockwork import Clockwork
from tests.district import ACCOUNTS, WEEK
from tests.district_book import (
    HE,
    LI,
    LOGISTICS,
    METAL,
    OFFICE,
    RESERVOIR,
    RESPONSIBLE,
    SPONSOR,
    STATION,
    STEEL,
    TOWN,
    YANG,
)

REPORTERS = {LI, YANG, HE}


def reminded(clockwork: Clockwork, kind: str = "reminder") -> set[str]:
    """Whom a message of this kind was put out for, those called off left out."""
    names = {number: name for name, number in ACCOUNTS.items()}
    gone = (OutState.CANCELLED, OutState.EXPIRED)
    return {names[row.chat_id] for row in clockwork.owed(kind) if row.state not in gone}


def reminds(clockwork: Clockwork, number: int = 1, moment: str = "2024-10-30 10:00") -> Reminded:
    clockwork.turns_to(moment)
    week = clockwork.office.week(WEEK)
    return clockwork.does(remind_all, week, number, until=week.cutoff_at)


def nudges(clockwork: Clockwork) -> Reminded:
    by = clockwork.sayer(OFFICE).id
    return clockwork.does(nudge_all, by, clockwork.office.week(WEEK))


def changes(clockwork: Clockwork, name: str, **values: Any) -> None:
    clockwork.does(
        lambda desk: desk.tx.execute(person.update().where(person.c.name == name).values(**values))
    )


def goes_on_leave(clockwork: Clockwork, name: str, deputy: str | None = None) -> None:
    def go(desk: Any) -> None:
        ids = dict(desk.tx.execute(select(person.c.name, person.c.id)).all())
        insert_row(
            desk.tx,
            leave,
            person_id=ids[name],
            deputy_id=ids[deputy] if deputy else None,
            first_on=date(2024, 10, 28),
            last_on=date(2024, 11, 8),
        )

    clockwork.does(go)


def sets_phase(clockwork: Clockwork, name: str, phase: Phase) -> None:
    clockwork.does(
        lambda desk: desk.tx.execute(
            project.update().where(project.c.name == name).values(phase=phase)
        )
    )


# Whom


def test_only_those_who_owe_are_reminded_each_with_one_message(clockwork: Clockwork) -> None:
    assert reminds(clockwork) == Reminded(sent=3, capped=0, unreachable=0)
    assert reminded(clockwork) == REPORTERS
    [words] = clockwork.words("reminder", LI)
    assert "<b>3</b>" in words
    for name in (STEEL, RESERVOIR, STATION):
        assert name in words
    assert METAL not in words and TOWN not in words


def test_the_message_has_a_button_for_each_project_and_one_for_all(clockwork: Clockwork) -> None:
    reminds(clockwork)
    [row] = clockwork.owed("reminder", LI)
    labels = [line[0]["text"] for line in row.payload["reply_markup"]["inline_keyboard"]]
    assert len(labels) == 4 and labels[1:] == [STEEL, RESERVOIR, STATION]
    [row] = clockwork.owed("reminder", YANG)
    labels = [line[0]["text"] for line in row.payload["reply_markup"]["inline_keyboard"]]
    assert labels == [METAL]


def test_who_has_reported_everything_hears_nothing(clockwork: Clockwork) -> None:
    clockwork.reports(YANG, METAL, WEEK)
    assert reminds(clockwork).sent == 2
    assert reminded(clockwork) == {LI, HE}


def test_who_has_reported_something_is_asked_for_the_rest(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK)
    reminds(clockwork)
    [words] = clockwork.words("reminder", LI)
    assert "<b>2</b>" in words and STEEL not in words


@pytest.mark.parametrize("phase", [Phase.COMPLETED, Phase.PAUSED])
def test_a_project_that_rests_is_nobodys_debt(clockwork: Clockwork, phase: Phase) -> None:
    sets_phase(clockwork, METAL, phase)
    reminds(clockwork)
    assert YANG not in reminded(clockwork)


@pytest.mark.parametrize(("period", "is_asked"), [("2024-W44", True), ("2024-W45", False)])
def test_a_project_in_preparation_is_asked_for_every_other_week(
    clockwork: Clockwork, period: str, is_asked: bool
) -> None:
    sets_phase(clockwork, METAL, Phase.PREPARATION)
    week = clockwork.office.week(period)
    clockwork.now = week.reminders_at[0]
    clockwork.does(remind_all, week, 1, until=week.cutoff_at)
    assert (YANG in reminded(clockwork)) == is_asked


def test_the_deputy_is_asked_in_place_of_who_is_on_leave(clockwork: Clockwork) -> None:
    goes_on_leave(clockwork, YANG, deputy=HE)
    reminds(clockwork)
    assert reminded(clockwork) == {LI, HE}
    assert METAL in clockwork.words("reminder", HE)[0]


def test_without_a_deputy_the_responsible_person_is_asked(clockwork: Clockwork) -> None:
    goes_on_leave(clockwork, YANG)
    reminds(clockwork)
    assert reminded(clockwork) == {LI, HE, RESPONSIBLE}


@pytest.mark.parametrize("state", [PersonState.BLOCKED, PersonState.LEFT, PersonState.NOT_JOINED])
def test_nobody_is_written_to_who_cannot_be_reached(
    clockwork: Clockwork, state: PersonState
) -> None:
    changes(clockwork, HE, state=state)
    assert reminds(clockwork) == Reminded(sent=2, capped=0, unreachable=1)
    assert reminded(clockwork) == {LI, YANG}


def test_the_office_and_the_leaders_are_never_reminded(clockwork: Clockwork) -> None:
    clockwork.ticks_until("2024-11-01 10:00")
    for name in (OFFICE, SPONSOR):
        assert clockwork.words("reminder", name) == clockwork.words("closed", name) == []


def test_no_name_and_no_debt_is_ever_posted_to_a_group(clockwork: Clockwork) -> None:
    clockwork.binds()
    clockwork.ticks_until("2024-11-01 10:00")
    assert {row.kind for row in clockwork.owed() if row.chat_id < 0} == set()


# When


def test_a_reminder_in_quiet_hours_waits_for_the_morning(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-29 22:30")
    [row] = clockwork.owed("reminder", LI)
    assert row.not_before == datetime.fromisoformat("2024-10-30T08:00:00+08:00")
    assert clockwork.delivers() == []
    clockwork.turns_to("2024-10-30 08:00")
    assert len(clockwork.delivers()) == 3


def test_what_would_wait_beyond_its_use_is_not_written_at_all(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-29 22:30")
    week = clockwork.office.week(WEEK)
    useful_until = datetime.fromisoformat("2024-10-30T08:00:00+08:00")
    assert clockwork.does(remind_all, week, 1, until=useful_until).sent == 0
    assert clockwork.owed("reminder") == []


def test_a_reminder_that_could_not_go_in_time_expires(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-30 10:00")
    clockwork.ticks()
    clockwork.turns_to("2024-10-31 10:01")
    clockwork.delivers()
    assert {row.state for row in clockwork.owed("reminder")} == {OutState.EXPIRED}


def test_a_friday_night_is_put_off_to_monday(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-25 22:00")
    [row] = clockwork.owed("reminder", LI)
    assert row.not_before == datetime.fromisoformat("2024-10-28T08:00:00+08:00")


@given(
    st.datetimes(*map(datetime.fromisoformat, ("2024-01-01", "2026-12-30"))),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nobody_is_ever_written_to_at_night_or_on_a_day_off(
    clockwork: Clockwork, moment: datetime, from_: time, until: time
) -> None:
    clockwork.does(lambda desk: desk.tx.execute(outbox.delete()))
    clockwork.does(lambda desk: keep_setting(desk.tx, FIRST_PERIOD, "2023-W01"))
    quiet = Quiet(from_, until)
    clockwork.changes(quiet=quiet)
    clockwork.now = moment.replace(tzinfo=clockwork.office.zone)
    week = clockwork.office.current_week(clockwork.now)
    clockwork.does(remind_all, week, 1, until=clockwork.now + timedelta(days=30))
    [row] = clockwork.owed("reminder", LI)
    goes_at = (row.not_before or clockwork.now).astimezone(clockwork.office.zone)
    assert goes_at >= clockwork.now
    assert not quiet.is_quiet(goes_at)
    assert clockwork.office.calendar.is_workday(goes_at.date())


# How often


def test_the_same_reminder_is_written_once(clockwork: Clockwork) -> None:
    assert reminds(clockwork).sent == 3
    assert reminds(clockwork).sent == 0


def test_a_person_has_had_enough_at_the_cap(winds: Winds) -> None:
    clockwork = winds(reminders={"per_week": 2, "nudges_per_week": 9})
    reminds(clockwork, 1)
    reminds(clockwork, 2)
    assert reminds(clockwork, 3) == Reminded(sent=0, capped=3, unreachable=0)
    assert nudges(clockwork) == Reminded(sent=0, capped=3, unreachable=0)


def test_the_office_nudges_each_person_as_often_as_it_may(clockwork: Clockwork) -> None:
    clockwork.turns_to("2024-10-30 15:00")
    assert nudges(clockwork).sent == 3
    clockwork.turns_to("2024-10-31 15:00")
    assert nudges(clockwork) == Reminded(sent=0, capped=3, unreachable=0)


def test_two_nudges_on_one_day_are_one(winds: Winds) -> None:
    clockwork = winds(reminders={"nudges_per_week": 3})
    clockwork.turns_to("2024-10-30 15:00")
    assert nudges(clockwork).sent == 3
    assert nudges(clockwork).sent == 0


def test_no_cap_holds_back_the_word_that_the_week_is_closed(winds: Winds) -> None:
    clockwork = winds(reminders={"per_week": 0})
    clockwork.ticks_until("2024-10-31 18:00")
    assert clockwork.words("reminder") == []
    assert reminded(clockwork, "closed") == REPORTERS


def test_what_was_called_off_counts_against_nobody(winds: Winds) -> None:
    clockwork = winds(reminders={"per_week": 1})
    reminds(clockwork, 1, "2024-10-29 22:30")
    clockwork.does(lambda desk: desk.tx.execute(outbox.update().values(state=OutState.CANCELLED)))
    assert reminds(clockwork, 2).sent == 3


# Never after the report


def waiting(clockwork: Clockwork) -> set[str]:
    names = {number: name for name, number in ACCOUNTS.items()}
    rows = [row for row in clockwork.owed("reminder") if row.state == OutState.READY]
    return {names[row.chat_id] for row in rows}


def hands_in(clockwork: Clockwork, by: str, project_name: str) -> None:
    """As the conversation does at its end."""
    sayer, project_id = clockwork.sayer(by), clockwork.id_of(project_name)

    def hand(desk: Desk) -> None:
        draft = Draft(sayer.id, sayer.chat_id, "report", project_id=project_id, period=WEEK)
        facts = report_facts(desk, project_id, WEEK, None)
        content = ReportContent("主体三层", (), "浇筑三层", "砌体施工", ())
        given = Submission(project_id, WEEK, content, {}, way="steps")
        hand_in(desk, sayer, draft, facts, given)

    clockwork.does(hand)


def test_a_waiting_reminder_is_called_off_when_the_report_comes_in(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-29 22:30")
    hands_in(clockwork, YANG, METAL)
    assert waiting(clockwork) == {LI, HE}


def test_it_stands_while_something_is_still_owed(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-29 22:30")
    hands_in(clockwork, LI, STEEL)
    assert LI in waiting(clockwork)
    hands_in(clockwork, LI, RESERVOIR)
    hands_in(clockwork, LI, STATION)
    assert LI not in waiting(clockwork)


def test_it_is_called_off_too_when_the_office_reports_for_somebody(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-29 22:30")
    hands_in(clockwork, OFFICE, METAL)
    hands_in(clockwork, OFFICE, LOGISTICS)
    assert waiting(clockwork) == {LI}


def test_it_is_called_off_too_when_the_responsible_person_reports(clockwork: Clockwork) -> None:
    reminds(clockwork, moment="2024-10-29 22:30")
    hands_in(clockwork, RESPONSIBLE, METAL)
    assert waiting(clockwork) == {LI, HE}
