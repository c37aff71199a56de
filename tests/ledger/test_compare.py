"""A file against what is known: what an import would change, and what it would not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ledger.changes import InvestmentChange
from ledger.compare import compare
from ledger.draft import (
    InvestmentEntry,
    LedgerDraft,
    PersonEntry,
    ProjectEntry,
    SheetReading,
    YearToDate,
)
from ledger.facts import LedgerFacts
from ledger.findings import Findings
from ledger.header import Kind
from ledger.money import MoneyUnit
from ledger.people import gather_people
from rules.terms import Level, Phase, ProjectClass, Role
from tests.ledger_cast import facts, membership, milestone, money, person, project

ALL_FIELDS = frozenset(
    {"code", "industry", "content", "total", "prior", "progress", "problem", "plan", "units"}
    | {"sponsors", "responsible", "contacts", "owner_phone", "start_on", "finish_on", "note"}
)
WATER, SCHOOL = project("城东水厂"), project("城西学校")


def draft(*projects: ProjectEntry, **known: object) -> LedgerDraft:
    """A file with project, milestone and people sheets."""
    people: list[PersonEntry] = list(known.pop("people", []))  # type: ignore[call-overload]  # by the test
    values: dict[str, object] = {
        "investments": (),
        "milestones": (),
        "fields": ALL_FIELDS,
        "unknown_columns": (),
        "findings": (),
        "people": gather_people(
            [replace(one, is_listed=True) for one in people], projects, Findings()
        ),
        "sheets": tuple(SheetReading(kind, kind, MoneyUnit.WAN, ()) for kind in Kind),
        **known,
    }
    return LedgerDraft(year=2024, as_of=None, projects=projects, **values)  # type: ignore[arg-type]  # same


def known(*projects: ProjectEntry, **more: object) -> LedgerFacts:
    return facts(*projects, **more)


def test_the_same_is_no_change() -> None:
    changes = compare(draft(WATER, SCHOOL), known(WATER, SCHOOL))
    assert changes.is_empty
    assert changes.unchanged == 2


def test_new_and_gone_projects_are_told_apart() -> None:
    changes = compare(draft(WATER), known(SCHOOL))
    assert [one.name for one in changes.new] == ["城东水厂"]
    assert [(one.project, one.level) for one in changes.gone] == [("城西学校", Level.DISTRICT)]


def test_a_row_held_back_by_an_error_is_not_gone() -> None:
    assert not compare(draft(WATER, held=frozenset({"城西学校"})), known(WATER, SCHOOL)).gone
    coded = replace(SCHOOL, code="2024-370116-46-01-821373")
    held = frozenset({"2024-370116-46-01-821373"})
    assert not compare(draft(WATER, held=held), known(WATER, coded)).gone


def test_a_list_that_a_project_left_is_named_and_so_is_one_it_joined() -> None:
    city = replace(WATER, memberships=(membership(Level.CITY),))
    changes = compare(draft(city), known(WATER))
    assert [(one.project, one.membership.level) for one in changes.joined] == [
        ("城东水厂", Level.CITY)
    ]
    assert [(one.project, one.level) for one in changes.gone] == [("城东水厂", Level.DISTRICT)]


def test_a_plan_is_compared_per_list() -> None:
    both = replace(WATER, memberships=(membership(Level.CITY), membership(plan="800")))
    changed = replace(WATER, memberships=(membership(Level.CITY), membership(plan="900")))
    changes = compare(draft(changed), known(both))
    assert [(one.level, one.old, one.new) for one in changes.plans] == [
        (Level.DISTRICT, Decimal(800), Decimal(900))
    ]
    assert changes.needs_reason


def test_an_empty_plan_takes_no_plan_away_and_a_first_plan_needs_no_reason() -> None:
    without = replace(WATER, memberships=(membership(plan=None),))
    assert compare(draft(without), known(WATER)).is_empty
    changes = compare(draft(WATER), known(without))
    assert len(changes.plans) == 1
    assert not changes.needs_reason


def test_only_columns_that_the_file_has_are_compared() -> None:
    noted = replace(WATER, note="涉密审查中", owner_phone="0531")
    assert compare(draft(WATER, fields=ALL_FIELDS - {"note", "owner_phone"}), known(noted)).is_empty
    changes = compare(draft(WATER), known(noted))
    assert {one.field for one in changes.changed} == {"note", "owner_phone"}


def test_an_empty_cell_clears_words_but_neither_money_nor_days_nor_progress() -> None:
    full = replace(WATER, problem="电力迁改", progress="主体施工", prior=Decimal(5))
    changes = compare(draft(replace(WATER, total=None)), known(full))
    assert [(one.field, one.new) for one in changes.changed] == [("problem", "")]


def test_words_that_a_cell_cannot_tell_apart_are_no_change() -> None:
    told = replace(WATER, problem="无", progress=" 主体施工\r\n ", sponsors=("王  丽",))
    read = replace(WATER, problem="", progress="主体施工", sponsors=("王丽",))
    people = (person("王丽", "", Role.SPONSOR),)
    assert compare(draft(read), known(told, people=people)).is_empty


def test_a_class_that_was_only_assumed_changes_nothing() -> None:
    new = membership(project_class=ProjectClass.NEW_START)
    assumed = replace(WATER, memberships=(replace(new, class_is_assumed=True),))
    assert compare(draft(assumed), known(WATER)).is_empty
    stated = replace(WATER, memberships=(new,))
    assert len(compare(draft(stated), known(WATER)).classes) == 1


def test_a_phase_that_the_office_set_stays_until_the_news_imply_another() -> None:
    paused = replace(WATER, phase=Phase.PAUSED, progress="主体施工")
    same = replace(WATER, progress="主体施工")
    assert compare(draft(same), known(paused)).is_empty
    done = replace(WATER, progress="已投产", phase=Phase.COMPLETED)
    changes = compare(draft(done), known(paused))
    assert ("phase", Phase.COMPLETED) in [(one.field, one.new) for one in changes.changed]


def spans(*changes: InvestmentChange) -> list[tuple[int, int, Decimal | None, Decimal]]:
    return [(one.first_month, one.month, one.old, one.new) for one in changes]


def test_a_lump_is_set_against_the_months_known() -> None:
    lump = replace(WATER, year_to_date=YearToDate(10, Decimal(60)))
    months = tuple(money("城东水厂", month, month, "6") for month in range(1, 11))
    assert compare(draft(lump), known(WATER, investments=months)).is_empty
    fewer = compare(draft(lump), known(WATER, investments=months[:8]))
    assert spans(*fewer.investments) == [(9, 10, None, Decimal(12))]
    other = replace(WATER, year_to_date=YearToDate(10, Decimal(63)))
    corrected = compare(draft(other), known(WATER, investments=months))
    assert spans(*corrected.investments) == [(10, 10, Decimal(6), Decimal(9))]


def test_a_few_months_of_a_lump_are_unclear_and_are_not_applied() -> None:
    lump = (money("城东水厂", 1, 10, "60"),)
    few = (money("城东水厂", 1, 1, "6"), money("城东水厂", 2, 2, "6"))
    changes = compare(draft(WATER, investments=few), known(WATER, investments=lump))
    assert changes.investments == ()
    assert spans(*changes.unclear) == [(1, 1, None, Decimal(6)), (2, 2, None, Decimal(6))]


SPANS = st.lists(st.integers(1, 12), min_size=1, unique=True).map(sorted)
AMOUNTS = st.decimals(-1000, 100_000, places=4)


@st.composite
def tiled(draw: st.DrawFn) -> tuple[InvestmentEntry, ...]:
    """Money whose spans stand side by side from January on."""
    ends = draw(SPANS)
    starts = [1, *(end + 1 for end in ends[:-1])]
    return tuple(
        InvestmentEntry("城东水厂", first, last, draw(AMOUNTS))
        for first, last in zip(starts, ends, strict=True)
    )


def _applied(
    before: tuple[InvestmentEntry, ...], changes: tuple[InvestmentChange, ...]
) -> tuple[InvestmentEntry, ...]:
    """What is known after an import: what a change overlaps is superseded."""
    kept = [
        one
        for one in before
        if not any(one.first_month <= c.month and c.first_month <= one.month for c in changes)
    ]
    kept += [InvestmentEntry(c.project, c.first_month, c.month, c.new) for c in changes]
    return tuple(sorted(kept, key=lambda one: one.month))


@given(tiled(), tiled())
def test_an_import_of_money_applied_twice_changes_nothing_the_second_time(
    before: tuple[InvestmentEntry, ...], told: tuple[InvestmentEntry, ...]
) -> None:
    file = draft(WATER, investments=told)
    first = compare(file, known(WATER, investments=before))
    after = _applied(before, first.investments)
    months = [m for one in after for m in range(one.first_month, one.month + 1)]
    assert len(months) == len(set(months))  # no month is counted twice
    assert compare(file, known(WATER, investments=after)).investments == ()


@given(tiled(), st.integers(1, 12), AMOUNTS)
def test_a_lump_that_can_be_laid_makes_the_sum_it_says(
    before: tuple[InvestmentEntry, ...], month: int, amount: Decimal
) -> None:
    file = draft(replace(WATER, year_to_date=YearToDate(month, amount)))
    changes = compare(file, known(WATER, investments=before))
    after = _applied(before, changes.investments)
    summed = sum((one.amount for one in after if one.month <= month), Decimal(0))
    assert changes.unclear or summed == amount


def test_a_milestones_day_moves_and_an_empty_one_does_not() -> None:
    old = milestone("城东水厂", "封顶", due_on=date(2024, 10, 1), done_on=date(2024, 10, 2))
    moved = milestone("城东水厂", "封顶", due_on=date(2024, 11, 1))
    changes = compare(draft(WATER, milestones=(moved,)), known(WATER, milestones=(old,)))
    assert [(one.field, one.new) for one in changes.milestones] == [("due_on", date(2024, 11, 1))]


def test_a_milestone_that_is_missing_is_named_and_kept() -> None:
    old = milestone("城东水厂", "封顶")
    changes = compare(draft(WATER), known(WATER, milestones=(old,)))
    assert [one.milestone for one in changes.gone_milestones] == ["封顶"]


def test_a_person_gains_roles_by_an_import_and_loses_none() -> None:
    office = person("王伟", "区水务局", Role.OFFICE)
    tied = replace(WATER, units=("区水务局",), responsible=("王伟",))
    changes = compare(draft(tied), known(replace(tied), people=(office,)))
    (change,) = changes.people
    assert (change.field, change.new) == ("roles", frozenset({Role.OFFICE, Role.REPORTER}))
    assert compare(
        draft(WATER, people=[person("王伟", "区水务局")]), known(WATER, people=(office,))
    ).is_empty


def test_whom_a_row_means_is_decided_by_those_known() -> None:
    tied = replace(WATER, units=("区水务局", "凤城街道"), contacts=("李娜",))
    there = person("李娜", "凤城街道", Role.REPORTER)
    assert compare(draft(tied), known(tied, people=(there,))).new_people == ()
    elsewhere = person("李娜", "区教体局", Role.REPORTER)
    (fresh,) = compare(draft(tied), known(tied, people=(elsewhere,))).new_people
    assert fresh.unit == "区水务局"


def test_a_sponsor_is_known_by_name_alone() -> None:
    led = replace(WATER, sponsors=("张敏",))
    there = person("张敏", "区委区政府", Role.SPONSOR)
    assert compare(draft(led), known(led, people=(there,))).new_people == ()
