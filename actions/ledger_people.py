"""Writing the people of an import: units, people, roles, and who is tied to which project."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select

from actions.ledger_desk import LedgerDesk
from actions.ledger_facts import ledger_people
from ledger.changes import Changes
from ledger.draft import PersonEntry, ProjectEntry
from ledger.people import People, as_read
from models.database import insert_new
from models.people import PersonState, person, person_role, unit
from models.project import project_person, project_unit
from rules.terms import Duty

DUTIES = {"sponsors": Duty.SPONSOR, "responsible": Duty.RESPONSIBLE, "contacts": Duty.CONTACT}
Key = tuple[str, str]


def write_people(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    """Nobody is removed: a tie that has ended stays with its last day."""
    units = _write_units(page, changes)
    _write_project_units(page, changes, ids, units)
    _add_people(page, _not_met(page, changes.new_people, units), units)
    _change_people(page, changes)
    _write_ties(page, changes, ids)


def _write_units(page: LedgerDesk, changes: Changes) -> dict[str, int]:
    """New units follow the office's own order, then the order of the file."""
    named = [name for entry in changes.new for name in entry.units]
    for change in changes.changed:
        if change.field == "units" and isinstance(change.new, tuple):
            named += change.new
    named += [one.unit for one in changes.new_people if one.unit]
    rows = page.tx.execute(select(unit.c.name, unit.c.id)).all()
    known = {row.name: row.id for row in rows}
    fresh = [name for name in dict.fromkeys(named) if name not in known]
    order = {name: at for at, name in enumerate(page.desk.office.unit_order)}
    fresh.sort(key=lambda name: order.get(name, len(order)))
    last = page.tx.scalar(select(func.max(unit.c.position))) or 0
    page.insert(
        unit,
        (
            {"name": name, "kind": "", "position": at, "aliases": []}
            for at, name in enumerate(fresh, start=last + 1)
        ),
    )
    return {row.name: row.id for row in page.tx.execute(select(unit.c.name, unit.c.id))}


def _write_project_units(
    page: LedgerDesk, changes: Changes, ids: dict[str, int], units: dict[str, int]
) -> None:
    told: list[tuple[int, tuple[str, ...]]] = [(ids[one.name], one.units) for one in changes.new]
    for change in changes.changed:
        if change.field == "units" and isinstance(change.new, tuple):
            which = ids[change.project]
            page.tx.execute(delete(project_unit).where(project_unit.c.project_id == which))
            told.append((which, change.new))
    page.insert(
        project_unit,
        (
            {"project_id": project_id, "position": at, "unit_id": units[name]}
            for project_id, names in told
            for at, name in enumerate(names)
        ),
    )


def _not_met(
    page: LedgerDesk, new: tuple[PersonEntry, ...], units: dict[str, int]
) -> tuple[PersonEntry, ...]:
    """Whoever came in before the ledger did, without a unit, is the one of that name in it.

    So the first of the office is not there twice; those two of one name are left apart.
    """
    rows = page.tx.execute(select(person.c.id, person.c.name).where(person.c.unit_id.is_(None)))
    known: dict[str, list[int]] = {}
    for row in rows:
        known.setdefault(row.name, []).append(row.id)
    names = [one.name for one in new]
    met = {
        one.key: known[one.name][0]
        for one in new
        if one.unit and len(known.get(one.name, ())) == 1 and names.count(one.name) == 1
    }
    for one in new:
        if one.key not in met:
            continue
        values = {"unit_id": units.get(one.unit), "post": one.post, "phone": one.phone}
        page.tx.execute(person.update().where(person.c.id == met[one.key]).values(values))
        rows_of = [{"person_id": met[one.key], "role": role} for role in sorted(one.roles)]
        insert_new(page.tx, person_role, rows_of)
    return tuple(one for one in new if one.key not in met)


def _add_people(page: LedgerDesk, new: tuple[PersonEntry, ...], units: dict[str, int]) -> None:
    page.insert(
        person,
        (
            {
                "name": one.name,
                "post": one.post,
                "unit_id": units.get(one.unit),
                "phone": one.phone,
                "state": PersonState.NOT_JOINED,
                "language": "",
            }
            for one in new
        ),
    )
    ids = _person_ids(page)
    page.insert(
        person_role,
        ({"person_id": ids[one.key], "role": role} for one in new for role in sorted(one.roles)),
    )


def _change_people(page: LedgerDesk, changes: Changes) -> None:
    if not changes.people:
        return
    ids = _person_ids(page)
    for change in changes.people:
        which = ids[change.name, change.unit]
        if change.field != "roles":
            values = {change.field: change.new}
            page.tx.execute(person.update().where(person.c.id == which).values(values))
            continue
        assert isinstance(change.old, frozenset) and isinstance(change.new, frozenset)
        rows = [{"person_id": which, "role": role} for role in sorted(change.new - change.old)]
        page.insert(person_role, rows)


def _person_ids(page: LedgerDesk) -> dict[Key, int]:
    """Of two people whom a ledger cannot tell apart, the one known first."""
    rows = page.tx.execute(
        select(person.c.id, person.c.name, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .order_by(person.c.id.desc())
    )
    return {as_read(PersonEntry(row.name, row.unit or "")).key: row.id for row in rows}


def _write_ties(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    people = People(map(as_read, ledger_people(page.tx)))
    person_ids = _person_ids(page)
    rows: list[dict[str, Any]] = []
    for entry in changes.new:
        for duty, names in _named(entry):
            tied = _tied(people, person_ids, names, duty, entry.units)
            rows += _tie_rows(page, ids[entry.name], duty, tied)
    units = _units_of(page) if changes.changed else {}
    for change in changes.changed:
        if change.field not in DUTIES or not isinstance(change.new, tuple):
            continue
        duty, project_id = DUTIES[change.field], ids[change.project]
        names = change.new
        tied = _tied(people, person_ids, names, duty, units.get(project_id, ()))
        _end_ties(page, project_id, duty)
        rows += _tie_rows(page, project_id, duty, tied)
    page.insert(project_person, rows)


def _named(entry: ProjectEntry) -> Iterable[tuple[Duty, tuple[str, ...]]]:
    return ((duty, getattr(entry, attribute)) for attribute, duty in DUTIES.items())


def _tied(
    people: People,
    person_ids: dict[Key, int],
    names: tuple[str, ...],
    duty: Duty,
    units: tuple[str, ...],
) -> list[int]:
    found = (person_ids[people.tied(name, duty, units)] for name in names)
    return list(dict.fromkeys(found))


def _tie_rows(
    page: LedgerDesk, project_id: int, duty: Duty, tied: list[int]
) -> list[dict[str, Any]]:
    return [
        {
            "project_id": project_id,
            "person_id": person_id,
            "duty": duty,
            "position": at,
            "from_on": page.today,
        }
        for at, person_id in enumerate(tied)
    ]


def _end_ties(page: LedgerDesk, project_id: int, duty: Duty) -> None:
    page.tx.execute(
        project_person.update()
        .where(
            project_person.c.project_id == project_id,
            project_person.c.duty == duty,
            project_person.c.until_on.is_(None),
        )
        .values(until_on=page.today)
    )


def _units_of(page: LedgerDesk) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = page.tx.execute(
        select(project_unit.c.project_id, unit.c.name)
        .join(unit, unit.c.id == project_unit.c.unit_id)
        .order_by(project_unit.c.project_id, project_unit.c.position)
    )
    for row in rows:
        found[row.project_id] = (*found.get(row.project_id, ()), row.name)
    return found
