"""Writing the memberships of an import and the versions of their annual plans."""

from decimal import Decimal

from sqlalchemy import func, select

from actions.ledger_desk import LedgerDesk
from ledger.changes import Changes, Joined
from models.project import membership, plan, project
from rules.terms import Level

Key = tuple[int, Level]


def write_lists(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    """Join, rejoin, change class; every plan that is new or different becomes a version."""
    joined = [Joined(entry.name, one) for entry in changes.new for one in entry.memberships]
    joined += changes.joined
    before = _memberships(page)
    _join(page, [one for one in joined if _key(one, ids) not in before], ids)
    for one in joined:
        if _key(one, ids) in before:
            _rejoin(page, one, ids, before)
    _bring_back(page, joined, ids)
    known = _memberships(page)
    for change in changes.classes:
        which = known[ids[change.project], change.level]
        page.tx.execute(
            membership.update().where(membership.c.id == which).values(project_class=change.new)
        )
    plans = [
        (known[_key(one, ids)], one.membership.plan)
        for one in joined
        if one.membership.plan is not None
    ]
    plans += [(known[ids[one.project], one.level], one.new) for one in changes.plans]
    _add_versions(page, plans)


def _key(one: Joined, ids: dict[str, int]) -> Key:
    return ids[one.project], one.membership.level


def _memberships(page: LedgerDesk) -> dict[Key, int]:
    rows = page.tx.execute(select(membership).where(membership.c.year == page.year))
    return {(row.project_id, Level(row.level)): row.id for row in rows}


def _join(page: LedgerDesk, joined: list[Joined], ids: dict[str, int]) -> None:
    page.insert(
        membership,
        (
            {
                "project_id": ids[one.project],
                "year": page.year,
                "level": one.membership.level,
                "project_class": one.membership.project_class,
                "joined_on": page.today,
            }
            for one in joined
        ),
    )


def _rejoin(page: LedgerDesk, one: Joined, ids: dict[str, int], known: dict[Key, int]) -> None:
    page.tx.execute(
        membership.update()
        .where(membership.c.id == known[_key(one, ids)])
        .values(left_on=None, reason="", project_class=one.membership.project_class)
    )


def _bring_back(page: LedgerDesk, joined: list[Joined], ids: dict[str, int]) -> None:
    """Projects that had left every list are dispatched again."""
    rows = page.tx.execute(select(project.c.id).where(project.c.gone_on.is_not(None)))
    gone = {row.id for row in rows} & {ids[one.project] for one in joined}
    for project_id in gone:
        page.tx.execute(project.update().where(project.c.id == project_id).values(gone_on=None))


def _add_versions(page: LedgerDesk, plans: list[tuple[int, Decimal]]) -> None:
    newest = select(plan.c.membership_id, func.max(plan.c.version))
    rows = page.tx.execute(newest.group_by(plan.c.membership_id))
    versions: dict[int, int] = {row[0]: row[1] for row in rows}
    page.insert(
        plan,
        (
            {
                "membership_id": membership_id,
                "version": versions.get(membership_id, 0) + 1,
                "amount": amount,
                "effective_on": page.today,
                "reason": page.reason,
                **page.stamp(),
            }
            for membership_id, amount in plans
        ),
    )
