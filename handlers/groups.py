"""Groups: binding by the office, the bot's coming and going, and a group's new id."""

from telegram import Chat, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from actions.desk import Desk
from actions.groups import Room, ask_binding, note_membership, note_migration
from actions.people import sayer_of
from handlers.private import message_of, on_block
from handlers.visit import visit
from rules.rights import Right
from rules.tidy import tidy

Context = ContextTypes.DEFAULT_TYPE
IS_IN = ("member", "administrator", "restricted", "creator")


async def bind(update: Update, context: Context) -> None:
    """`/bind` in a group, or in one of its topics. From anybody else it asks nothing."""
    message, account = message_of(update)
    if not await visit().door.work(_may_bind, account):
        return
    chat = message.chat
    # Replies in the General topic carry a thread id that cannot be sent to.
    thread_id = message.message_thread_id if message.is_topic_message else None
    count = await _member_count(chat)
    room = Room(chat.id, tidy(chat.title or "")[:100], chat.type, thread_id, count)
    await visit().act(account, _ask, account, room)


def _may_bind(desk: Desk, account: int) -> bool:
    sayer = sayer_of(desk.tx, account)
    return sayer is not None and sayer.may(Right.BIND_GROUP)


def _ask(desk: Desk, account: int, room: Room) -> None:
    ask_binding(desk, sayer_of(desk.tx, account), room)


async def _member_count(chat: Chat) -> int | None:
    try:
        return await chat.get_member_count()
    except TelegramError:
        return None


async def on_membership(update: Update, context: Context) -> None:
    change = update.my_chat_member
    assert change is not None
    if change.chat.type == ChatType.PRIVATE:
        await on_block(update, context)
        return
    is_member = change.new_chat_member.status in IS_IN
    title = tidy(change.chat.title or "")[:100]
    await visit().act(
        change.from_user.id, note_membership, change.chat.id, title, is_member=is_member
    )


async def on_migration(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    if message.migrate_to_chat_id:
        await visit().act(0, note_migration, message.chat.id, message.migrate_to_chat_id)
        return
    assert message.migrate_from_chat_id is not None
    await visit().act(0, note_migration, message.migrate_from_chat_id, message.chat.id)
