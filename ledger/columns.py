"""The dictionary of columns: which headings mean which field of the ledger.

Headings are compared in the plain form that `ledger.heading` gives them: no brackets and no white
space, a year is `Y年`, the end of last year `Y年底`, a month `N月`, January to a month `M-N月`.
"""

import re
from enum import StrEnum
from functools import lru_cache


class Field(StrEnum):
    """What a recognised column holds."""

    NUMBER = "number"
    NAME = "name"
    CODE = "code"
    LEVEL = "level"
    CLASS = "class"
    PHASE = "phase"
    INDUSTRY = "industry"
    CARRIER = "carrier"
    CONTENT = "content"
    SPAN = "span"
    START = "start"
    FINISH = "finish"
    TOTAL = "total"
    PRIOR = "prior"
    PLAN = "plan"
    YEAR_TO_DATE = "year_to_date"
    MONTH = "month"
    SINCE_START = "since_start"
    RATE = "rate"
    PROGRESS = "progress"
    PROBLEM = "problem"
    OWNER = "owner"
    OWNER_HEAD = "owner_head"
    OWNER_PHONE = "owner_phone"
    SPONSOR = "sponsor"
    UNITS = "units"
    SUPPORTING = "supporting"
    RESPONSIBLE = "responsible"
    CONTACT = "contact"
    PHONE = "phone"
    TASK_FORCE = "task_force"
    NOTE = "note"
    SUM = "sum"
    MILESTONE = "milestone"
    DUE = "due"
    DONE = "done"
    PERSON = "person"
    POST = "post"
    UNIT = "unit"
    ROLE = "role"


AMOUNTS = (Field.TOTAL, Field.PRIOR, Field.PLAN, Field.YEAR_TO_DATE)
PROJECT_SIGNS = frozenset(
    {
        *AMOUNTS,
        Field.LEVEL,
        Field.CLASS,
        Field.INDUSTRY,
        Field.CONTENT,
        Field.SPAN,
        Field.START,
        Field.FINISH,
        Field.PROGRESS,
        Field.PROBLEM,
        Field.OWNER,
        Field.SPONSOR,
        Field.UNITS,
    }
)

SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: (r"(项目)?序号?|编号|排序|[Nn][Oo]\.?",),
    Field.NAME: (r"(重点|建设|重点建设)?(项目|工程)(名称?)?",),
    Field.CODE: (r"(投资)?(项目)?(统一|国家|赋码|在线平台|在线审批)?代码|项目编码|赋码",),
    Field.LEVEL: (r"(项目|重点|重点项目)?(级别|层级|级次|等级)|省级或市级",),
    Field.CLASS: (r"(项目|建设|项目建设)?性质|建设(类型|类别)",),
    Field.PHASE: (r"(项目|建设|推进|目前|当前)?状态|(项目|建设|所处)阶段",),
    Field.INDUSTRY: (r"(所属)?(产业|行业)(类别|类型|分类|领域|门类)?|所属领域",),
    Field.CARRIER: (r"(所属|所在|产业|平台)?(载体|园区)(名称)?",),
    Field.CONTENT: (
        r"(项目)?(主要)?建设(内容|规模)((及|和|与)(主要)?(建设)?(内容|规模))?",
        r"项目(概况|简介)",
    ),
    Field.SPAN: (
        r"(项目)?(建设)?起止(年月|时间|年限|日期)?",
        r"(项目)?建设(年限|周期|工期|期限|时间|期)",
    ),
    Field.START: (
        r"(Y年)?(计划|拟|实际|预计)?(开工|动工)(建设)?(时间|日期|年月)?",
        r"(建设)?(起始|开始)(时间|年月)",
    ),
    Field.FINISH: (
        r"(Y年)?(计划|拟|预计)?(竣工|完工|建成|投产|竣工投产)(时间|日期|年月)?",
        r"(建设)?终止(时间|年月)",
    ),
    Field.TOTAL: (r"(项目)?(计划|估算|概算)?总投资(额|估算|规模)?|投资总额|投资规模|总概算",),
    Field.PRIOR: (
        r"(自|项目)?(开工)?(以来)?[至到]?Y年底(前|止)?(累计)?(已)?(完成)?(总)?(投资)?额?",
    ),
    Field.PLAN: (
        r"Y年度?(计划|目标)(总)?(完成)?(投资)?额?|Y年投资(计划|目标|任务)额?",
        r"年度?计划(完成)?(投资)?额?|计划(Y年|年度)投资|计划投资|Y年任务",
    ),
    Field.YEAR_TO_DATE: (
        r"(Y年)?M-N月(累计)?(实际|已)?(完成)?(投资)?额?",
        r"Y年(累计)?(实际|已)?完成(投资)?额?|Y年累计(完成)?(投资)?额?",
    ),
    Field.MONTH: (r"(Y年)?N月(当月|单月)?(实际)?(完成)?(投资)?额?",),
    Field.SINCE_START: (r"自?(项目)?(开工)?(以来|至今)?累计(已)?(完成)?(投资)?额?",),
    Field.RATE: (
        r"(M-N月|累计|投资)?(完成)?占(全)?(Y年|年度?)?(计划|任务|目标)(投资)?(的)?"
        r"(比例|比重|百分比|%)?",
        r"完成(Y年|年度?)?(计划|任务|目标)?(投资)?(的)?(比例|比重|百分比|%)",
        r"(Y年)?(投资|计划)?(完成|进度)(率|比例)%?|(投资)?完成进度%?",
    ),
    Field.PROGRESS: (
        r"(截至)?(M-N月|N月|目前|当前|实际|项目|工程)*形象进度",
        r"(截至)?(M-N月|N月|目前|当前|实际|项目|工程)*(建设|工程)?(进展|进度)(情况)?",
    ),
    Field.PROBLEM: (
        r"(目前|当前|项目)?(存在|需协调|需解决|需协调解决|需省市协调解决)的?(主要)?"
        r"(困难和?|困难及)?问题(及建议|和建议)?|问题",
    ),
    Field.OWNER: (
        r"(项目)?(业主|建设|法人|实施|项目)(单位|主体)(名称)?",
        r"(项目)?(业主|法人)|投资主体|企业名称",
    ),
    Field.OWNER_HEAD: (r"(项目)?(业主|建设|项目)(单位)?(负责人|法人代表)|企业负责人",),
    Field.OWNER_PHONE: (r"(项目)?(业主|建设|企业)(单位)?(负责人|联系人)?(联系)?(电话|方式)",),
    Field.SPONSOR: (
        r"[省市区县镇]?级?(包推|包挂|包保|包联|包抓|包靠|包干|挂钩|挂点|挂包|分包|联系|帮包|帮扶"
        r"|领办|责任|牵头|分管|挂帅)[市区县]?级?(责任)?领导(姓名)?",
        r"[市区县]级领导",
    ),
    Field.UNITS: (
        r"(项目)?(挂钩|牵头|主要)?(责任|牵头|主管)(单位|部门)(名称)?",
        r"(包推|包保|包联|挂钩|服务|属地)单位",
    ),
    Field.SUPPORTING: (r"(配合|协办|协助|参与)(责任)?(单位|部门)",),
    Field.RESPONSIBLE: (
        r"(项目|单位|责任单位|主要|具体|直接)?责任人(姓名)?",
        r"(责任单位|单位|项目)?负责人",
    ),
    Field.CONTACT: (r"(项目|单位|责任单位|具体)?(联系人|联络人|联络员|经办人)(姓名)?",),
    Field.PHONE: (r"(联系人|联络员|责任人|责任单位|单位)?(联系)?(电话|手机|方式)(号码?)?",),
    Field.TASK_FORCE: (r"(工作|项目|服务|所属|推进)?专班(名称)?",),
    Field.NOTE: (r"备注(说明)?",),
    Field.SUM: (r"合计|总计|小计|共计",),
    Field.MILESTONE: (r"(关键|工作|工程|重要|任务)?节点(名称|任务|内容|事项)?|里程碑",),
    Field.DUE: (
        r"(节点)?(计划|要求)?(完成|截止|节点)?(时限|期限)|完成时间|截止(时间|日期)",
        r"(计划|应|要求|拟)(完成|办结)?(时间|日期)",
    ),
    Field.DONE: (r"(实际|已)(完成|办结)(时间|日期|时限|情况)?|完成日期",),
    Field.PERSON: (r"(人员|本人)?姓名|名字",),
    Field.POST: (r"职务(及?职级)?|职位|岗位",),
    Field.UNIT: (r"(所在|工作|所属)?(单位|部门)(名称)?|单位及部门",),
    Field.ROLE: (r"(人员|本系统)?(角色|身份|职责)(类别)?|人员类别",),
}
# 类别 alone may mean the level, the class or the industry: the values below it decide.
AMBIGUOUS = re.compile(r"(项目)?(类别|类型|分类)")

