"""Noting once what the office has to be told; telling is the actions' part."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.edge import trouble


def note_trouble(tx: Connection, now: datetime, key: str, kind: str, **facts: Any) -> None:
    """Record it once: an open trouble under the same key is not recorded again."""
    open_one = select(trouble.c.id).where(trouble.c.key == key, trouble.c.healed_at.is_(None))
    if tx.execute(open_one).first() is not None:
        return
    tx.execute(trouble.insert().values(key=key, kind=kind, facts=facts, opened_at=now))


def heal_trouble(tx: Connection, now: datetime, key: str) -> None:
    tx.execute(
        trouble.update()
        .where(trouble.c.key == key, trouble.c.healed_at.is_(None))
        .values(healed_at=now)
    )
