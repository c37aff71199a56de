"""`bot.py check`: one sentence per finding about everything a running bot needs."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from actions.people import people_with
from actions.settings import setting_of
from config import ConfigError, Settings, load_settings
from flows.texts import LANGUAGES, Texts, load_texts
from gateway.api import Api
from gateway.request import AiohttpRequest
from installation import CannotStart, clock_of, database_of, office_of, sqlite_file
from models.bulletin import GroupState, group
from models.database import Database
from models.schema import HEAD, known_revisions, revision_of
from reports.checking import check_templates
from rules.terms import Role

GOOD, BAD, UNUSABLE = 0, 1, 2
Finding = tuple[bool, str]


async def check_all(config: Path, tell: Callable[[str], None]) -> int:
    """0: all is well; 1: something is to be mended; 2: the settings cannot even be read."""
    try:
        settings = load_settings(config)
        office_of(settings, "")
    except (ConfigError, CannotStart) as fault:
        tell(f"✗ {fault}")
        return UNUSABLE
    texts = load_texts(settings.office.language)
    bad = 0
    async for is_good, words in _findings(settings, texts):
        bad += not is_good
        tell(f"{'✓' if is_good else '✗'} {words}")
    tell(texts.plain("check.some_bad", count=bad) if bad else texts.plain("check.all_good"))
    return BAD if bad else GOOD


async def _findings(settings: Settings, texts: Texts) -> AsyncIterator[Finding]:
    yield True, texts.plain("check.config_ok")
    yield _texts(texts)
    for finding in _templates(settings, texts):
        yield finding
    for finding in _calendar(settings, texts):
        yield finding
    database, found = _database(settings, texts)
    yield found
    if not settings.token:
        yield False, texts.plain("check.no_token")
        return
    request = AiohttpRequest(settings.telegram.proxy)
    api = Api(request, settings.telegram.base_url, settings.token)
    try:
        async for finding in _telegram(api, database, texts):
            yield finding
    finally:
        await request.shutdown()
        if database is not None:
            database.close()


def _texts(texts: Texts) -> Finding:
    known = [load_texts(language).keys() for language in LANGUAGES]
    missing = sorted(frozenset.union(*known) - frozenset.intersection(*known))
    if missing:
        return False, texts.plain("check.texts_bad", keys=", ".join(missing[:5]))
    return True, texts.plain("check.texts_ok")


def _templates(settings: Settings, texts: Texts) -> list[Finding]:
    if not settings.bulletin.templates:
        return [(True, texts.plain("check.templates_ok"))]
    findings = check_templates(settings.path(settings.bulletin.templates))
    if not findings:
        return [(True, texts.plain("check.templates_ok"))]
    return [
        (
            False,
            texts.plain(
                "check.template_bad", file=each.file, line=each.line or "?", what=each.what
            ),
        )
        for each in findings
    ]


def _calendar(settings: Settings, texts: Texts) -> list[Finding]:
    """This year's days off must be known, and from November on the next year's."""
    office = office_of(settings, "")
    now = clock_of(settings).now().astimezone(office.zone)
    years = [now.year] + ([now.year + 1] if now.month >= 11 else [])
    return [
        (False, texts.plain("check.year_unknown", year=year))
        for year in years
        if not office.calendar.is_confirmed(year)
    ]


def _database(settings: Settings, texts: Texts) -> tuple[Database | None, Finding]:
    """Opened and looked at, never changed."""
    try:
        database = database_of(settings)
        file = sqlite_file(settings)
        if file is not None and not file.exists():
            return None, (True, texts.plain("check.database_empty"))
        revision = revision_of(database.engine)
    except (DBAPIError, CannotStart) as fault:
        reason = type(fault.orig).__name__ if isinstance(fault, DBAPIError) else str(fault)
        return None, (False, texts.plain("check.database_bad", reason=reason))
    if revision is None:
        return None, (True, texts.plain("check.database_empty"))
    if revision not in known_revisions():
        return None, (False, texts.plain("check.database_newer", revision=revision))
    kind = database.engine.dialect.name
    words = texts.plain("check.database_ok", kind=kind, revision=revision)
    return (database if revision == HEAD else None), (True, words)


async def _telegram(api: Api, database: Database | None, texts: Texts) -> AsyncIterator[Finding]:
    try:
        me = await api.call("getMe", {})
    except TelegramError as fault:
        yield False, texts.plain("check.bot_bad", reason=fault.message)
        return
    yield True, texts.plain("check.bot_ok", name=me["username"])
    if database is None:
        yield False, texts.plain("check.no_office")
        return
    known = database.work_now(lambda tx: setting_of(tx, "bot_id"))
    if known not in (None, str(me["id"])):
        yield False, texts.plain("check.bot_other", known=known, given=me["id"])
    for role, key in ((Role.OFFICE, "check.no_office"), (Role.APPROVER, "check.no_approver")):
        if not database.work_now(lambda tx, role=role: people_with(tx, role)):  # type: ignore[misc]  # the default binds the loop's role
            yield False, texts.plain(key)
    rows = database.work_now(
        lambda tx: tx.execute(select(group).where(group.c.state != GroupState.UNBOUND)).all()
    )
    if not rows:
        yield False, texts.plain("check.no_group")
    for row in rows:
        yield await _group(api, me["id"], row, texts)


async def _group(api: Api, bot_id: int, row: Any, texts: Texts) -> Finding:
    """Whether the bot is in the group, may write there, and may pin."""
    try:
        member = await api.call("getChatMember", {"chat_id": row.chat_id, "user_id": bot_id})
    except TelegramError as fault:
        return False, texts.plain("check.group_bad", title=row.title, reason=fault.message)
    status = member["status"]
    if status in ("left", "kicked") or member.get("can_send_messages") is False:
        return False, texts.plain("check.group_bad", title=row.title, reason=status)
    may_pin = status == "creator" or member.get("can_pin_messages", False)
    pin = texts.plain("check.group_pin" if may_pin else "check.group_no_pin")
    return True, texts.plain("check.group_ok", title=row.title, pin=pin)
