"""A ledger draft against what the database holds; nothing here changes anything."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.aliases import phase_from
from ledger.cells import line_of, names_of, phone_of, text_of, units_of
from ledger.changes import (
    Changes,
    ClassChange,
    FieldChange,
    Gone,
    Joined,
    PlanChange,
)
from ledger.draft import LedgerDraft, MembershipEntry, ProjectEntry
from ledger.facts import LedgerFacts
from ledger.header import Kind
from ledger.investment_compare import compare_investments
from ledger.milestone_compare import compare_milestones
from ledger.people_compare import compare_people
from rules.terms import Phase, ProjectClass

TEXTS = ("industry", "carrier", "content", "progress", "problem", "note")
LINES = ("code", "owner_name", "owner_head", "task_force")
NAMES = ("sponsors", "responsible", "contacts")
EXACT = ("start_on", "finish_on", "total", "prior")
# An empty cell says nothing about these; elsewhere it says that there is nothing any more.
KEPT_WHEN_BLANK = frozenset({*EXACT, "code", "progress", "units"})


def compare(draft: LedgerDraft, facts: LedgerFacts) -> Changes:
    """What applying the draft would change.

    Only columns that the file has are compared. Rows held back by an error are neither changed
    nor gone. The same file twice, or our own export, changes nothing.
    """
    matched = _Matched(draft, facts)
    changed = [change for entry, fact in matched.pairs for change in _fields(draft, entry, fact)]
    classes, plans, joined = _memberships(draft, matched.pairs)
    investments, unclear = compare_investments(draft, facts, matched.names)
    milestones = compare_milestones(draft, facts, matched.names)
    people = compare_people(draft, _with_units(draft, matched), facts)
    touched = {change.project for change in changed}
    for others in (classes, plans, joined, investments):
        touched |= {other.project for other in others}
    return Changes(
        new=tuple(matched.new),
        joined=joined,
        changed=tuple(changed),
        classes=classes,
        plans=plans,
        gone=tuple(_gone(draft, facts, matched)),
        investments=investments,
        unclear=unclear,
        new_milestones=milestones.new,
        milestones=milestones.changed,
        gone_milestones=milestones.gone,
        new_people=people.new,
        people=people.changed,
        gone_people=people.gone,
        unchanged=sum(fact.name not in touched for _, fact in matched.pairs),
    )


class _Matched:
    """Which project of the file is which of the database: by code, else by name."""

    def __init__(self, draft: LedgerDraft, facts: LedgerFacts) -> None:
        by_code = {one.code: one for one in facts.projects if one.code}
        by_name = {_squeezed(one.name): one for one in facts.projects}
        taken: set[str] = set()
        self.new: list[ProjectEntry] = []
        self.pairs: list[tuple[ProjectEntry, ProjectEntry]] = []
        for entry in draft.projects:
            fact = by_code.get(entry.code) or by_name.get(_squeezed(entry.name))
            if fact is None or fact.name in taken:
                self.new.append(entry)
                continue
            taken.add(fact.name)
            self.pairs.append((entry, fact))
        self.names = {entry.name: fact.name for entry, fact in self.pairs}


def _squeezed(name: str) -> str:
    return "".join(line_of(name).split())


def _with_units(draft: LedgerDraft, matched: _Matched) -> Iterator[ProjectEntry]:
    """The draft's projects; where it says nothing of the units, those known."""
    yield from matched.new
    for entry, fact in matched.pairs:
        is_told = "units" in draft.fields and entry.units
        yield entry if is_told else replace(entry, units=fact.units)


def _fields(draft: LedgerDraft, entry: ProjectEntry, fact: ProjectEntry) -> Iterator[FieldChange]:
    for field in ("name", *TEXTS, *LINES, "owner_phone", *NAMES, "units", *EXACT):
        if field != "name" and field not in draft.fields:
            continue
        old, new = getattr(fact, field), getattr(entry, field)
        if not new and field in KEPT_WHEN_BLANK:
            continue
        if _canonical(field, old) != _canonical(field, new):
            yield FieldChange(fact.name, field, old, new, entry.spot)
    yield from _extras(draft, entry, fact)
    phase = _phase(entry, fact)
    if phase is not None:
        yield FieldChange(fact.name, "phase", fact.phase, phase, entry.spot)


def _canonical(field: str, value: object) -> object:
    """A value as it would come back from a cell: what a file cannot tell apart is no change."""
    if isinstance(value, str):
        if field in TEXTS:
            return text_of(value)
        return phone_of(value) if field == "owner_phone" else line_of(value)
    if isinstance(value, tuple):
        read = units_of if field == "units" else names_of
        return read("、".join(value))
    assert value is None or isinstance(value, Decimal | date)
    return value


def _extras(draft: LedgerDraft, entry: ProjectEntry, fact: ProjectEntry) -> Iterator[FieldChange]:
    old, new = dict(fact.extra), dict(entry.extra)
    for title in draft.unknown_columns:
        before, after = old.get(title, ""), new.get(title, "")
        if text_of(before) != text_of(after):
            yield FieldChange(fact.name, "extra", before, after, entry.spot, of=title)


def _phase(entry: ProjectEntry, fact: ProjectEntry) -> Phase | None:
    """The new phase: one that the file states, or one that its news imply.

    A phase that the office has set stays while class and progress say what they said before.
    """
    if entry.phase_is_stated:
        return entry.phase if entry.phase != fact.phase else None
    implied = phase_from(_classes(entry), entry.progress or fact.progress)
    before = phase_from(_classes(fact), fact.progress)
    return implied if implied not in {before, fact.phase} else None


def _classes(entry: ProjectEntry) -> tuple[ProjectClass, ...]:
    return tuple(one.project_class for one in entry.memberships)


def _memberships(
    draft: LedgerDraft, pairs: Iterable[tuple[ProjectEntry, ProjectEntry]]
) -> tuple[tuple[ClassChange, ...], tuple[PlanChange, ...], tuple[Joined, ...]]:
    classes: list[ClassChange] = []
    plans: list[PlanChange] = []
    joined: list[Joined] = []
    for entry, fact in pairs:
        known = {one.level: one for one in fact.memberships}
        for new in entry.memberships:
            old = known.get(new.level)
            if old is None:
                joined.append(Joined(fact.name, new))
                continue
            if new.project_class != old.project_class and not new.class_is_assumed:
                stated = (old.project_class, new.project_class)
                classes.append(ClassChange(fact.name, new.level, *stated, new.spot))
            if _plan_differs(draft, old, new):
                assert new.plan is not None
                plans.append(PlanChange(fact.name, new.level, old.plan, new.plan, new.spot))
    return tuple(classes), tuple(plans), tuple(joined)


def _plan_differs(draft: LedgerDraft, old: MembershipEntry, new: MembershipEntry) -> bool:
    """An empty plan never takes a plan away."""
    return "plan" in draft.fields and new.plan is not None and new.plan != old.plan


def _gone(draft: LedgerDraft, facts: LedgerFacts, matched: _Matched) -> Iterator[Gone]:
    if not draft.has(Kind.PROJECTS):
        return
    present = {(fact.name, one.level) for entry, fact in matched.pairs for one in entry.memberships}
    held = {_squeezed(one) for one in draft.held}
    for fact in facts.projects:
        if _squeezed(fact.name) in held or (fact.code and fact.code in draft.held):
            continue
        for one in fact.memberships:
            if (fact.name, one.level) not in present:
                yield Gone(fact.name, one.level)
