"""Invitation links: made for people who have not joined, kept as hashes, good for one account."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from actions.desk import Desk
from actions.people import Sayer
from flows.card import Button, Card
from models.database import insert_row
from models.people import PersonState, invitation, person, unit
from rules.rights import Right


@dataclass(frozen=True, slots=True)
class Invited:
    """One line to forward; `code` is in clear only here and in the link."""

    person_id: int
    name: str
    unit: str
    link: str


def hash_of(code: str) -> str:
    return hashlib.sha256(f"diaodu-invitation:{code}".encode()).hexdigest()


def new_code() -> str:
    """At most 64 of Telegram's deep-link characters; 128 bits."""
    return secrets.token_urlsafe(16)


def is_like_a_code(words: str) -> bool:
    """Whether it could once have been one of ours: somebody had a link, not just a guess."""
    return re.fullmatch(r"[A-Za-z0-9_-]{22}", words) is not None


def waiting_people(desk: Desk, unit_id: int | None = None) -> list[Any]:
    """Who has not joined yet, in the office's order of units."""
    query = (
        select(person.c.id, person.c.name, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .where(person.c.telegram_id.is_(None), person.c.state == PersonState.NOT_JOINED)
        .order_by(unit.c.position, person.c.id)
    )
    if unit_id is not None:
        query = query.where(person.c.unit_id == unit_id)
    return list(desk.tx.execute(query).all())


def invite(desk: Desk, by: int | None, unit_id: int | None = None) -> list[Invited]:
    """A fresh link for each person who has not joined; their earlier links stop working."""
    people = waiting_people(desk, unit_id)
    ids = [row.id for row in people]
    revoke_all(desk, ids)
    invited = []
    for row in people:
        code = new_code()
        _keep(desk, code, row.id, by)
        invited.append(Invited(row.id, row.name, row.unit or "", desk.office.link(code)))
    desk.record(by, "invite", "people", count=len(invited))
    return invited


def invite_one(desk: Desk, by: int | None, person_id: int) -> str:
    """A fresh link for one person, also for one who has a new account."""
    revoke_all(desk, [person_id])
    code = new_code()
    _keep(desk, code, person_id, by)
    desk.record(by, "invite", f"person:{person_id}")
    return desk.office.link(code)


def first_office_code(desk: Desk) -> str | None:
    """A one-time code that makes its account the dispatch office; None when there is one already.

    A code printed at an earlier start stops working.
    """
    from actions.people import people_with
    from rules.terms import Role  # the only role this module names

    if people_with(desk.tx, Role.OFFICE):
        return None
    desk.tx.execute(
        invitation.update()
        .where(invitation.c.person_id.is_(None), invitation.c.used_at.is_(None))
        .values(revoked_at=desk.now)
    )
    code = new_code()
    _keep(desk, code, None, None)
    return code


def revoke_all(desk: Desk, person_ids: Sequence[int]) -> None:
    desk.tx.execute(
        invitation.update()
        .where(
            invitation.c.person_id.in_(person_ids),
            invitation.c.used_at.is_(None),
            invitation.c.revoked_at.is_(None),
        )
        .values(revoked_at=desk.now)
    )


def _keep(desk: Desk, code: str, person_id: int | None, by: int | None) -> None:
    expires_at: datetime = desk.now + desk.office.invitation_life
    insert_row(
        desk.tx,
        invitation,
        code_hash=hash_of(code),
        person_id=person_id,
        created_at=desk.now,
        created_by=by,
        expires_at=expires_at,
    )


def invite_menu(desk: Desk, sayer: Sayer) -> Card:
    """How many wait, and the ways to hand out their links."""
    sayer.must(Right.INVITE)
    texts = desk.texts(sayer.language)
    waiting = waiting_people(desk)
    if not waiting:
        return Card(texts.say("people.all_joined"))
    units = desk.tx.execute(
        select(unit.c.id, unit.c.name)
        .where(unit.c.name.in_({row.unit for row in waiting if row.unit}))
        .order_by(unit.c.position)
    ).all()
    buttons = [Button(row.name, "inv.unit", str(row.id)) for row in units[:80]]
    rows = [
        (Button(texts.plain("people.button_invite_list"), "inv.list"),),
        (Button(texts.plain("people.button_invite_file"), "inv.file"),),
        *(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)),
    ]
    days = desk.office.invitation_life.days
    return Card(texts.say("people.invite_menu", count=len(waiting), days=days), tuple(rows))
