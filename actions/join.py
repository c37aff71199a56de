"""Coming in: a link binds an account to a person, a stranger gets one polite line a day."""

from typing import Any

from sqlalchemy import Row, select

from actions.desk import Desk
from actions.invitations import hash_of, is_like_a_code
from actions.people import CardFor, Sayer, sayer_of, tell_role
from flows.card import Button, Card
from flows.commands import menu
from flows.texts import LANGUAGES, Texts
from models.database import insert_new, insert_row
from models.edge import OutClass, outbox, trouble
from models.people import PersonState, invitation, person, person_role, stranger, unit
from rules.terms import Role


def arrive(desk: Desk, account: int, shown_name: str, code: str = "") -> None:
    """`/start`, with or without an invitation's code."""
    sayer = sayer_of(desk.tx, account)
    if not code:
        if sayer is None:
            return greet_stranger(desk, account)
        desk.send(account, welcome(desk, sayer))
        return None
    found = _invitation(desk, code)
    texts = desk.texts(sayer.language if sayer else "")
    if found is None:
        # The same sentence for unknown, used, expired and revoked: a guesser learns nothing.
        if sayer is not None:
            desk.send(account, texts.say("join.bad_link_known", name=sayer.name))
            return None
        if not is_like_a_code(code):
            return greet_stranger(desk, account)
        return _refuse(desk, account, "join.bad_link")
    if found.person_id is None:
        return _claim_office(desk, account, shown_name, found.id, sayer)
    if sayer is not None and sayer.id != found.person_id:
        desk.send(account, texts.say("join.other_person", name=sayer.name))
        return None
    return _bind(desk, account, found.id, found.person_id)


def _invitation(desk: Desk, code: str) -> Row[Any] | None:
    found = desk.tx.execute(
        select(invitation).where(invitation.c.code_hash == hash_of(code))
    ).first()
    return found if found is not None and _is_good(desk, found) else None


def _is_good(desk: Desk, found: Row[Any]) -> bool:
    return found.used_at is None and found.revoked_at is None and found.expires_at > desk.now


def _bind(desk: Desk, account: int, invitation_id: int, person_id: int) -> None:
    former = desk.tx.scalar(select(person.c.telegram_id).where(person.c.id == person_id))
    desk.tx.execute(
        person.update()
        .where(person.c.id == person_id)
        .values(telegram_id=account, state=PersonState.JOINED, joined_at=desk.now)
    )
    desk.tx.execute(
        invitation.update()
        .where(invitation.c.id == invitation_id)
        .values(used_at=desk.now, used_by=account)
    )
    desk.record(person_id, "join", f"person:{person_id}")
    if former is not None and former != account:
        desk.send(former, desk.texts().say("join.replaced"))
        take_menu_away(desk, former)
    sayer = sayer_of(desk.tx, account)
    assert sayer is not None
    desk.send(account, welcome(desk, sayer))
    give_menu(desk, sayer)


def welcome(desk: Desk, sayer: Sayer) -> Card:
    """As whom the account is known, and what each of its roles can do here."""
    texts = desk.texts(sayer.language)
    lines = [
        texts.say(
            "join.welcome", name=sayer.name, unit=_unit_of(desk, sayer), office=desk.office.name
        )
    ]
    lines += [
        texts.say(f"join.can_{role}", verb=desk.office.sponsor_verb)
        for role in Role
        if role in sayer.roles
    ]
    lines.append(texts.say("join.help_line"))
    rows: tuple[tuple[Button, ...], ...] = ()
    if Role.REPORTER in sayer.roles:
        rows = ((Button(texts.plain("filing.button_start"), "r.start"),),)
    return Card(type(lines[0])("\n".join(lines)), rows)


def _unit_of(desk: Desk, sayer: Sayer) -> str:
    if sayer.unit_id is None:
        return ""
    return desk.tx.scalar(select(unit.c.name).where(unit.c.id == sayer.unit_id)) or ""


def _claim_office(
    desk: Desk, account: int, shown_name: str, invitation_id: int, sayer: Sayer | None
) -> None:
    """The first office account: one of the ledger's dispatchers, or a new person."""
    if sayer is not None:
        return _become_office(desk, account, invitation_id, sayer.id)
    named = desk.tx.execute(
        select(person.c.id, person.c.name)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person_role.c.role == Role.OFFICE, person.c.telegram_id.is_(None))
        .order_by(person.c.id)
    ).all()
    if not named:
        return claim_as(desk, account, invitation_id, 0, shown_name)
    texts = desk.texts()
    buttons = [(Button(row.name, "join.as", f"{invitation_id}.{row.id}"),) for row in named[:8]]
    buttons.append((Button(texts.plain("join.button_new"), "join.as", f"{invitation_id}.0"),))
    desk.send(account, Card(texts.say("join.who_are_you"), tuple(buttons)))
    return None


