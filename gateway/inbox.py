"""Updates on disk: kept before they are acknowledged, done or dead afterwards."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from models.database import insert_new
from models.edge import InboxState, inbox
from models.troubles import note_trouble

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Arrived:
    """One kept update, still raw; `lane` is the person (or chat) whose updates go in order."""

    epoch: int
    update_id: int
    lane: int
    raw: dict[str, Any]
    tries: int = 0


def lane_of(raw: dict[str, Any]) -> int:
    """Whose update it is: the sender's id, else the chat's, else 0. Never raises."""
    for part in raw.values():
        if not isinstance(part, dict):
            continue
        message = part.get("message")
        inner = message.get("chat") if isinstance(message, dict) else None
        places = (part.get("from"), part.get("chat"), inner)
        for place in places:
            if isinstance(place, dict) and _is_id(place.get("id")):
                return int(place["id"])
    return 0


MOVES = ("migrate_to_chat_id", "migrate_from_chat_id")


def is_chatter(raw: dict[str, Any]) -> bool:
    """What people say to each other in a group: an administrator bot is shown it, and keeps none.

    Never raises; what cannot be told apart is kept.
    """
    message = raw.get("message") or raw.get("edited_message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or chat.get("type") not in ("group", "supergroup"):
        return False
    assert isinstance(message, dict)
    if any(name in message for name in MOVES):
        return False
    return not str(message.get("text", "")).startswith("/")


def _is_id(value: Any) -> bool:
    """Whether the database can keep it as one; JSON's integers have no bound."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


_EPOCH = select(func.max(inbox.c.epoch))


def keep(tx: Connection, batch: list[dict[str, Any]], now: datetime) -> list[Arrived]:
    """Keep a fetched batch; returns those that were not there yet.

    Ids are compared by membership: Telegram restarts them at random after a quiet week. The same
    id with another content is such a restart and opens a new epoch.
    """
    epoch = tx.scalar(_EPOCH) or 0
    fresh: list[Arrived] = []
    for raw in batch:
        update_id: Any = raw.get("update_id")
        if not _is_id(update_id) or is_chatter(raw):
            continue
        # Escaped, because a lone surrogate is legal in JSON and in no database.
        words = json.dumps(raw, sort_keys=True)
        lane = lane_of(raw)
        row = {"update_id": update_id, "lane": lane, "raw": words, "received_at": now}
        if insert_new(tx, inbox, [{**row, "epoch": epoch}]):
            fresh.append(Arrived(epoch, update_id, lane, raw))
            continue
        if _is_same(tx, epoch, update_id, words):
            continue
        epoch += 1
        insert_new(tx, inbox, [{**row, "epoch": epoch}])
        fresh.append(Arrived(epoch, update_id, lane, raw))
    return fresh


def _is_same(tx: Connection, epoch: int, update_id: int, words: str) -> bool:
    kept = tx.scalar(
        select(inbox.c.raw).where(inbox.c.epoch == epoch, inbox.c.update_id == update_id)
    )
    return bool(kept == words)


def undone(tx: Connection) -> list[Arrived]:
    """What a former run kept and did not finish, in the order it came."""
    rows = tx.execute(
        select(inbox.c.epoch, inbox.c.update_id, inbox.c.lane, inbox.c.raw, inbox.c.tries)
        .where(inbox.c.state == InboxState.NEW)
        .order_by(inbox.c.epoch, inbox.c.update_id)
    )
    return [Arrived(r.epoch, r.update_id, r.lane, json.loads(r.raw), r.tries) for r in rows]


_FINISH = (
    inbox.update()
    .where(
        inbox.c.epoch == bindparam("e"),
        inbox.c.update_id == bindparam("u"),
        inbox.c.state == InboxState.NEW,
    )
    .values(state=InboxState.DONE, done_at=bindparam("at"))
)


def finish(tx: Connection, arrived: Arrived, now: datetime) -> bool:
    """Mark it done in the transaction of its effects; False when it was done already."""
    done = tx.execute(_FINISH, {"e": arrived.epoch, "u": arrived.update_id, "at": now})
    return done.rowcount == 1


def fail(tx: Connection, arrived: Arrived, now: datetime, reason: str, for_good: bool) -> bool:
    """Count a failure; True when it is parked as dead, so that the lane goes on without it."""
    tries = arrived.tries + 1
    is_dead = for_good or tries >= MOST_TRIES
    tx.execute(
        inbox.update()
        .where(inbox.c.epoch == arrived.epoch, inbox.c.update_id == arrived.update_id)
        .values(tries=tries, reason=reason, state=InboxState.DEAD if is_dead else InboxState.NEW)
    )
    if is_dead:
        thing = f"{arrived.epoch}-{arrived.update_id}"
        note_trouble(tx, now, f"inbox:{thing}", "dead_update", number=thing, reason=reason)
    return is_dead
