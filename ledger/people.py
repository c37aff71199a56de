"""The people of a ledger: those of the people sheet and those whom only project rows name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ledger.aliases import roles_of
from ledger.cells import line_of, name_of, phone_of, text_of
from ledger.columns import Field
from ledger.draft import PersonEntry, ProjectEntry
from ledger.findings import Findings, spot_of
from ledger.header import Table
from ledger.hints import Hints
from ledger.rows import RowKind, lines_of
from rules.terms import Duty, Role

Key = tuple[str, str]


class People:
    """Known people by name and unit, and the rule which of them a project row means."""

    def __init__(self, entries: Iterable[PersonEntry] = ()) -> None:
        self._by_key: dict[Key, PersonEntry] = {}
        self._by_name: dict[str, list[Key]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    def add(self, entry: PersonEntry) -> None:
        """A person met again gains roles, and keeps the post and phone that were told first."""
        known = self._by_key.get(entry.key)
        if known is None:
            self._by_name[entry.name].append(entry.key)
            self._by_key[entry.key] = entry
            return
        self._by_key[entry.key] = replace(
            known,
            roles=known.roles | entry.roles,
            post=known.post or entry.post,
            phone=known.phone or entry.phone,
        )

    def all(self) -> tuple[PersonEntry, ...]:
        return tuple(self._by_key.values())

    def namesakes(self, name: str, role: Role) -> list[Key]:
        keys = self._by_name.get(name, [])
        return [key for key in keys if role in self._by_key[key].roles]

    def tied(self, name: str, duty: Duty, units: tuple[str, ...]) -> Key:
        """Who is meant by a name in a project row.

        A sponsor is known by name alone; anyone else by name and one of the project's units, the
        lead first. A person not known yet belongs to the lead unit, a sponsor to none.
        """
        if duty is Duty.SPONSOR:
            sponsors = self.namesakes(name, Role.SPONSOR)
            return sponsors[0] if sponsors else (name, "")
        for unit in units:
            if (name, unit) in self._by_key:
                return name, unit
        return name, units[0] if units else ""


def as_read(person: PersonEntry) -> PersonEntry:
    """A person as they would come back from a sheet: how people are told apart."""
    return replace(person, name=name_of(person.name), unit=line_of(person.unit))


def read_people(table: Table, hints: Hints, findings: Findings) -> list[PersonEntry]:
    """The rows of a people sheet."""
    unit_field = Field.UNIT if table.column(Field.UNIT) else Field.UNITS
    found: list[PersonEntry] = []
    for line in lines_of(table, Field.PERSON):
        if line.kind is not RowKind.ENTRY:
            continue
        row = line.row
        spot = spot_of(table, row.number, table.column(Field.PERSON))
        name = name_of(table.cell(row, Field.PERSON))
        if not name:
            findings.error("person_without_name", spot)
            continue
        roles, strange = roles_of(text_of(table.cell(row, Field.ROLE)))
        if strange:
            role_spot = spot_of(table, row.number, table.column(Field.ROLE))
            findings.warn("role_unknown", role_spot, name=name, words="、".join(strange))
        units = hints.units_of(table.cell(row, unit_field))
        post = line_of(table.cell(row, Field.POST))
        phone = phone_of(table.cell(row, Field.PHONE))
        unit = units[0] if units else ""
        found.append(PersonEntry(name, unit, post, phone, frozenset(roles), True, spot))
    return found


def gather_people(
    told: list[PersonEntry], projects: Iterable[ProjectEntry], findings: Findings
) -> tuple[PersonEntry, ...]:
    """All people of the file, those of the people sheet first."""
    people = People(told)
    for project in projects:
        for name in project.sponsors:
            if len(people.namesakes(name, Role.SPONSOR)) > 1:
                findings.warn("sponsor_ambiguous", project.spot, name=name, project=project.name)
        for entry in named_by(project, people):
            people.add(entry)
    return people.all()


def named_by(project: ProjectEntry, people: People) -> list[PersonEntry]:
    """The people whom a project row names, with the roles that this gives them."""
    phone_goes_to = (project.contacts or project.responsible)[:1]
    found: list[PersonEntry] = []
    for duty, names in duties_of(project):
        role = Role.SPONSOR if duty is Duty.SPONSOR else Role.REPORTER
        for name in names:
            key = people.tied(name, duty, project.units)
            has_phone = duty is not Duty.SPONSOR and (name,) == phone_goes_to
            phone = project.phone if has_phone else ""
            found.append(PersonEntry(*key, "", phone, frozenset({role}), False, project.spot))
    return found


def duties_of(project: ProjectEntry) -> tuple[tuple[Duty, tuple[str, ...]], ...]:
    """The names in a project row by what they are to it."""
    return (
        (Duty.SPONSOR, project.sponsors),
        (Duty.RESPONSIBLE, project.responsible),
        (Duty.CONTACT, project.contacts),
    )
