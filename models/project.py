"""Projects, their memberships of yearly lists, plans, investment, milestones and assignments."""

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import Json, Money, table_of
from rules.terms import Phase


class TaskForce(SQLModel, table=True):
    """专班."""

    __tablename__ = "task_force"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Project(SQLModel, table=True):
    """One key project. Months are first days of the month; `position` is the ledger's order.

    `latest_report_id` points at the report of the latest period, so that the week's numbers
    need no search through the years; `progress` is the latest known 形象进度.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    aliases: list[str] = Field(default_factory=list, sa_type=Json)
    code: str | None = Field(default=None, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="project.id")
    position: int = 0
    industry: str = ""
    carrier: str = ""
    content: str = ""
    start_on: date | None = None
    finish_on: date | None = None
    total: Decimal | None = Field(default=None, sa_type=Money)
    phase: str = Phase.BUILDING
    progress: str = ""
    problem: str = ""
    owner_name: str = ""
    owner_head: str = ""
    owner_phone: str = ""
    task_force_id: int | None = Field(default=None, foreign_key="task_force.id", index=True)
    note: str = ""
    extra: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    latest_report_id: int | None = None
    gone_on: date | None = None


class Membership(SQLModel, table=True):
    """A project on one level's list of one year; leaving keeps the row."""

    __table_args__ = (UniqueConstraint("project_id", "year", "level"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    year: int = Field(index=True)
    level: str
    project_class: str
    joined_on: date | None = None
    left_on: date | None = None
    reason: str = ""


class Plan(SQLModel, table=True):
    """A version of a membership's annual planned investment (万元); the highest version holds."""

    __table_args__ = (UniqueConstraint("membership_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    membership_id: int = Field(foreign_key="membership.id")
    version: int = 1
    amount: Decimal | None = Field(default=None, sa_type=Money)
    effective_on: date
    reason: str = ""
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="person.id")


class Prior(SQLModel, table=True):
    """至上年底累计完成投资 (万元), frozen at the roll-over into `year`."""

    project_id: int = Field(primary_key=True, foreign_key="project.id")
    year: int = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Money)


class Investment(SQLModel, table=True):
    """Money completed (万元) from `first_month` to `month` of a year, usually one month.

    A later revision supersedes the former, which stays. Year-to-date is the sum of what is
    not superseded.
    """

    __table_args__ = (UniqueConstraint("project_id", "year", "month", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    year: int
    first_month: int
    month: int
    revision: int = 1
    amount: Decimal = Field(sa_type=Money)
    is_estimate: bool = False
    source: str = ""
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    superseded_at: datetime | None = None


class Milestone(SQLModel, table=True):
    """关键节点: planned day, the day now expected, and the day it was done."""

    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    position: int = 0
    name: str
    unit: str = ""
    responsible: str = ""
    due_on: date | None = Field(default=None, index=True)
    expected_on: date | None = None
    done_on: date | None = Field(default=None, index=True)
    cause: str = ""


class MilestoneChange(SQLModel, table=True):
    """Each move of a milestone's days, so that a planned date never changes silently."""

    __tablename__ = "milestone_change"

    id: int | None = Field(default=None, primary_key=True)
    milestone_id: int = Field(foreign_key="milestone.id", index=True)
    field: str
    old_on: date | None = None
    new_on: date | None = None
    reason: str = ""
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    report_id: int | None = None


class ProjectUnit(SQLModel, table=True):
    """Responsible units in order; position 0 leads."""

    __tablename__ = "project_unit"

    project_id: int = Field(primary_key=True, foreign_key="project.id")
    position: int = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)


class ProjectPerson(SQLModel, table=True):
    """Who is tied to a project and how; ended ties stay as history."""

    __tablename__ = "project_person"

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    duty: str
    position: int = 0
    from_on: date | None = None
    until_on: date | None = None


task_force = table_of(TaskForce)
project = table_of(Project)
membership = table_of(Membership)
plan = table_of(Plan)
prior = table_of(Prior)
investment = table_of(Investment)
milestone = table_of(Milestone)
milestone_change = table_of(MilestoneChange)
project_unit = table_of(ProjectUnit)
project_person = table_of(ProjectPerson)
