"""What is owed: which project owes a report for which week, and who answers for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from actions.desk import Desk
from actions.people import Sayer, on_leave
from actions.settings import first_period
from models.people import PersonState, leave, person, unit
from models.project import project, project_person, project_unit
from models.report import report
from rules.duty import is_due
from rules.reminder import Answering, Reachable
from rules.rights import Right
from rules.terms import Duty, Phase
from rules.week import Week, week_before

REPORTING = (Duty.CONTACT, Duty.RESPONSIBLE)


@dataclass(frozen=True, slots=True)
class Task:
    """One project and one week that a person may report for."""

    project_id: int
    project: str
    period: str
    is_owed: bool
    is_reported: bool
    is_late: bool
    on_behalf_of: int | None
    may_be_same: bool


_TIES = (
    select(
        project.c.id,
        project.c.name,
        project.c.phase,
        project.c.latest_report_id,
        project_person.c.person_id,
    )
    .join(project_person, project_person.c.project_id == project.c.id)
    .where(
        project_person.c.person_id.in_(bindparam("people", expanding=True)),
        project_person.c.duty.in_(REPORTING),
        project_person.c.until_on.is_(None),
        project.c.gone_on.is_(None),
    )
    .order_by(project.c.position, project.c.id)
)


def tasks_of(desk: Desk, sayer: Sayer) -> list[Task]:
    """The person's projects, and those of people they stand in for today; the late ones first.

    Each is listed for the week in hand; also for the week before it, if that is still owed.
    """
    stood_in_for = _stood_in_for(desk.tx, sayer.id, desk.office.today(desk.now))
    rows = desk.tx.execute(_TIES, {"people": [sayer.id, *stood_in_for]}).all()
    ties: dict[int, Any] = {}
    for row in rows:
        if row.id not in ties or row.person_id == sayer.id:
            ties[row.id] = row
    this = week_in_hand(desk)
    last = desk.office.week(week_before(this.period))
    done = reported_in(desk.tx, ties, (this.period, last.period))
    tasks = []
    for row in ties.values():
        behalf = None if row.person_id == sayer.id else row.person_id
        for week in (last, this):
            owed = is_owed(desk, row.phase, week)
            is_reported = (row.id, week.period) in done
            if week is last and (is_reported or not owed):
                continue
            tasks.append(
                Task(
                    row.id,
                    row.name,
                    week.period,
                    owed and not is_reported and desk.now >= week.opens_at,
                    is_reported,
                    not is_reported and desk.now >= week.cutoff_at,
                    behalf,
                    row.latest_report_id is not None,
                )
            )
    return sorted(tasks, key=lambda task: (not task.is_late, task.is_reported))


def week_in_hand(desk: Desk) -> Week:
    """The current week; between a cut-off and the next opening still the one just closed."""
    week = desk.office.current_week(desk.now)
    if desk.now < week.opens_at:
        return desk.office.week(week_before(week.period))
    return week


def is_owed(desk: Desk, phase: str, week: Week) -> bool:
    """Nothing is owed for weeks before the office began to dispatch with this bot."""
    first = first_period(desk)
    if first is None or week.period < first:
        return False
    return is_due(Phase(phase), week, desk.office.preparation)


_STOOD_IN_FOR = select(leave.c.person_id).where(
    leave.c.deputy_id == bindparam("deputy"),
    leave.c.first_on <= bindparam("today"),
    leave.c.last_on >= bindparam("today"),
    leave.c.ended_at.is_(None),
)
_REPORTED = select(report.c.project_id, report.c.period).where(
    report.c.project_id.in_(bindparam("projects", expanding=True)),
    report.c.period.in_(bindparam("periods", expanding=True)),
)
_ANSWERERS = (
    select(project_person.c.person_id, project_person.c.duty)
    .where(
        project_person.c.project_id == bindparam("project"),
        project_person.c.duty.in_(REPORTING),
        project_person.c.until_on.is_(None),
    )
    .order_by(project_person.c.position, project_person.c.id)
)


def period_to_report(desk: Desk, project_id: int) -> str:
    """The week that somebody means who names none: between a cut-off and the next opening it is
    still the one that was closed, where that is owed."""
    this = desk.office.current_week(desk.now)
    last = desk.office.week(week_before(this.period))
    if desk.now >= this.opens_at or reported_in(desk.tx, [project_id], [last.period]):
        return this.period
    phase = desk.tx.scalar(select(project.c.phase).where(project.c.id == project_id))
    return last.period if phase and is_owed(desk, phase, last) else this.period


def _stood_in_for(tx: Connection, deputy_id: int, today: date) -> list[int]:
    rows = tx.execute(_STOOD_IN_FOR, {"deputy": deputy_id, "today": today})
    return [row.person_id for row in rows]


def reported_in(
    tx: Connection, projects: Iterable[int], periods: Iterable[str]
) -> set[tuple[int, str]]:
    rows = tx.execute(_REPORTED, {"projects": list(projects), "periods": list(periods)})
    return {(row.project_id, row.period) for row in rows}


def may_report(desk: Desk, sayer: Sayer, project_id: int) -> tuple[bool, int | None]:
    """Whether this person may report for the project now, and on whose behalf.

    The tied people may, whoever stands in for one of them today, and the office for anybody.
    """
    people = _answerers(desk.tx, project_id)
    if sayer.id in people and sayer.may(Right.REPORT):
        return True, None
    for person_id in _stood_in_for(desk.tx, sayer.id, desk.office.today(desk.now)):
        if person_id in people:
            return True, person_id
    if sayer.may(Right.REPORT_FOR_OTHERS):
        return True, people[0] if people else None
    return False, None


def _answerers(tx: Connection, project_id: int) -> list[int]:
    """Contacts before responsible people, each in the ledger's order."""
    rows = tx.execute(_ANSWERERS, {"project": project_id}).all()
    contacts = [row.person_id for row in rows if row.duty == Duty.CONTACT]
    return contacts + [row.person_id for row in rows if row.duty == Duty.RESPONSIBLE]


