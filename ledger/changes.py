"""What an import would change: new, joined, changed and gone, as values."""

from dataclasses import dataclass
from decimal import Decimal

from ledger.draft import (
    MembershipEntry,
    MilestoneEntry,
    PersonEntry,
    ProjectEntry,
    Spot,
)
from rules.terms import Level


@dataclass(frozen=True, slots=True)
class FieldChange:
    """An attribute of a known project; `of` names its milestone or unknown column, if it is one."""

    project: str
    field: str
    old: object
    new: object
    spot: Spot
    of: str = ""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A new annual plan (万元) on one list; it becomes a new version and needs a reason."""

    project: str
    level: Level
    old: Decimal | None
    new: Decimal
    spot: Spot


@dataclass(frozen=True, slots=True)
class ClassChange:
    """The class of a membership."""

    project: str
    level: Level
    old: str
    new: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class InvestmentChange:
    """Money for a span of months; whatever is known of these months is superseded."""

    project: str
    first_month: int
    month: int
    old: Decimal | None
    new: Decimal
    spot: Spot


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A known person's post, phone or roles."""

    name: str
    unit: str
    field: str
    old: object
    new: object
    spot: Spot


@dataclass(frozen=True, slots=True)
class Joined:
    """A known project that is new on a list."""

    project: str
    membership: MembershipEntry


@dataclass(frozen=True, slots=True)
class Gone:
    """A membership, or a milestone, that the file no longer has: asked about, never deleted."""

    project: str
    level: Level | None = None
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """Known projects are named as the database knows them, new ones as the file does.

    `unclear` is money for months that are known only within a wider span; it is not applied.
    """

    new: tuple[ProjectEntry, ...] = ()
    joined: tuple[Joined, ...] = ()
    changed: tuple[FieldChange, ...] = ()
    classes: tuple[ClassChange, ...] = ()
    plans: tuple[PlanChange, ...] = ()
    gone: tuple[Gone, ...] = ()
    investments: tuple[InvestmentChange, ...] = ()
    unclear: tuple[InvestmentChange, ...] = ()
    new_milestones: tuple[MilestoneEntry, ...] = ()
    milestones: tuple[FieldChange, ...] = ()
    gone_milestones: tuple[Gone, ...] = ()
    new_people: tuple[PersonEntry, ...] = ()
    people: tuple[PersonChange, ...] = ()
    gone_people: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing to apply and nothing to ask about."""
        told = (self.new, self.joined, self.changed, self.classes, self.plans, self.gone)
        money = (self.investments, self.unclear)
        milestones = (self.new_milestones, self.milestones, self.gone_milestones)
        people = (self.new_people, self.people, self.gone_people)
        return not any((*told, *money, *milestones, *people))

    @property
    def needs_reason(self) -> bool:
        """A plan that was known before may not change without a word."""
        return any(change.old is not None for change in self.plans)
