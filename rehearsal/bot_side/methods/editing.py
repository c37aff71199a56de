"""Editing, deleting and pinning what has been said."""

from typing import Any

from rehearsal.bot_side.methods.access import chat_of, check_write, message_of
from rehearsal.bot_side.methods.content import Words, caption_of, check_caption, check_text, text_of
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage import keyboards
from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.chats import Chat
from rehearsal.stage.messages import Message
from rehearsal.stage.refusals import NOT_MODIFIED, bad_request
from rehearsal.stage.world import World

Json = dict[str, Any]

TWO_DAYS = 48 * 3600
NO_PIN = "Not enough rights to manage pinned messages in the chat"


def edit_message_text(world: World, given: Parameters) -> Json:
    words = text_of(world, given)
    markup = keyboards.read(given.values.get("reply_markup"))
    message = _own(world, given)
    if message.media or not message.text:
        raise bad_request("There is no text in the message to edit")
    check_text(words)
    return _changed(world, message, words, markup)


def edit_message_caption(world: World, given: Parameters) -> Json:
    words = caption_of(world, given)
    markup = keyboards.read(given.values.get("reply_markup"))
    message = _own(world, given)
    if not message.media:
        raise bad_request("There is no caption in the message to edit")
    check_caption(words)
    return _changed(world, message, words, markup)


def edit_message_reply_markup(world: World, given: Parameters) -> Json:
    markup = keyboards.read(given.values.get("reply_markup"))
    message = _own(world, given)
    return _changed(world, message, (message.text, message.entities), markup)


def _own(world: World, given: Parameters) -> Message:
    if not given.has("chat_id") and not given.integer("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = chat_of(world, given)
    check_write(world, chat)
    message = message_of(chat, given, "message to edit")
    if message.sender["id"] != world.bot.id or message.service:
        raise bad_request("Message can't be edited")
    return message


def _changed(world: World, message: Message, words: Words, markup: Json | None) -> Json:
    if (message.text, message.entities) == words and message.markup == markup:
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities = words
    message.markup = markup
    message.edit_date = world.today()
    world.note(ChangeKind.EDIT, message)
    return message.as_json()


def delete_message(world: World, given: Parameters) -> bool:
    if not given.has("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if not given.integer("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = chat_of(world, given)
    check_write(world, chat)
    message = message_of(chat, given, "message to delete")
    if not _may_delete(world, message):
        raise bad_request("Message can't be deleted")
    world.remove(message)
    return True


def delete_messages(world: World, given: Parameters) -> bool:
    """Those that are gone or may not go are passed over in silence."""
    chat = chat_of(world, given)
    check_write(world, chat)
    wanted = given.structure("message_ids", "message_ids")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("Message identifiers are not specified")
    if len(wanted) > 100:
        raise bad_request("Too many message identifiers specified")
    for number in wanted:
        message = chat.messages.get(_whole(number))
        if message is not None and _may_delete(world, message):
            world.remove(message)
    return True


def _whole(number: object) -> int:
    if not isinstance(number, int | str):
        raise bad_request("Message identifier must be a Number")
    try:
        return int(number)
    except ValueError:
        raise bad_request("Can't parse message identifier as a Number") from None


def _may_delete(world: World, message: Message) -> bool:
    if message.chat.kind != "private" and world.bot_in(message.chat).may("can_delete_messages"):
        return True
    is_young = world.clock.now() - message.date < TWO_DAYS
    is_own = message.sender["id"] == world.bot.id
    return is_young and (is_own or message.chat.is_private)


def pin_chat_message(world: World, given: Parameters) -> bool:
    chat = _pinnable(world, given)
    message = message_of(chat, given, "message to pin")
    _check_pinning(world, chat)
    if message.service:
        raise bad_request("Service messages can't be pinned")
    world.pin(message, world.bot.as_user())
    return True


def unpin_chat_message(world: World, given: Parameters) -> bool:
    chat = _pinnable(world, given)
    _check_pinning(world, chat)
    if given.integer("message_id"):
        world.unpin(message_of(chat, given, "message to unpin"))
    elif chat.pinned:
        world.unpin(next(reversed(chat.pinned.values())))
    else:
        raise bad_request("message to unpin not found")
    return True


def unpin_all_chat_messages(world: World, given: Parameters) -> bool:
    chat = _pinnable(world, given)
    _check_pinning(world, chat)
    for message in list(chat.pinned.values()):
        world.unpin(message)
    return True


def _pinnable(world: World, given: Parameters) -> Chat:
    chat = chat_of(world, given)
    check_write(world, chat)
    return chat


def _check_pinning(world: World, chat: Chat) -> None:
    if chat.is_private or chat.members_may_pin:
        return
    if not world.bot_in(chat).may("can_pin_messages"):
        raise bad_request(NO_PIN)