@dataclass(frozen=True, slots=True)
class Roll:
    """One project of a week's roll: owed or not, reported or not, by unit."""

    project_id: int
    project: str
    unit_id: int | None
    unit: str
    unit_order: int
    is_reported: bool
    is_late: bool
    has_draft: bool
    answering: Answering


@dataclass(frozen=True, slots=True)
class RollBook:
    """Everything the roll-call and the reminders need, read once."""

    week: Week
    rolls: tuple[Roll, ...]
    people: Mapping[int, Reachable]
    names: Mapping[int, str]
    blocked: frozenset[int]
    """Who has blocked the bot."""


def roll_book(desk: Desk, week: Week) -> RollBook:
    """Only projects that owe a report for the week; who answers is judged by today's leave."""
    from models.talk import draft

    lead = and_(project_unit.c.project_id == project.c.id, project_unit.c.position == 0)
    rows = desk.tx.execute(
        select(
            project.c.id,
            project.c.name,
            project.c.phase,
            unit.c.id.label("unit_id"),
            unit.c.name.label("unit"),
            unit.c.position.label("unit_order"),
            report.c.id.label("report_id"),
            report.c.is_late,
            draft.c.id.label("draft_id"),
        )
        .select_from(
            project.outerjoin(project_unit, lead)
            .outerjoin(unit, unit.c.id == project_unit.c.unit_id)
            .outerjoin(
                report,
                and_(report.c.project_id == project.c.id, report.c.period == week.period),
            )
            .outerjoin(
                draft,
                and_(draft.c.project_id == project.c.id, draft.c.period == week.period),
            )
        )
        .where(project.c.gone_on.is_(None))
        .order_by(unit.c.position, project.c.position, project.c.id)
    ).all()
    ties = _all_ties(desk.tx)
    rolls: dict[int, Roll] = {}
    for row in rows:
        if row.id in rolls or not is_owed(desk, row.phase, week):
            continue
        contacts, responsible = ties.get(row.id, ((), ()))
        rolls[row.id] = Roll(
            row.id,
            row.name,
            row.unit_id,
            row.unit or "—",
            row.unit_order or 0,
            row.report_id is not None,
            bool(row.is_late),
            row.draft_id is not None,
            Answering(row.id, contacts, responsible),
        )
    return RollBook(week, tuple(rolls.values()), *_reachable(desk))


def _all_ties(tx: Connection) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    rows = tx.execute(
        select(project_person.c.project_id, project_person.c.person_id, project_person.c.duty)
        .where(project_person.c.duty.in_(REPORTING), project_person.c.until_on.is_(None))
        .order_by(project_person.c.position, project_person.c.id)
    )
    ties: dict[int, tuple[list[int], list[int]]] = {}
    for row in rows:
        contacts, responsible = ties.setdefault(row.project_id, ([], []))
        (contacts if row.duty == Duty.CONTACT else responsible).append(row.person_id)
    return {key: (tuple(a), tuple(b)) for key, (a, b) in ties.items()}


def _reachable(desk: Desk) -> tuple[dict[int, Reachable], dict[int, str], frozenset[int]]:
    """Everybody, their names, and who has blocked the bot."""
    away = on_leave(desk.tx, desk.office.today(desk.now))
    rows = desk.tx.execute(select(person.c.id, person.c.name, person.c.state)).all()
    people = {
        row.id: Reachable(row.state == PersonState.JOINED, row.id in away, away.get(row.id))
        for row in rows
    }
    blocked = frozenset(row.id for row in rows if row.state == PersonState.BLOCKED)
    return people, {row.id: row.name for row in rows}, blocked


def projects_seen_by(desk: Desk, sayer: Sayer) -> Any:
    """A Core condition on projects: those the person may look at."""
    if sayer.may(Right.SEE_ALL_PROJECTS):
        return project.c.gone_on.is_(None)
    own = select(project_person.c.project_id).where(
        project_person.c.person_id.in_(
            [sayer.id, *_stood_in_for(desk.tx, sayer.id, desk.office.today(desk.now))]
        ),
        project_person.c.until_on.is_(None),
    )
    return and_(project.c.gone_on.is_(None), project.c.id.in_(own))
