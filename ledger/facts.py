"""What the database holds of a ledger's year, in the same values in which a file says it."""

from dataclasses import dataclass, replace
from datetime import date

from ledger.draft import InvestmentEntry, MilestoneEntry, PersonEntry, ProjectEntry


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """All projects in the ledger's order, with their money of `year`, milestones and people.

    A project on no list of the year has no memberships: it is known, but not in the year's ledger.
    `month` is the last month whose money counts as known (the N of 1-N月), 0 before January's.
    """

    year: int
    as_of: date
    month: int = 0
    projects: tuple[ProjectEntry, ...] = ()
    investments: tuple[InvestmentEntry, ...] = ()
    milestones: tuple[MilestoneEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()

    def listed(self) -> "LedgerFacts":
        """The year's ledger alone: projects on one of its lists, and what belongs to them."""
        projects = tuple(one for one in self.projects if one.memberships)
        names = {one.name for one in projects}
        return replace(
            self,
            projects=projects,
            investments=tuple(one for one in self.investments if one.project in names),
            milestones=tuple(one for one in self.milestones if one.project in names),
        )
