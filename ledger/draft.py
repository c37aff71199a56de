"""What a ledger says, as values: projects, money by month, milestones, people, and what is wrong.

The same values picture what the database holds, so that the two can be compared and exported.
Amounts are Decimal 万元 with at most four decimals; an absent word is "", an absent amount None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ledger.header import Kind
from ledger.money import MoneyUnit
from rules.terms import Level, Phase, ProjectClass, Role


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the file something stands; `row` is Excel's number, 0 for the whole sheet."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    title: str = ""


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class MembershipEntry:
    """One project on one level's list of the ledger's year, with its annual plan."""

    level: Level
    project_class: ProjectClass
    plan: Decimal | None = None
    class_is_assumed: bool = field(default=False, compare=False)
    spot: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class YearToDate:
    """A lump 1-N月完成投资 as the project's own row gives it."""

    month: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """One project with all its memberships; months are given by their first day."""

    name: str
    memberships: tuple[MembershipEntry, ...]
    phase: Phase
    code: str = ""
    industry: str = ""
    carrier: str = ""
    content: str = ""
    start_on: date | None = None
    finish_on: date | None = None
    total: Decimal | None = None
    prior: Decimal | None = None
    year_to_date: YearToDate | None = None
    progress: str = ""
    problem: str = ""
    owner_name: str = ""
    owner_head: str = ""
    owner_phone: str = ""
    sponsors: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    phone: str = ""
    task_force: str = ""
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    phase_is_stated: bool = False
    spot: Spot = field(default=NOWHERE, compare=False)

    @property
    def lead_unit(self) -> str:
        return self.units[0] if self.units else ""


@dataclass(frozen=True, slots=True)
class InvestmentEntry:
    """Money completed by a project from `first_month` to `month` of the ledger's year."""

    project: str
    first_month: int
    month: int
    amount: Decimal
    spot: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """关键节点 of a project."""

    project: str
    name: str
    due_on: date | None = None
    done_on: date | None = None
    unit: str = ""
    responsible: str = ""
    spot: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person is known by name and unit; sponsors named only in a project have no unit.

    `is_listed` tells those of the people sheet from those whom only a project row names.
    """

    name: str
    unit: str = ""
    post: str = ""
    phone: str = ""
    roles: frozenset[Role] = frozenset()
    is_listed: bool = field(default=False, compare=False)
    spot: Spot = field(default=NOWHERE, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.unit


class Severity(StrEnum):
    """An error keeps its row out; a warning asks for a look; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of the dry run; `blocks` means that nothing at all can be imported.

    Its sentence is `ledger.finding.<key>`; among the facts may be sentences and amounts in 万元.
    """

    severity: Severity
    key: str
    spot: Spot = NOWHERE
    facts: Mapping[str, object] = field(default_factory=dict)
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How a sheet was understood; `columns` are letter, title and the field's name or ""."""

    name: str
    kind: Kind
    unit: MoneyUnit
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class LedgerDraft:
    """What a file says.

    `fields` are the attributes of a project for which it has columns; titles of `unknown_columns`
    are kept as `extra` with each project. `held` are names and codes of projects whose rows had
    errors: they are neither changed nor gone.
    """

    year: int
    as_of: date | None
    projects: tuple[ProjectEntry, ...]
    investments: tuple[InvestmentEntry, ...]
    milestones: tuple[MilestoneEntry, ...]
    people: tuple[PersonEntry, ...]
    sheets: tuple[SheetReading, ...]
    fields: frozenset[str]
    unknown_columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    held: frozenset[str] = frozenset()

    @property
    def is_blocked(self) -> bool:
        return any(finding.blocks for finding in self.findings)

    @property
    def task_forces(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.task_force for one in self.projects if one.task_force))

    def has(self, kind: Kind) -> bool:
        return any(sheet.kind is kind for sheet in self.sheets)
