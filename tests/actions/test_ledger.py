"""The dispatch office imports its ledger, imports it again, corrects it, and gets it back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from actions.desk import Desk
from actions.ledger import (
    Applied,
    apply_import,
    export_ledger,
    leave_list,
    read_ledger,
    rehearse_import,
    told,
)
from actions.ledger_facts import ledger_facts
from actions.office import Office
from actions.people import Sayer
from flows.texts import load_texts
from ledger.compare import compare
from ledger.draft import LedgerDraft
from models.database import Database
from models.edge import audit
from models.people import person, person_role, unit
from models.project import (
    investment,
    membership,
    milestone_change,
    plan,
    project,
    project_person,
    task_force,
)
from rules.calendar import Calendar
from rules.refusal import Refusal
from rules.terms import Duty, Level, Phase, Role
from rules.week import Rhythm
from tests.ledger_cast import DEMO, demo, narrow, understood, workbook

NOW = datetime(2024, 11, 4, 1, 0, tzinfo=UTC)
LATER = datetime(2024, 11, 12, 1, 0, tzinfo=UTC)
HEADINGS = ["项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资", "1-10月完成投资"]
HEADINGS += ["形象进度", "包推领导", "责任单位", "责任人", "联系人", "联系电话", "专班", "土地情况"]
ROW = ["城东水厂", "区级", "续建", 9000, 3000, 1500, "主体施工", "张敏", "区水务局、凤城街道"]
ROW += ["王伟", "李娜", "13800000001", "水厂专班", "已供地"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/office.sqlite")
    SQLModel.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def office() -> Office:
    return Office(
        name="莱芜区重点项目推进办公室",
        district="莱芜区",
        rhythm=Rhythm(ZoneInfo("Asia/Shanghai")),
        calendar=Calendar(),
        language="zh-CN",
        button_keys=(b"k" * 32,),
    )


class Town:
    """The office at its database: one call is one transaction."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database = database
        self.office = office

    def do(self, action: Any, *args: Any, now: datetime = NOW, **kwargs: Any) -> Any:
        return self.database.work_now(
            lambda tx: action(Desk(tx, now, self.office), *args, **kwargs)
        )

    def takes(self, draft: LedgerDraft, reason: str = "", now: datetime = NOW) -> Applied:
        applied: Applied = self.do(apply_import, None, draft, reason, now=now)
        return applied

    def rows(self, statement: Any) -> list[Any]:
        return self.database.work_now(lambda tx: list(tx.execute(statement).all()))

    def count(self, table: Any) -> int:
        return int(self.rows(select(func.count()).select_from(table))[0][0])


@pytest.fixture
def town(database: Database, office: Office) -> Town:
    return Town(database, office)


def small(*rows: list[Any], headings: list[str] | None = None) -> LedgerDraft:
    return understood(workbook(台账=[headings or HEADINGS, *rows]))


def with_cell(row: list[Any], heading: str, value: Any) -> list[Any]:
    changed = list(row)
    changed[HEADINGS.index(heading)] = value
    return changed


def test_the_demo_ledger_becomes_137_projects_with_their_people_and_money(town: Town) -> None:
    draft = read_ledger(DEMO.read_bytes(), DEMO.name, town.office)
    assert town.takes(draft) == Applied(137, 0, 1370, 685, 70)
    assert (town.count(project), town.count(task_force), town.count(person)) == (137, 9, 70)
    levels = town.rows(select(membership.c.level, func.count()).group_by(membership.c.level))
    assert dict(map(tuple, levels)) == {"provincial": 9, "city": 48, "district": 80}
    ties = town.rows(select(project_person.c.duty, func.count()).group_by(project_person.c.duty))
    assert dict(map(tuple, ties)) == {"sponsor": 137, "responsible": 137, "contact": 137}


def test_importing_the_same_file_twice_changes_nothing(town: Town) -> None:
    draft = demo()
    town.takes(draft)
    before = [town.count(table) for table in SQLModel.metadata.sorted_tables]
    assert town.takes(draft, now=LATER) == Applied()
    assert [town.count(table) for table in SQLModel.metadata.sorted_tables] == before


def test_the_ledger_the_office_gets_back_changes_nothing_when_imported(town: Town) -> None:
    town.takes(demo())
    book = town.do(export_ledger, None)
    assert town.do(rehearse_import, None, understood(book)).is_empty


def test_a_dry_run_writes_nothing_and_says_what_would_happen(town: Town) -> None:
    rehearsal = town.do(rehearse_import, None, demo())
    assert town.count(project) == 0
    lines = told(load_texts("zh-CN"), (*rehearsal.summary, *rehearsal.changes))
    said = [narrow(line) for line in lines]
    assert "省级9个:年度计划180.19亿元,已完成199.83亿元,完成110.9%" in said
    assert any(line.startswith("新增项目137个") for line in said)
    assert all("{" not in line for line in said)


