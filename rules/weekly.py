"""The numbers and lists of the weekly bulletin, computed from the frozen facts of a week."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from rules.completion import completion
from rules.terms import Factor, Level, Phase
from rules.weekly_bulletin import (
    BehindProject,
    Change,
    Delay,
    FactorCount,
    LevelCount,
    MissingUnit,
    Totals,
    WeeklyBulletin,
)
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts

__all__ = [
    "MilestoneLine",
    "ObstacleLine",
    "ProjectLine",
    "WeeklyBulletin",
    "WeeklyFacts",
    "weekly",
]

_WEEK = timedelta(days=7)
_RESTING = (Phase.COMPLETED, Phase.PAUSED)
_PLACE = attrgetter("unit_order", "order", "id")
_NOTHING = frozenset({"", "无", "没有", "暂无", "none", "nothing", "-", "—", "/"})
_LONGEST_NOTHING = 10


def weekly(facts: WeeklyFacts) -> WeeklyBulletin:
    """Milestones of paused and completed projects are neither behind nor upcoming."""
    lines = sorted(facts.projects, key=_PLACE)
    place = {line.id: at for at, line in enumerate(lines)}
    resting = {line.id for line in lines if line.phase in _RESTING}
    milestones = sorted(
        facts.milestones, key=lambda m: (place.get(m.project_id, len(place)), m.due_on, m.name)
    )
    still_open = [m for m in milestones if m.done_on is None and m.project_id not in resting]
    delays = _delays(still_open, facts)
    changes = _changes(lines, milestones, facts)
    moved = {change.line.id for change in changes}
    unmoved = [line for line in lines if line.reported and line.id not in moved]
    same = sum(line.same for line in unmoved)
    amounts = [line.invested for line in lines if line.invested is not None]
    obstacles = sorted(
        facts.obstacles,
        key=lambda o: (not o.is_new, place.get(o.project_id, len(place)), o.opened_on),
    )
    totals = _totals(lines, milestones, facts)
    as_of = facts.frozen_at.date()
    return WeeklyBulletin(
        office=facts.office,
        period=facts.period,
        year=facts.year,
        number=facts.number,
        first_on=facts.first_on,
        last_on=facts.last_on,
        next_last_on=facts.last_on + _WEEK,
        frozen_at=facts.frozen_at,
        as_of_on=as_of,
        totals=totals,
        rate=_rate(totals.reported, totals.due),
        rate_change=_rate_change(totals, facts),
        started=tuple(line for line in lines if _is_within(line.started_on, facts)),
        completed=tuple(line for line in lines if _is_within(line.completed_on, facts)),
        changes=changes,
        moved=sum(change.line.reported for change in changes),
        same=same,
        steady=len(unmoved) - same,
        behind=_by_project(delays),
        delays=len(delays),
        delays_new=sum(delay.is_new for delay in delays),
        longest_delay=max((delay.days for delay in delays), default=0),
        missing=_missing(lines),
        stalled=tuple(line for line in lines if line.stalled),
        obstacles=tuple(obstacles),
        obstacles_new=sum(obstacle.is_new for obstacle in obstacles),
        obstacles_overdue=sum(o.wished_on is not None and o.wished_on < as_of for o in obstacles),
        factors=_factors(obstacles),
        upcoming=_upcoming(still_open, facts),
        plans=tuple(line for line in lines if _has_plan(line)),
        late=tuple(line for line in lines if line.late_for is not None),
        invested=sum(amounts, Decimal()) if amounts else None,
        invested_by=len(amounts),
    )


def _is_within(on: date | None, facts: WeeklyFacts) -> bool:
    return on is not None and facts.first_on <= on <= facts.last_on


def _totals(
    lines: list[ProjectLine], milestones: list[MilestoneLine], facts: WeeklyFacts
) -> Totals:
    due = sum(line.due for line in lines)
    reported = sum(line.due and line.reported for line in lines)
    in_week = [m for m in milestones if _is_within(m.due_on, facts)]
    return Totals(
        projects=len(lines),
        due=due,
        reported=reported,
        missing=due - reported,
        extra=sum(line.reported for line in lines) - reported,
        by_level=tuple(_level_counts(lines)),
        milestones_due=len(in_week),
        milestones_done=sum(m.done_on is not None for m in in_week),
    )


def _rate(reported: int | None, due: int | None) -> Decimal | None:
    if reported is None or due is None:
        return None
    return completion(Decimal(reported), Decimal(due))


def _rate_change(totals: Totals, facts: WeeklyFacts) -> Decimal | None:
    now = _rate(totals.reported, totals.due)
    before = _rate(facts.reported_before, facts.due_before)
    return None if now is None or before is None else (now - before) * 100


def _level_counts(lines: list[ProjectLine]) -> Iterator[LevelCount]:
    """By sets of levels first, because a district has few of them and many projects."""
    counts: dict[frozenset[Level], list[int]] = {}
    for line in lines:
        count = counts.setdefault(line.levels, [0, 0, 0])
        count[0] += 1
        count[1] += line.due
        count[2] += line.due and line.reported
    for level in Level:
        listed = [count for levels, count in counts.items() if level in levels]
        if listed:
            yield LevelCount(level, *map(sum, zip(*listed, strict=True)))


def _changes(
    lines: list[ProjectLine], milestones: list[MilestoneLine], facts: WeeklyFacts
) -> tuple[Change, ...]:
    reached: dict[int, list[MilestoneLine]] = {}
    for milestone in milestones:
        if milestone.done_on and (milestone.told or _is_within(milestone.done_on, facts)):
            reached.setdefault(milestone.project_id, []).append(milestone)
    return tuple(
        Change(_meaning(line), tuple(reached.get(line.id, ())))
        for line in lines
        if line.id in reached or _has_moved(line)
    )


def _has_moved(line: ProjectLine) -> bool:
    if not line.reported or line.same or line.progress == line.progress_before:
        return False
    now = _said(line.progress)
    return now != "" and now != line.progress_before.strip()


def _said(words: str) -> str:
    said = words.strip()
    return "" if len(said) < _LONGEST_NOTHING and said.casefold() in _NOTHING else said


def _meaning(line: ProjectLine) -> ProjectLine:
    return line._replace(
        progress=_said(line.progress), done=_said(line.done), plan=_said(line.plan)
    )


def _delays(still_open: list[MilestoneLine], facts: WeeklyFacts) -> list[Delay]:
    as_of = facts.frozen_at.date()
    return [
        Delay(m, (as_of - m.due_on).days, _is_within(m.due_on, facts))
        for m in still_open
        if m.due_on < as_of
    ]


def _by_project(delays: list[Delay]) -> tuple[BehindProject, ...]:
    grouped: dict[int, list[Delay]] = {}
    for delay in delays:
        grouped.setdefault(delay.milestone.project_id, []).append(delay)
    return tuple(
        BehindProject(group[0].milestone.project, group[0].milestone.unit, tuple(group))
        for group in grouped.values()
    )


def _missing(lines: list[ProjectLine]) -> tuple[MissingUnit, ...]:
    due: dict[str, int] = {}
    missing: dict[str, int] = {}
    for line in lines:
        if not line.due:
            continue
        due[line.unit] = due.get(line.unit, 0) + 1
        missing[line.unit] = missing.get(line.unit, 0) + (not line.reported)
    return tuple(MissingUnit(unit, n, due[unit]) for unit, n in missing.items() if n)


def _factors(obstacles: list[ObstacleLine]) -> tuple[FactorCount, ...]:
    counts = []
    for factor in Factor:
        standing = [o for o in obstacles if o.factor is factor]
        if standing:
            counts.append(FactorCount(factor, len(standing), sum(o.is_new for o in standing)))
    return tuple(sorted(counts, key=lambda count: -count.open))


def _upcoming(still_open: list[MilestoneLine], facts: WeeklyFacts) -> tuple[MilestoneLine, ...]:
    as_of, until = facts.frozen_at.date(), facts.last_on + _WEEK
    ahead = [m for m in still_open if as_of <= m.due_on <= until]
    return tuple(sorted(ahead, key=lambda m: m.due_on))


def _has_plan(line: ProjectLine) -> bool:
    return line.reported and not line.same and _said(line.plan) != ""
