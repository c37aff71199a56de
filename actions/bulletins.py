"""The weekly bulletin's facts and text: frozen at the cut-off, written from templates."""

from typing import Any

from sqlalchemy import select

from actions.desk import Desk, fingerprint
from actions.weekly_facts import WEEKLY, weekly_facts
from models.bulletin import BulletinState, bulletin
from models.database import insert_row
from models.troubles import note_trouble
from reports.overrides import Finding
from reports.templating import Templates
from reports.weekly import WeeklyOptions, render_weekly
from rules.refusal import Refusal
from rules.week import Week
from rules.weekly import weekly
from rules.weekly_record import fingerprint as facts_fingerprint
from rules.weekly_record import from_json, to_json

OPEN = (BulletinState.FROZEN, BulletinState.DRAFTED, BulletinState.RETURNED)
"""Nobody has approved or dropped it yet."""


def freeze(desk: Desk, week: Week) -> int:
    """Keep the facts of a week as they stand now; what comes later is late."""
    facts = weekly_facts(desk, week)
    record = to_json(facts)
    totals = weekly(facts).totals
    values: dict[str, Any] = {
        "frozen_at": desk.now,
        "facts": record,
        "facts_sha": facts_fingerprint(record),
        "due_count": totals.due,
        "reported_count": totals.reported,
    }
    known = newest(desk, week.period)
    if known is not None:
        desk.tx.execute(bulletin.update().where(bulletin.c.id == known.id).values(**values))
        return int(known.id)
    return insert_row(
        desk.tx,
        bulletin,
        kind=WEEKLY,
        period=week.period,
        year=facts.year,
        number=facts.number,
        state=BulletinState.FROZEN,
        **values,
    )


def newest(desk: Desk, period: str) -> Any:
    return desk.tx.execute(
        select(bulletin)
        .where(bulletin.c.kind == WEEKLY, bulletin.c.period == period)
        .order_by(bulletin.c.revision.desc())
        .limit(1)
    ).first()


def bulletin_row(desk: Desk, bulletin_id: int) -> Any:
    """Refusal when there is no such bulletin."""
    row = desk.tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id)).first()
    if row is None:
        raise Refusal("bulletin.unknown")
    return row


def write(
    desk: Desk, bulletin_id: int, *, is_delayed: bool | None = None, note: str | None = None
) -> Any:
    """Render the frozen facts once more; earlier previews no longer decide. Returns the row."""
    row = bulletin_row(desk, bulletin_id)
    is_late = row.is_delayed if is_delayed is None else is_delayed
    words = row.note if note is None else note
    parts = render(desk, row.facts, words, is_late)
    done = desk.tx.execute(
        bulletin.update()
        .where(
            bulletin.c.id == bulletin_id,
            bulletin.c.rev == row.rev,
            bulletin.c.state.in_(OPEN),
        )
        .values(
            state=BulletinState.DRAFTED,
            note=words,
            is_delayed=is_late,
            parts=list(parts),
            parts_sha=fingerprint(list(parts)),
            drafted_at=desk.now,
            rev=row.rev + 1,
        )
    )
    if done.rowcount != 1:
        raise Refusal("bulletin.already_decided")
    desk.record(None, "bulletin.draft", f"bulletin:{bulletin_id}", rev=row.rev + 1)
    return bulletin_row(desk, bulletin_id)


def render(desk: Desk, record: str, note: str, is_delayed: bool) -> tuple[str, ...]:
    """The text of frozen facts: the same facts, note and templates give the same parts."""
    options = WeeklyOptions(
        is_delayed=is_delayed,
        note=note,
        shows_money=desk.office.asks_money,
        decimals=desk.office.decimals,
        keeps_zeros=desk.office.keep_zeros,
    )
    found: list[Finding] = []
    templates = Templates(desk.office.language, desk.office.templates, found.append)
    parts = render_weekly(weekly(from_json(record)), templates, options, facts_fingerprint(record))
    for finding in found:
        note_trouble(
            desk.tx,
            desk.now,
            f"template:{finding.file}:{finding.line}",
            "template",
            file=finding.file,
            line=finding.line or 0,
            what=finding.what,
        )
    return parts
