"""One person as the office sees them: who they are, a link of their own, and leaving the post."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from actions.desk import Desk
from actions.invitations import invite_one, revoke_all
from actions.join import take_menu_away
from actions.people import Sayer, find_people
from flows.card import Button, Card
from flows.texts import Html
from models.people import PersonState, person, person_role, unit
from models.project import project, project_person
from models.talk import draft
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Role

MOST_PROJECTS = 10


def find_person(desk: Desk, sayer: Sayer, words: str) -> Card:
    """`/people 李敏`: the card when one is meant, else the likely ones as buttons."""
    sayer.must(Right.SEE_PEOPLE)
    return _of_that_name(desk, sayer, words, "ppl.show", person_card)


def invite_person(desk: Desk, sayer: Sayer, words: str) -> Card:
    """`/invite 李敏`: a fresh link, also for somebody who has joined with another account."""
    sayer.must(Right.INVITE)
    return _of_that_name(desk, sayer, words, "ppl.link", give_link)


def _of_that_name(
    desk: Desk, sayer: Sayer, words: str, verb: str, act: Callable[[Desk, Sayer, int], Card]
) -> Card:
    texts = desk.texts(sayer.language)
    found = find_people(desk.tx, words)
    if not found:
        return Card(texts.say("people.not_found", words=words[:40]))
    exact = [each for each in found if each[1] == words] or found
    if len(exact) == 1:
        return act(desk, sayer, exact[0][0])
    rows = tuple((Button(f"{name} {unit}".strip(), verb, str(id_)),) for id_, name, unit in found)
    return Card(texts.say("people.which", words=words[:40]), rows)


def person_card(desk: Desk, sayer: Sayer, person_id: int) -> Card:
    """Telephone numbers are for the office, which is all that may see the people."""
    sayer.must(Right.SEE_PEOPLE)
    texts = desk.texts(sayer.language)
    row = _person(desk, person_id)
    roles = [role for role in Role if role in _roles(desk, person_id)]
    html = texts.say(
        "people.card",
        name=row.name,
        unit=row.unit or "—",
        post=row.post,
        phone=row.phone or "—",
        roles="、".join(texts.plain(f"people.role_{role}") for role in roles) or "—",
        state=texts.plain(f"people.state_{PersonState(row.state)}"),
        projects="、".join(_projects(desk, person_id)) or "—",
    )
    link = Button(texts.plain("people.button_link"), "ppl.link", str(person_id))
    if row.state == PersonState.LEFT or _is_last_of_office(desk, person_id):
        return Card(html, ((link,),))
    leave = Button(texts.plain("people.button_leave"), "ppl.leave", str(person_id))
    return Card(html, ((link,), (leave,)))


def give_link(desk: Desk, sayer: Sayer, person_id: int) -> Card:
    sayer.must(Right.INVITE)
    texts = desk.texts(sayer.language)
    row = _person(desk, person_id)
    link = invite_one(desk, sayer.id, person_id)
    days = desk.office.invitation_life.days
    lines = [
        texts.say("people.one_link", name=row.name, days=days),
        texts.say("people.invite_line", name=row.name, link=link),
    ]
    if row.state == PersonState.JOINED:
        lines.append(texts.say("people.link_replaces", name=row.name))
    return Card(Html("\n".join(lines)))


def ask_leaving(desk: Desk, sayer: Sayer, person_id: int) -> Card:
    """What it would mean, before it is done."""
    sayer.must(Right.CHANGE_ROLES)
    texts = desk.texts(sayer.language)
    names = _projects(desk, person_id)
    html = texts.say(
        "people.leaving",
        name=_person(desk, person_id).name,
        count=len(names),
        projects="、".join(names[:MOST_PROJECTS]) or "—",
    )
    sure = Button(texts.plain("people.button_left"), "ppl.left", str(person_id))
    back = Button(texts.plain("people.button_stays"), "ppl.show", str(person_id))
    return Card(html, ((sure,), (back,)))


def leave_post(desk: Desk, sayer: Sayer, person_id: int) -> Card:
    """已离岗: the account is a stranger's from now on; reports and ties stay as they are."""
    sayer.must(Right.CHANGE_ROLES)
    row = _person(desk, person_id)
    if row.state == PersonState.LEFT:
        raise Refusal("talk.moved_on")
    if _is_last_of_office(desk, person_id):
        raise Refusal("people.last_of_office")
    texts = desk.texts(sayer.language)
    revoke_all(desk, [person_id])
    desk.tx.execute(draft.delete().where(draft.c.person_id == person_id))
    desk.tx.execute(
        person.update()
        .where(person.c.id == person_id)
        .values(state=PersonState.LEFT, telegram_id=None)
    )
    desk.record(sayer.id, "person.left", f"person:{person_id}")
    if row.telegram_id is not None:
        said = desk.texts(row.language).say("join.left", office=desk.office.name)
        desk.send(row.telegram_id, said, kind="notice")
        take_menu_away(desk, row.telegram_id)
    return Card(texts.say("people.has_left", name=row.name))


def _person(desk: Desk, person_id: int) -> Any:
    """Refusal when there is no such person."""
    row = desk.tx.execute(
        select(person, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .where(person.c.id == person_id)
    ).first()
    if row is None:
        raise Refusal("talk.moved_on")
    return row


def _roles(desk: Desk, person_id: int) -> set[str]:
    query = select(person_role.c.role).where(person_role.c.person_id == person_id)
    return {row.role for row in desk.tx.execute(query)}


def _projects(desk: Desk, person_id: int) -> list[str]:
    """What the person is tied to, in the ledger's order."""
    rows = desk.tx.execute(
        select(project.c.name)
        .join(project_person, project_person.c.project_id == project.c.id)
        .where(
            project_person.c.person_id == person_id,
            project_person.c.until_on.is_(None),
            project.c.gone_on.is_(None),
        )
        .distinct()
        .order_by(project.c.position)
    )
    return [row.name for row in rows]


def _is_last_of_office(desk: Desk, person_id: int) -> bool:
    """Without an office nobody could let anybody in again."""
    others = desk.tx.scalar(
        select(func.count())
        .select_from(person.join(person_role, person_role.c.person_id == person.c.id))
        .where(
            person_role.c.role == Role.OFFICE,
            person.c.state == PersonState.JOINED,
            person.c.id != person_id,
        )
    )
    return not others and Role.OFFICE in _roles(desk, person_id)
