"""Telling the office what went wrong at the edge, once, and deciding what was held."""

from datetime import date
from typing import Any

from sqlalchemy import select

from actions.desk import Desk
from actions.people import Sayer, people_with, sayer_of
from flows.card import Button, Card
from models.bulletin import GroupState, bulletin, group
from models.edge import OutState, outbox, trouble
from models.troubles import heal_trouble
from reports.markup import plain_text
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Role


def tell_troubles(desk: Desk) -> int:
    """To everybody of the office who has joined; with nobody there yet, it waits."""
    office = people_with(desk.tx, Role.OFFICE)
    if not office:
        return 0
    rows = desk.tx.execute(
        select(trouble).where(trouble.c.told_at.is_(None)).order_by(trouble.c.id).limit(20)
    ).all()
    for row in rows:
        for each in office:
            desk.send(each.chat_id, _card(desk, each, row), kind="notice")
        desk.tx.execute(trouble.update().where(trouble.c.id == row.id).values(told_at=desk.now))
    return len(rows)


def _card(desk: Desk, reader: Sayer, row: Any) -> Card:
    texts = desk.texts(reader.language)
    if row.kind in ("held", "expired"):
        return held_card(desk, reader, row.facts["outbox"], row.facts.get("cause", row.kind))
    return Card(texts.say(f"troubles.{row.kind}", **_spoken_facts(row.facts)))


def _spoken_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Days were kept as words, as JSON wants them."""
    days: dict[str, Any] = {
        name: date.fromisoformat(facts[name]) for name in ("first", "last") if name in facts
    }
    return {**facts, **days}


def held_card(desk: Desk, reader: Sayer, outbox_id: int, cause: str) -> Card:
    """What is held, for which group and why, and what a person may decide about it."""
    texts = desk.texts(reader.language)
    row = _held(desk, outbox_id)
    html = texts.say(
        "troubles.held",
        number=row.number or "?",
        part=row.key.rsplit(":", 1)[-1],
        title=row.title or "?",
        cause=texts.plain(f"troubles.cause_{cause}"),
        begin=plain_text(str(row.payload.get("text", "")))[:60],
    )
    thing = str(outbox_id)
    return Card(
        html,
        (
            (Button(texts.plain("troubles.button_there"), "o.there", thing),),
            (Button(texts.plain("troubles.button_again"), "o.again", thing),),
            (Button(texts.plain("troubles.button_drop"), "o.drop", thing),),
        ),
    )


def _held(desk: Desk, outbox_id: int) -> Any:
    row = desk.tx.execute(
        select(
            outbox,
            group.c.title,
            group.c.rev.label("bound_rev"),
            group.c.state.label("bound_state"),
            group.c.chat_id.label("bound_chat"),
            group.c.thread_id.label("bound_thread"),
            bulletin.c.number,
        )
        .select_from(
            outbox.outerjoin(group, group.c.id == outbox.c.group_id).outerjoin(
                bulletin, bulletin.c.id == outbox.c.bulletin_id
            )
        )
        .where(outbox.c.id == outbox_id)
    ).first()
    if row is None:
        raise Refusal("talk.moved_on")
    return row


def decide_held(desk: Desk, sayer: Sayer, outbox_id: int, verb: str) -> Card:
    """群里已有 / 没有,重发 / 作废: a person's word about what nobody else can know."""
    sayer.must(Right.EDIT_BULLETIN)
    row = _held(desk, outbox_id)
    if row.state not in (OutState.HELD, OutState.EXPIRED):
        raise Refusal("talk.moved_on")
    values: dict[str, Any] = {"reason": f"decided by person {sayer.id}"}
    if verb == "o.there":
        values |= {"state": OutState.SENT, "sent_at": desk.now}
    elif verb == "o.drop":
        values |= {"state": OutState.CANCELLED}
    else:
        values |= _again(row)
    desk.tx.execute(
        outbox.update()
        .where(outbox.c.id == outbox_id, outbox.c.state == row.state)
        .values(**values)
    )
    if verb == "o.drop":
        _drop_rest(desk, row)
    # The row itself, or what waited behind it, may go now.
    desk.tray.has_waiting = True
    heal_trouble(desk.tx, desk.now, f"outbox:{outbox_id}")
    desk.record(sayer.id, f"outbox.{verb[2:]}", f"outbox:{outbox_id}")
    return Card(desk.texts(sayer.language).say(f"troubles.done_{verb[2:]}"))


def _drop_rest(desk: Desk, row: Any) -> None:
    """Without one part the later ones, and the pin, make no sense: none of them goes there."""
    stem = row.key.rpartition(":")[0]
    desk.tx.execute(
        outbox.update()
        .where(
            outbox.c.key.startswith(f"{stem}:", autoescape=True),
            outbox.c.state == OutState.READY,
            outbox.c.id > row.id,
        )
        .values(state=OutState.CANCELLED, reason="an earlier part was dropped")
    )


def _again(row: Any) -> dict[str, Any]:
    """To the group as it is bound now, in the topic that is bound now."""
    if row.group_id is not None and row.bound_state != GroupState.BOUND:
        raise Refusal("troubles.not_bound", title=row.title or "?")
    payload = {k: v for k, v in row.payload.items() if k != "message_thread_id"}
    if row.bound_thread is not None:
        payload["message_thread_id"] = row.bound_thread
    return {
        "state": OutState.READY,
        "tries": 0,
        "deadline": None,
        "chat_id": row.bound_chat or row.chat_id,
        "group_rev": row.bound_rev,
        "payload": payload,
    }


def apologise(desk: Desk, account: int, number: str) -> None:
    """To the person whose message could not be handled: one sentence, and the number to quote."""
    sayer = sayer_of(desk.tx, account)
    if sayer is None:
        return
    words = desk.texts(sayer.language).say("troubles.sorry", number=number)
    desk.send(account, words, kind="notice")
