"""Groups and their bindings: asked for in the group, confirmed in private by a second person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions.desk import Desk
from actions.people import CardFor, Sayer, people_with, sayer_by_id, tell_role
from actions.weekly_facts import WEEKLY
from flows.card import Button, Card
from flows.texts import Html
from models.bulletin import GroupState, group
from models.database import insert_row
from models.groups import migrate_group
from models.troubles import heal_trouble, note_trouble
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Role


@dataclass(frozen=True, slots=True)
class Room:
    """A group chat as Telegram describes it; a topic only where the group has topics."""

    chat_id: int
    title: str
    chat_type: str
    thread_id: int | None = None
    member_count: int | None = None


def ask_binding(desk: Desk, sayer: Sayer | None, room: Room) -> None:
    """`/bind` in a group, by the office; nothing is posted before a second person confirmed."""
    if sayer is None or not sayer.may(Right.BIND_GROUP):
        # A group is no place to argue: who may not bind hears nothing there.
        return
    group_id = _ask(desk, sayer, room)
    confirmers = _confirmers(desk, sayer)
    reply: dict[str, Any] = {"kind": "notice"}
    texts = desk.texts()
    key = "groups.asked" if confirmers else "groups.no_confirmer"
    _say_in(desk, room, texts.say(key, office=desk.office.name), **reply)
    for each in confirmers:
        desk.send(each.chat_id, confirm_card(desk, each, group_id, sayer.name), kind="notice")


ASKED = f"{WEEKLY}.asked"
"""A wish to bind stands apart, so that a binding holds until a second person has confirmed it."""


def _ask(desk: Desk, sayer: Sayer, room: Room) -> int:
    known = _of_chat(desk, room.chat_id, ASKED)
    values: dict[str, Any] = {
        "thread_id": room.thread_id,
        "title": room.title,
        "chat_type": room.chat_type,
        "member_count": room.member_count,
        "state": GroupState.ASKED,
        "asked_by": sayer.id,
        "asked_at": desk.now,
        "confirmed_by": None,
        "confirmed_at": None,
        "trouble": "",
    }
    desk.record(sayer.id, "group.ask", f"chat:{room.chat_id}")
    if known is None:
        return insert_row(desk.tx, group, chat_id=room.chat_id, audience=ASKED, **values)
    desk.tx.execute(
        group.update().where(group.c.id == known.id).values(rev=known.rev + 1, **values)
    )
    return int(known.id)


def _of_chat(desk: Desk, chat_id: int, audience: str) -> Any:
    return desk.tx.execute(
        select(group).where(group.c.chat_id == chat_id, group.c.audience == audience)
    ).first()


def _bind(desk: Desk, sayer: Sayer, asked: Any) -> tuple[int, int]:
    """The confirmed wish becomes the binding; returns its id and its revision."""
    values: dict[str, Any] = {
        "thread_id": asked.thread_id,
        "title": asked.title,
        "chat_type": asked.chat_type,
        "member_count": asked.member_count,
        "state": GroupState.BOUND,
        "trouble": "",
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at,
        "confirmed_by": sayer.id,
        "confirmed_at": desk.now,
    }
    known = _of_chat(desk, asked.chat_id, WEEKLY)
    if known is None:
        made = insert_row(desk.tx, group, chat_id=asked.chat_id, audience=WEEKLY, **values)
        return made, 1
    rev = known.rev + 1
    desk.tx.execute(group.update().where(group.c.id == known.id).values(rev=rev, **values))
    for key in (f"group:{known.id}", f"topic:{known.id}", f"pin:{known.id}"):
        heal_trouble(desk.tx, desk.now, key)
    return int(known.id), rev


def _confirmers(desk: Desk, asker: Sayer) -> list[Sayer]:
    """A second pair of eyes: approvers and other people of the office."""
    found = {each.id: each for each in people_with(desk.tx, Role.APPROVER)}
    found |= {each.id: each for each in people_with(desk.tx, Role.OFFICE)}
    found.pop(asker.id, None)
    return [each for each in found.values() if each.may(Right.CONFIRM_GROUP)]


def _say_in(desk: Desk, room: Room, html: Html, **owed: Any) -> None:
    payload: dict[str, Any] = {"text": str(html), "parse_mode": "HTML"}
    if room.thread_id is not None:
        payload["message_thread_id"] = room.thread_id
    desk.owe("sendMessage", room.chat_id, payload, **owed)


def confirm_card(desk: Desk, reader: Sayer, group_id: int, asker: str) -> Card:
    row = _row(desk, group_id)
    texts = desk.texts(reader.language)
    html = texts.say(
        "groups.confirm",
        asker=asker,
        title=row.title,
        chat_id=row.chat_id,
        members=row.member_count if row.member_count is not None else "?",
        topic=texts.plain("groups.in_topic" if row.thread_id else "groups.no_topic"),
    )
    thing = str(group_id)
    return Card(
        html,
        (
            (Button(texts.plain("groups.button_confirm"), "g.ok", thing, row.rev),),
            (Button(texts.plain("groups.button_refuse"), "g.no", thing, row.rev),),
        ),
    )


def _row(desk: Desk, group_id: int) -> Any:
    row = desk.tx.execute(select(group).where(group.c.id == group_id)).first()
    if row is None:
        raise Refusal("talk.moved_on")
    return row


def decide_binding(desk: Desk, sayer: Sayer, group_id: int, rev: int, *, is_yes: bool) -> Card:
    """Only another person than the one who asked, and only what the card showed."""
    sayer.must(Right.CONFIRM_GROUP)
    row = _row(desk, group_id)
    texts = desk.texts(sayer.language)
    if row.asked_by == sayer.id:
        raise Refusal("groups.second_person")
    if row.state != GroupState.ASKED or row.rev != rev:
        raise Refusal("talk.moved_on")
    desk.tx.execute(
        group.update()
        .where(group.c.id == group_id, group.c.rev == rev)
        .values(state=GroupState.UNBOUND, rev=rev + 1)
    )
    bound_id, bound_rev = _bind(desk, sayer, row) if is_yes else (group_id, rev + 1)
    desk.record(sayer.id, "group.bound" if is_yes else "group.refused", f"group:{bound_id}")
    key = "groups.bound" if is_yes else "groups.refused"
    asker = sayer_by_id(desk.tx, row.asked_by)
    if asker is not None:
        told = desk.texts(asker.language).say(key, title=row.title, name=sayer.name)
        desk.send(asker.chat_id, told, kind="notice")
    if is_yes:
        room = Room(row.chat_id, row.title, row.chat_type, row.thread_id)
        html = desk.texts().say("groups.bound_here", office=desk.office.name)
        _say_in(desk, room, html, kind="notice", group_id=bound_id, group_rev=bound_rev)
    return Card(texts.say(key, title=row.title, name=sayer.name))


def show_groups(desk: Desk, sayer: Sayer) -> Card:
    """Every binding and how it stands, with a button to end it."""
    sayer.must(Right.BIND_GROUP)
    texts = desk.texts(sayer.language)
    rows = desk.tx.execute(
        select(group).where(group.c.state != GroupState.UNBOUND).order_by(group.c.id)
    ).all()
    if not rows:
        return Card(texts.say("groups.none"))
    lines = [texts.say("groups.title")]
    buttons: list[tuple[Button, ...]] = []
    for row in rows:
        lines.append(
            texts.say(
                "groups.line",
                title=row.title,
                chat_id=row.chat_id,
                state=texts.plain(f"groups.state_{row.state}"),
                trouble=texts.plain("groups.has_trouble") if row.trouble else "",
            )
        )
        label = texts.plain("groups.button_unbind", title=row.title[:20])
        buttons.append((Button(label, "g.off", str(row.id), row.rev),))
    return Card(Html("\n".join(lines)), tuple(buttons))


def unbind(desk: Desk, sayer: Sayer, group_id: int, rev: int) -> Card:
    """What still waits for the group is held by the sender, because the binding's rev moved on."""
    sayer.must(Right.BIND_GROUP)
    row = _row(desk, group_id)
    if row.rev != rev:
        raise Refusal("talk.moved_on")
    desk.tx.execute(
        group.update().where(group.c.id == group_id).values(state=GroupState.UNBOUND, rev=rev + 1)
    )
    desk.record(sayer.id, "group.unbind", f"group:{group_id}")
    return show_groups(desk, sayer)


