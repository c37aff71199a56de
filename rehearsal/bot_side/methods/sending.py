"""sendMessage, sendPhoto, sendDocument, sendMediaGroup and sendChatAction."""

import secrets
from typing import Any

from rehearsal.bot_side.methods.access import (
    chat_of,
    check_sending,
    check_write,
    reply_of,
    thread_of,
)
from rehearsal.bot_side.methods.content import (
    Words,
    caption_of,
    check_caption,
    check_text,
    text_of,
)
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage import keyboards
from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.chats import Chat
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.world import World

Json = dict[str, Any]

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: World, given: Parameters) -> Json:
    words = text_of(world, given)
    markup = keyboards.read(given.values.get("reply_markup"))
    chat, parts = _place(world, given)
    check_text(words)
    check_sending(world, chat)
    world.gate.pass_through(chat.id, is_group=not chat.is_private)
    return _posted(world, chat, words, markup, {}, parts)


def send_photo(world: World, given: Parameters) -> Json:
    return _send_file(world, given, "photo")


def send_document(world: World, given: Parameters) -> Json:
    return _send_file(world, given, "document")


def _send_file(world: World, given: Parameters, kind: str) -> Json:
    words = caption_of(world, given)
    markup = keyboards.read(given.values.get("reply_markup"))
    chat, parts = _place(world, given)
    check_caption(words)
    check_sending(world, chat, f"{kind}s")
    media = _media(world, given, kind, kind)
    world.gate.pass_through(chat.id, is_group=not chat.is_private)
    return _posted(world, chat, words, markup, media, parts)


def send_media_group(world: World, given: Parameters) -> list[Json]:
    items = given.structure("media", "media")
    if not isinstance(items, list):
        raise bad_request("Expected an Array of InputMedia")
    if not 2 <= len(items) <= 10:
        raise bad_request("Wrong number of items in the media group: it must be 2-10")
    chat, parts = _place(world, given)
    album = [_album_item(world, given, item) for item in items]
    for _ in album:
        world.gate.pass_through(chat.id, is_group=not chat.is_private)
    parts["extras"] = {"media_group_id": str(secrets.randbits(62))}
    return [_posted(world, chat, words, None, media, parts) for words, media in album]


def _album_item(world: World, given: Parameters, item: object) -> tuple[Words, Json]:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise bad_request("Can't parse InputMedia: type must be photo or document")
    inner = Parameters(item, given.uploads)
    words = caption_of(world, inner)
    check_caption(words)
    return words, _media(world, inner, item["type"], "media")


def _media(world: World, given: Parameters, kind: str, field: str) -> Json:
    upload = given.upload(field)
    if upload is not None:
        return world.files.uploaded(kind, upload.content, upload.name).as_media()
    if not given.has(field):
        raise bad_request(f"There is no {kind} in the request")
    if given.text(field).startswith("attach://"):
        raise bad_request(f"There is no {kind} in the request")
    return world.files.sent_again(kind, given.text(field)).as_media()


def _place(world: World, given: Parameters) -> tuple[Chat, Json]:
    """The chat, and what hangs on the place in it: topic and answered message."""
    chat = chat_of(world, given)
    check_write(world, chat)
    thread = thread_of(world, chat, given)
    reply = reply_of(world, chat, given)
    return chat, {"thread": thread, "reply_to": reply}


def _posted(
    world: World, chat: Chat, words: Words, markup: Json | None, media: Json, parts: Json
) -> Json:
    text, entities = words
    message = world.new_message(
        chat,
        world.bot.as_user(),
        text=text,
        entities=entities,
        media=media,
        markup=markup if markup and "inline_keyboard" in markup else None,
        **parts,
    )
    if markup and "keyboard" in markup:
        chat.reply_keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.reply_keyboard = None
    return world.post(message, to_bot=False).as_json()


def send_chat_action(world: World, given: Parameters) -> bool:
    chat = chat_of(world, given)
    check_write(world, chat)
    if given.text("action").lower() not in ACTIONS:
        raise bad_request("Wrong parameter action in request")
    world.changes.add(ChangeKind.TYPING, chat_id=chat.id)
    return True
