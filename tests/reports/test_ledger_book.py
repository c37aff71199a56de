"""The ledger that the office gets back: it reads well, harms nobody, and changes nothing."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.compare import compare
from ledger.draft import (
    InvestmentEntry,
    LedgerDraft,
    MembershipEntry,
    MilestoneEntry,
    PersonEntry,
    ProjectEntry,
)
from ledger.facts import LedgerFacts
from ledger.people import People, duties_of, named_by
from reports.ledger_book import ledger_book
from rules.terms import Level, Phase, ProjectClass, Role
from tests.ledger_cast import (
    demo,
    facts,
    keys,
    membership,
    milestone,
    money,
    openpyxl,
    person,
    project,
    understood,
    understood_here,
)


def demo_facts() -> LedgerFacts:
    draft = demo()
    assert draft.as_of
    told = (draft.projects, draft.investments, draft.milestones, draft.people)
    return LedgerFacts(draft.year, draft.as_of, 10, *told)


def exported(known: LedgerFacts, *, with_phones: bool = True) -> bytes:
    return ledger_book(known, "莱芜区", with_phones=with_phones)


def pages(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_demo_ledger_comes_back_in_its_own_form() -> None:
    book = pages(exported(demo_facts()))
    assert book.sheetnames == ["重点项目台账", "月度完成投资", "关键节点", "人员"]
    sheet = book["重点项目台账"]
    assert sheet["A1"].value == "莱芜区2024年重点项目台账"
    assert sheet["A2"].value == "截至2024年10月31日"
    assert sheet["Y2"].value == "计量单位:万元"
    assert [sheet.cell(5, column).value for column in (2, 3, 10)] == ["合计", "137个", 16064768.56]
    assert sheet["B6"].value == "一、省级重点项目"
    assert round(sheet["N6"].value, 3) == 1.109
    assert sheet.freeze_panes == "C5"
    assert "Q3:S3" in {str(merge) for merge in sheet.merged_cells.ranges}


def test_importing_it_again_changes_nothing_and_finds_nothing() -> None:
    known = demo_facts()
    for with_phones in (True, False):
        draft = understood(exported(known, with_phones=with_phones))
        assert compare(draft, known).is_empty
        assert keys(draft) == []


def test_telephone_numbers_are_for_the_office_alone() -> None:
    known = demo_facts()
    private = replace(known.projects[0], extra=(("联系人微信号", "wx-778899"),))
    known = replace(known, projects=(private, *known.projects[1:]))
    with zipfile.ZipFile(io.BytesIO(exported(known, with_phones=False))) as archive:
        text = archive.read("xl/sharedStrings.xml").decode()
    assert "0531-" not in text
    assert "wx-778899" not in text
    assert "袁凤霞" in text


HOSTILE = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "@SUM(A1)",
    "\uff1d1+1",
    "https://example.org/x",
    "mailto:a@b.c",
    "<b>&amp;</b>",
    "{{ 7*7 }}",
    "_x0041_",
    "\x00\x1b\ud800",
    "长" * 40_000,
]


def test_no_word_of_a_person_becomes_a_formula_a_link_or_a_broken_file() -> None:
    known = facts(*(project(f"项目{at}", progress=words) for at, words in enumerate(HOSTILE)))
    content = exported(known)
    sheet = pages(content)["重点项目台账"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert max(len(str(cell.value)) for cell in cells) == 32_767
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "<f>" not in parts
    assert "hyperlink" not in parts
    assert 'quotePrefix="1"' in parts
    assert compare(understood(content), known).is_empty


def test_a_project_on_two_lists_stands_on_both_and_counts_once() -> None:
    both = project("城东水厂", membership(Level.CITY, plan="500"), membership(plan="400"))
    known = facts(both, project("城西学校"), investments=(money("城东水厂", 1, 10, "450"),))
    content = exported(known)
    sheet = pages(content)["重点项目台账"]
    assert [sheet.cell(row, 2).value for row in range(5, 11)] == [
        "合计",
        "一、市级重点项目",
        "城东水厂",
        "二、区级重点项目",
        "城东水厂",
        "城西学校",
    ]
    assert sheet["C5"].value == "2个"
    assert sheet["J5"].value == 40_000
    draft = understood(content)
    assert keys(draft) == []
    assert compare(draft, known).is_empty


def test_a_state_that_the_office_set_has_a_column_of_its_own() -> None:
    paused = project("城东水厂", phase=Phase.PAUSED, progress="主体施工")
    content = exported(facts(paused))
    titles = [cell.value for cell in pages(content)["重点项目台账"][3]]
    assert titles[-1] == "项目状态"
    assert understood(content).projects[0].phase is Phase.PAUSED
    assert "项目状态" not in str(pages(exported(demo_facts()))["重点项目台账"]["AA3"].value)


def test_a_lump_for_several_months_keeps_its_own_column() -> None:
    known = facts(
        project("城东水厂"),
        project("城西学校"),
        investments=(
            money("城东水厂", 1, 9, "90"),
            money("城东水厂", 10, 10, "10"),
            money("城西学校", 1, 1, "5"),
        ),
    )
    content = exported(known)
    titles = [cell.value for cell in pages(content)["月度完成投资"][1]]
    assert "1-9月" in titles
    assert compare(understood(content), known).is_empty


def test_a_project_on_no_list_of_the_year_is_not_in_its_ledger() -> None:
    former = ProjectEntry("旧项目", (), Phase.BUILDING)
    known = facts(project("城东水厂"), former, milestones=(milestone("旧项目", "封顶"),))
    content = exported(known)
    assert [one.name for one in understood(content).projects] == ["城东水厂"]
    assert compare(understood(content), known).is_empty


def test_the_same_facts_make_the_same_file() -> None:
    known = facts(project("城东水厂"))
    assert exported(known) == exported(known)


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], include_characters="=+-@<&无—\n\x00"), max_size=12
)
NAMES = st.sampled_from(["张敏", "李娜", "王伟", "欧阳春生", "赵强", "John Smith"])
UNITS = st.sampled_from(["区水务局", "凤城街道", "区工信局", "莱芜经济开发区(西区、东区)"])
MONEY = st.none() | st.decimals(0, 9_999_999, places=4)
MONTH = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda d: d.replace(day=1))
LISTS = st.lists(
    st.builds(MembershipEntry, st.sampled_from(Level), st.sampled_from(ProjectClass), MONEY),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.level,
).map(lambda lists: tuple(sorted(lists, key=lambda one: list(Level).index(one.level))))


@st.composite
def ledgers(draw: st.DrawFn) -> LedgerFacts:
    """What a database may hold: anything people typed, in any combination."""
    projects = tuple(draw(_projects(number)) for number in range(draw(st.integers(1, 4))))
    investments = tuple(
        InvestmentEntry(one.name, month, month, draw(st.decimals(0, 99_999, places=4)))
        for one in projects
        for month in draw(st.sets(st.integers(1, 12), max_size=4))
    )
    milestones = tuple(
        MilestoneEntry(one.name, f"节点{number}", draw(_days()), draw(_days()), "区水务局", "张敏")
        for one in projects
        for number in range(draw(st.integers(0, 2)))
    )
    return LedgerFacts(
        2024, date(2024, 10, 31), 10, projects, investments, milestones, _everybody(draw, projects)
    )


def _days() -> st.SearchStrategy[date | None]:
    return st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))


def _projects(number: int) -> st.SearchStrategy[ProjectEntry]:
    people = st.lists(NAMES, max_size=3, unique=True).map(tuple)
    titles = st.sampled_from(["土地情况", "备注二", "联系人微信", "=1+1"])
    return st.builds(
        ProjectEntry,
        name=WORDS.map(lambda words: f"项目{number}{words}"),
        memberships=LISTS,
        phase=st.sampled_from(Phase),
        code=st.sampled_from(["", f"2024-370116-46-01-82137{number}"]),
        industry=WORDS,
        carrier=WORDS,
        content=WORDS,
        start_on=MONTH,
        finish_on=MONTH,
        total=MONEY,
        prior=MONEY,
        progress=st.one_of(WORDS, st.sampled_from(["已投产", "停工", "主体施工"])),
        problem=WORDS,
        owner_name=WORDS,
        owner_head=WORDS,
        owner_phone=WORDS,
        sponsors=people,
        units=st.lists(UNITS, max_size=3, unique=True).map(tuple),
        responsible=people,
        contacts=people,
        task_force=WORDS,
        note=WORDS,
        extra=st.dictionaries(titles, WORDS.filter(bool), max_size=2).map(
            lambda extra: tuple(extra.items())
        ),
    )


def _everybody(draw: st.DrawFn, projects: tuple[ProjectEntry, ...]) -> tuple[PersonEntry, ...]:
    """Whoever a project names is known; some of them have more roles, and a telephone."""
    people = People([person("孔令", "项目办", Role.OFFICE, post=draw(WORDS))])
    for one in projects:
        for entry in named_by(one, people):
            phone = draw(st.sampled_from(["", "0531-1234"]))
            people.add(replace(entry, phone=phone, roles=entry.roles | draw(_roles())))
    for one in projects:
        assert all(names is not None for _, names in duties_of(one))
    return people.all()


def _roles() -> st.SearchStrategy[frozenset[Role]]:
    return st.frozensets(st.sampled_from([Role.APPROVER, Role.OFFICE]), max_size=1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), st.booleans())
def test_whatever_people_typed_the_export_imports_without_a_change(
    known: LedgerFacts, with_phones: bool
) -> None:
    draft: LedgerDraft = understood_here(exported(known, with_phones=with_phones))
    assert not [key for key in keys(draft) if key in {"amount_is_text", "name_missing"}]
    changes = compare(draft, known)
    assert changes.is_empty, changes


def test_the_office_calls_its_sponsors_by_its_own_word() -> None:
    known = facts(
        project("城东水厂", sponsors=("张敏",)), people=(person("张敏", "", Role.SPONSOR),)
    )
    for verb, title in (("包挂", "包挂领导"), ("没听说过的", "包推领导")):
        content = ledger_book(known, "莱芜区", verb, with_phones=True)
        assert title in [cell.value for cell in pages(content)["重点项目台账"][3]]
        assert compare(understood(content), known).is_empty


def test_cents_survive() -> None:
    known = facts(project("城东水厂", total=Decimal("391818.4123")))
    assert understood(exported(known)).projects[0].total == Decimal("391818.4123")
