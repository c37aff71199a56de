"""The outgoing rows: which may go now, and what is written down when they have gone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select

from models.bulletin import GroupState, group
from models.edge import OutClass, OutState, file, outbox
from models.parcel import Parcel
from models.troubles import note_trouble

LEASE = timedelta(seconds=90)
WINDOW = 400
"""How many ready rows are looked at in one turn; interactive ones stand first."""

_target = outbox.alias("target")
_before = outbox.alias("before")


_READY = (
    select(
        outbox,
        _target.c.message_id.label("target_message"),
        _target.c.state.label("target_state"),
        _before.c.state.label("before_state"),
        group.c.rev.label("bound_rev"),
        group.c.state.label("bound_state"),
        group.c.chat_id.label("bound_chat"),
    )
    .select_from(
        outbox.outerjoin(_target, _target.c.id == outbox.c.target_id)
        .outerjoin(_before, _before.c.id == outbox.c.after_id)
        .outerjoin(group, group.c.id == outbox.c.group_id)
    )
    .where(outbox.c.state == OutState.READY)
    .order_by(outbox.c.bulk, outbox.c.id)
    .limit(WINDOW)
)
_CLAIM = (
    outbox.update()
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == OutState.READY)
    .values(state=OutState.SENDING, tries=outbox.c.tries + 1, lease_until=bindparam("lease"))
)


def ready(tx: Connection) -> list[Row[Any]]:
    return list(tx.execute(_READY))


def claim(tx: Connection, row: Row[Any], now: datetime) -> Parcel | None:
    """Take one ready row; None when it turned out not to be sendable (it is then settled)."""
    if not _may_go(tx, row, now):
        return None
    taken = tx.execute(_CLAIM, {"row_id": row.id, "lease": now + LEASE})
    if taken.rowcount != 1:
        return None
    payload, files = _packed(tx, row)
    return Parcel(
        row.id,
        OutClass(row.out_class),
        row.kind,
        row.method,
        row.chat_id,
        payload,
        row.tries + 1,
        files,
        row.group_id,
        row.bulletin_id,
        replaces_id=row.replaces_id,
    )


def _may_go(tx: Connection, row: Row[Any], now: datetime) -> bool:
    if row.deadline is not None and row.deadline < now:
        settle(tx, row.id, OutState.EXPIRED, "its time had passed")
        if row.out_class == OutClass.ONCE:
            note_trouble(tx, now, f"outbox:{row.id}", "expired", outbox=row.id)
        return False
    if row.group_id is not None and not _is_bound(row):
        if row.out_class != OutClass.ONCE:
            settle(tx, row.id, OutState.CANCELLED, "the group's binding has changed")
            return False
        settle(tx, row.id, OutState.HELD, "the group's binding has changed")
        note_trouble(tx, now, f"outbox:{row.id}", "held", outbox=row.id, cause="binding")
        return False
    if row.target_id is not None and row.target_message is None and needs_target(row.method):
        settle(tx, row.id, OutState.CANCELLED, "its message was never sent")
        return False
    return True


def _is_bound(row: Row[Any]) -> bool:
    # P7: a bulletin goes only where it was bound and confirmed, and is looked at again here.
    return bool(
        row.bound_state == GroupState.BOUND
        and row.bound_rev == row.group_rev
        and row.bound_chat == row.chat_id
    )


def needs_target(method: str) -> bool:
    """Whether the call is about a message that is there; else it is at most a reply to one."""
    return method not in ("sendMessage", "sendDocument", "sendPhoto")


def _packed(tx: Connection, row: Row[Any]) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    # A menu's chat stands in its scope.
    home = {} if "scope" in row.payload else {"chat_id": row.chat_id}
    payload: dict[str, Any] = {**home, **row.payload}
    if row.target_message is not None:
        if needs_target(row.method):
            payload["message_id"] = row.target_message
        else:
            payload["reply_parameters"] = {
                "message_id": row.target_message,
                "allow_sending_without_reply": True,
            }
    files = {}
    for name, value in row.payload.items():
        if isinstance(value, dict) and "$file" in value:
            kept = tx.execute(
                select(file.c.name, file.c.content).where(file.c.id == value["$file"])
            )
            found = kept.one()
            files[name] = (found.name, found.content)
            del payload[name]
    return payload, files


_SENT = (
    outbox.update()
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=OutState.SENT,
        message_id=bindparam("message"),
        sent_at=bindparam("at"),
        reason=bindparam("why"),
    )
)


def mark_sent(
    tx: Connection, row_id: int, now: datetime, message_id: int | None, why: str = ""
) -> None:
    tx.execute(_SENT, {"row_id": row_id, "message": message_id, "at": now, "why": why})


def settle(tx: Connection, row_id: int, state: OutState, reason: str) -> None:
    tx.execute(
        outbox.update().where(outbox.c.id == row_id).values(state=state, reason=reason[:300])
    )


def put_back(tx: Connection, row_id: int, reason: str, **changes: Any) -> None:
    tx.execute(
        outbox.update()
        .where(outbox.c.id == row_id)
        .values(state=OutState.READY, reason=reason[:300], **changes)
    )


def recover(tx: Connection, now: datetime) -> None:
    """What a former run left in `sending` may have arrived: bulletins are held for a person."""
    rows = tx.execute(
        select(outbox.c.id, outbox.c.out_class, outbox.c.tries).where(
            outbox.c.state == OutState.SENDING
        )
    )
    for row in rows.all():
        unclear(tx, row.id, OutClass(row.out_class), row.tries, now, "the bot stopped meanwhile")


def unclear(
    tx: Connection, row_id: int, out_class: OutClass, tries: int, now: datetime, reason: str
) -> None:
    """An outcome nobody knows: repeatable calls repeat, replies once, bulletins never blindly."""
    if out_class == OutClass.ONCE:
        settle(tx, row_id, OutState.HELD, reason)
        note_trouble(tx, now, f"outbox:{row_id}", "held", outbox=row_id, cause="unclear")
        return
    most = 2 if out_class == OutClass.TWICE else 6
    if tries >= most:
        settle(tx, row_id, OutState.UNKNOWN, reason)
        return
    put_back(tx, row_id, reason)


def cancel_chat(tx: Connection, chat_id: int, reason: str) -> None:
    """A chat that cannot be reached: what still waits for it is called off, bulletins are held."""
    waiting = and_(outbox.c.chat_id == chat_id, outbox.c.state == OutState.READY)
    tx.execute(
        outbox.update()
        .where(waiting, outbox.c.out_class != OutClass.ONCE)
        .values(state=OutState.CANCELLED, reason=reason[:300])
    )


def next_moment(rows: Iterable[Row[Any]], now: datetime) -> datetime | None:
    """When the earliest of the rows that wait for their time may go."""
    later = [row.not_before for row in rows if row.not_before and row.not_before > now]
    return min(later, default=None)


def open_rows(tx: Connection, bulletin_id: int) -> int:
    """How many outgoing rows of a bulletin are neither sent nor given up."""
    return len(
        tx.execute(
            select(outbox.c.id).where(
                outbox.c.bulletin_id == bulletin_id,
                or_(outbox.c.state == OutState.READY, outbox.c.state == OutState.SENDING),
            )
        ).all()
    )


def message_of(tx: Connection, row_id: int) -> int | None:
    """The message that an outgoing row became; None when it was never sent."""
    return tx.scalar(select(outbox.c.message_id).where(outbox.c.id == row_id))
