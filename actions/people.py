"""Who is speaking, and the list of people that the office sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select

from actions.desk import Desk
from flows.card import Button, Card, folded
from flows.texts import Html, Texts
from models.people import PersonState, leave, person, person_role, unit
from rules.refusal import Refusal
from rules.rights import Right, may
from rules.terms import Role

PAGE = 12


@dataclass(frozen=True, slots=True)
class Sayer:
    """A joined person as this transaction knows them; the private chat has the account's id."""

    id: int
    name: str
    chat_id: int
    roles: frozenset[Role]
    unit_id: int | None
    language: str

    def may(self, right: Right) -> bool:
        return may(self.roles, right)

    def must(self, right: Right) -> None:
        """Refusal: this person's roles do not allow it."""
        if not self.may(right):
            raise Refusal("people.no_right")


_SAYER = (
    select(person, person_role.c.role)
    .select_from(person.outerjoin(person_role, person_role.c.person_id == person.c.id))
    .where(person.c.telegram_id == bindparam("account"))
)


def sayer_of(tx: Connection, account: int) -> Sayer | None:
    """None: a stranger, or someone whose account the office has taken away."""
    rows = tx.execute(_SAYER, {"account": account}).all()
    if not rows or rows[0].state == PersonState.LEFT:
        return None
    first = rows[0]
    roles = frozenset(Role(row.role) for row in rows if row.role is not None)
    return Sayer(first.id, first.name, account, roles, first.unit_id, first.language)


def sayer_by_id(tx: Connection, person_id: int) -> Sayer | None:
    """The same by the office's own id; None when the person has not joined."""
    account = tx.scalar(select(person.c.telegram_id).where(person.c.id == person_id))
    return None if account is None else sayer_of(tx, account)


def people_with(tx: Connection, role: Role) -> list[Sayer]:
    """The joined people of a role, in the ledger's order."""
    rows = tx.execute(
        select(person.c.telegram_id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person_role.c.role == role, person.c.state == PersonState.JOINED)
        .order_by(person.c.id)
    )
    found = (sayer_of(tx, row.telegram_id) for row in rows.all() if row.telegram_id)
    return [each for each in found if each is not None]


def tell_role(desk: Desk, role: Role, card_for: "CardFor", **owed: object) -> int:
    """Send each joined person of a role their card; returns how many."""
    told = people_with(desk.tx, role)
    for each in told:
        desk.send(each.chat_id, card_for(desk.texts(each.language)), kind="notice", **owed)
    return len(told)


class CardFor:
    """A sentence of the texts as a card, in the reader's language."""

    def __init__(self, key: str, rows: tuple[tuple[Button, ...], ...] = (), **facts: object):
        self._key, self._rows, self._facts = key, rows, facts

    def __call__(self, texts: Texts) -> Card:
        return Card(texts.say(self._key, **self._facts), self._rows)


def show_people(desk: Desk, sayer: Sayer) -> Card:
    """How many have joined, by role; the rest by unit with a button to invite them."""
    sayer.must(Right.SEE_PEOPLE)
    texts = desk.texts(sayer.language)
    counts = dict.fromkeys(PersonState, 0)
    for state, count in desk.tx.execute(
        select(person.c.state, func.count()).group_by(person.c.state)
    ):
        counts[PersonState(state)] = count
    lines = [
        texts.say(
            "people.counts",
            total=sum(counts.values()),
            joined=counts[PersonState.JOINED],
            waiting=counts[PersonState.NOT_JOINED],
            blocked=counts[PersonState.BLOCKED],
            left=counts[PersonState.LEFT],
        )
    ]
    lines += _missing_by_unit(desk, texts)
    lines += _away(desk, texts)
    rows = (
        (Button(texts.plain("people.button_invite"), "inv.menu"),),
        (Button(texts.plain("people.button_file"), "ppl.file"),),
    )
    return Card(Html("\n".join(lines)), rows)


def _missing_by_unit(desk: Desk, texts: Texts) -> list[Html]:
    """Units whose people have not joined or have blocked the bot, the office's order."""
    rows = desk.tx.execute(
        select(unit.c.name.label("unit"), person.c.name, person.c.state)
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .where(person.c.state.in_([PersonState.NOT_JOINED, PersonState.BLOCKED]))
        .order_by(unit.c.position, person.c.id)
    ).all()
    by_unit: dict[str, list[str]] = {}
    for row in rows:
        mark = texts.plain("people.blocked_mark") if row.state == PersonState.BLOCKED else ""
        by_unit.setdefault(row.unit or "—", []).append(row.name + mark)
    lines = [
        texts.say("people.unit_line", unit=name, names="、".join(names))
        for name, names in by_unit.items()
    ]
    if not lines:
        return []
    title = texts.say("people.missing_title")
    return [title, folded(lines)]


def _away(desk: Desk, texts: Texts) -> list[Html]:
    today = desk.office.today(desk.now)
    deputy = person.alias("deputy")
    rows = desk.tx.execute(
        select(person.c.name, deputy.c.name.label("deputy"), leave.c.first_on, leave.c.last_on)
        .select_from(
            leave.join(person, person.c.id == leave.c.person_id).outerjoin(
                deputy, deputy.c.id == leave.c.deputy_id
            )
        )
        .where(leave.c.last_on >= today, leave.c.ended_at.is_(None))
        .order_by(leave.c.first_on)
    ).all()
    return [
        texts.say(
            "people.away_line",
            name=row.name,
            first=row.first_on,
            last=row.last_on,
            deputy=row.deputy or texts.plain("people.no_deputy"),
        )
        for row in rows
    ]


def on_leave(tx: Connection, today: date) -> dict[int, int | None]:
    """Who is away today, and who answers meanwhile."""
    rows = tx.execute(
        select(leave.c.person_id, leave.c.deputy_id).where(
            leave.c.first_on <= today, leave.c.last_on >= today, leave.c.ended_at.is_(None)
        )
    )
    return {row.person_id: row.deputy_id for row in rows}


def find_people(tx: Connection, words: str) -> list[tuple[int, str, str]]:
    """People of that name or beginning so: (id, name, unit)."""
    rows = tx.execute(
        select(person.c.id, person.c.name, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .where(or_(person.c.name == words, person.c.name.startswith(words, autoescape=True)))
        .order_by(person.c.name != words, unit.c.position, person.c.id)
        .limit(9)
    )
    return [(row.id, row.name, row.unit or "") for row in rows]


def names_of(tx: Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = tx.execute(select(person.c.id, person.c.name).where(person.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def choose_language(desk: Desk, sayer: Sayer, language: str) -> Card:
    desk.tx.execute(person.update().where(person.c.id == sayer.id).values(language=language))
    return Card(desk.texts(language).say("people.language_set"))
