"""The private chat: commands, words, edited words, photos and everything else."""

from telegram import Message, Update
from telegram.ext import ContextTypes

from actions.join import arrive, note_blocked
from actions.reception import command, hear, hear_edited, hear_other, hear_photo, refuse
from handlers.visit import visit
from rules.tidy import tidy

Context = ContextTypes.DEFAULT_TYPE
IS_BACK = ("member", "restricted")


def message_of(update: Update) -> tuple[Message, int]:
    """The message and its sender's id; the filters let only such updates in."""
    message, user = update.effective_message, update.effective_user
    assert message is not None and user is not None
    return message, user.id


async def start(update: Update, context: Context) -> None:
    """`/start` and `/start <code>` of an invitation link."""
    message, account = message_of(update)
    user = update.effective_user
    assert user is not None
    _, _, code = (message.text or "").partition(" ")
    await visit().act(account, arrive, account, tidy(user.full_name)[:40], code.strip()[:64])


async def on_command(update: Update, context: Context) -> None:
    message, account = message_of(update)
    head, _, rest = (message.text or "").partition(" ")
    name = head[1:].split("@")[0].lower()
    await visit().receive(account, command, name, tidy(rest))


async def on_forwarded(update: Update, context: Context) -> None:
    """Somebody else's words are neither an answer nor a command."""
    _, account = message_of(update)
    await visit().receive(account, refuse, "talk.forwarded")


async def on_words(update: Update, context: Context) -> None:
    message, account = message_of(update)
    await visit().receive(account, hear, message.text or "", message.message_id)


async def on_edited_words(update: Update, context: Context) -> None:
    message, account = message_of(update)
    await visit().receive(account, hear_edited, message.text or "", message.message_id)


async def on_photo(update: Update, context: Context) -> None:
    message, account = message_of(update)
    largest = message.photo[-1]
    caption = message.caption or ""
    await visit().receive(account, hear_photo, largest.file_id, largest.file_unique_id, caption)


async def on_anything_else(update: Update, context: Context) -> None:
    _, account = message_of(update)
    await visit().receive(account, hear_other)


async def on_block(update: Update, context: Context) -> None:
    """The person blocked the bot, or came back."""
    change = update.my_chat_member
    assert change is not None
    is_back = change.new_chat_member.status in IS_BACK
    await visit().act(change.from_user.id, note_blocked, change.from_user.id, not is_back)
