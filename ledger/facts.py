"""What the database holds of a ledger's year, in the same values in which a file says it."""

from dataclasses import dataclass
from datetime import date

from ledger.draft import InvestmentEntry, MilestoneEntry, PersonEntry, ProjectEntry


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """The projects on a list of `year` in the ledger's order, with their money, milestones, people.

    `month` is the last month whose money counts as known (the N of 1-N月), 0 before January's.
    """

    year: int
    as_of: date
    month: int = 0
    projects: tuple[ProjectEntry, ...] = ()
    investments: tuple[InvestmentEntry, ...] = ()
    milestones: tuple[MilestoneEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
