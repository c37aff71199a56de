"""People of a draft against those known; nobody loses a role or an account by an import."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.cells import line_of, phone_of
from ledger.changes import PersonChange
from ledger.draft import LedgerDraft, PersonEntry, ProjectEntry
from ledger.facts import LedgerFacts
from ledger.header import Kind
from ledger.people import People, as_read, duties_of, named_by


@dataclass(frozen=True, slots=True)
class PeopleChanges:
    """`gone` are name and unit of people whom neither the people sheet nor a project names."""

    new: tuple[PersonEntry, ...] = ()
    changed: tuple[PersonChange, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()


def compare_people(
    draft: LedgerDraft, projects: Iterable[ProjectEntry], facts: LedgerFacts
) -> PeopleChanges:
    """Whom a project row means is decided among the known and the listed people together.

    `projects` are the draft's, with the units that hold after the import.
    """
    known = {one.key: one for one in map(as_read, facts.people)}
    listed = {one.key: one for one in draft.people if one.is_listed}
    people = People((*known.values(), *listed.values()))
    named = set(listed)
    for project in projects:
        for entry in named_by(project, people):
            people.add(entry)
        for duty, names in duties_of(project):
            named |= {people.tied(name, duty, project.units) for name in names}
    everyone = people.all()
    changed: list[PersonChange] = []
    for merged in everyone:
        if merged.key in known:
            changed += _fields(known[merged.key], merged, listed.get(merged.key))
    gone = (key for key in known if draft.has(Kind.PEOPLE) and key not in named)
    return PeopleChanges(
        tuple(one for one in everyone if one.key not in known), tuple(changed), tuple(gone)
    )


def _fields(
    fact: PersonEntry, merged: PersonEntry, listed: PersonEntry | None
) -> list[PersonChange]:
    """A person's new roles, and a post or phone that the people sheet states otherwise."""
    post = (listed.post if listed else "") or line_of(fact.post)
    phone = (listed.phone if listed else "") or phone_of(fact.phone) or merged.phone
    pairs = [("post", line_of(fact.post), post), ("phone", phone_of(fact.phone), phone)]
    changes = [
        PersonChange(*fact.key, field, old, new, merged.spot)
        for field, old, new in pairs
        if old != new
    ]
    if merged.roles - fact.roles:
        roles = (fact.roles, fact.roles | merged.roles)
        changes.append(PersonChange(*fact.key, "roles", *roles, merged.spot))
    return changes
