"""Which update goes to which handler, in order; and one kept update through all of it."""

import logging
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from actions.door import Door, Finish
from handlers import buttons, documents, groups, private
from handlers.visit import VISIT, Answer, Visit

log = logging.getLogger(__name__)

PRIVATE = filters.ChatType.PRIVATE
NEW = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
Bot = Application[Any, Any, Any, Any, Any, Any]


def wired(bot: ExtBot[Any]) -> Bot:
    """Note: order matters; the first handler that takes an update is the only one."""
    application: Bot = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    add = application.add_handler
    add(CallbackQueryHandler(buttons.on_press))
    # The bot's own standing: blocked by a person, put into a group or out of it.
    add(ChatMemberHandler(groups.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    # Groups: the bot answers one command there and hears of a new id; the rest is passed by.
    add(MessageHandler(filters.StatusUpdate.MIGRATE, groups.on_migration))
    add(CommandHandler("bind", groups.bind, filters.ChatType.GROUPS & NEW))
    # The private chat.
    add(MessageHandler(PRIVATE & NEW & filters.FORWARDED & filters.TEXT, private.on_forwarded))
    add(CommandHandler("start", private.start, PRIVATE & NEW))
    add(MessageHandler(PRIVATE & NEW & filters.COMMAND, private.on_command))
    add(MessageHandler(PRIVATE & NEW & filters.Document.ALL, documents.on_document))
    add(MessageHandler(PRIVATE & NEW & filters.PHOTO, private.on_photo))
    add(MessageHandler(PRIVATE & NEW & filters.TEXT, documents.on_words))
    add(MessageHandler(PRIVATE & EDITED & filters.TEXT, private.on_edited_words))
    add(MessageHandler(PRIVATE & NEW, private.on_anything_else))
    application.add_error_handler(_keep_failure)
    return application


async def _keep_failure(update: object, context: Any) -> None:
    # The library swallows what a handler raises; the lane has to know of it.
    VISIT.get().failure = context.error


async def handle(
    application: Bot, door: Door, answer: Answer, source: str, finish: Finish, update: Update
) -> None:
    """One update from its first handler to its committed effect; raises what a handler raised."""
    here = Visit(door, source, finish, answer)
    token = VISIT.set(here)
    try:
        await application.process_update(update)
        if here.failure is not None:
            raise here.failure
        await here.pass_by()
    finally:
        VISIT.reset(token)
