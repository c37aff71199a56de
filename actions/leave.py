"""Leave and deputies: recorded by the office, told to the deputy, ended early by a button."""

from sqlalchemy import select

from actions.desk import Desk
from actions.drafts import Draft
from actions.people import Sayer, names_of, sayer_by_id
from actions.talk import CONVERSATIONS, Conversation, begin
from flows.card import Button, Card
from flows.flow import Turn
from flows.leave import LEAVE, Known, LeaveFacts, leave_content
from flows.slip import slip
from flows.texts import Html
from models.database import insert_row
from models.people import PersonState, leave, person, unit
from rules.refusal import Refusal
from rules.rights import Right


def open_leave(desk: Desk, sayer: Sayer) -> None:
    """`/leave`: the leave that is known, and a new one."""
    sayer.must(Right.SET_LEAVE)
    texts = desk.texts(sayer.language)
    rows = desk.tx.execute(
        select(leave)
        .where(leave.c.last_on >= desk.office.today(desk.now), leave.c.ended_at.is_(None))
        .order_by(leave.c.first_on)
    ).all()
    if not rows:
        return start_leave(desk, sayer)
    names = names_of(desk.tx, {row.person_id for row in rows})
    names |= names_of(desk.tx, {row.deputy_id for row in rows if row.deputy_id})
    lines = [texts.say("leave.known")]
    buttons: list[tuple[Button, ...]] = []
    for row in rows[:20]:
        name = names[row.person_id]
        lines.append(
            texts.say(
                "people.away_line",
                name=name,
                first=row.first_on,
                last=row.last_on,
                deputy=names.get(row.deputy_id) or texts.plain("people.no_deputy"),
            )
        )
        label = texts.plain("leave.button_end", name=name)
        buttons.append((Button(label, "lv.end", str(row.id)),))
    buttons.append((Button(texts.plain("leave.button_new"), "lv.new"),))
    desk.send(sayer.chat_id, Card(Html("\n".join(lines)), tuple(buttons)))
    return None


def start_leave(desk: Desk, sayer: Sayer, message_id: int = 0) -> None:
    sayer.must(Right.SET_LEAVE)
    begin(desk, sayer, Draft(sayer.id, sayer.chat_id, LEAVE.name), message_id)


def end_leave(desk: Desk, sayer: Sayer, leave_id: int) -> Card:
    """Back early: from now on the person answers again."""
    sayer.must(Right.SET_LEAVE)
    row = desk.tx.execute(select(leave).where(leave.c.id == leave_id)).first()
    if row is None or row.ended_at is not None:
        raise Refusal("talk.moved_on")
    desk.tx.execute(leave.update().where(leave.c.id == leave_id).values(ended_at=desk.now))
    desk.record(sayer.id, "leave.end", f"person:{row.person_id}")
    name = names_of(desk.tx, [row.person_id])[row.person_id]
    return Card(desk.texts(sayer.language).say("leave.ended", name=name))


def _facts(desk: Desk, draft: Draft) -> LeaveFacts:
    rows = desk.tx.execute(
        select(person.c.id, person.c.name, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .where(person.c.state != PersonState.LEFT)
        .order_by(person.c.id)
    )
    people = tuple(Known(row.id, row.name, row.unit or "") for row in rows)
    return LeaveFacts(desk.office.today(desk.now), people)


def _card(desk: Desk, sayer: Sayer, draft: Draft, facts: LeaveFacts, now: Turn) -> Card:
    texts = desk.texts(sayer.language)
    return slip(texts, texts.say("leave.title"), now, draft.rev)


def _finish(desk: Desk, sayer: Sayer, draft: Draft, facts: LeaveFacts) -> Card:
    sayer.must(Right.SET_LEAVE)
    told = leave_content(facts, draft.said)
    insert_row(
        desk.tx,
        leave,
        person_id=told.person_id,
        deputy_id=told.deputy_id,
        first_on=told.first_on,
        last_on=told.last_on,
        recorded_by=sayer.id,
    )
    desk.record(sayer.id, "leave.set", f"person:{told.person_id}", deputy=told.deputy_id)
    ids = {told.person_id} | ({told.deputy_id} if told.deputy_id else set())
    names = names_of(desk.tx, ids)
    deputy = sayer_by_id(desk.tx, told.deputy_id) if told.deputy_id else None
    if deputy is not None:
        html = desk.texts(deputy.language).say(
            "leave.deputy_told",
            name=names[told.person_id],
            first=told.first_on,
            last=told.last_on,
        )
        desk.send(deputy.chat_id, html, kind="notice")
    texts = desk.texts(sayer.language)
    key = "leave.set" if told.deputy_id else "leave.set_alone"
    return Card(
        texts.say(
            key,
            name=names[told.person_id],
            deputy=names.get(told.deputy_id or 0, ""),
            first=told.first_on,
            last=told.last_on,
            joined=texts.plain("leave.deputy_joined" if deputy else "leave.deputy_not_joined"),
        )
    )


CONVERSATIONS[LEAVE.name] = Conversation(LEAVE, _facts, _card, _finish)