def note_membership(desk: Desk, chat_id: int, title: str, *, is_member: bool) -> None:
    """The bot was put into a group or out of it; a confirmed binding heals when it is back."""
    rows = desk.tx.execute(select(group).where(group.c.chat_id == chat_id)).all()
    for row in rows:
        key = f"group:{row.id}"
        if not is_member and row.state in (GroupState.BOUND, GroupState.ASKED):
            _set_state(desk, row, GroupState.LOST, "kicked")
            note_trouble(desk.tx, desk.now, key, "group_lost", title=title)
        elif is_member and row.state == GroupState.LOST:
            was_confirmed = row.confirmed_at is not None
            _set_state(desk, row, GroupState.BOUND if was_confirmed else GroupState.ASKED, "")
            heal_trouble(desk.tx, desk.now, key)
            if was_confirmed:
                tell_role(desk, Role.OFFICE, CardFor("groups.back", title=title))


def _set_state(desk: Desk, row: Any, state: GroupState, trouble: str) -> None:
    # A lost group's waiting rows are held by their old rev; back again, new ones get the new one.
    desk.tx.execute(
        group.update()
        .where(group.c.id == row.id)
        .values(state=state, trouble=trouble, rev=row.rev + 1)
    )


def note_migration(desk: Desk, old_id: int, new_id: int) -> None:
    """Telegram's service message: the group became a supergroup."""
    if migrate_group(desk.tx, old_id, new_id, desk.now):
        desk.record(None, "group.migrate", f"chat:{old_id}", to=new_id)
