"""What a bot stands on, opened as the settings say: its clock, database, lock and office."""

import fcntl
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from actions.office import Office, official_workday
from config import Settings
from gateway.clock import Clock
from models.database import Database
from models.schema import NewerSchema, bring_up_to_date
from rules.calendar import Calendar
from rules.reminder import Quiet
from rules.week import Rhythm, Slot


class CannotStart(Exception):
    """Said to the operator as it is: what happened and what to do."""


def clock_of(settings: Settings) -> Clock:
    return Clock(settings.path(settings.clock.file) if settings.clock.file else None)


def database_of(settings: Settings) -> Database:
    """Opened, and not looked at yet. CannotStart for an address that cannot be read."""
    try:
        return Database(settings.database_url)
    except (ArgumentError, ImportError) as fault:
        # Its own words could hold the address, and the address a password.
        raise CannotStart(
            "database.url cannot be used; write sqlite:///path or postgresql://user@host/name"
        ) from fault


def sqlite_file(settings: Settings) -> Path | None:
    """None for a database that is no file on this machine."""
    address = make_url(settings.database_url)
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, ":memory:")
    return Path(address.database or "") if is_file else None


def migrate(database: Database) -> None:
    """Bring its schema up to date. CannotStart when it is newer, broken or out of reach."""
    try:
        bring_up_to_date(database.engine)
    except NewerSchema as fault:
        raise CannotStart(
            f"the database is of a newer release ({fault}); update the program"
        ) from fault
    except DBAPIError as fault:
        raise CannotStart(unusable(fault)) from fault


def unusable(fault: DBAPIError) -> str:
    """The driver's own words, without the statement and what people said in it."""
    return (
        f"the database cannot be used ({type(fault.orig).__name__}: {fault.orig}); "
        "look at database.url, the folder's rights and the disk"
    )


def listening_at(address: str) -> tuple[str, int]:
    """Host and port of `telegram.webhook_listen`. CannotStart when it names none."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise CannotStart(f"telegram.webhook_listen is host:port, not {address!r}")
    return host.strip("[]"), int(port)


def lock_of(settings: Settings) -> IO[str] | None:
    """An SQLite database has one bot at a time: a second one would post everything twice."""
    file = sqlite_file(settings)
    if file is None:
        return None
    path = file.with_name(f"{file.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = path.open("w", encoding="utf-8")
    except OSError as fault:
        raise CannotStart(f"the database's folder cannot be written: {fault.strerror}") from fault
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        held.close()
        raise CannotStart("another bot already runs on this database; stop it first") from fault
    return held


def office_of(settings: Settings, bot_name: str) -> Office:
    """The configuration as the actions know it. CannotStart when the week contradicts itself."""
    week = settings.week
    try:
        rhythm = Rhythm(
            ZoneInfo(settings.office.zone),
            Slot.read(week.opens),
            tuple(Slot.read(words) for words in week.reminders),
            Slot.read(week.cutoff),
            Slot.read(week.bulletin),
            Slot.read(week.agenda),
            Slot.read(week.meeting),
        )
    except ValueError as fault:
        raise CannotStart(f"config.toml, [week]: {fault}") from fault
    days = {on: kind == "work" for on, kind in settings.calendar.days.items()}
    key = hashlib.sha256(f"diaodu-buttons:{settings.token}".encode()).digest()
    return Office(
        name=settings.office.name,
        district=settings.office.district,
        rhythm=rhythm,
        calendar=Calendar(official_workday, days),
        language=settings.office.language,
        button_keys=(key,),
        bot_name=bot_name,
        sponsor_verb=settings.office.sponsor_verb,
        time_progress_word=settings.office.time_progress_word,
        decimals=settings.office.decimals,
        keep_zeros=settings.office.keep_zeros,
        unit_order=settings.office.unit_order,
        unit_aliases=settings.office.unit_aliases,
        preparation=week.preparation,
        asks_money=week.asks_money,
        quiet=Quiet(settings.reminders.quiet_from, settings.reminders.quiet_until),
        reminders_per_week=settings.reminders.per_week,
        nudges_per_week=settings.reminders.nudges_per_week,
        needs_approval=settings.bulletin.approval,
        first_number=settings.bulletin.first_number,
        pins=settings.bulletin.pin,
        late_bulletin=timedelta(hours=settings.bulletin.late_hours),
        templates=_folder(settings),
        ledger_year=settings.ledger.year or None,
        ledger_bytes=settings.ledger.max_megabytes * 1024 * 1024,
        invitation_life=timedelta(days=settings.invitations.days),
    )


def _folder(settings: Settings) -> Path | None:
    words = settings.bulletin.templates
    return settings.path(words) if words else None
