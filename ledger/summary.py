"""The dry run in numbers: what was recognised, by level and class, with sums and completion."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ledger.draft import LedgerDraft, ProjectEntry
from ledger.header import Kind
from ledger.sentence import Sentence
from rules.amount import show_amount
from rules.completion import completion, show_percent
from rules.terms import Level, Phase, ProjectClass, Role

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class LevelSum:
    """One level's list: projects, their annual plan and what the year has completed, in 万元."""

    level: Level
    count: int
    plan: Decimal
    done: Decimal

    @property
    def completion(self) -> Decimal | None:
        """Completed over planned, as an unrounded fraction."""
        return completion(self.done, self.plan)


def level_sums(draft: LedgerDraft) -> tuple[LevelSum, ...]:
    """The levels that have projects; a project on two lists counts on each."""
    done = done_by_project(draft)
    sums: list[LevelSum] = []
    for level in Level:
        listed = [
            (project, one)
            for project in draft.projects
            for one in project.memberships
            if one.level is level
        ]
        if listed:
            plan = sum((one.plan or Decimal(0) for _, one in listed), Decimal(0))
            money = sum((done[project.name] for project, _ in listed), Decimal(0))
            sums.append(LevelSum(level, len(listed), plan, money))
    return tuple(sums)


def done_by_project(draft: LedgerDraft) -> dict[str, Decimal]:
    """What each project completed in the year: its months, else the lump in its own row."""
    done: dict[str, Decimal] = defaultdict(Decimal)
    for entry in draft.investments:
        done[entry.project] += entry.amount
    for project in draft.projects:
        if project.name not in done and project.year_to_date:
            done[project.name] = project.year_to_date.amount
    return done


def summarise(draft: LedgerDraft) -> tuple[Sentence, ...]:
    """What the file says, for the person who sent it; findings and changes are told elsewhere."""
    return tuple(_sentences(draft))


def _sentences(draft: LedgerDraft) -> Iterator[Sentence]:
    yield _head(draft)
    for sheet in draft.sheets:
        yield Sentence(f"summary.sheet_{sheet.kind}", {"name": sheet.name, "unit": sheet.unit})
    if not draft.projects:
        return
    yield _total(draft)
    for one in level_sums(draft):
        yield _level(one)
    classes = Counter(one.project_class for each in draft.projects for one in each.memberships)
    yield Sentence("summary.classes", {one.value: classes[one] for one in ProjectClass})
    phases = Counter(one.phase for one in draft.projects)
    yield Sentence("summary.phases", {one.value: phases[one] for one in Phase})
    for phase in (Phase.COMPLETED, Phase.PAUSED):
        named = [one for one in draft.projects if one.phase is phase]
        if named:
            yield Sentence(f"summary.named_{phase}", {"names": names_shown(named)})
    yield from _others(draft)


def _head(draft: LedgerDraft) -> Sentence:
    if draft.as_of is None:
        return Sentence("summary.head", {"year": draft.year})
    facts = {"year": draft.year, "on": draft.as_of.isoformat()}
    return Sentence("summary.head_as_of", facts)


def _total(draft: LedgerDraft) -> Sentence:
    total = sum((one.total or Decimal(0) for one in draft.projects), Decimal(0))
    facts = {"count": len(draft.projects), "total": _in_yi(total)}
    return Sentence("summary.total", facts)


def _level(one: LevelSum) -> Sentence:
    facts: dict[str, object] = {
        "level": Sentence(f"level.{one.level}"),
        "count": one.count,
        "plan": _in_yi(one.plan),
        "done": _in_yi(one.done),
    }
    if one.completion is None:
        return Sentence("summary.level_without_plan", facts)
    return Sentence("summary.level", facts | {"rate": show_percent(one.completion)})


def _others(draft: LedgerDraft) -> Iterator[Sentence]:
    if draft.task_forces:
        yield Sentence("summary.task_forces", {"count": len(draft.task_forces)})
    if draft.has(Kind.MILESTONES):
        done = sum(one.done_on is not None for one in draft.milestones)
        yield Sentence("summary.milestones", {"count": len(draft.milestones), "done": done})
    roles = Counter(role for one in draft.people for role in one.roles)
    facts: dict[str, object] = {role.value: roles[role] for role in Role}
    yield Sentence("summary.people", {"count": len(draft.people), **facts})
    if draft.unknown_columns:
        names = "、".join(draft.unknown_columns[:NAMES_SHOWN])
        facts = {"count": len(draft.unknown_columns), "names": names}
        yield Sentence("summary.unknown_columns", facts)


def names_shown(projects: list[ProjectEntry]) -> str | Sentence:
    """The first few names, and how many there are when these are not all."""
    return names_and_more([one.name for one in projects])


def names_and_more(names: list[str]) -> str | Sentence:
    shown = "、".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return Sentence("and_more", {"names": shown, "count": len(names)})


def _in_yi(amount: Decimal) -> str:
    return show_amount(amount, "亿元", 2, keep_zeros=True)