def claim_as(desk: Desk, account: int, invitation_id: int, person_id: int, shown_name: str) -> None:
    """The button of `who are you`; its signature proves that this chat had shown the code."""
    found = desk.tx.execute(select(invitation).where(invitation.c.id == invitation_id)).first()
    if found is None or found.person_id is not None or not _is_good(desk, found):
        return _refuse(desk, account, "join.bad_link")
    if not person_id:
        person_id = insert_row(desk.tx, person, name=shown_name or "调度员")
    return _become_office(desk, account, invitation_id, person_id)


def _become_office(desk: Desk, account: int, invitation_id: int, person_id: int) -> None:
    insert_new(desk.tx, person_role, [{"person_id": person_id, "role": Role.OFFICE}])
    _bind(desk, account, invitation_id, person_id)


def _refuse(desk: Desk, account: int, key: str) -> None:
    """Once a day, too, but apart from the stranger's line: who has a link should hear of it."""
    once = f"bad-link:{account}:{desk.office.today(desk.now).isoformat()}"
    if desk.tx.execute(select(outbox.c.id).where(outbox.c.key == once)).first() is None:
        desk.send(account, desk.texts().say(key), key=once)


def greet_stranger(desk: Desk, account: int) -> None:
    """One line a day to an account nobody has invited; the rest is silence."""
    if _is_first_today(desk, account):
        desk.send(account, desk.texts().say("join.stranger", office=desk.office.name))


def _is_first_today(desk: Desk, account: int) -> bool:
    today = desk.office.today(desk.now)
    row = {"telegram_id": account, "told_on": today, "seen": 1}
    if insert_new(desk.tx, stranger, [row]):
        return True
    told = desk.tx.execute(
        stranger.update()
        .where(stranger.c.telegram_id == account, stranger.c.told_on < today)
        .values(told_on=today)
    )
    desk.tx.execute(
        stranger.update().where(stranger.c.telegram_id == account).values(seen=stranger.c.seen + 1)
    )
    return told.rowcount == 1


def give_menu(desk: Desk, sayer: Sayer) -> None:
    """The command menu of this person's chat, in each language; it is no authority."""
    scope = {"type": "chat", "chat_id": sayer.chat_id}
    _set_menu(desk, sayer.chat_id, scope, desk.texts(sayer.language), sayer.roles)


def _set_menu(
    desk: Desk, chat_id: int, scope: dict[str, Any], texts: Texts, roles: frozenset[Role]
) -> None:
    commands = [
        {"command": command.name, "description": texts.plain(f"commands.{command.name}.menu")}
        for command in menu(roles)
    ]
    desk.owe(
        "setMyCommands",
        chat_id,
        {"commands": commands, "scope": scope},
        out_class=OutClass.REPEATABLE,
        kind="menu",
    )


def take_menu_away(desk: Desk, account: int) -> None:
    desk.owe(
        "deleteMyCommands",
        account,
        {"scope": {"type": "chat", "chat_id": account}},
        out_class=OutClass.REPEATABLE,
        kind="menu",
    )


def note_blocked(desk: Desk, account: int, is_blocked: bool) -> None:
    """A person blocked the bot, or took the block away; the office is told once."""
    sayer = sayer_of(desk.tx, account)
    if sayer is None:
        return
    state = PersonState.BLOCKED if is_blocked else PersonState.JOINED
    desk.tx.execute(person.update().where(person.c.id == sayer.id).values(state=state))
    desk.record(sayer.id, f"person.{state}", f"person:{sayer.id}")
    key = f"blocked:{sayer.id}"
    if is_blocked:
        tell_role(desk, Role.OFFICE, CardFor("people.has_blocked", name=sayer.name))
        return
    desk.tx.execute(
        trouble.update()
        .where(trouble.c.key == key, trouble.c.healed_at.is_(None))
        .values(healed_at=desk.now)
    )


def general_menus() -> list[dict[str, Any]]:
    """What accounts without a role see in private, and everybody in groups: set once at start."""
    from flows.texts import load_texts

    calls: list[dict[str, Any]] = []
    for language in LANGUAGES:
        texts = load_texts(language)
        code = {} if language == LANGUAGES[0] else {"language_code": language}
        for scope, names in (
            ("all_private_chats", ("help",)),
            ("all_chat_administrators", ("bind",)),
        ):
            commands = [
                {"command": name, "description": texts.plain(f"commands.{name}.menu")}
                for name in names
            ]
            calls.append({"commands": commands, "scope": {"type": scope}, **code})
    return calls
