"""What reaches the bot's ears in a group under Telegram's privacy mode."""

from rehearsal.stage.chats import Membership
from rehearsal.stage.messages import Message


def is_heard(message: Message, username: str, bot: Membership, *, has_privacy: bool) -> bool:
    """Commands, replies to the bot, mentions and service messages; admins hear everything."""
    if message.chat.is_private:
        return True
    if not bot.is_present:
        return False
    if not has_privacy or bot.is_admin or message.service:
        return True
    if message.reply_to is not None and message.reply_to.is_from_bot:
        return bool(message.reply_to.sender["id"] == bot.user["id"])
    return _is_addressed(message, username.lower())


def _is_addressed(message: Message, username: str) -> bool:
    units = message.text.encode("utf-16-le", "surrogatepass")
    for entity in message.entities:
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        words = units[start:end].decode("utf-16-le", "surrogatepass").lower()
        if entity["type"] == "mention" and words == f"@{username}":
            return True
        if entity["type"] == "bot_command" and words.partition("@")[2] in ("", username):
            return True
    return False
