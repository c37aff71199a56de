"""Ledgers in the layouts that offices really use, and the mistakes people make in them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.columns import Field, fields_named
from ledger.draft import LedgerDraft, Severity
from ledger.heading import read_heading
from ledger.hints import Hints
from ledger.money import MoneyUnit
from ledger.summary import level_sums
from rules.completion import show_percent
from rules.terms import Level, Phase, ProjectClass, Role
from tests.ledger_cast import demo, keys, merged_workbook, understood, wide, workbook

HEADINGS = ["项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]
WATER = ["城东水厂", "区级", "续建", 9000, 3000]
SCHOOL = ["城西学校", "市级", "新开工", 5000, 2000]


def ledger(*rows: Sequence[Any], headings: Sequence[Any] | None = None) -> LedgerDraft:
    return understood(workbook(台账=[headings or HEADINGS, *rows]))


def test_the_demo_ledger_is_137_projects_and_its_completion_by_level() -> None:
    draft = demo()
    counts = [(one.level, one.count) for one in level_sums(draft)]
    assert counts == [(Level.PROVINCIAL, 9), (Level.CITY, 48), (Level.DISTRICT, 80)]
    rates = [show_percent(one.completion) for one in level_sums(draft) if one.completion]
    assert rates == ["110.9%", "91.0%", "90.2%"]
    assert len(draft.projects) == 137
    assert len(draft.task_forces) == 9
    assert (len(draft.investments), len(draft.milestones)) == (1370, 685)
    assert (draft.year, draft.as_of, draft.findings) == (2024, date(2024, 10, 31), ())


def test_a_person_of_the_same_name_in_another_unit_is_another_person() -> None:
    namesakes = [one for one in demo().people if one.name == "徐雪梅"]
    assert [one.unit for one in namesakes] == ["茶业口镇", "方下街道"]


def test_columns_may_stand_in_any_order() -> None:
    rows: list[list[Any]] = [HEADINGS, WATER, SCHOOL]
    turned = understood(workbook(台账=[list(reversed(row)) for row in rows]))
    assert turned.projects == ledger(WATER, SCHOOL).projects


def test_amounts_in_yi_become_wan_by_their_heading() -> None:
    headings = ["项目名称", "级别", "建设性质", "总投资(亿元)", "2024年计划投资(万元)"]
    draft = ledger(["城东水厂", "区级", "续建", 0.9, 3000], headings=headings)
    assert draft.projects[0].total == 9000
    assert draft.projects[0].memberships[0].plan == 3000


def test_the_unit_line_counts_for_headings_that_name_no_unit() -> None:
    headings = ["项目名称", "级别", "总投资", "年度计划投资"]
    rows = [["2024年重点项目台账"], ["单位:亿元"], headings, ["城东水厂", "区级", 0.9, 0.3]]
    draft = understood(workbook(台账=rows))
    assert draft.projects[0].total == 9000
    assert "unit_assumed" not in keys(draft)


def test_months_without_a_unit_are_in_the_unit_of_the_year() -> None:
    headings = ["项目名称", "级别", "总投资(亿元)", "2024年计划投资(亿元)", "1-2月完成投资(亿元)"]
    months = [["项目名称", "1月", "2月"], ["城东水厂", 0.01, 0.02]]
    draft = understood(workbook(台账=[headings, ["城东水厂", "区级", 0.9, 0.3, 0.03]], 月度=months))
    assert [one.amount for one in draft.investments] == [100, 200]
    assert "lump_differs" not in keys(draft)


def test_the_office_may_say_the_unit_of_a_column() -> None:
    headings = ["项目名称", "级别", "总投资", "2024年计划投资"]
    content = workbook(台账=[headings, ["城东水厂", "区级", 0.9, 3000]])
    hints = Hints(units={"总投资": MoneyUnit.YI, "D": MoneyUnit.WAN})
    draft = understood(content, hints=hints)
    assert (draft.projects[0].total, draft.projects[0].memberships[0].plan) == (
        Decimal(9000),
        Decimal(3000),
    )
    assert "unit_assumed" not in keys(draft)


def test_without_any_unit_wan_is_assumed_and_said() -> None:
    draft = ledger(WATER, headings=["项目名称", "级别", "建设性质", "总投资", "2024年计划投资"])
    assert keys(draft) == ["unit_assumed", "unit_assumed"]


TWO_ROWS = [
    ["某县2024年度重点项目进展情况表", None, None, None, None, None, None, None, None],
    ["序号", "项目名称", "投资情况(万元)", None, "业主单位", None, "责任单位", None, None],
    [None, None, "总投资", "年度计划", "单位名称", "联系电话", "名称", "责任人", "电话"],
    [1, "城东水厂", 9000, 3000, "水务集团", "0531-1", "区水务局、凤城街道", "王伟", "0531-2"],
]
MERGES = ["A1:I1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:I2"]


@pytest.mark.parametrize("merges", [MERGES, []], ids=["merged", "not merged"])
def test_two_heading_rows_are_read_with_and_without_merges(merges: list[str]) -> None:
    draft = understood(merged_workbook({"表": TWO_ROWS}, {"表": merges}))
    (project,) = draft.projects
    assert (project.total, project.memberships[0].plan) == (Decimal(9000), Decimal(3000))
    assert (project.owner_name, project.owner_phone) == ("水务集团", "0531-1")
    assert (project.units, project.responsible) == (("区水务局", "凤城街道"), ("王伟",))
    assert project.phone == "0531-2"
    assert not draft.unknown_columns


def test_a_flat_head_and_phone_beside_the_owner_are_the_owners() -> None:
    headings = [*HEADINGS, "业主单位", "负责人", "联系电话", "责任单位", "责任人", "电话"]
    row = [*WATER, "水务集团", "孙强", "1", "区水务局", "王伟", "2"]
    (project,) = ledger(row, headings=headings).projects
    assert (project.owner_head, project.owner_phone) == ("孙强", "1")
    assert (project.responsible, project.phone) == (("王伟",), "2")


def test_sections_give_level_and_class_where_no_column_does() -> None:
    rows: list[list[Any]] = [
        ["2024年重点项目(单位:万元)"],
        ["序号", "项目名称", "总投资", "年度计划投资"],
        [None, "合计", 26000, 9000],
        ["一", "市级重点项目(2个)", 12000, 4500],
        [None, "(一)续建项目", 7000, 2500],
        [1, "北环路改造", 7000, 2500],
        [None, "(二)新开工项目", 5000, 2000],
        [2, "城西学校", 5000, 2000],
        ["二", "区级重点项目", 14000, 4500],
        [None, "其中:在建", None, None],
        [3, "城东水厂", 9000, 3000],
        [None, "拟开工项目", None, None],
        [4, "南山公园", 5000, 1500],
        [None, "注:以上为调度数", None, None],
    ]
    draft = understood(workbook(表=rows))
    found = [(one.memberships[0].level, one.memberships[0].project_class) for one in draft.projects]
    assert found == [
        (Level.CITY, ProjectClass.CONTINUING),
        (Level.CITY, ProjectClass.NEW_START),
        (Level.DISTRICT, ProjectClass.CONTINUING),
        (Level.DISTRICT, ProjectClass.NEW_START),
    ]
    assert keys(draft) == []
    typed = [[wide(one) if isinstance(one, str) else one for one in row] for row in rows]
    assert [one.memberships for one in understood(workbook(表=typed)).projects] == [
        one.memberships for one in draft.projects
    ]


def test_sums_that_do_not_add_up_are_told_and_rounding_is_not() -> None:
    rows = [
        ["项目名称", "级别", "总投资(亿元)", "2024年计划投资(亿元)"],
        ["合计", "2个", 1.4, 0.6],
        ["城东水厂", "区级", 0.9049, 0.3],
        ["城西学校", "区级", 0.5049, 0.2],
    ]
    draft = understood(workbook(表=rows))
    (told,) = [one for one in draft.findings if one.key == "sum_differs"]
    assert (told.spot.row, told.spot.column, told.facts["summed"]) == (2, "D", 5000)


def test_a_wrong_count_is_told() -> None:
    rows = [HEADINGS, ["合计", "3个", None, 14000, 5000], WATER, SCHOOL]
    draft = understood(workbook(表=rows))
    assert keys(draft) == ["count_differs"]


def test_a_subtotal_after_its_rows_is_checked_against_them() -> None:
    small = ["小计", None, None, 9000, 3000]
    right = ledger(WATER, small, SCHOOL, ["小计", None, None, 5000, 2000])
    wrong = ledger(WATER, small, SCHOOL, ["小计", None, None, 6000, 2000])
    assert (keys(right), keys(wrong)) == ([], ["sum_differs"])


def test_a_ledger_without_level_or_class_is_read_with_a_word_about_it() -> None:
    headings = ["项目名称", "开工时间", "总投资(万元)", "2024年计划投资(万元)"]
    draft = ledger(
        ["城东水厂", "2022年3月", 9000, 3000],
        ["城西学校", "2024-05", 5000, 2000],
        ["南山公园", "2025.3", 4000, None],
        headings=headings,
    )
    classes = [one.memberships[0].project_class for one in draft.projects]
    assert classes == [ProjectClass.CONTINUING, ProjectClass.NEW_START, ProjectClass.PREPARATION]
    assert {"level_assumed", "class_assumed"} <= set(keys(draft))


def test_a_sheet_per_level_is_one_ledger() -> None:
    headings = ["项目名称", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]
    content = workbook(
        省级重点项目=[headings, ["城东水厂", "续建", 9000, 3000]],
        区级=[headings, ["城东水厂", "续建", 9000, 2800], ["城西学校", "竣工", 5000, 2000]],
    )
    water, school = understood(content).projects
    assert [(one.level, one.plan) for one in water.memberships] == [
        (Level.PROVINCIAL, Decimal(3000)),
        (Level.DISTRICT, Decimal(2800)),
    ]
    assert school.memberships[0].project_class is ProjectClass.COMPLETION


def test_one_cell_may_name_two_lists() -> None:
    (project,) = ledger(["城东水厂", "省级、市级", "续建", 9000, 3000]).projects
    assert [one.level for one in project.memberships] == [Level.PROVINCIAL, Level.CITY]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("省重点", Level.PROVINCIAL),
        ("自治区级", Level.PROVINCIAL),
        ("市级重点项目", Level.CITY),
        ("城区级", Level.DISTRICT),
        ("县级", Level.DISTRICT),
        ("区", Level.DISTRICT),
    ],
)
def test_a_level_has_many_names(words: str, level: Level) -> None:
    (project,) = ledger(["城东水厂", words, "续建", 9000, 3000]).projects
    assert project.memberships[0].level is level


@pytest.mark.parametrize(
    ("words", "project_class"),
    [
        ("续建类", ProjectClass.CONTINUING),
        ("在建", ProjectClass.CONTINUING),
        ("新建", ProjectClass.NEW_START),
        ("拟开工", ProjectClass.NEW_START),
        ("新开工类", ProjectClass.NEW_START),
        ("竣工投产类", ProjectClass.COMPLETION),
        ("预备类", ProjectClass.PREPARATION),
        ("储备", ProjectClass.PREPARATION),
        ("谋划", ProjectClass.PREPARATION),
    ],
)
def test_a_class_has_many_names(words: str, project_class: ProjectClass) -> None:
    (project,) = ledger(["城东水厂", "区级", words, 9000, 3000]).projects
    assert project.memberships[0].project_class is project_class


@pytest.mark.parametrize(
    ("progress", "phase"),
    [
        ("主体施工", Phase.BUILDING),
        ("已投产", Phase.COMPLETED),
        ("项目已全部竣工,正在决算", Phase.COMPLETED),
        ("竣工投产", Phase.COMPLETED),
        ("一期已投产,二期主体施工", Phase.BUILDING),
        ("竣工验收准备", Phase.BUILDING),
        ("尚未竣工", Phase.BUILDING),
        ("已停工", Phase.PAUSED),
        ("项目缓建", Phase.PAUSED),
        ("停工后已复工", Phase.BUILDING),
    ],
)
def test_the_progress_tells_whether_reports_are_still_due(progress: str, phase: Phase) -> None:
    (project,) = ledger([*WATER, progress], headings=[*HEADINGS, "形象进度"]).projects
    assert project.phase is phase


def test_a_project_in_preparation_is_in_preparation() -> None:
    (project,) = ledger(["南山公园", "区级", "前期", 4000, None]).projects
    assert project.phase is Phase.PREPARATION


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("工程名称", Field.NAME),
        ("项目性质", Field.CLASS),
        ("建设起止时间", Field.SPAN),
        ("估算总投资(亿元)", Field.TOTAL),
        ("至上年底累计完成投资", Field.PRIOR),
        ("开工至上年底累计", Field.PRIOR),
        ("截至2023年底累计完成投资(万元)", Field.PRIOR),
        ("本年度计划(万元)", Field.PLAN),
        ("本年计划投资", Field.PLAN),
        ("年度计划", Field.PLAN),
        ("2024年度计划投资额", Field.PLAN),
        ("1-N月完成投资", Field.YEAR_TO_DATE),
        ("1—10月累计", Field.YEAR_TO_DATE),
        ("2024年1-10月累计完成投资(万元)", Field.YEAR_TO_DATE),
        ("本月完成", Field.MONTH),
        ("10月份完成投资", Field.MONTH),
        ("十月", Field.MONTH),
        ("占年计划%", Field.RATE),
        ("完成比例", Field.RATE),
        ("目前形象进度", Field.PROGRESS),
        ("1-10月实际形象进度", Field.PROGRESS),
        ("需省市协调解决问题", Field.PROBLEM),
        ("项目业主", Field.OWNER),
        ("挂钩领导", Field.SPONSOR),
        ("挂点领导", Field.SPONSOR),
        ("包保领导", Field.SPONSOR),
        ("牵头单位", Field.UNITS),
        ("联络员", Field.CONTACT),
        ("开工以来累计完成投资", Field.SINCE_START),
    ],
)
def test_a_heading_means_its_field(title: str, field: Field) -> None:
    assert field in fields_named(read_heading(title).plain)
    assert field in fields_named(read_heading(wide(title)).plain)


def test_category_means_what_its_values_say() -> None:
    headings = ["项目名称", "项目类别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]
    (levelled,) = ledger(WATER, headings=headings).projects
    (trade,) = ledger(["城东水厂", "基础设施", "续建", 9000, 3000], headings=headings).projects
    assert (levelled.memberships[0].level, levelled.industry) == (Level.DISTRICT, "")
    assert trade.industry == "基础设施"


def test_an_unknown_column_is_kept_and_named() -> None:
    draft = ledger([*WATER, "已供地"], headings=[*HEADINGS, "土地情况"])
    assert draft.projects[0].extra == (("土地情况", "已供地"),)
    assert draft.unknown_columns == ("土地情况",)
    assert keys(draft) == ["column_kept"]


def test_the_year_may_come_from_the_title_the_heading_or_the_office() -> None:
    headings = ["项目名称", "级别", "总投资(万元)", "年度计划(万元)"]
    row = ["城东水厂", "区级", 9000, 3000]
    titled = understood(workbook(表=[["某区2023年重点项目"], headings, row]))
    silent = workbook(表=[headings, row])
    assert titled.year == 2023
    assert understood(silent, hints=Hints(year=2025)).year == 2025
    assert understood(silent).is_blocked


def test_a_phone_stays_as_it_was_written() -> None:
    headings = [*HEADINGS, "责任人", "联系电话"]
    (project,) = ledger([*WATER, "王伟", 13800001111.0], headings=headings).projects
    assert project.phone == "13800001111"


def test_html_and_formulas_in_names_are_just_names() -> None:
    draft = ledger(["<b>&'=cmd|'/c calc'!A1", "区级", "续建", 9000, 3000])
    assert draft.projects[0].name == "<b>&'=cmd|'/c calc'!A1"


def test_a_heading_repeated_on_the_next_page_is_no_project() -> None:
    assert len(ledger(WATER, HEADINGS, SCHOOL).projects) == 2


def test_the_lead_of_a_unit_with_two_names_is_asked_about() -> None:
    headings = [*HEADINGS, "责任单位"]
    draft = ledger([*WATER, "区发改局"], [*SCHOOL, "区发展改革局"], headings=headings)
    assert keys(draft) == ["units_near"]
    hints = Hints(unit_aliases={"区发改局": "区发展改革局"})
    content = workbook(台账=[headings, [*WATER, "区发改局"], [*SCHOOL, "区发展改革局"]])
    known = understood(content, hints=hints)
    assert keys(known) == []
    assert {one.lead_unit for one in known.projects} == {"区发展改革局"}


def errors(draft: LedgerDraft) -> list[tuple[str, int, str]]:
    found = [one for one in draft.findings if one.severity is Severity.ERROR]
    return [(one.key, one.spot.row, one.spot.column) for one in found]


def test_a_ledger_without_a_name_column_is_blocked() -> None:
    draft = ledger(WATER, headings=["简称代号", *HEADINGS[1:]])
    assert draft.is_blocked
    assert errors(draft)[0] == ("name_column_missing", 0, "")


def test_a_file_without_projects_is_blocked() -> None:
    draft = understood(workbook(通讯录=[["姓名", "单位", "电话"], ["王伟", "区水务局", "1"]]))
    assert draft.is_blocked
    assert "no_projects" in keys(draft)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (["城东水厂", "区级", "续建", "待核实", 3000], ("amount_is_text", 3, "D")),
        (["城东水厂", "区级", "续建", 9000, -1], ("amount_negative", 3, "E")),
        (["城东水厂", "区级", "续建", 1e15, 3000], ("amount_out_of_range", 3, "D")),
        ([None, "区级", "续建", 9000, 3000], ("name_missing", 3, "A")),
        (SCHOOL, ("project_twice", 3, "")),
    ],
)
def test_a_row_with_an_error_is_told_by_its_place_and_kept_out(
    row: list[Any], error: tuple[str, int, str]
) -> None:
    draft = ledger(SCHOOL, row)
    assert errors(draft) == [error]
    assert [one.name for one in draft.projects] == ["城西学校"]
    assert not draft.is_blocked


def test_a_date_that_does_not_exist_keeps_its_row_out() -> None:
    headings = [*HEADINGS, "开工时间"]
    draft = ledger([*WATER, "2024-13"], SCHOOL, headings=headings)
    assert errors(draft) == [("date_impossible", 2, "F")]


def test_a_plan_above_the_total_is_doubted() -> None:
    assert keys(ledger(["城东水厂", "区级", "续建", 3000, 9000])) == ["plan_above_total"]


def test_two_projects_with_one_code_on_one_list_are_an_error() -> None:
    headings = [*HEADINGS, "项目代码"]
    code = "2024-370116-46-01-821373"
    draft = ledger([*WATER, code], ["城北水厂", "区级", "续建", 1, 1, code], headings=headings)
    assert errors(draft) == [("code_twice", 3, "")]


MONTHS = ["序号", "项目名称", *(f"{month}月" for month in range(1, 4)), "合计"]


def test_months_that_do_not_add_up_are_told() -> None:
    headings = [*HEADINGS, "1-3月完成投资(万元)"]
    months = [MONTHS, [1, "城东水厂", 1, 2, 3, 7]]
    draft = understood(workbook(台账=[headings, [*WATER, 9]], 月度完成投资=months))
    assert sorted(keys(draft)) == ["lump_differs", "month_sum_differs"]
    assert [one.amount for one in draft.investments] == [1, 2, 3]


def test_money_and_milestones_of_a_stranger_are_errors_but_not_of_a_row_held_back() -> None:
    broken = ["城南医院", "区级", "续建", "待核实", 1]
    months = [MONTHS, [1, "城东水厂", 1, 2, 3, 6], [2, "城北水厂", 1, 1, 1, 3]]
    months += [[3, "城南医院", 1, 1, 1, 3]]
    nodes = [["项目名称", "节点", "完成时限"], ["城北水厂", "开工", "2024-03"]]
    draft = understood(workbook(台账=[HEADINGS, WATER, broken], 月度=months, 节点=nodes))
    assert errors(draft) == [
        ("amount_is_text", 3, "D"),
        ("month_of_unknown_project", 3, "B"),
        ("milestone_of_unknown_project", 2, "A"),
    ]
    assert "城南医院" in draft.held


def test_milestones_may_share_a_merged_project_name() -> None:
    nodes = [
        ["项目名称", "关键节点", "计划完成时间", "实际完成时间"],
        ["城东水厂", "基础完成", "2024-03", "2024-03-20"],
        [None, "主体封顶", "2024年11月中旬", "已完成"],
    ]
    content = merged_workbook({"台账": [HEADINGS, WATER], "节点": nodes}, {"节点": ["A2:A3"]})
    draft = understood(content)
    first, second = draft.milestones
    assert (first.due_on, first.done_on) == (date(2024, 3, 31), date(2024, 3, 20))
    assert (second.project, second.due_on, second.done_on) == ("城东水厂", date(2024, 11, 20), None)
    assert keys(draft) == ["done_without_day"]


def test_people_come_with_their_roles() -> None:
    people = [
        ["姓名", "职务", "单位", "角色", "电话"],
        ["孔令", "主任", "项目办", "调度员、审签人", 1],
    ]
    people += [
        ["王伟", "局长", "区水务局", "责任人", None],
        ["钱多", "职员", "区水务局", "司机", None],
    ]
    draft = understood(workbook(台账=[HEADINGS, WATER], 人员=people))
    roles = {one.name: one.roles for one in draft.people}
    assert roles == {
        "孔令": {Role.OFFICE, Role.APPROVER},
        "王伟": {Role.REPORTER},
        "钱多": frozenset(),
    }
    assert keys(draft) == ["role_unknown"]


def test_a_column_of_this_month_leaves_the_rest_of_the_lump_to_the_months_before() -> None:
    rows = [
        ["2024年台账"],
        ["截至2024年10月31日"],
        [
            "项目名称",
            "级别",
            "总投资(万元)",
            "年度计划(万元)",
            "本月完成(万元)",
            "1-10月累计(万元)",
        ],
        ["城东水厂", "区级", 9000, 3000, 200, 1500],
    ]
    draft = understood(workbook(台账=rows))
    spans = [(one.first_month, one.month, one.amount) for one in draft.investments]
    assert spans == [(1, 9, Decimal(1300)), (10, 10, Decimal(200))]


def test_a_sheet_that_says_nothing_known_is_named_and_left() -> None:
    draft = understood(workbook(台账=[HEADINGS, WATER], 说明=[["填表说明"], ["请每月25日前报送"]]))
    assert keys(draft) == ["sheet_ignored"]
