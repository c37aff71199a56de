"""Gathering: what a report's conversation has to know of its project and its week."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select

from actions.desk import Desk
from flows.report_facts import DueMilestone, LastReport, OpenObstacle, ReportFacts
from flows.same import SameFacts
from models.people import unit
from models.project import (
    investment,
    membership,
    milestone,
    plan,
    project,
    project_unit,
)
from models.report import obstacle, report
from rules.refusal import Refusal
from rules.terms import Factor
from rules.week import Week

_latest = report.alias("latest")
_before = report.alias("before_it")
_WORDS = ("id", "period", "progress", "done", "plan", "same_in_a_row")
_DUE = (
    select(func.count())
    .where(
        milestone.c.project_id == project.c.id,
        milestone.c.due_on <= bindparam("until"),
        milestone.c.done_on.is_(None),
    )
    .scalar_subquery()
)
_OPEN = (
    select(func.count())
    .where(obstacle.c.project_id == project.c.id, obstacle.c.withdrawn_at.is_(None))
    .scalar_subquery()
)
# Most steps of most reports need no more than this one row.
_PROJECT = (
    select(
        project.c.id,
        project.c.name,
        project.c.progress,
        project.c.total,
        unit.c.name.label("unit"),
        _DUE.label("due"),
        _OPEN.label("open"),
        *(_latest.c[name].label(f"latest_{name}") for name in _WORDS),
        *(_before.c[name].label(f"before_{name}") for name in _WORDS),
    )
    .select_from(
        project.outerjoin(
            project_unit,
            and_(project_unit.c.project_id == project.c.id, project_unit.c.position == 0),
        )
        .outerjoin(unit, unit.c.id == project_unit.c.unit_id)
        .outerjoin(_latest, _latest.c.id == project.c.latest_report_id)
        .outerjoin(_before, _before.c.id == _latest.c.previous_id)
    )
    .where(project.c.id == bindparam("project_id"), project.c.gone_on.is_(None))
)
_MILESTONES = (
    select(milestone.c.id, milestone.c.name, milestone.c.due_on, milestone.c.expected_on)
    .where(
        milestone.c.project_id == bindparam("project_id"),
        milestone.c.due_on <= bindparam("until"),
        milestone.c.done_on.is_(None),
    )
    .order_by(milestone.c.due_on, milestone.c.position)
)
_OBSTACLES = (
    select(obstacle.c.id, obstacle.c.factor, obstacle.c.words, obstacle.c.opened_at)
    .where(
        obstacle.c.project_id == bindparam("project_id"),
        obstacle.c.withdrawn_at.is_(None),
        or_(obstacle.c.report_id.is_(None), obstacle.c.report_id != bindparam("but")),
    )
    .order_by(obstacle.c.opened_at, obstacle.c.id)
)


def report_facts(
    desk: Desk, project_id: int, period: str, on_behalf_of: str | None = None
) -> ReportFacts:
    """As of now. Refusal when the project is not there or has left the ledger."""
    week = desk.office.week(period)
    row = _project(desk, project_id, week)
    is_reported = row.latest_period is not None and row.latest_period >= period
    mine = existing(desk.tx, project_id, period) if is_reported else None
    is_frozen = desk.now >= week.cutoff_at
    own_milestones = [item["id"] for item in mine.milestones] if mine else []
    money = _money(desk, project_id, week.last_on.year) if desk.office.asks_money else (None, None)
    return ReportFacts(
        project_id=project_id,
        project=row.name,
        unit=row.unit or "",
        period=period,
        first_on=week.first_on,
        last_on=week.last_on,
        today=desk.office.today(desk.now),
        late=is_frozen and mine is None,
        frozen=is_frozen,
        progress=row.progress or None,
        last=_last(row, period),
        milestones=(
            _milestones(desk.tx, project_id, week, own_milestones)
            if row.due or own_milestones
            else ()
        ),
        obstacles=_obstacles(desk, project_id, mine.id if mine else 0) if row.open else (),
        asks_money=desk.office.asks_money,
        year_to_date=money[0],
        year_plan=money[1],
        total=row.total,
        on_behalf_of=on_behalf_of,
        revising=dict(mine.said.get("said", [])) if mine else None,
    )


def same_facts(
    desk: Desk, project_id: int, period: str, on_behalf_of: str | None = None
) -> SameFacts:
    """Refusal when there is no earlier report to be the same as."""
    week = desk.office.week(period)
    row = _project(desk, project_id, week)
    last = _last(row, period)
    if last is None:
        raise Refusal("filing.nothing_to_repeat", project=row.name)
    return SameFacts(
        project_id=project_id,
        project=row.name,
        unit=row.unit or "",
        period=period,
        first_on=week.first_on,
        last_on=week.last_on,
        today=desk.office.today(desk.now),
        last=last,
        late=desk.now >= week.cutoff_at,
        on_behalf_of=on_behalf_of,
    )


def _project(desk: Desk, project_id: int, week: Week) -> Row[Any]:
    wanted = {"project_id": project_id, "until": week.last_on}
    row = desk.tx.execute(_PROJECT, wanted).first()
    if row is None:
        raise Refusal("filing.no_project")
    return row


def _last(row: Row[Any], period: str) -> LastReport | None:
    """The project's newest report of an earlier week."""
    for which in ("latest", "before"):
        found = getattr(row, f"{which}_period")
        if found is not None and found < period:
            return LastReport(
                found,
                getattr(row, f"{which}_progress"),
                getattr(row, f"{which}_done"),
                getattr(row, f"{which}_plan"),
                getattr(row, f"{which}_same_in_a_row"),
            )
    return None


def existing(tx: Connection, project_id: int, period: str) -> Row[Any] | None:
    return tx.execute(
        select(report).where(report.c.project_id == project_id, report.c.period == period)
    ).first()


def _milestones(
    tx: Connection, project_id: int, week: Week, answered: list[int]
) -> tuple[DueMilestone, ...]:
    """Open ones due by the week's end, and those this very report answered before."""
    rows = tx.execute(_MILESTONES, {"project_id": project_id, "until": week.last_on}).all()
    found = {row.id: row for row in rows}
    if set(answered) - set(found):
        query = select(
            milestone.c.id, milestone.c.name, milestone.c.due_on, milestone.c.expected_on
        ).where(milestone.c.id.in_(answered))
        found = {row.id: row for row in tx.execute(query)} | found
    return tuple(
        DueMilestone(row.id, row.name, row.due_on, row.expected_on) for row in found.values()
    )


def _obstacles(desk: Desk, project_id: int, but: int) -> tuple[OpenObstacle, ...]:
    rows = desk.tx.execute(_OBSTACLES, {"project_id": project_id, "but": but})
    return tuple(
        OpenObstacle(row.id, Factor(row.factor), row.words, _day(desk, row.opened_at))
        for row in rows
    )


def _day(desk: Desk, at: datetime) -> date:
    return desk.office.today(at)


def _money(desk: Desk, project_id: int, year: int) -> tuple[Decimal | None, Decimal | None]:
    """Year-to-date and annual plan, 万元."""
    done = desk.tx.scalar(
        select(func.sum(investment.c.amount)).where(
            investment.c.project_id == project_id,
            investment.c.year == year,
            investment.c.superseded_at.is_(None),
        )
    )
    planned = desk.tx.scalar(
        select(plan.c.amount)
        .join(membership, membership.c.id == plan.c.membership_id)
        .where(membership.c.project_id == project_id, membership.c.year == year)
        .order_by(plan.c.version.desc())
        .limit(1)
    )
    return done, planned
