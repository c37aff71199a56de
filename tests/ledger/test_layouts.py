"""Column sets found in the public ledgers of other offices, each with invented projects."""

from datetime import date
from decimal import Decimal

from ledger.draft import LedgerDraft, ProjectEntry
from rules.terms import Level, Phase, ProjectClass
from tests.ledger_cast import keys, merged_workbook, understood


def drawn(picture: str, *merges: str) -> LedgerDraft:
    """A sheet drawn as lines with `|` between its cells; a line ending with \\ goes on below."""
    lines = picture.replace("\\\n", "").strip().splitlines()
    rows = [[_value(cell.strip()) for cell in line.split("|")] for line in lines]
    return understood(merged_workbook({"表": rows}, {"表": merges}))


def _value(cell: str) -> str | float | None:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def only(draft: LedgerDraft) -> ProjectEntry:
    (project,) = draft.projects
    return project


DETAIL = r"""
某市2010年度重点项目明细表
||||||||||||计量单位:万元
序号|项目名称|项目性质|建设内容及规模|建设起止时间|总投资|至上年底累计完成投资|本年计划投资\
|1-6月完成投资|后续进度关键节点安排|项目业主单位||||挂钩责任单位||||挂钩领导
||||||||||名称|负责人|联系人|电话|名称|责任人|联络人|电话|
|合计(1个)||||9000|1000|3000|1500
|一、市本级||||9000|1000|3000|1500
1|城东水厂|续建|日供水5万吨|2009-2011|9000|1000|3000|1500|9月通水\
|水务集团|孙强|周同|0531-1|市水务局|王伟|李娜|0531-2|张敏
"""


def test_a_yearly_detail_list_with_owner_and_unit_groups() -> None:
    merges = [f"{letter}3:{letter}4" for letter in "ABCDEFGHIJS"]
    draft = drawn(DETAIL, "A1:S1", "K3:N3", "O3:R3", *merges)
    project = only(draft)
    assert draft.year == 2010
    assert (project.total, project.prior) == (Decimal(9000), Decimal(1000))
    assert project.memberships[0].project_class is ProjectClass.CONTINUING
    assert (project.start_on, project.finish_on) == (date(2009, 1, 1), date(2011, 12, 1))
    assert (project.owner_name, project.owner_head) == ("水务集团", "孙强")
    assert (project.units, project.responsible) == (("市水务局",), ("王伟",))
    assert (project.contacts, project.phone) == (("李娜",), "0531-2")
    assert (project.owner_phone, project.sponsors) == ("0531-1", ("张敏",))
    assert dict(project.extra) == {"后续进度关键节点安排": "9月通水", "项目业主单位/联系人": "周同"}


MONTHLY = r"""
2024年1-9月重点项目进展情况表(单位:亿元)
项目名称|总投资|开工至上年底累计|年度计划|1-9月完成|占年计划%|1-9月实际形象进度|挂点领导
合计|1.4|0.1|0.5|0.2|40
其中:在建|0.9|0.1|0.3|0.2|66.7
一、市本级|1.4|0.1|0.5|0.2|40
(一)在建|0.9|0.1|0.3|0.2|66.7
城东水厂|0.9|0.1|0.3|0.2|66.7|主体施工|张敏
(二)预备|0.5||0.2||
城西学校|0.5||0.2|||选址|李娜
"""


def test_a_monthly_table_by_state_with_totals_above() -> None:
    draft = drawn(MONTHLY)
    water, school = draft.projects
    assert (water.total, water.memberships[0].plan) == (Decimal(9000), Decimal(3000))
    assert (water.memberships[0].level, water.phase) == (Level.CITY, Phase.BUILDING)
    assert school.memberships[0].project_class is ProjectClass.PREPARATION
    assert school.phase is Phase.PREPARATION
    assert water.year_to_date
    assert water.year_to_date.month == 9
    assert keys(draft) == []


DISTRICT = r"""
西城区2023年统筹推进重大项目情况表
序号|项目名称|项目级别|建设性质|总投资(万元)|本年度计划(万元)|本月完成(万元)|1-5月累计(万元)\
|牵头单位|产业类别|服务队长|完成比例
1|城东水厂|自治区级|竣工投产类|9000|3000|300|1500|区水务局、凤城街道|基建|张敏|50%
"""


def test_a_district_report_with_several_lead_units_and_its_own_levels() -> None:
    draft = drawn(DISTRICT)
    project = only(draft)
    assert draft.year == 2023
    assert project.memberships[0].level is Level.PROVINCIAL
    assert project.memberships[0].project_class is ProjectClass.COMPLETION
    assert project.units == ("区水务局", "凤城街道")
    assert project.extra == (("服务队长", "张敏"),)


ANNUAL = r"""
2024年度项目表
项目名称|省级或市级|总投资(万元)|年度计划(万元)|拟开工时间|拟竣工时间|分级管理|需省市协调解决问题
城东水厂|省级|9000|3000|2024年5月|2026年底|考核类|用地指标
"""


def test_an_annual_table_with_start_and_finish_in_their_own_columns() -> None:
    project = only(drawn(ANNUAL))
    assert (project.start_on, project.finish_on) == (date(2024, 5, 1), date(2026, 12, 1))
    assert project.problem == "用地指标"
    assert project.extra == (("分级管理", "考核类"),)


TEN_DAYS = r"""
2024年10月下旬重点项目旬报表
项目名称|项目性质|总投资(万元)|年度计划(万元)|挂钩领导||责任单位|配合单位
||||市|县||
城东水厂|本年新开工|9000|3000|张敏|李娜|县水务局|县住建局、城关镇
"""


def test_leaders_of_city_and_county_and_supporting_units_are_kept_in_their_order() -> None:
    merges = [f"{letter}2:{letter}3" for letter in "ABCDGH"]
    project = only(drawn(TEN_DAYS, "A1:H1", "E2:F2", *merges))
    assert project.memberships[0].project_class is ProjectClass.NEW_START
    assert project.sponsors == ("张敏", "李娜")
    assert project.units == ("县水务局", "县住建局", "城关镇")
    assert project.extra == ()
