"""Writing the milestones of an import; a day that moves leaves a line in their history."""

from collections import defaultdict

from sqlalchemy import func, select

from actions.ledger_desk import LedgerDesk
from ledger.cells import line_of
from ledger.changes import Changes
from ledger.draft import MilestoneEntry
from models.project import milestone, milestone_change

DAYS = frozenset({"due_on", "done_on"})
IMPORTED = "ledger"


def write_milestones(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    """New ones stand behind those that the project already has."""
    _add(page, changes.new_milestones, ids)
    if changes.milestones:
        _change(page, changes, ids)


def _add(page: LedgerDesk, new: tuple[MilestoneEntry, ...], ids: dict[str, int]) -> None:
    last = select(milestone.c.project_id, func.max(milestone.c.position))
    rows = page.tx.execute(last.group_by(milestone.c.project_id))
    positions: dict[int, int] = defaultdict(int)
    positions.update({row[0]: row[1] + 1 for row in rows})
    placed = []
    for one in new:
        project_id = ids[one.project]
        placed.append(
            {
                "project_id": project_id,
                "position": positions[project_id],
                "name": one.name,
                "unit": one.unit,
                "responsible": one.responsible,
                "due_on": one.due_on,
                "done_on": one.done_on,
            }
        )
        positions[project_id] += 1
    page.insert(milestone, placed)


def _change(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    rows = page.tx.execute(select(milestone.c.id, milestone.c.project_id, milestone.c.name))
    known = {(row.project_id, line_of(row.name)): row.id for row in rows}
    history = []
    for change in changes.milestones:
        which = known[ids[change.project], line_of(change.of)]
        page.tx.execute(
            milestone.update().where(milestone.c.id == which).values({change.field: change.new})
        )
        if change.field in DAYS:
            history.append(
                {
                    "milestone_id": which,
                    "field": change.field,
                    "old_on": change.old,
                    "new_on": change.new,
                    "reason": page.reason or IMPORTED,
                    **page.stamp(),
                }
            )
    page.insert(milestone_change, history)
