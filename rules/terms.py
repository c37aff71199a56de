"""The field's fixed words: levels, classes, phases, roles, factors."""

from enum import StrEnum


class Level(StrEnum):
    """Whose list of key projects a membership is on; a project may be on several."""

    PROVINCIAL = "provincial"
    CITY = "city"
    DISTRICT = "district"


class ProjectClass(StrEnum):
    """建设性质 of a list membership in its year (not the state of the building site)."""

    CONTINUING = "continuing"  # 续建
    NEW_START = "new_start"  # 新开工
    COMPLETION = "completion"  # 竣工: to be finished within the list year
    PREPARATION = "preparation"  # 前期 / 预备 / 储备


class Phase(StrEnum):
    """Where the project itself stands; it decides how often a report is due."""

    BUILDING = "building"  # 在建
    PREPARATION = "preparation"  # 前期
    COMPLETED = "completed"  # 竣工
    PAUSED = "paused"  # 暂停


class Role(StrEnum):
    """What a person is to the office; one person may hold several."""

    OFFICE = "office"  # 调度员
    APPROVER = "approver"  # 审签人
    REPORTER = "reporter"  # 责任人, 联系人
    SPONSOR = "sponsor"  # 包推领导


class Duty(StrEnum):
    """How a person is tied to one project."""

    SPONSOR = "sponsor"  # 包推领导
    RESPONSIBLE = "responsible"  # 责任人
    CONTACT = "contact"  # 联系人


class Factor(StrEnum):
    """要素: what an obstacle or a standstill hangs on."""

    LAND = "land"  # 用地
    MONEY = "money"  # 资金
    APPROVAL = "approval"  # 审批
    CLEARANCE = "clearance"  # 征迁
    ENVIRONMENT = "environment"  # 环评
    UTILITIES = "utilities"  # 配套
    CONSTRUCTION = "construction"  # 施工
    OTHER = "other"  # 其他


class Instance(StrEnum):
    """需要哪一级解决: who must solve an obstacle."""

    UNIT = "unit"  # 责任单位
    SPONSOR = "sponsor"  # 包推领导
    DISTRICT = "district"  # 区调度会
    CITY = "city"  # 提请市级及以上
