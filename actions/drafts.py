"""Conversations as they are kept: one live draft for each person, the others parked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from actions.desk import Desk
from flows.flow import Said
from models.database import insert_row
from models.edge import outbox
from models.report import photo
from models.talk import draft as drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """A conversation as it is kept; frozen, saved anew after each turn."""

    person_id: int
    chat_id: int
    flow: str
    id: int = 0
    project_id: int | None = None
    period: str = ""
    thing: str = ""
    on_behalf_of: int | None = None
    said: Said = field(default_factory=dict)
    heard: Mapping[str, str] = field(default_factory=dict)
    queue: tuple[str, ...] = ()
    done_count: int = 0
    step: str = ""
    rev: int = 0
    card_id: int | None = None


_LIVE = select(drafts).where(drafts.c.person_id == bindparam("person"), drafts.c.live)
_SAVE = (
    drafts.update()
    .where(drafts.c.id == bindparam("row_id"), drafts.c.rev == bindparam("old_rev"))
    .values(
        said=bindparam("new_said"),
        heard=bindparam("new_heard"),
        step=bindparam("new_step"),
        rev=bindparam("new_rev"),
        card_id=bindparam("new_card"),
        queue=bindparam("new_queue"),
        done_count=bindparam("new_count"),
        changed_at=bindparam("at"),
        live=True,
    )
)


def live_draft(tx: Connection, person_id: int) -> Draft | None:
    row = tx.execute(_LIVE, {"person": person_id}).first()
    return None if row is None else _draft(row)


def draft_by_id(tx: Connection, draft_id: int) -> Draft | None:
    row = tx.execute(select(drafts).where(drafts.c.id == draft_id)).first()
    return None if row is None else _draft(row)


def draft_for(
    tx: Connection, person_id: int, flow: str, project_id: int, period: str
) -> Draft | None:
    """The person's own, live or parked."""
    row = tx.execute(
        select(drafts).where(
            drafts.c.person_id == person_id,
            drafts.c.project_id == project_id,
            drafts.c.period == period,
            drafts.c.flow == flow,
        )
    ).first()
    return None if row is None else _draft(row)


def parked_drafts(tx: Connection, person_id: int) -> list[Draft]:
    """Those of reports whose project is known, newest first."""
    rows = tx.execute(
        select(drafts)
        .where(
            drafts.c.person_id == person_id,
            drafts.c.live.is_(False),
            drafts.c.project_id.is_not(None),
        )
        .order_by(drafts.c.changed_at.desc())
    )
    return [_draft(row) for row in rows]


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        person_id=row.person_id,
        chat_id=row.chat_id,
        flow=row.flow,
        id=row.id,
        project_id=row.project_id,
        period=row.period,
        thing=row.thing,
        on_behalf_of=row.on_behalf_of,
        said=dict(row.said),
        heard=row.heard,
        queue=tuple(row.queue),
        done_count=row.done_count,
        step=row.step,
        rev=row.rev,
        card_id=row.card_id,
    )


def keep_new(desk: Desk, new: Draft) -> int:
    """Its number; whatever the person talked about before is to be parked first."""
    return insert_row(
        desk.tx,
        drafts,
        person_id=new.person_id,
        chat_id=new.chat_id,
        flow=new.flow,
        project_id=new.project_id,
        period=new.period,
        thing=new.thing,
        on_behalf_of=new.on_behalf_of,
        said=list(new.said.items()),
        queue=list(new.queue),
        done_count=new.done_count,
        created_at=desk.now,
        changed_at=desk.now,
    )


def save(desk: Desk, draft: Draft, old_rev: int) -> None:
    """As it reads now, live; a fault of the caller when it was changed meanwhile."""
    saved = desk.tx.execute(
        _SAVE,
        {
            "row_id": draft.id,
            "old_rev": old_rev,
            "new_said": list(draft.said.items()),
            "new_heard": dict(draft.heard),
            "new_step": draft.step,
            "new_rev": draft.rev,
            "new_card": draft.card_id,
            "new_queue": list(draft.queue),
            "new_count": draft.done_count,
            "at": desk.now,
        },
    )
    if saved.rowcount != 1:
        raise RuntimeError("a draft was changed by two at once")


def park_live(desk: Desk, person_id: int) -> bool:
    done = desk.tx.execute(
        drafts.update()
        .where(drafts.c.person_id == person_id, drafts.c.live)
        .values(live=False, changed_at=desk.now)
    )
    return done.rowcount > 0


def enliven(tx: Connection, draft: Draft) -> None:
    """Live again; what was live instead is parked."""
    tx.execute(
        drafts.update()
        .where(drafts.c.person_id == draft.person_id, drafts.c.live, drafts.c.id != draft.id)
        .values(live=False)
    )
    tx.execute(drafts.update().where(drafts.c.id == draft.id).values(live=True))


def drop(desk: Desk, draft: Draft) -> None:
    """With the photos that no report has taken: another draft may get the same number."""
    desk.tx.execute(photo.delete().where(photo.c.draft_id == draft.id, photo.c.report_id.is_(None)))
    desk.tx.execute(drafts.delete().where(drafts.c.id == draft.id))


def draft_behind(tx: Connection, person_id: int, message_id: int) -> Draft | None:
    """The person's draft, live or parked, whose card is this message, as far as that is noted."""
    is_it = outbox.c.message_id == message_id
    row = tx.execute(
        select(drafts)
        .join(outbox, outbox.c.id == drafts.c.card_id)
        .where(drafts.c.person_id == person_id, or_(is_it, outbox.c.message_id.is_(None)))
        .order_by(outbox.c.message_id.is_(None), drafts.c.id.desc())
    ).first()
    return None if row is None else _draft(row)


def is_shown(tx: Connection, draft: Draft, rev: int, message_id: int) -> bool:
    """Whether this message is the draft's card as it stands now.

    Two drafts can come to the same revision, so the message counts as well; it is not known yet
    in the moment between a card's arrival and the note of it.
    """
    shown = _message_of(tx, draft.card_id)
    return rev == draft.rev and shown in (None, message_id)


def _message_of(tx: Connection, card_id: int | None) -> int | None:
    row = tx.execute(
        select(outbox.c.message_id, outbox.c.payload).where(outbox.c.id == card_id)
    ).first()
    return None if row is None else row.message_id or row.payload.get("message_id")
