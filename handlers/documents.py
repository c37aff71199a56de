"""Files: a ledger from the office is read outside any transaction, then shown as a dry run."""

import asyncio

from telegram import Document, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from actions.desk import Desk
from actions.ledger import read_ledger
from actions.ledger_talk import (
    apply_kept,
    drop_kept,
    import_behind,
    kept_file,
    may_import,
    show_rehearsal,
)
from actions.people import sayer_of
from actions.pressed import id_in
from actions.reception import hear_other, hear_photo, refuse
from handlers import private
from handlers.private import message_of
from handlers.visit import visit
from rules.button import Press
from rules.refusal import Refusal
from rules.tidy import tidy

Context = ContextTypes.DEFAULT_TYPE


async def on_document(update: Update, context: Context) -> None:
    message, account = message_of(update)
    document = message.document
    assert document is not None
    if (document.mime_type or "").startswith("image/"):
        picture = (document.file_id, document.file_unique_id, message.caption or "")
        await visit().receive(account, hear_photo, *picture)
        return
    if not await visit().door.work(_may_import, account):
        # A stranger's file is not even fetched.
        await visit().receive(account, hear_other)
        return
    await _rehearse(account, document, tidy(message.caption or "")[:200])


def _may_import(desk: Desk, account: int) -> bool:
    sayer = sayer_of(desk.tx, account)
    return sayer is not None and may_import(desk, sayer)


async def _rehearse(account: int, document: Document, reason: str) -> None:
    here = visit()
    largest = here.door.office.ledger_bytes
    if (document.file_size or 0) > largest:
        limit = largest // 1024**2
        await here.receive(account, refuse_with, Refusal("import.too_big", limit=limit))
        return
    try:
        content = bytes(await (await document.get_file()).download_as_bytearray())
    except TelegramError:
        await here.receive(account, refuse, "import.not_fetched")
        return
    name = tidy(document.file_name or "")[:100]
    try:
        draft = await asyncio.to_thread(read_ledger, content, name, here.door.office)
    except Refusal as refusal:
        await here.receive(account, refuse_with, refusal)
        return
    await here.receive(account, show_rehearsal, name, content, draft, reason)


def refuse_with(desk: Desk, sayer: object, refusal: Refusal) -> None:
    raise refusal


async def on_words(update: Update, context: Context) -> None:
    """A reply to a dry run's card is the reason it asked for; all other words are just words."""
    message, account = message_of(update)
    replied = message.reply_to_message
    if replied is None:
        await private.on_words(update, context)
        return
    file_id = await visit().door.work(import_behind, account, replied.message_id)
    if file_id is None:
        await private.on_words(update, context)
        return
    await apply_file(account, file_id, message.text or "", 0)


async def on_press(account: int, press: Press, message_id: int) -> None:
    """The buttons of a dry run: `l.ok` and `l.no`."""
    try:
        file_id = id_in(press.thing)
    except Refusal as refusal:
        await visit().receive(account, refuse_with, refusal)
        return
    if press.verb == "l.no":
        await visit().receive(account, drop_kept, file_id, message_id=message_id)
        return
    await apply_file(account, file_id, "", message_id)


async def apply_file(account: int, file_id: int, reason: str, message_id: int) -> None:
    here = visit()
    kept = await here.door.work(kept_file, file_id)
    if kept is None:
        await here.receive(account, refuse, "talk.moved_on")
        return
    name, content = kept
    try:
        draft = await asyncio.to_thread(read_ledger, content, name, here.door.office)
    except Refusal as refusal:
        await here.receive(account, refuse_with, refusal)
        return
    await here.receive(account, apply_kept, file_id, draft, reason, message_id=message_id)
