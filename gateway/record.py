"""What is written down after a call: the row's state, and what it says about a chat."""

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.outbox import cancel_chat, mark_sent, put_back, settle, unclear
from gateway.outcome import LOST_MESSAGE, Outcome, Verdict, says
from models.bulletin import GroupState, group
from models.edge import OutClass, OutState
from models.groups import migrate_group
from models.parcel import Parcel
from models.people import PersonState, person
from models.troubles import note_trouble

MOST_TRIES = 8


def record(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    """True when the schedule should look at once: a bulletin settled, or the office must know."""
    match outcome.verdict:
        case Verdict.SENT:
            mark_sent(tx, parcel.id, now, outcome.message_id)
            return parcel.bulletin_id is not None
        case Verdict.UNCHANGED:
            return _unchanged(tx, parcel, outcome, now)
        case Verdict.NOT_SENT | Verdict.SLOWED | Verdict.NO_TOKEN:
            return _again(tx, parcel, outcome, now)
        case Verdict.UNCLEAR:
            unclear(tx, parcel.id, parcel.out_class, parcel.tries, now, outcome.reason)
            return parcel.out_class == OutClass.ONCE
        case Verdict.UNREACHABLE:
            return _unreachable(tx, parcel, outcome, now)
        case Verdict.MIGRATED:
            return _migrated(tx, parcel, outcome, now)
        case Verdict.NO_TOPIC:
            return _no_topic(tx, parcel, outcome, now)
        case Verdict.REFUSED:
            return _refused(tx, parcel, outcome, now)


def _unchanged(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    if parcel.method == "editMessageText" and says(outcome.reason, LOST_MESSAGE):
        # The person deleted the card: what it should say now comes as a new message.
        put_back(
            tx,
            parcel.id,
            outcome.reason,
            method="sendMessage",
            target_id=None,
            payload={k: v for k, v in parcel.payload.items() if k not in ("chat_id", "message_id")},
        )
        return False
    mark_sent(tx, parcel.id, now, parcel.payload.get("message_id"), outcome.reason)
    return False


def _again(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    is_waiting = outcome.verdict != Verdict.NOT_SENT or parcel.out_class == OutClass.ONCE
    if is_waiting or parcel.tries < MOST_TRIES:
        put_back(tx, parcel.id, outcome.reason)
        return False
    settle(tx, parcel.id, OutState.DEAD, outcome.reason)
    return False


def _unreachable(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    cancel_chat(tx, parcel.chat_id, outcome.reason)
    if parcel.chat_id < 0:
        return _lost_group(tx, parcel, outcome, now)
    settle(tx, parcel.id, OutState.DEAD, outcome.reason)
    found = tx.execute(
        select(person.c.id, person.c.name).where(person.c.telegram_id == parcel.chat_id)
    ).first()
    if found is None:
        return False
    tx.execute(person.update().where(person.c.id == found.id).values(state=PersonState.BLOCKED))
    note_trouble(tx, now, f"blocked:{found.id}", "blocked", name=found.name)
    return True


def _lost_group(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    rows = tx.execute(
        select(group.c.id, group.c.title).where(
            group.c.chat_id == parcel.chat_id,
            group.c.state.in_((GroupState.BOUND, GroupState.ASKED)),
        )
    )
    for row in rows.all():
        tx.execute(
            group.update()
            .where(group.c.id == row.id)
            .values(state=GroupState.LOST, trouble=outcome.reason, rev=group.c.rev + 1)
        )
        note_trouble(tx, now, f"group:{row.id}", "group_lost", title=row.title)
    is_bulletin = parcel.out_class == OutClass.ONCE
    settle(tx, parcel.id, OutState.HELD if is_bulletin else OutState.DEAD, outcome.reason)
    if is_bulletin:
        note_trouble(tx, now, f"outbox:{parcel.id}", "held", outbox=parcel.id, cause="unreachable")
    return True


def _migrated(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    assert outcome.new_chat_id is not None
    migrate_group(tx, parcel.chat_id, outcome.new_chat_id, now)
    put_back(tx, parcel.id, outcome.reason, chat_id=outcome.new_chat_id)
    return True


def _no_topic(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    settle(tx, parcel.id, OutState.HELD, outcome.reason)
    rows = tx.execute(select(group.c.id, group.c.title).where(group.c.id == parcel.group_id)).all()
    for row in rows:
        tx.execute(group.update().where(group.c.id == row.id).values(trouble=outcome.reason))
        note_trouble(tx, now, f"topic:{row.id}", "topic_gone", title=row.title)
    note_trouble(tx, now, f"outbox:{parcel.id}", "held", outbox=parcel.id, cause="topic")
    return True


def _refused(tx: Connection, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    settle(tx, parcel.id, OutState.DEAD, outcome.reason)
    if parcel.method == "pinChatMessage":
        rows = tx.execute(select(group.c.title).where(group.c.id == parcel.group_id)).all()
        for row in rows:
            note_trouble(tx, now, f"pin:{parcel.group_id}", "no_pin_right", title=row.title)
        return True
    if parcel.out_class == OutClass.ONCE:
        settle(tx, parcel.id, OutState.HELD, outcome.reason)
        note_trouble(tx, now, f"outbox:{parcel.id}", "held", outbox=parcel.id, cause="refused")
        return True
    note_trouble(tx, now, f"outbox:{parcel.id}", "refused", outbox=parcel.id, reason=outcome.reason)
    return True
