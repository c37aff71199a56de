"""What the operator does at the command line: import, export, people, invitations."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from actions.desk import Desk
from actions.door import Door
from actions.invitations import first_office_code, invite
from actions.ledger import apply_import, export_ledger, read_ledger, rehearse_import, told
from actions.settings import setting_of
from config import ConfigError, load_settings
from installation import CannotStart, clock_of, database_of, migrate, office_of, unusable
from ledger.money import MoneyUnit
from models.database import Database
from models.people import person, person_role, unit
from rules.refusal import Refusal

T = TypeVar("T")
GOOD, BAD, UNUSABLE = 0, 1, 2


def _at_the_desk(config: Path, work: Callable[[Door], int]) -> int:
    """Open the database as the settings say; what a person can mend ends with its sentence."""
    database: Database | None = None
    try:
        settings = load_settings(config)
        database = database_of(settings)
        migrate(database)
        name = database.work_now(lambda tx: setting_of(tx, "bot_name")) or ""
        return work(Door(database, office_of(settings, name), clock_of(settings).now))
    except (ConfigError, CannotStart) as fault:
        print(fault, file=sys.stderr)
        return UNUSABLE
    except DBAPIError as fault:
        print(unusable(fault), file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        return GOOD  # whoever read what was printed has had enough
    except OSError as fault:
        print(f"{fault.filename}: {fault.strerror}", file=sys.stderr)
        return UNUSABLE
    finally:
        if database is not None:
            database.close()


def import_file(
    config: Path, file: Path, apply: bool, reason: str, year: int | None, units: list[str]
) -> int:
    """The dry run in words; with `apply` in one transaction. 1: it cannot be applied as it is.

    `units` are `column=unit`, such as `总投资=亿元` or `J=万元`.
    """
    given: dict[str, MoneyUnit] = {}
    for words in units:
        column, _, unit_name = words.partition("=")
        if unit_name not in set(MoneyUnit):
            print(
                f"--unit {words!r}: write column=unit, the unit 元, 万元 or 亿元", file=sys.stderr
            )
            return UNUSABLE
        given[column.strip()] = MoneyUnit(unit_name)

    def work(door: Door) -> int:
        texts = door.office.texts()
        try:
            draft = read_ledger(file.read_bytes(), file.name, door.office, year, given)
            rehearsal = door.work_now(rehearse_import, None, draft)
            for line in told(texts, (*rehearsal.summary, *rehearsal.changes, *rehearsal.remarks)):
                print(line)
            if not apply:
                return BAD if rehearsal.is_blocked else GOOD
            applied = door.work_now(apply_import, None, draft, reason)
        except Refusal as refusal:
            print(texts.plain(refusal.key, **refusal.facts), file=sys.stderr)
            return BAD
        print(*told(texts, [applied.sentence]), sep="\n")
        return GOOD

    return _at_the_desk(config, work)


def export_file(config: Path, target: Path) -> int:
    def work(door: Door) -> int:
        target.write_bytes(door.work_now(export_ledger, None))
        print(door.office.texts().plain("check.exported", path=target))
        return GOOD

    return _at_the_desk(config, work)


def print_people(config: Path) -> int:
    def work(door: Door) -> int:
        texts = door.office.texts()
        for name, unit_name, roles, state in door.work_now(_people):
            print(
                texts.plain(
                    "check.people_line",
                    unit=unit_name or "—",
                    name=name,
                    roles="、".join(texts.plain(f"people.role_{role}") for role in roles),
                    state=texts.plain(f"people.state_{state}"),
                )
            )
        return GOOD

    return _at_the_desk(config, work)


def _people(desk: Desk) -> list[tuple[str, str | None, list[str], str]]:
    roles: dict[int, list[str]] = {}
    for row in desk.tx.execute(select(person_role)):
        roles.setdefault(row.person_id, []).append(row.role)
    rows = desk.tx.execute(
        select(person.c.id, person.c.name, person.c.state, unit.c.name.label("unit"))
        .select_from(person.outerjoin(unit, unit.c.id == person.c.unit_id))
        .order_by(unit.c.position, person.c.id)
    )
    return [(row.name, row.unit, roles.get(row.id, []), row.state) for row in rows]


def print_invitations(config: Path) -> int:
    def work(door: Door) -> int:
        if not _has_name(door):
            return BAD
        texts = door.office.texts()
        for each in door.work_now(invite, None):
            print(texts.plain("check.invited", unit=each.unit, name=each.name, link=each.link))
        return GOOD

    return _at_the_desk(config, work)


def print_office_link(config: Path) -> int:
    def work(door: Door) -> int:
        if not _has_name(door):
            return BAD
        code = door.work_now(first_office_code)
        if code is None:
            print("the dispatch office has joined already", file=sys.stderr)
            return BAD
        print(door.office.texts().plain("check.first_start", link=door.office.link(code)))
        return GOOD

    return _at_the_desk(config, work)


def _has_name(door: Door) -> bool:
    """Only a bot that has met Telegram knows its name, and a link is made of it."""
    if door.office.bot_name:
        return True
    print("the bot's name is not known yet; start it once: python bot.py run", file=sys.stderr)
    return False
