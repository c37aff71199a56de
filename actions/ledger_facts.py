"""What the database holds of a ledger's year, gathered for comparing and exporting."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from ledger.draft import (
    InvestmentEntry,
    MembershipEntry,
    MilestoneEntry,
    PersonEntry,
    ProjectEntry,
)
from ledger.facts import LedgerFacts
from models.people import person, person_role, unit
from models.project import (
    investment,
    membership,
    milestone,
    plan,
    prior,
    project,
    project_person,
    project_unit,
    task_force,
)
from rules.terms import Duty, Level, Phase, ProjectClass, Role


def ledger_facts(tx: Connection, year: int, as_of: date) -> LedgerFacts:
    """All projects in the ledger's order, those on no list of the year without memberships."""
    tables = _Tables(tx, year)
    projects = tuple(tables.entry(row) for row in tables.rows)
    investments = _investments(tx, year)
    return LedgerFacts(
        year=year,
        as_of=as_of,
        month=max((one.month for one in investments), default=0),
        projects=projects,
        investments=investments,
        milestones=_milestones(tx),
        people=ledger_people(tx),
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    name: str
    phone: str


class _Tables:
    """The tables around a project, each read once."""

    def __init__(self, tx: Connection, year: int) -> None:
        self.rows = tx.execute(
            select(project, task_force.c.name.label("task_force"))
            .select_from(project.outerjoin(task_force, task_force.c.id == project.c.task_force_id))
            .order_by(project.c.position, project.c.id)
        ).all()
        self.memberships = _memberships(tx, year)
        self.units = _units(tx)
        self.ties = _ties(tx)
        prior_rows = tx.execute(select(prior).where(prior.c.year == year))
        self.priors: dict[int, Decimal] = {row.project_id: row.amount for row in prior_rows}

    def entry(self, row: Any) -> ProjectEntry:
        sponsors, responsible, contacts = (self.ties[row.id, duty] for duty in Duty)
        reached = contacts or responsible
        return ProjectEntry(
            name=row.name,
            memberships=tuple(self.memberships[row.id]),
            phase=Phase(row.phase),
            code=row.code or "",
            industry=row.industry,
            carrier=row.carrier,
            content=row.content,
            start_on=row.start_on,
            finish_on=row.finish_on,
            total=row.total,
            prior=self.priors.get(row.id),
            progress=row.progress,
            problem=row.problem,
            owner_name=row.owner_name,
            owner_head=row.owner_head,
            owner_phone=row.owner_phone,
            sponsors=tuple(one.name for one in sponsors),
            units=tuple(self.units[row.id]),
            responsible=tuple(one.name for one in responsible),
            contacts=tuple(one.name for one in contacts),
            phone=reached[0].phone if reached else "",
            task_force=row.task_force or "",
            note=row.note,
            extra=tuple((row.extra or {}).items()),
        )


def _memberships(tx: Connection, year: int) -> dict[int, list[MembershipEntry]]:
    """The lists of the year that a project has not left, each with its latest plan."""
    plans = tx.execute(
        select(plan.c.membership_id, plan.c.amount)
        .join(membership, membership.c.id == plan.c.membership_id)
        .where(membership.c.year == year)
        .order_by(plan.c.version)
    )
    latest: dict[int, Decimal | None] = {row.membership_id: row.amount for row in plans}
    found: dict[int, list[MembershipEntry]] = defaultdict(list)
    rows = tx.execute(
        select(membership).where(membership.c.year == year, membership.c.left_on.is_(None))
    ).all()
    order = list(Level)
    for row in sorted(rows, key=lambda one: order.index(Level(one.level))):
        project_class = ProjectClass(row.project_class)
        entry = MembershipEntry(Level(row.level), project_class, latest.get(row.id))
        found[row.project_id].append(entry)
    return found


def _units(tx: Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in tx.execute(
        select(project_unit.c.project_id, unit.c.name)
        .join(unit, unit.c.id == project_unit.c.unit_id)
        .order_by(project_unit.c.project_id, project_unit.c.position)
    ):
        found[row.project_id].append(row.name)
    return found


def _ties(tx: Connection) -> dict[tuple[int, Duty], list[_Tie]]:
    found: dict[tuple[int, Duty], list[_Tie]] = defaultdict(list)
    for row in tx.execute(
        select(project_person.c.project_id, project_person.c.duty, person.c.name, person.c.phone)
        .join(person, person.c.id == project_person.c.person_id)
        .where(project_person.c.until_on.is_(None))
        .order_by(project_person.c.position, project_person.c.id)
    ):
        found[row.project_id, Duty(row.duty)].append(_Tie(row.name, row.phone))
    return found


def _investments(tx: Connection, year: int) -> tuple[InvestmentEntry, ...]:
    rows = tx.execute(
        select(
            project.c.name,
            investment.c.first_month,
            investment.c.month,
            investment.c.amount,
        )
        .join(project, project.c.id == investment.c.project_id)
        .where(investment.c.year == year, investment.c.superseded_at.is_(None))
        .order_by(project.c.position, project.c.id, investment.c.month)
    )
    return tuple(InvestmentEntry(*row) for row in rows)


def _milestones(tx: Connection) -> tuple[MilestoneEntry, ...]:
    rows = tx.execute(
        select(
            project.c.name.label("project"),
            milestone.c.name,
            milestone.c.due_on,
            milestone.c.done_on,
            milestone.c.unit,
            milestone.c.responsible,
        )
        .join(project, project.c.id == milestone.c.project_id)
        .order_by(project.c.position, project.c.id, milestone.c.position, milestone.c.id)
    )
    return tuple(MilestoneEntry(*row) for row in rows)


def ledger_people(tx: Connection) -> tuple[PersonEntry, ...]:
    """Everybody the office knows, in the order in which they became known."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for row in tx.execute(select(person_role.c.person_id, person_role.c.role)):
        roles[row.person_id].add(Role(row.role))
    rows = tx.execute(
        select(person.c.id, person.c.name, unit.c.name.label("unit"), person.c.post, person.c.phone)
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .order_by(person.c.id)
    )
    return tuple(
        PersonEntry(row.name, row.unit or "", row.post, row.phone, frozenset(roles[row.id]))
        for row in rows
    )
