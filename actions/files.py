"""Files for the office: invitation lists and the list of people."""

from sqlalchemy import select

from actions.desk import Desk
from actions.invitations import Invited, invite
from actions.people import Sayer
from flows.card import Card
from flows.texts import Html, Texts
from models.people import PersonState, person, person_role, unit
from reports.list_book import list_book
from rules.rights import Right
from rules.terms import Role

ROOM = 3500


def send_invitation_list(desk: Desk, sayer: Sayer, unit_id: int | None = None) -> Card | None:
    """Messages to forward, one unit after another, whole lines only."""
    sayer.must(Right.INVITE)
    texts = desk.texts(sayer.language)
    invited = invite(desk, sayer.id, unit_id)
    if not invited:
        return Card(texts.say("people.all_joined"))
    for words in _in_messages(texts, invited):
        desk.send(sayer.chat_id, words)
    return None


def _in_messages(texts: Texts, invited: list[Invited]) -> list[Html]:
    messages: list[Html] = []
    lines: list[str] = []
    heading = ""
    for each in invited:
        line = texts.say("people.invite_line", name=each.name, link=each.link)
        block = [texts.say("people.invite_unit", unit=each.unit)] if each.unit != heading else []
        heading = each.unit
        if lines and sum(map(len, lines)) + len(line) > ROOM:
            messages.append(Html("\n".join(lines)))
            lines, block = [], [texts.say("people.invite_unit", unit=each.unit)]
        lines += [*block, line]
    return [*messages, Html("\n".join(lines))]


def send_invitation_file(desk: Desk, sayer: Sayer) -> Card | None:
    sayer.must(Right.INVITE)
    texts = desk.texts(sayer.language)
    invited = invite(desk, sayer.id)
    if not invited:
        return Card(texts.say("people.all_joined"))
    titles = [texts.plain(f"people.column_{name}") for name in ("unit", "name", "link")]
    rows = [[each.unit, each.name, each.link] for each in invited]
    name = texts.plain("people.invite_file", day=desk.office.today(desk.now).isoformat())
    desk.send_file(sayer.chat_id, name, list_book(titles, rows))
    return None


def send_people_file(desk: Desk, sayer: Sayer) -> None:
    """Everybody with unit, post, roles and state; telephone numbers for the office only."""
    sayer.must(Right.SEE_PEOPLE)
    texts = desk.texts(sayer.language)
    roles = _roles(desk)
    rows = desk.tx.execute(
        select(person, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .order_by(unit.c.position, person.c.id)
    )
    columns = ("unit", "name", "post", "roles", "phone", "state")
    titles = [texts.plain(f"people.column_{name}") for name in columns]
    table = [
        [
            row.unit or "",
            row.name,
            row.post,
            "、".join(texts.plain(f"people.role_{role}") for role in roles.get(row.id, [])),
            row.phone,
            texts.plain(f"people.state_{PersonState(row.state)}"),
        ]
        for row in rows
    ]
    name = texts.plain("people.file", day=desk.office.today(desk.now).isoformat())
    desk.send_file(sayer.chat_id, name, list_book(titles, table))


def _roles(desk: Desk) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    for row in desk.tx.execute(select(person_role.c.person_id, person_role.c.role)):
        found.setdefault(row.person_id, []).append(Role(row.role))
    return found