def test_a_changed_plan_needs_a_reason_and_becomes_a_new_version(town: Town) -> None:
    town.takes(small(ROW))
    changed = small(with_cell(ROW, "2024年计划投资", 3600))
    with pytest.raises(Refusal) as refused:
        town.takes(changed)
    assert refused.value.key == "ledger.refused.reason_needed"
    assert town.takes(changed, "年中调整").changed == 1
    versions = town.rows(select(plan.c.version, plan.c.amount, plan.c.reason))
    assert [tuple(row) for row in versions] == [
        (1, Decimal(3000), ""),
        (2, Decimal(3600), "年中调整"),
    ]


def test_money_that_grew_belongs_to_the_month_not_yet_known(town: Town) -> None:
    town.takes(small(ROW))
    headings = [one.replace("1-10月", "1-11月") for one in HEADINGS]
    town.takes(small(with_cell(ROW, "1-10月完成投资", 1800), headings=headings), now=LATER)
    assert town.rows(_money()) == [(1, 10, Decimal(1500), None), (11, 11, Decimal(300), None)]


def test_corrected_money_is_a_revision_and_the_old_amount_stays(town: Town) -> None:
    town.takes(small(ROW))
    town.takes(small(with_cell(ROW, "1-10月完成投资", 1400)), now=LATER)
    assert town.rows(_money()) == [(1, 10, Decimal(1500), LATER), (1, 10, Decimal(1400), None)]


def test_months_replace_a_lump_once_all_of_them_are_told(town: Town) -> None:
    town.takes(small(ROW))
    months = [["项目名称", *(f"{month}月" for month in range(1, 11))], ["城东水厂", *([150] * 10)]]
    draft = understood(workbook(台账=[HEADINGS, ROW], 月度=months))
    assert town.takes(draft, now=LATER).investments == 10
    alive = [row for row in town.rows(_money()) if row[3] is None]
    assert sum(row[2] for row in alive) == 1500
    assert len(alive) == 10
    assert town.takes(draft, now=LATER) == Applied()


def _money() -> Any:
    columns = investment.c
    shown = (columns.first_month, columns.month, columns.amount, columns.superseded_at)
    return select(*shown).order_by(columns.id)


def test_a_vanished_project_is_asked_about_and_never_deleted(town: Town) -> None:
    other = with_cell(ROW, "项目名称", "城西学校")
    town.takes(small(ROW, other))
    rehearsal = town.do(rehearse_import, None, small(ROW))
    said = told(load_texts("zh-CN"), rehearsal.changes)
    assert "“城西学校”不在新的区级名单里" in said
    assert town.takes(small(ROW)) == Applied()
    assert town.count(project) == 2


def test_a_project_leaves_a_list_only_with_a_reason_and_can_come_back(town: Town) -> None:
    town.takes(small(ROW))
    with pytest.raises(Refusal):
        town.do(leave_list, None, "城东水厂", 2024, Level.DISTRICT, " ")
    town.do(leave_list, None, "城东水厂", 2024, Level.DISTRICT, "移出名单,某文件")
    assert town.rows(select(project.c.gone_on)) == [(date(2024, 11, 4),)]
    with pytest.raises(Refusal):
        town.do(leave_list, None, "城东水厂", 2024, Level.DISTRICT, "再来一次")
    town.takes(small(ROW), "重新列入", now=LATER)
    assert town.rows(select(project.c.gone_on)) == [(None,)]
    assert town.rows(select(membership.c.left_on)) == [(None,)]


def test_a_row_with_an_error_stays_out_and_leaves_the_known_project_alone(town: Town) -> None:
    town.takes(small(ROW))
    broken = small(with_cell(ROW, "总投资(万元)", "待核实"), with_cell(ROW, "项目名称", "城西学校"))
    assert town.takes(broken).new == 1
    assert town.rows(select(project.c.name, project.c.total).order_by(project.c.id)) == [
        ("城东水厂", Decimal(9000)),
        ("城西学校", Decimal(9000)),
    ]


def test_a_blocked_ledger_is_refused_whole(town: Town) -> None:
    nameless = [one if one != "项目名称" else "内部简称" for one in HEADINGS]
    with pytest.raises(Refusal) as refused:
        town.takes(small(ROW, headings=nameless))
    assert refused.value.key == "ledger.refused.blocked"
    assert town.count(project) == 0


def test_a_renamed_project_is_known_by_its_code_and_keeps_its_old_name(town: Town) -> None:
    headings = [*HEADINGS, "项目代码"]
    code = "2024-370116-46-01-821373"
    town.takes(small([*ROW, code], headings=headings))
    town.takes(small([*with_cell(ROW, "项目名称", "城东净水厂"), code], headings=headings))
    assert town.rows(select(project.c.name, project.c.aliases)) == [("城东净水厂", ["城东水厂"])]


def test_a_name_that_another_project_has_is_not_given_twice(town: Town) -> None:
    headings = [*HEADINGS, "项目代码"]
    codes = ("2024-370116-46-01-821373", "2024-370116-46-01-821374")
    other = with_cell(ROW, "项目名称", "城西学校")
    town.takes(small([*ROW, codes[0]], [*other, codes[1]], headings=headings))
    swapped = small([*other, codes[0]], [*ROW, codes[1]], headings=headings)
    with pytest.raises(Refusal) as refused:
        town.takes(swapped)
    assert refused.value.key == "ledger.refused.name_taken"


