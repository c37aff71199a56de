"""Writing the money of an import: what was known of a span of months is superseded, never lost."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from actions.ledger_desk import LedgerDesk
from ledger.changes import Changes, InvestmentChange
from models.project import investment, prior

SOURCE = "ledger"


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    first_month: int
    month: int


def write_money(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    """Investments by month, and what was completed up to the end of last year."""
    _write_priors(page, changes, ids)
    active = _active(page)
    revisions = _revisions(page)
    superseded: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for change in changes.investments:
        project_id = ids[change.project]
        touched = [one for one in active.get(project_id, []) if _overlaps(one, change)]
        superseded += [{"which": one.id} for one in touched]
        revision = revisions.get((project_id, change.month), 0) + 1
        revisions[project_id, change.month] = revision
        rows.append(_row(page, change, project_id, revision))
    if superseded:
        page.tx.execute(
            investment.update()
            .where(investment.c.id == bindparam("which"), investment.c.superseded_at.is_(None))
            .values(superseded_at=page.desk.now),
            superseded,
        )
    page.insert(investment, rows)


def _row(
    page: LedgerDesk, change: InvestmentChange, project_id: int, revision: int
) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "year": page.year,
        "first_month": change.first_month,
        "month": change.month,
        "revision": revision,
        "amount": change.new,
        "is_estimate": False,
        "source": SOURCE,
        **page.stamp(),
    }


def _overlaps(known: _Known, change: InvestmentChange) -> bool:
    return known.first_month <= change.month and change.first_month <= known.month


def _active(page: LedgerDesk) -> dict[int, list[_Known]]:
    found: dict[int, list[_Known]] = defaultdict(list)
    rows = page.tx.execute(
        select(investment).where(
            investment.c.year == page.year, investment.c.superseded_at.is_(None)
        )
    )
    for row in rows:
        found[row.project_id].append(_Known(row.id, row.first_month, row.month))
    return found


def _revisions(page: LedgerDesk) -> dict[tuple[int, int], int]:
    rows = page.tx.execute(
        select(investment.c.project_id, investment.c.month, func.max(investment.c.revision))
        .where(investment.c.year == page.year)
        .group_by(investment.c.project_id, investment.c.month)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _write_priors(page: LedgerDesk, changes: Changes, ids: dict[str, int]) -> None:
    told: list[tuple[int, object]] = [
        (ids[one.name], one.prior) for one in changes.new if one.prior is not None
    ]
    told += [(ids[one.project], one.new) for one in changes.changed if one.field == "prior"]
    rows = page.tx.execute(select(prior.c.project_id).where(prior.c.year == page.year))
    known = {row.project_id for row in rows}
    page.insert(
        prior,
        (
            {"project_id": project_id, "year": page.year, "amount": amount}
            for project_id, amount in told
            if project_id not in known
        ),
    )
    for project_id, amount in told:
        if project_id in known:
            page.tx.execute(
                prior.update()
                .where(prior.c.project_id == project_id, prior.c.year == page.year)
                .values(amount=amount)
            )
