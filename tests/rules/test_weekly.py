"""What the weekly bulletin counts, whom it lists, and in which order."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.terms import Factor, Level, Phase
from rules.weekly import ProjectLine, weekly
from tests.weekly_district import (
    LAST_ON,
    large_week,
    milestone,
    obstacle,
    project,
    small_week,
    week,
)


def _lines() -> st.SearchStrategy[tuple[ProjectLine, ...]]:
    words = st.sampled_from(["", "无", "主体施工", "主体封顶", "设备安装"])
    line = st.builds(
        project,
        id=st.integers(1, 10_000),
        unit=st.sampled_from(["区住建局", "区水务局", "区工信局"]),
        unit_order=st.integers(1, 3),
        order=st.integers(1, 99),
        levels=st.frozensets(st.sampled_from(Level)),
        phase=st.sampled_from(Phase),
        due=st.booleans(),
        reported=st.booleans(),
        same=st.booleans(),
        stalled=st.booleans(),
        progress=words,
        progress_before=words,
        plan=words,
    )
    return st.lists(line, max_size=40, unique_by=lambda one: one.id).map(tuple)


@given(_lines())
def test_the_parts_of_the_totals_add_up(lines: tuple[ProjectLine, ...]) -> None:
    bulletin = weekly(week(lines))
    totals = bulletin.totals
    assert totals.projects == len(lines)
    assert totals.due == totals.reported + totals.missing
    assert totals.missing == sum(unit.missing for unit in bulletin.missing)
    assert totals.reported + totals.extra == bulletin.moved + bulletin.same + bulletin.steady
    assert bulletin.moved <= len(bulletin.changes)
    for level in totals.by_level:
        assert 0 <= level.reported <= level.due <= level.projects <= totals.projects


@given(_lines(), st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    lines: tuple[ProjectLine, ...], random: Random
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert weekly(week(tuple(shuffled))) == weekly(week(lines))


def test_units_stand_in_the_offices_order_and_projects_in_that_of_the_ledger() -> None:
    lines = (
        project(1, unit="阿", unit_order=9, order=1, reported=False),
        project(2, unit="正", unit_order=1, order=7, progress="封顶"),
        project(3, unit="正", unit_order=1, order=2, progress="封顶"),
        project(4, unit="波", unit_order=5, order=3, reported=False),
    )
    bulletin = weekly(week(lines))
    assert [change.line.id for change in bulletin.changes] == [3, 2]
    assert [unit.unit for unit in bulletin.missing] == ["波", "阿"]


def test_who_owes_nothing_is_not_missing() -> None:
    resting = project(1, phase=Phase.PAUSED, due=False, reported=False)
    bulletin = weekly(week((resting,)))
    assert bulletin.missing == ()
    assert (bulletin.totals.due, bulletin.rate) == (0, None)


def test_who_reports_without_owing_it_is_counted_apart() -> None:
    bulletin = weekly(week((project(1, due=False), project(2))))
    assert (bulletin.totals.due, bulletin.totals.reported, bulletin.totals.extra) == (1, 1, 1)


def test_a_late_report_for_last_week_does_not_count_for_this_one() -> None:
    bulletin = weekly(week((project(1, reported=False, late_for="2024-W42"),)))
    assert bulletin.totals.missing == 1
    assert [line.id for line in bulletin.late] == [1]


def test_a_project_on_two_lists_counts_once_in_the_total_and_on_each_list() -> None:
    both = project(1, levels=frozenset({Level.PROVINCIAL, Level.CITY}))
    totals = weekly(week((both,))).totals
    assert totals.projects == 1
    assert [(level.level, level.projects) for level in totals.by_level] == [
        (Level.PROVINCIAL, 1),
        (Level.CITY, 1),
    ]
    assert totals.are_levels_overlapping


def test_only_moved_progress_or_a_reached_milestone_is_a_change() -> None:
    moved = project(1, progress="主体封顶")
    same_words = project(2, progress=" 主体施工 ")
    one_tap = project(3, progress="主体封顶", same=True)
    nothing_said = project(4, progress="无")
    reached = project(5, same=True)
    unheard = project(6, progress="主体封顶", reported=False)
    done = milestone(reached, "主体封顶", LAST_ON, done_on=LAST_ON)
    bulletin = weekly(week((moved, same_words, one_tap, nothing_said, reached, unheard), (done,)))
    assert [change.line.id for change in bulletin.changes] == [1, 5]
    assert (bulletin.moved, bulletin.same, bulletin.steady) == (2, 1, 2)


def test_a_milestone_told_late_is_still_news_once() -> None:
    line = project(1)
    long_ago = LAST_ON - timedelta(days=30)
    told = milestone(line, "基础完成", long_ago, done_on=long_ago, told=True)
    known = milestone(line, "开工进场", long_ago, done_on=long_ago)
    (change,) = weekly(week((line,), (told, known))).changes
    assert [one.name for one in change.reached] == ["基础完成"]


def test_what_is_due_on_the_day_of_the_cutoff_is_not_late_but_what_was_due_before_it_is() -> None:
    line = project(1)
    today = milestone(line, "今天到期", LAST_ON)
    yesterday = milestone(line, "昨天到期", LAST_ON - timedelta(days=1))
    old = milestone(line, "上周到期", LAST_ON - timedelta(days=7))
    bulletin = weekly(week((line,), (today, yesterday, old)))
    (behind,) = bulletin.behind
    assert [(delay.milestone.name, delay.days, delay.is_new) for delay in behind.delays] == [
        ("上周到期", 7, False),
        ("昨天到期", 1, True),
    ]
    assert (bulletin.delays, bulletin.delays_new, bulletin.longest_delay) == (2, 1, 7)
    assert [one.name for one in bulletin.upcoming] == ["今天到期"]
    assert (bulletin.totals.milestones_due, bulletin.totals.milestones_done) == (2, 0)


def test_next_week_ends_seven_days_after_this_one() -> None:
    line = project(1)
    last = milestone(line, "第七天", LAST_ON + timedelta(days=7))
    beyond = milestone(line, "第八天", LAST_ON + timedelta(days=8))
    assert [m.name for m in weekly(week((line,), (beyond, last))).upcoming] == ["第七天"]


def test_paused_and_completed_projects_are_not_behind() -> None:
    lines = (project(1, phase=Phase.PAUSED), project(2, phase=Phase.COMPLETED))
    overdue = tuple(milestone(line, "开工", date(2024, 1, 1)) for line in lines)
    assert weekly(week(lines, overdue)).behind == ()


def test_new_starts_and_completions_are_those_of_the_week() -> None:
    lines = (
        project(1, started_on=date(2024, 10, 18)),
        project(2, started_on=date(2024, 10, 17)),
        project(3, completed_on=date(2024, 10, 24)),
        project(4, completed_on=date(2024, 10, 25)),
    )
    bulletin = weekly(week(lines))
    assert [line.id for line in bulletin.started] == [1]
    assert [line.id for line in bulletin.completed] == [3]


def test_obstacles_are_new_first_and_counted_by_factor() -> None:
    line = project(1)
    bulletin = weekly(
        week(
            (line,),
            (),
            (
                obstacle(line, Factor.MONEY, "旧", wished_on=LAST_ON - timedelta(days=1)),
                obstacle(line, Factor.LAND, "新", is_new=True, wished_on=LAST_ON),
                obstacle(line, Factor.MONEY, "更旧", opened_on=date(2024, 9, 1)),
            ),
        )
    )
    assert [one.words for one in bulletin.obstacles] == ["新", "更旧", "旧"]
    assert [(c.factor, c.open, c.new) for c in bulletin.factors] == [
        (Factor.MONEY, 2, 0),
        (Factor.LAND, 1, 1),
    ]
    assert (bulletin.obstacles_new, bulletin.obstacles_overdue) == (1, 1)


def test_the_rate_changes_in_points_computed_from_raw_counts() -> None:
    bulletin = weekly(week((project(1), project(2), project(3, reported=False)), (), (), 7, 3))
    assert bulletin.rate_change is not None
    assert round(bulletin.rate_change, 6) == Decimal("23.809524")


def test_the_first_bulletin_has_nothing_to_compare_with() -> None:
    assert weekly(week((project(1),))).rate_change is None


def test_money_is_none_when_nobody_was_asked_and_a_sum_when_somebody_was() -> None:
    assert weekly(small_week()).invested is None
    lines = (project(1, invested=Decimal("1.10")), project(2, invested=Decimal("2.2")), project(3))
    bulletin = weekly(week(lines))
    assert (bulletin.invested, bulletin.invested_by) == (Decimal("3.30"), 2)


def test_a_large_district_adds_up() -> None:
    bulletin = weekly(large_week(10_000, units=300))
    assert bulletin.totals.projects == 10_000
    assert bulletin.totals.missing == sum(unit.missing for unit in bulletin.missing)
