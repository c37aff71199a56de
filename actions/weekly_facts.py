"""Gathering the frozen facts of a week's bulletin, by the pointer from project to report."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from actions.desk import Desk
from actions.duties import is_owed
from models.bulletin import bulletin
from models.people import unit
from models.project import membership, milestone, milestone_change, project, project_unit
from models.report import obstacle, report
from rules.terms import Factor, Instance, Level, Phase, ProjectClass
from rules.week import Week, week_before
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts

WEEKLY = "weekly"
_REPORT = (
    "period",
    "way",
    "is_stalled",
    "stalled_factor",
    "progress",
    "progress_before",
    "done",
    "plan",
    "invested",
)
_latest = report.alias("latest")
_before = report.alias("before_it")


def weekly_facts(desk: Desk, week: Week) -> WeeklyFacts:
    """As of `desk.now`, which is then called the freeze; to be kept, not to be gathered again."""
    former = _former(desk, week)
    frozen_before = former.frozen_at if former else desk.now - timedelta(days=7)
    lines = _projects(desk, week)
    units = {line.id: (line.name, line.unit) for line in lines}
    milestones = _milestones(desk, week, frozen_before, units)
    return WeeklyFacts(
        office=desk.office.name,
        period=week.period,
        year=week.last_on.year,
        number=next_number(desk, week),
        first_on=week.first_on,
        last_on=week.last_on,
        frozen_at=desk.now.astimezone(desk.office.zone),
        projects=_with_events(lines, milestones),
        milestones=milestones,
        obstacles=_obstacles(desk, frozen_before, units),
        due_before=former.due_count if former else None,
        reported_before=former.reported_count if former else None,
    )


def next_number(desk: Desk, week: Week) -> int:
    """第 n 期: counted within the year of the week's last day."""
    earlier = desk.tx.scalar(
        select(func.count()).where(
            bulletin.c.kind == WEEKLY,
            bulletin.c.year == week.last_on.year,
            bulletin.c.revision == 1,
            bulletin.c.period < week.period,
        )
    )
    return desk.office.first_number + int(earlier or 0)


def _former(desk: Desk, week: Week) -> Any:
    return desk.tx.execute(
        select(bulletin.c.frozen_at, bulletin.c.due_count, bulletin.c.reported_count)
        .where(bulletin.c.kind == WEEKLY, bulletin.c.period < week.period)
        .order_by(bulletin.c.period.desc(), bulletin.c.revision.desc())
        .limit(1)
    ).first()


def _projects(desk: Desk, week: Week) -> list[ProjectLine]:
    lists = _lists(desk, week.last_on.year)
    late = _late(desk, week)
    owed = {phase.value: is_owed(desk, phase, week) for phase in Phase}
    phases = {phase.value: phase for phase in Phase}
    lines = []
    for row in _rows(desk):
        levels, class_ = lists.get(row.id, (frozenset(), ProjectClass.CONTINUING))
        which = _which(row, week.period)
        late_for, late_done = late.get(row.id, (None, ""))
        lines.append(
            ProjectLine(
                row.id,
                row.name,
                row.unit or "—",
                row.unit_order or 0,
                row.position,
                levels,
                class_,
                phases[row.phase],
                owed[row.phase],
                which is not None,
                late_for=late_for,
                late_done=late_done,
                **_told(row, which),
            )
        )
    return lines


def _rows(desk: Desk) -> Any:
    lead = and_(project_unit.c.project_id == project.c.id, project_unit.c.position == 0)
    return desk.tx.execute(
        select(
            project.c.id,
            project.c.name,
            project.c.position,
            project.c.phase,
            unit.c.name.label("unit"),
            unit.c.position.label("unit_order"),
            *(_latest.c[name].label(f"latest_{name}") for name in _REPORT),
            *(_before.c[name].label(f"before_{name}") for name in _REPORT),
        )
        .select_from(
            project.outerjoin(project_unit, lead)
            .outerjoin(unit, unit.c.id == project_unit.c.unit_id)
            .outerjoin(_latest, _latest.c.id == project.c.latest_report_id)
            .outerjoin(_before, _before.c.id == _latest.c.previous_id)
        )
        .where(project.c.gone_on.is_(None))
    )


def _which(row: Any, period: str) -> str | None:
    """Whether the newest report is of the week, or the one before it (the next was early)."""
    if row.latest_period == period:
        return "latest"
    return "before" if row.before_period == period else None


