"""Writing the projects of an import: known ones first, so that a freed name can be given anew."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, func, select

from actions.ledger_desk import LedgerDesk
from ledger.changes import Changes, FieldChange
from ledger.draft import ProjectEntry
from models.project import project, task_force
from rules.refusal import Refusal

COLUMNS = (
    "name",
    "industry",
    "carrier",
    "content",
    "start_on",
    "finish_on",
    "total",
    "progress",
    "problem",
    "owner_name",
    "owner_head",
    "owner_phone",
    "note",
    "phase",
)
ELSEWHERE = frozenset({"sponsors", "responsible", "contacts", "units", "prior"})


def write_projects(page: LedgerDesk, changes: Changes) -> dict[str, int]:
    """Ids of all projects by the names that the changes use.

    Refusal: a project would take the name of another one.
    """
    known = _names(page)
    forces = _task_forces(page, changes)
    _change(page, changes, known, forces)
    for entry in changes.new:
        if entry.name in known:
            raise Refusal("ledger.refused.name_taken", name=entry.name)
    _add(page, changes.new, forces)
    return _names(page) | known


def _names(page: LedgerDesk) -> dict[str, int]:
    return {row.name: row.id for row in page.tx.execute(select(project.c.name, project.c.id))}


def _task_forces(page: LedgerDesk, changes: Changes) -> dict[str, int]:
    wanted = [one.task_force for one in changes.new]
    wanted += [str(one.new) for one in changes.changed if one.field == "task_force"]
    known = {row.name for row in page.tx.execute(select(task_force.c.name))}
    fresh = dict.fromkeys(name for name in wanted if name and name not in known)
    page.insert(task_force, [{"name": name} for name in fresh])
    rows = page.tx.execute(select(task_force.c.name, task_force.c.id))
    return {row.name: row.id for row in rows}


def _add(page: LedgerDesk, new: tuple[ProjectEntry, ...], forces: dict[str, int]) -> None:
    last = page.tx.scalar(select(func.max(project.c.position))) or 0
    page.insert(
        project,
        (
            {
                **{column: getattr(entry, column) for column in COLUMNS},
                "aliases": [],
                "code": entry.code or None,
                "position": position,
                "task_force_id": forces.get(entry.task_force),
                "extra": dict(entry.extra),
            }
            for position, entry in enumerate(new, start=last + 1)
        ),
    )


def _change(
    page: LedgerDesk, changes: Changes, known: dict[str, int], forces: dict[str, int]
) -> None:
    """Rows that change the same columns are written together."""
    by_project: dict[str, list[FieldChange]] = defaultdict(list)
    for change in changes.changed:
        if change.field not in ELSEWHERE:
            by_project[change.project].append(change)
    by_columns: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for name, told in by_project.items():
        values = _values(page, told, known, forces)
        by_columns[frozenset(values)].append({**values, "which": known[name]})
    for rows in by_columns.values():
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "which"}
        statement = project.update().where(project.c.id == bindparam("which"))
        page.tx.execute(statement.values(**columns), rows)


def _values(
    page: LedgerDesk, told: list[FieldChange], known: dict[str, int], forces: dict[str, int]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    extras: dict[str, Any] = {}
    for change in told:
        if change.field == "extra":
            extras[change.of] = change.new
        elif change.field == "name":
            values |= _renamed(page, change, known)
        elif change.field == "task_force":
            values["task_force_id"] = forces.get(str(change.new))
        else:
            values[change.field] = change.new or None if change.field == "code" else change.new
    if extras:
        kept = _present(page, known[told[0].project], "extra") or {}
        both = {**kept, **extras}
        values["extra"] = {title: words for title, words in both.items() if words}
    return values


def _renamed(page: LedgerDesk, change: FieldChange, known: dict[str, int]) -> dict[str, Any]:
    """The former name stays as an alias, so that people still find the project."""
    if change.new in known:
        raise Refusal("ledger.refused.name_taken", name=change.new)
    aliases = _present(page, known[change.project], "aliases") or []
    return {"name": change.new, "aliases": [*aliases, change.project]}


def _present(page: LedgerDesk, project_id: int, column: str) -> Any:
    return page.tx.scalar(select(project.c[column]).where(project.c.id == project_id))
