"""Posting an approved bulletin: one outgoing row a group and part, and the word that it is out."""

from typing import Any

from sqlalchemy import func, select

from actions.desk import Desk
from actions.people import people_with
from actions.weekly_facts import WEEKLY
from models.bulletin import BulletinState, GroupState, bulletin, group
from models.edge import OutClass, OutState, outbox
from rules.terms import Role


def post(desk: Desk, row: Any) -> int:
    """To every group that is bound; returns to how many. The keys can exist only once.

    To one that was lost after it was confirmed as well: the sender holds that and asks the
    office, instead of leaving the group out without a word.
    """
    groups = bound_groups(desk) and _meant_groups(desk)
    for each in groups:
        _post_to(desk, row, each)
    return len(groups)


def was_posted(desk: Desk, bulletin_id: int) -> bool:
    """Whether anything of it was ever put into the outbox."""
    return bool(_counts(desk, bulletin_id))


def bound_groups(desk: Desk) -> list[Any]:
    return list(
        desk.tx.execute(
            select(group)
            .where(group.c.audience == WEEKLY, group.c.state == GroupState.BOUND)
            .order_by(group.c.id)
        ).all()
    )


def _meant_groups(desk: Desk) -> list[Any]:
    return list(
        desk.tx.execute(
            select(group)
            .where(
                group.c.audience == WEEKLY,
                group.c.confirmed_at.is_not(None),
                group.c.state.in_((GroupState.BOUND, GroupState.LOST)),
            )
            .order_by(group.c.id)
        ).all()
    )


def _post_to(desk: Desk, row: Any, bound: Any) -> None:
    """One outgoing row for each part, under a key that can exist only once, each after the last."""
    stem = f"bulletin:{row.kind}:{row.period}:{row.revision}:{bound.id}"
    before: int | None = None
    first: int | None = None
    for number, part in enumerate(row.parts, 1):
        payload: dict[str, Any] = {
            "text": part,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if bound.thread_id is not None:
            payload["message_thread_id"] = bound.thread_id
        before = desk.owe(
            "sendMessage",
            bound.chat_id,
            payload,
            key=f"{stem}:{number}",
            out_class=OutClass.ONCE,
            kind="bulletin",
            bulletin_id=row.id,
            group_id=bound.id,
            group_rev=bound.rev,
            after_id=before,
            period=row.period,
        )
        first = first or before
    if desk.office.pins and first is not None:
        desk.owe(
            "pinChatMessage",
            bound.chat_id,
            {"disable_notification": True},
            key=f"{stem}:pin",
            out_class=OutClass.REPEATABLE,
            kind="pin",
            target_id=first,
            after_id=before,
            group_id=bound.id,
            group_rev=bound.rev,
        )


def settle_posted(desk: Desk) -> int:
    """Approved bulletins whose every part has gone are posted; the office and approvers hear it."""
    rows = desk.tx.execute(select(bulletin).where(bulletin.c.state == BulletinState.APPROVED)).all()
    settled = 0
    for row in rows:
        counts = _counts(desk, row.id)
        if not counts or set(counts) - {OutState.SENT, OutState.CANCELLED}:
            continue
        if OutState.SENT not in counts:
            _set_state(desk, row, BulletinState.DROPPED)
            continue
        _set_state(desk, row, BulletinState.POSTED)
        _tell_posted(desk, row)
        settled += 1
    return settled


def _set_state(desk: Desk, row: Any, state: BulletinState) -> None:
    desk.tx.execute(
        bulletin.update()
        .where(bulletin.c.id == row.id, bulletin.c.state == BulletinState.APPROVED)
        .values(state=state, posted_at=desk.now if state == BulletinState.POSTED else None)
    )
    desk.record(None, f"bulletin.{state}", f"bulletin:{row.id}")


def is_held(desk: Desk, bulletin_id: int) -> bool:
    """Whether a part of it waits for a person's word."""
    return OutState.HELD in _counts(desk, bulletin_id)


def _counts(desk: Desk, bulletin_id: int) -> dict[str, int]:
    rows = desk.tx.execute(
        select(outbox.c.state, func.count().label("n"))
        .where(outbox.c.bulletin_id == bulletin_id)
        .group_by(outbox.c.state)
    )
    return {row.state: row.n for row in rows}


def _tell_posted(desk: Desk, row: Any) -> None:
    titles = desk.tx.execute(
        select(group.c.title)
        .join(outbox, outbox.c.group_id == group.c.id)
        .where(outbox.c.bulletin_id == row.id, outbox.c.state == OutState.SENT)
        .distinct()
    ).all()
    groups = "、".join(each.title for each in titles)
    told: set[int] = set()
    for role in (Role.OFFICE, Role.APPROVER):
        for each in people_with(desk.tx, role):
            if each.id in told:
                continue
            told.add(each.id)
            texts = desk.texts(each.language)
            desk.send(
                each.chat_id,
                texts.say("bulletin.posted", number=row.number, groups=groups),
                kind="notice",
            )
