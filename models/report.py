"""Weekly reports with their revisions, obstacles and photos."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from models.columns import Json, Money, table_of


class Report(SQLModel, table=True):
    """The report of one project for one period, as it reads now.

    `progress_before` is the project's 形象进度 when the report was first handed in.
    `previous_id` is the project's report before this one; `same_in_a_row` counts 与上周一致
    up to and with this report. `revised_at` is empty until something changed after the cut-off.
    """

    __table_args__ = (
        UniqueConstraint("project_id", "period"),
        Index("ix_report_period_project", "period", "project_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    period: str
    previous_id: int | None = None
    submitted_at: datetime
    submitted_by: int = Field(foreign_key="person.id", index=True)
    on_behalf_of: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime
    revision: int = 1
    is_late: bool = False
    way: str = "steps"
    same_in_a_row: int = 0
    is_stalled: bool = False
    stalled_factor: str = ""
    stalled_words: str = ""
    progress: str = ""
    progress_before: str = ""
    done: str = ""
    plan: str = ""
    invested: Decimal | None = Field(default=None, sa_type=Money)
    said: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    milestones: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)


class ReportRevision(SQLModel, table=True):
    """What a report said before it was changed after the cut-off, who changed it and why."""

    __tablename__ = "report_revision"
    __table_args__ = (UniqueConstraint("report_id", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    revision: int
    written_at: datetime
    replaced_at: datetime
    replaced_by: int = Field(foreign_key="person.id")
    reason: str
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Obstacle(SQLModel, table=True):
    """需协调问题 as a report told it; the closed loop takes it up from here."""

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    factor: str
    words: str
    instance: str = ""
    wished_on: date | None = None
    opened_at: datetime
    opened_by: int | None = Field(default=None, foreign_key="person.id")
    source: str = "report"
    withdrawn_at: datetime | None = None


class Photo(SQLModel, table=True):
    """A picture of the building site, kept by Telegram's file id."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    draft_id: int | None = Field(default=None, index=True)
    file_id: str
    file_unique_id: str
    sent_at: datetime
    sent_by: int = Field(foreign_key="person.id")


report = table_of(Report)
report_revision = table_of(ReportRevision)
obstacle = table_of(Obstacle)
photo = table_of(Photo)