def _told(row: Any, which: str | None) -> dict[str, Any]:
    if which is None:
        return {}
    told = {name: getattr(row, f"{which}_{name}") for name in _REPORT}
    factor = told["stalled_factor"]
    return {
        "same": told["way"] == "same",
        "stalled": bool(told["is_stalled"]),
        "stalled_on": Factor(factor) if factor else None,
        "progress": told["progress"],
        "progress_before": told["progress_before"],
        "done": told["done"],
        "plan": told["plan"],
        "invested": told["invested"],
    }


def _lists(desk: Desk, year: int) -> dict[int, tuple[frozenset[Level], ProjectClass]]:
    """The levels of each project in the year, and the class on the highest of them."""
    rows = desk.tx.execute(
        select(membership.c.project_id, membership.c.level, membership.c.project_class).where(
            membership.c.year == year, membership.c.left_on.is_(None)
        )
    )
    order = list(Level)
    found: dict[int, list[tuple[Level, ProjectClass]]] = {}
    for row in rows:
        entry = (Level(row.level), ProjectClass(row.project_class))
        found.setdefault(row.project_id, []).append(entry)
    return {
        project_id: (
            frozenset(level for level, _ in entries),
            min(entries, key=lambda entry: order.index(entry[0]))[1],
        )
        for project_id, entries in found.items()
    }


def _late(desk: Desk, week: Week) -> dict[int, tuple[str, str]]:
    """Reports of the week before that came after its freeze."""
    period = week_before(week.period)
    rows = desk.tx.execute(
        select(report.c.project_id, report.c.done).where(
            report.c.period == period, report.c.is_late
        )
    )
    return {row.project_id: (period, row.done) for row in rows}


def _milestones(
    desk: Desk, week: Week, frozen_before: datetime, units: dict[int, tuple[str, str]]
) -> tuple[MilestoneLine, ...]:
    """Open ones due until the end of the next week, and those reached since the last freeze."""
    told = {
        row.milestone_id
        for row in desk.tx.execute(
            select(milestone_change.c.milestone_id).where(
                milestone_change.c.field == "done_on",
                milestone_change.c.recorded_at > frozen_before,
                milestone_change.c.report_id.is_not(None),
            )
        )
    }
    until = week.last_on + timedelta(days=7)
    rows = desk.tx.execute(
        select(milestone).where(
            milestone.c.due_on.is_not(None),
            or_(
                and_(milestone.c.done_on.is_(None), milestone.c.due_on <= until),
                milestone.c.done_on >= week.first_on,
                milestone.c.due_on.between(week.first_on, week.last_on),
                milestone.c.id.in_(told),
            ),
        )
    )
    return tuple(
        MilestoneLine(
            row.project_id,
            *units[row.project_id],
            row.name,
            row.due_on,
            row.done_on,
            row.expected_on,
            row.cause,
            row.id in told,
        )
        for row in rows
        if row.project_id in units
    )


def _obstacles(
    desk: Desk, frozen_before: datetime, units: dict[int, tuple[str, str]]
) -> tuple[ObstacleLine, ...]:
    rows = desk.tx.execute(select(obstacle).where(obstacle.c.withdrawn_at.is_(None)))
    return tuple(
        ObstacleLine(
            row.project_id,
            *units[row.project_id],
            Factor(row.factor),
            row.words,
            Instance(row.instance) if row.instance else Instance.UNIT,
            desk.office.today(row.opened_at),
            row.wished_on,
            row.opened_at > frozen_before,
        )
        for row in rows
        if row.project_id in units
    )


def _with_events(
    lines: list[ProjectLine], milestones: tuple[MilestoneLine, ...]
) -> tuple[ProjectLine, ...]:
    """开工 and 竣工 are read off the milestones of that name."""
    started: dict[int, date] = {}
    completed: dict[int, date] = {}
    for each in milestones:
        if each.done_on is None:
            continue
        if each.name.startswith("开工"):
            started[each.project_id] = each.done_on
        elif each.name.startswith("竣工"):
            completed[each.project_id] = each.done_on
    return tuple(
        line._replace(started_on=started.get(line.id), completed_on=completed.get(line.id))
        if line.id in started or line.id in completed
        else line
        for line in lines
    )
