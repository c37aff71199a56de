"""What is known before a weekly report (填报) is asked for, and what it holds once it is told."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.flow import Said
from rules.terms import Factor, Instance


@dataclass(frozen=True, slots=True)
class DueMilestone:
    """关键节点 that falls due within the week or is overdue."""

    id: int
    name: str
    due_on: date
    expected_on: date | None = None
    """What was promised the last time it was reported as not done."""


@dataclass(frozen=True, slots=True)
class OpenObstacle:
    """Told in an earlier week and not closed since; shown, so that nobody tells it twice."""

    id: int
    factor: Factor
    words: str
    since_on: date


@dataclass(frozen=True, slots=True)
class LastReport:
    period: str
    progress: str
    done: str
    plan: str
    same_in_a_row: int = 0
    """How many weeks up to this one were reported as 与上周一致."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """For a revision, `milestones` holds those that the report itself answered as well."""

    project_id: int
    project: str
    unit: str
    period: str
    first_on: date
    last_on: date
    today: date
    late: bool = False
    frozen: bool = False
    """After the freeze: a change of a report needs a reason."""
    progress: str | None = None
    """形象进度 as the ledger knows it."""
    last: LastReport | None = None
    milestones: tuple[DueMilestone, ...] = ()
    obstacles: tuple[OpenObstacle, ...] = ()
    asks_money: bool = False
    money_unit: str = "万元"
    """The unit of a bare number."""
    year_to_date: Decimal | None = None
    """万元, without this week."""
    year_plan: Decimal | None = None
    total: Decimal | None = None
    on_behalf_of: str | None = None
    """代报: the name of the person whose report this is."""
    revising: Said | None = None
    """The draft of the report that is there already."""


@dataclass(frozen=True, slots=True)
class MilestoneAnswer:
    """Either done on a day, or expected on one; an unchanged expectation comes without a cause."""

    id: int
    done_on: date | None = None
    factor: Factor | None = None
    cause: str | None = None
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class ObstacleAnswer:
    factor: Factor
    words: str
    instance: Instance
    wished_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportContent:
    progress: str
    milestones: tuple[MilestoneAnswer, ...]
    done: str
    plan: str
    obstacles: tuple[ObstacleAnswer, ...]
    invested: Decimal | None = None
    """万元 in this week; None where it was neither asked nor told."""
    photos: int = 0
    reason: str | None = None
