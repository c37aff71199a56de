"""A group's new id, changed everywhere it is kept."""

from datetime import datetime

from sqlalchemy import Connection, select

from models.bulletin import GroupState, group
from models.edge import OutState, outbox
from models.troubles import note_trouble


def migrate_group(tx: Connection, old_id: int, new_id: int, now: datetime) -> bool:
    """A group became a supergroup: the binding stays what a person confirmed, under its new id.

    Where somebody has bound the supergroup meanwhile, that binding counts and the old one ends.
    False when no group of ours had the old id.
    """
    taken = set(tx.scalars(select(group.c.audience).where(group.c.chat_id == new_id)))
    rows = tx.execute(
        select(group.c.id, group.c.title, group.c.audience, group.c.state, group.c.rev).where(
            group.c.chat_id == old_id
        )
    ).all()
    for row in rows:
        this = group.update().where(group.c.id == row.id)
        if row.audience in taken:
            tx.execute(this.values(state=GroupState.UNBOUND, rev=row.rev + 1))
            continue
        tx.execute(this.values(chat_id=new_id, chat_type="supergroup"))
        if row.state == GroupState.BOUND:
            note_trouble(tx, now, f"migrated:{new_id}", "group_migrated", title=row.title)
    tx.execute(
        outbox.update()
        .where(outbox.c.chat_id == old_id, outbox.c.state == OutState.READY)
        .values(chat_id=new_id)
    )
    return bool(rows)
