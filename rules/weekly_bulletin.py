"""What the weekly bulletin says: its counts and lists, before they become words."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from rules.terms import Factor, Level
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine


class LevelCount(NamedTuple):
    """A project on two lists is counted on both, so levels may add up to more than the total."""

    level: Level
    projects: int
    due: int
    reported: int


class Totals(NamedTuple):
    """Each project once. `due` is `reported` plus `missing`; `extra` reported without owing it."""

    projects: int
    due: int
    reported: int
    missing: int
    extra: int
    by_level: tuple[LevelCount, ...]
    milestones_due: int
    """Fell due within the week."""
    milestones_done: int
    """Those of them that are done."""

    @property
    def are_levels_overlapping(self) -> bool:
        return sum(level.projects for level in self.by_level) > self.projects


class Change(NamedTuple):
    """A project whose 形象进度 moved or that reached a milestone."""

    line: ProjectLine
    """Words that only say 无 are empty here."""
    reached: tuple[MilestoneLine, ...]


class Delay(NamedTuple):
    """A milestone that was due before the day of the cut-off and is not done."""

    milestone: MilestoneLine
    days: int
    is_new: bool
    """It fell due within this week."""


class BehindProject(NamedTuple):
    project: str
    unit: str
    delays: tuple[Delay, ...]


class MissingUnit(NamedTuple):
    """A unit by its counts; the people behind it are nobody's business in a group."""

    unit: str
    missing: int
    due: int


class FactorCount(NamedTuple):
    factor: Factor
    open: int
    new: int


@dataclass(frozen=True, slots=True)
class WeeklyBulletin:
    """Lists stand in the office's order of units, then in that of the ledger.

    Reported projects are each counted in exactly one of `moved`, `same` and `steady`.
    """

    office: str
    period: str
    year: int
    number: int
    first_on: date
    last_on: date
    next_last_on: date
    frozen_at: datetime
    as_of_on: date
    """The day of the cut-off: what was due before it is late."""
    totals: Totals
    rate: Decimal | None
    """Reported of due, as a fraction; None when nothing was due."""
    rate_change: Decimal | None
    """In 个百分点 against the last bulletin, from raw counts and not rounded."""
    started: tuple[ProjectLine, ...]
    completed: tuple[ProjectLine, ...]
    changes: tuple[Change, ...]
    moved: int
    """Those of the changes that were reported; the others are known from the ledger."""
    same: int
    """Reported as 与上周一致."""
    steady: int
    """Reported in words, with the 形象进度 unmoved."""
    behind: tuple[BehindProject, ...]
    delays: int
    delays_new: int
    longest_delay: int
    """In days."""
    missing: tuple[MissingUnit, ...]
    stalled: tuple[ProjectLine, ...]
    obstacles: tuple[ObstacleLine, ...]
    """The new ones first."""
    obstacles_new: int
    obstacles_overdue: int
    """Their wished-for date has passed."""
    factors: tuple[FactorCount, ...]
    """The commonest first."""
    upcoming: tuple[MilestoneLine, ...]
    """Open milestones that fall due between the cut-off and the end of the next week, by date."""
    plans: tuple[ProjectLine, ...]
    late: tuple[ProjectLine, ...]
    invested: Decimal | None
    """In 万元; None when nobody was asked."""
    invested_by: int
