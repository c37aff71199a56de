"""What is known of one week at the cut-off, frozen before anything is computed or written."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from rules.terms import Factor, Instance, Level, Phase, ProjectClass

# The lines are named tuples and not dataclasses because a week has one for each project: ten
# thousand of them are made in 10 ms instead of 70 ms, straight from the rows of a query.


class ProjectLine(NamedTuple):
    """One project that is counted: once, on however many lists; of a package only what carries it.

    Words of people are kept as they were said; an empty string is "nothing said".
    """

    id: int
    name: str
    unit: str
    """The lead unit: the first that the ledger names."""
    unit_order: int
    """The place of the unit in the office's own order; ties are broken by `order`."""
    order: int
    """The place of the project in the ledger."""
    levels: frozenset[Level]
    class_: ProjectClass
    phase: Phase
    due: bool
    """A report is owed for this week (the phase decides, not whether one came)."""
    reported: bool
    """A report of this week lay before the office at the cut-off."""
    same: bool = False
    """The report was 与上周一致."""
    stalled: bool = False
    """停滞关注: the same for a third week."""
    stalled_on: Factor | None = None
    progress: str = ""
    """形象进度 as this week's report has it."""
    progress_before: str = ""
    """形象进度 as it stood at the last freeze."""
    done: str = ""
    plan: str = ""
    late_for: str | None = None
    """The earlier period for which a report came in after that period's freeze (补报)."""
    late_done: str = ""
    """What that late report says was done."""
    started_on: date | None = None
    completed_on: date | None = None
    invested: Decimal | None = None
    """This week's investment in 万元, only where the office asks for it weekly."""


class MilestoneLine(NamedTuple):
    """One milestone that is open, fell due in the week, or was reached since the last freeze."""

    project_id: int
    project: str
    unit: str
    name: str
    due_on: date
    done_on: date | None = None
    expected_on: date | None = None
    cause: str = ""
    told: bool = False
    """Said to be done since the last freeze, however long ago that was."""


class ObstacleLine(NamedTuple):
    """One obstacle that is still open at the cut-off."""

    project_id: int
    project: str
    unit: str
    factor: Factor
    words: str
    instance: Instance
    opened_on: date
    wished_on: date | None = None
    is_new: bool = False
    """Raised since the last freeze."""


@dataclass(frozen=True, slots=True)
class WeeklyFacts:
    """Everything is as of `frozen_at`, which is aware and in the office's own zone."""

    office: str
    period: str
    """Such as `2024-W43`."""
    year: int
    number: int
    """第 n 期 of the year."""
    first_on: date
    last_on: date
    frozen_at: datetime
    projects: tuple[ProjectLine, ...] = ()
    milestones: tuple[MilestoneLine, ...] = ()
    obstacles: tuple[ObstacleLine, ...] = ()
    due_before: int | None = None
    """How many reports the last bulletin had as due; None when there was none."""
    reported_before: int | None = None

    def __post_init__(self) -> None:
        if self.frozen_at.utcoffset() is None:
            raise ValueError("frozen_at must be aware")
        if self.first_on > self.last_on:
            raise ValueError("a week ends before it begins")
