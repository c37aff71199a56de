"""Milestones of a draft against what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ledger.cells import line_of, names_of, units_of
from ledger.changes import FieldChange, Gone
from ledger.draft import LedgerDraft, MilestoneEntry
from ledger.facts import LedgerFacts
from ledger.header import Kind


@dataclass(frozen=True, slots=True)
class MilestoneChanges:
    """`gone` ones are asked about, never deleted."""

    new: tuple[MilestoneEntry, ...] = ()
    changed: tuple[FieldChange, ...] = ()
    gone: tuple[Gone, ...] = ()


def compare_milestones(
    draft: LedgerDraft, facts: LedgerFacts, names: Mapping[str, str]
) -> MilestoneChanges:
    """An empty cell never takes back a day, a unit or a person that is known."""
    if not draft.has(Kind.MILESTONES):
        return MilestoneChanges()
    known = {(one.project, line_of(one.name)): one for one in facts.milestones}
    new: list[MilestoneEntry] = []
    changed: list[FieldChange] = []
    met: set[tuple[str, str]] = set()
    for entry in draft.milestones:
        project = names.get(entry.project, entry.project)
        key = (project, entry.name)
        met.add(key)
        if key not in known:
            new.append(replace(entry, project=project))
            continue
        changed += _fields(entry, known[key])
    present = {names.get(project.name, project.name) for project in draft.projects}
    gone = tuple(
        Gone(fact.project, None, fact.name)
        for key, fact in known.items()
        if key not in met and fact.project in present
    )
    return MilestoneChanges(tuple(new), tuple(changed), gone)


def _fields(entry: MilestoneEntry, fact: MilestoneEntry) -> list[FieldChange]:
    pairs = [
        ("due_on", fact.due_on, entry.due_on),
        ("done_on", fact.done_on, entry.done_on),
        ("unit", "、".join(units_of(fact.unit)), entry.unit),
        ("responsible", "、".join(names_of(fact.responsible)), entry.responsible),
    ]
    return [
        FieldChange(fact.project, field, old, new, entry.spot, of=fact.name)
        for field, old, new in pairs
        if new and new != old
    ]