def test_people_named_only_in_a_project_row_join_with_their_roles(town: Town) -> None:
    town.takes(small(ROW))
    rows = town.rows(
        select(person.c.name, unit.c.name, person.c.phone, person_role.c.role)
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .join(person_role, person_role.c.person_id == person.c.id)
        .order_by(person.c.id)
    )
    assert rows == [
        ("张敏", None, "", Role.SPONSOR),
        ("王伟", "区水务局", "", Role.REPORTER),
        ("李娜", "区水务局", "13800000001", Role.REPORTER),
    ]


def test_a_new_contact_takes_over_and_the_former_one_stays_in_the_history(town: Town) -> None:
    town.takes(small(ROW))
    town.takes(small(with_cell(ROW, "联系人", "赵强")), now=LATER)
    ties = town.rows(
        select(person.c.name, project_person.c.until_on)
        .join(project_person, project_person.c.person_id == person.c.id)
        .where(project_person.c.duty == Duty.CONTACT)
        .order_by(project_person.c.id)
    )
    assert ties == [("李娜", date(2024, 11, 12)), ("赵强", None)]


def test_a_new_unit_order_decides_who_leads(town: Town) -> None:
    town.takes(small(ROW))
    town.takes(small(with_cell(ROW, "责任单位", "凤城街道、区水务局")))
    gathered = town.database.work_now(lambda tx: ledger_facts(tx, 2024, date(2024, 11, 4)))
    assert gathered.projects[0].units == ("凤城街道", "区水务局")


def test_a_moved_milestone_leaves_a_line_in_its_history(town: Town) -> None:
    def file(due: str) -> LedgerDraft:
        rows = [["项目名称", "节点", "完成时限", "实际完成"], ["城东水厂", "主体封顶", due, None]]
        return understood(workbook(台账=[HEADINGS, ROW], 节点=rows))

    town.takes(file("2024-11-30"))
    assert town.takes(file("2024年12月底")).milestones == 1
    moved = select(milestone_change.c.field, milestone_change.c.old_on, milestone_change.c.new_on)
    assert town.rows(moved) == [("due_on", date(2024, 11, 30), date(2024, 12, 31))]


def test_a_project_paused_by_the_office_stays_paused_until_its_news_change(town: Town) -> None:
    town.takes(small(ROW))
    town.database.work_now(lambda tx: tx.execute(project.update().values(phase=Phase.PAUSED)))
    assert town.takes(small(ROW)) == Applied()
    town.takes(small(with_cell(ROW, "形象进度", "已竣工投产")))
    assert town.rows(select(project.c.phase)) == [(Phase.COMPLETED,)]


def test_an_unknown_column_is_kept_with_the_project(town: Town) -> None:
    town.takes(small(ROW))
    assert town.rows(select(project.c.extra)) == [({"土地情况": "已供地"},)]
    town.takes(small(with_cell(ROW, "土地情况", None)))
    assert town.rows(select(project.c.extra)) == [({},)]


def test_last_years_project_joins_this_years_list_under_its_name(town: Town) -> None:
    town.takes(small(ROW))
    next_year = [one.replace("2024", "2025") for one in HEADINGS]
    draft = small(ROW, headings=next_year)
    assert draft.year == 2025
    assert town.takes(draft).new == 0
    assert town.count(project) == 1
    assert town.count(membership) == 2


def test_only_the_office_imports_and_exports(town: Town) -> None:
    reporter = Sayer(7, "王伟", 70, frozenset({Role.REPORTER}), None, "")
    for action in (rehearse_import, apply_import):
        with pytest.raises(Refusal):
            town.do(action, reporter, small(ROW))
    with pytest.raises(Refusal):
        town.do(export_ledger, reporter)


def test_an_import_is_in_the_audit_with_its_counts(town: Town) -> None:
    town.takes(small(ROW), "首次导入")
    rows = town.rows(select(audit.c.action, audit.c.thing, audit.c.details))
    assert [(row[0], row[1], row[2]["new"]) for row in rows] == [("import", "ledger 2024", 1)]


def test_an_import_that_fails_leaves_nothing_behind(town: Town) -> None:
    draft = small(ROW)
    twins = replace(draft, projects=draft.projects * 2)
    with pytest.raises(Exception, match="UNIQUE"):
        town.takes(twins)
    assert town.count(project) == 0
    assert town.count(unit) == 0


def test_what_was_imported_is_what_the_file_said(town: Town) -> None:
    draft = demo()
    town.takes(draft)
    gathered = town.database.work_now(lambda tx: ledger_facts(tx, 2024, date(2024, 10, 31)))
    said = [replace(one, year_to_date=None) for one in draft.projects]
    assert list(gathered.projects) == said
    assert sorted(gathered.milestones, key=str) == sorted(draft.milestones, key=str)
    assert compare(draft, gathered).is_empty
