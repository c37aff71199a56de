"""Which chat and message a call means, and whether the bot may touch them."""

import re
from typing import Any

from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.chats import GENERAL_TOPIC, Chat, ChatKind, Status
from rehearsal.stage.messages import Message
from rehearsal.stage.refusals import bad_request, forbidden, upgraded
from rehearsal.stage.world import World

Json = dict[str, Any]

_INTEGER = re.compile(r"\s*-?[0-9]+\s*")


def chat_of(world: World, given: Parameters, name: str = "chat_id") -> Chat:
    """The chat as far as it exists for this bot."""
    wanted = given.text(name)
    if not wanted:
        raise bad_request(f"{name} is empty")
    if wanted.startswith("@"):
        chat_id = world.usernames.get(wanted[1:].lower())
    else:
        chat_id = int(wanted) if _INTEGER.fullmatch(wanted) else None
    chat = world.chats.get(chat_id) if chat_id is not None else None
    if chat is not None:
        return chat
    person = world.people.get(chat_id) if chat_id is not None else None
    if person is None or not _have_met(world, person.groups):
        raise bad_request("chat not found")
    return world.private_chat(person)


def _have_met(world: World, groups: set[int]) -> bool:
    return any(world.bot_in(world.chats[group]).is_present for group in groups)


def check_read(world: World, chat: Chat) -> None:
    """Basic groups can be read after leaving; supergroups cannot."""
    if chat.kind is ChatKind.SUPERGROUP:
        _check_member(world, chat)


def check_write(world: World, chat: Chat) -> None:
    """Raises the 403 or 400 that keeps the bot out of this chat."""
    if chat.person is not None:
        if chat.person.is_deleted:
            raise forbidden("user is deactivated")
        if chat.person.has_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.person.has_started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    if chat.migrated_to is not None:
        raise upgraded(chat.migrated_to)
    if chat.is_deleted:
        raise forbidden("the group chat was deleted")
    _check_member(world, chat)


def _check_member(world: World, chat: Chat) -> None:
    member = world.bot_in(chat)
    if member.is_present:
        return
    if member.status is Status.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind.value} chat")
    raise forbidden(f"bot is not a member of the {chat.kind.value} chat")


def check_sending(world: World, chat: Chat, what: str = "text messages") -> None:
    if chat.bot_is_muted and not world.bot_in(chat).is_admin:
        raise bad_request(f"Not enough rights to send {what} to the chat")


def thread_of(world: World, chat: Chat, given: Parameters) -> int | None:
    """The topic to write to; other chats than forums and private ones ignore it."""
    wanted = max(given.integer("message_thread_id"), 0)
    if not wanted:
        return None
    if chat.is_private:
        raise bad_request("message thread not found")
    if not chat.is_forum:
        return None
    topic = chat.topics.get(wanted)
    if wanted == GENERAL_TOPIC or topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    if topic.is_closed and not world.bot_in(chat).may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return wanted


def reply_of(world: World, chat: Chat, given: Parameters) -> Message | None:
    """The message that is answered, in this chat."""
    wish = given.structure("reply_parameters", "reply parameters")
    if wish is None:
        return None
    if not isinstance(wish, dict):
        raise bad_request("Object expected as reply parameters")
    elsewhere = Parameters({"chat_id": wish.get("chat_id")})
    home = chat_of(world, elsewhere) if elsewhere.has("chat_id") else chat
    message = home.messages.get(Parameters(wish).integer("message_id"))
    if message is None and not wish.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def message_of(chat: Chat, given: Parameters, what: str) -> Message:
    message = chat.messages.get(given.integer("message_id"))
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def member_right(world: World, chat: Chat, right: str, sentence: str) -> None:
    if not world.bot_in(chat).may(right):
        raise bad_request(sentence)
