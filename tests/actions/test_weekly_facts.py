"""The facts of a week stand as they were at the freeze; what came later is the next week's."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from actions.approval import resubmit
from actions.bulletins import freeze
from models.bulletin import bulletin, occasion
from models.project import membership, milestone, project
from reports.weekly import bulletin_text
from rules.terms import Level, ProjectClass
from rules.weekly_facts import ProjectLine, WeeklyFacts
from rules.weekly_record import from_json
from tests.actions.conftest import Winds
from tests.clockwork import Clockwork
from tests.district import NEXT_WEEK, WEEK
from tests.district_book import HE, LI, LOGISTICS, METAL, OFFICE, RESERVOIR, STEEL, TOWN, YANG


def facts(clockwork: Clockwork, period: str = WEEK) -> WeeklyFacts:
    return from_json(clockwork.bulletin(period).facts)


def line(clockwork: Clockwork, name: str, period: str = WEEK) -> ProjectLine:
    [found] = [each for each in facts(clockwork, period).projects if each.name == name]
    return found


def closes(clockwork: Clockwork, moment: str = "2024-10-31 18:00") -> None:
    clockwork.turns_to(moment)
    clockwork.ticks()


def text(clockwork: Clockwork, period: str) -> str:
    return bulletin_text(clockwork.bulletin(period).parts)


def test_what_lay_before_the_office_at_the_cut_off_is_frozen(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK, progress="主体封顶", done="浇筑五层", plan="砌体")
    closes(clockwork)
    found = line(clockwork, STEEL)
    assert (found.due, found.reported, found.progress) == (True, True, "主体封顶")
    assert (found.progress_before, found.done, found.plan) == ("主体施工", "浇筑五层", "砌体")
    assert not line(clockwork, METAL).reported
    assert not line(clockwork, TOWN).due
    row = clockwork.bulletin(WEEK)
    assert (row.due_count, row.reported_count, row.number) == (5, 1, 1)
    assert row.frozen_at == clockwork.now


def test_what_comes_after_the_freeze_changes_nothing_in_it(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK, progress="主体三层")
    closes(clockwork)
    before = clockwork.bulletin(WEEK)
    clockwork.forward(minutes=5)
    clockwork.reports(YANG, METAL, WEEK)
    clockwork.reports(LI, STEEL, WEEK, progress="主体九层", reason="写错了")
    clockwork.ticks()
    clockwork.turns_to("2024-11-01 08:30")
    clockwork.ticks()
    after = clockwork.bulletin(WEEK)
    assert (after.facts, after.facts_sha) == (before.facts, before.facts_sha)
    assert "主体三层" in text(clockwork, WEEK) and "主体九层" not in text(clockwork, WEEK)


def test_a_late_report_is_folded_into_the_next_bulletin_and_only_there(
    clockwork: Clockwork,
) -> None:
    closes(clockwork)
    clockwork.turns_to("2024-11-01 09:00")
    assert clockwork.reports(YANG, METAL, WEEK, done="设备进场").is_late
    closes(clockwork, "2024-11-07 18:00")
    found = line(clockwork, METAL, NEXT_WEEK)
    assert (found.late_for, found.late_done, found.reported) == (WEEK, "设备进场", False)
    closes(clockwork, "2024-11-14 18:00")
    assert line(clockwork, METAL, "2024-W46").late_for is None


def test_a_late_report_that_a_second_freeze_has_taken_up_is_not_told_twice(
    clockwork: Clockwork,
) -> None:
    """The office wrote the bulletin anew from what had come in meanwhile."""
    closes(clockwork)
    clockwork.turns_to("2024-11-01 08:30")
    clockwork.ticks()
    clockwork.forward(minutes=10)
    clockwork.reports(YANG, METAL, WEEK, done="设备进场")
    clockwork.forward(minutes=10)
    row = clockwork.bulletin(WEEK)
    clockwork.does(resubmit, clockwork.sayer(OFFICE), row.id, row.rev, is_fresh=True)
    assert line(clockwork, METAL).reported
    closes(clockwork, "2024-11-07 18:00")
    assert line(clockwork, METAL, NEXT_WEEK).late_for is None


def test_a_report_between_the_cut_off_and_a_late_freeze_is_told_once(
    clockwork: Clockwork,
) -> None:
    """The bot was slow: the facts are those of the freeze, whenever that was."""
    clockwork.turns_to("2024-10-31 18:00")
    clockwork.forward(seconds=5)
    assert clockwork.reports(YANG, METAL, WEEK).is_late
    clockwork.forward(seconds=5)
    clockwork.ticks()
    assert line(clockwork, METAL).reported
    closes(clockwork, "2024-11-07 18:00")
    assert line(clockwork, METAL, NEXT_WEEK).late_for is None


def test_an_early_report_of_the_next_week_does_not_hide_this_weeks(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK, done="本周的话")
    clockwork.reports(LI, STEEL, NEXT_WEEK, done="下周的话", progress="主体封顶")
    closes(clockwork)
    assert line(clockwork, STEEL).done == "本周的话"
    closes(clockwork, "2024-11-07 18:00")
    found = line(clockwork, STEEL, NEXT_WEEK)
    assert (found.done, found.progress_before) == ("下周的话", "主体三层")


def test_numbers_count_within_the_year_and_begin_where_the_office_says(winds: Winds) -> None:
    clockwork = winds(bulletin={"first_number": 43})
    closes(clockwork)
    closes(clockwork, "2024-11-07 18:00")
    assert [clockwork.bulletin(period).number for period in (WEEK, NEXT_WEEK)] == [43, 44]


def test_freezing_again_keeps_one_bulletin_and_its_number(clockwork: Clockwork) -> None:
    closes(clockwork)
    clockwork.forward(hours=1)
    clockwork.does(freeze, clockwork.office.week(WEEK))
    assert clockwork.rows(select(func.count()).select_from(bulletin))[0][0] == 1
    assert clockwork.bulletin(WEEK).number == 1


def test_the_change_since_the_last_bulletin_is_against_its_frozen_counts(
    clockwork: Clockwork,
) -> None:
    clockwork.reports(LI, STEEL, WEEK)
    closes(clockwork)
    clockwork.turns_to("2024-11-02 09:00")
    clockwork.reports(YANG, METAL, WEEK)
    closes(clockwork, "2024-11-07 18:00")
    found = facts(clockwork, NEXT_WEEK)
    assert (found.due_before, found.reported_before) == (5, 1)


def test_a_project_on_two_lists_is_one_line_with_both_levels(clockwork: Clockwork) -> None:
    both: dict[str, Any] = {"project_id": clockwork.id_of(STEEL), "year": 2024, "reason": ""}
    both |= {"level": Level.CITY, "project_class": ProjectClass.CONTINUING}
    clockwork.does(lambda desk: desk.tx.execute(membership.insert().values(**both)))
    closes(clockwork)
    assert line(clockwork, STEEL).levels == {Level.PROVINCIAL, Level.CITY}


def test_a_project_that_left_the_ledger_is_not_counted(clockwork: Clockwork) -> None:
    gone = project.update().where(project.c.name == LOGISTICS).values(gone_on=date(2024, 10, 30))
    clockwork.does(lambda desk: desk.tx.execute(gone))
    closes(clockwork)
    assert LOGISTICS not in {each.name for each in facts(clockwork).projects}
    assert HE not in clockwork.bulletin(WEEK).facts


def test_milestones_that_are_open_due_or_just_reached_are_there(clockwork: Clockwork) -> None:
    closes(clockwork)
    found = {each.name: each for each in facts(clockwork).milestones}
    assert "大坝合龙" in found and "下闸蓄水" not in found and "开工" not in found
    assert found["大坝合龙"].project == RESERVOIR
    done = milestone.update().where(milestone.c.name == "大坝合龙")
    clockwork.does(lambda desk: desk.tx.execute(done.values(done_on=date(2024, 11, 4))))
    closes(clockwork, "2024-11-07 18:00")
    again = {each.name: each for each in facts(clockwork, NEXT_WEEK).milestones}
    assert again["大坝合龙"].done_on == date(2024, 11, 4)


def test_no_person_is_named_in_what_is_posted(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK)
    clockwork.ticks_until("2024-11-01 08:30")
    words = text(clockwork, WEEK)
    for name in (LI, YANG, HE, OFFICE):
        assert name not in words


def test_the_same_facts_give_the_same_words_and_code(clockwork: Clockwork) -> None:
    clockwork.reports(LI, STEEL, WEEK)
    clockwork.ticks_until("2024-11-01 08:30")
    first = clockwork.bulletin(WEEK)
    clockwork.does(resubmit, clockwork.sayer(OFFICE), first.id, first.rev, is_fresh=False)
    again = clockwork.bulletin(WEEK)
    assert (again.parts, again.parts_sha, again.facts_sha) == (
        first.parts,
        first.parts_sha,
        first.facts_sha,
    )
    assert clockwork.rows(select(func.count()).select_from(occasion))[0][0] == 4