# Under a merged heading a leaf is short: 项目业主单位 {名称, 负责人, 电话}.
GROUP_LEAVES: dict[Field, dict[str, Field]] = {
    Field.OWNER: {
        r"名称|单位|单位名称|全称": Field.OWNER,
        r"负责人|法人|法定代表人|责任人|姓名": Field.OWNER_HEAD,
        r"(负责人)?(联系)?(电话|手机|方式)(号码)?": Field.OWNER_PHONE,
    },
    Field.UNITS: {
        r"名称|单位|单位名称|全称": Field.UNITS,
        r"负责人|责任人|姓名": Field.RESPONSIBLE,
        r"联系人|联络员|联络人": Field.CONTACT,
        r"(联系)?(电话|手机|方式)(号码)?": Field.PHONE,
    },
    Field.SPONSOR: {r"姓名|领导|区级?|县级?|市级?|区领导|市领导|县领导": Field.SPONSOR},
    Field.SPAN: {
        r"(计划)?(开工|开始|起|起始|自)(时间|年月)?": Field.START,
        r"(计划)?(竣工|完工|结束|止|终止|至)(时间|年月)?": Field.FINISH,
    },
    Field.CONTACT: {
        r"姓名|联系人": Field.CONTACT,
        r"(联系)?(电话|手机|方式)(号码)?": Field.PHONE,
    },
    Field.RESPONSIBLE: {
        r"姓名|责任人": Field.RESPONSIBLE,
        r"(联系)?(电话|手机|方式)(号码)?": Field.PHONE,
    },
}
TOTAL_LEAF = re.compile(r"合计|总计|小计|总额|金额|投资额")

# A flat 负责人 or 电话 to the right of the owner's column is the owner's.
OWNER_LEAVES = {
    Field.RESPONSIBLE: (re.compile(r"负责人|法人代表"), Field.OWNER_HEAD),
    Field.PHONE: (re.compile(r"(联系)?(电话|手机|方式)(号码)?"), Field.OWNER_PHONE),
}
_COMPILED = {field: re.compile("|".join(forms)) for field, forms in SYNONYMS.items()}


@lru_cache(maxsize=4096)
def fields_named(plain: str) -> tuple[Field, ...]:
    """Every field that a heading in plain form may mean; the sheet's kind narrows them."""
    return tuple(field for field, pattern in _COMPILED.items() if pattern.fullmatch(plain))


def leaf_named(group: Field, plain: str) -> Field | None:
    """What a leaf under a recognised group means."""
    for pattern, field in GROUP_LEAVES.get(group, {}).items():
        if re.fullmatch(pattern, plain):
            return field
    return group if group in AMOUNTS and TOTAL_LEAF.fullmatch(plain) else None
