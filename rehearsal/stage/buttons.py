"""Pressing: finding the button a person means, and what happens on the phone and in the bot."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rehearsal.stage.acts import NotPossible, say, where
from rehearsal.stage.chats import Chat, Person
from rehearsal.stage.keyboards import labels
from rehearsal.stage.messages import Message
from rehearsal.stage.world import World

Json = dict[str, Any]

FAR_BACK = 200


def press_words(world: World, person: Person, words: str, chat: Chat | None) -> Json:
    """The newest button that says exactly this, else the newest that contains it."""
    place = where(world, person, chat)
    for is_match in (lambda text: text == words, lambda text: words in text):
        for message, button in _buttons(place):
            if is_match(button["text"]):
                return press(world, person, message, button)
    for row in (place.reply_keyboard or {}).get("keyboard", []):
        for button in row:
            if words in str(button["text"]):
                said = say(world, person, str(button["text"]), chat=chat)
                return {"said": button["text"], "message_id": said[-1].id}
    raise NotPossible(f"{person.name} sees no button {words!r}; {_visible(place)}")


def press_at(world: World, person: Person, message: Message, row: int, col: int) -> Json:
    where(world, person, message.chat)
    rows = (message.markup or {}).get("inline_keyboard", [])
    if not (0 <= row < len(rows) and 0 <= col < len(rows[row])):
        raise NotPossible(f"message {message.id} has no button at {row}, {col}: {_words(message)}")
    return press(world, person, message, rows[row][col])


def press_on(world: World, person: Person, message: Message, words: str) -> Json:
    where(world, person, message.chat)
    for row in (message.markup or {}).get("inline_keyboard", []):
        for button in row:
            if words in button["text"]:
                return press(world, person, message, button)
    raise NotPossible(f"message {message.id} has no button {words!r}: {_words(message)}")


def press(world: World, person: Person, message: Message, button: Json) -> Json:
    """Only callback buttons reach the bot; links and copies stay on the phone."""
    done: Json = {"button": button["text"], "message_id": message.id}
    if "callback_data" in button:
        pressed = world.press(person, message, button["callback_data"])
        return {**done, "callback_query_id": pressed.id, "data": pressed.data}
    if "url" in button:
        return {**done, "url": button["url"]}
    if "copy_text" in button:
        return {**done, "copied": button["copy_text"]["text"]}
    return done


def _buttons(chat: Chat) -> Iterator[tuple[Message, Json]]:
    for message in islice(reversed(chat.messages.values()), FAR_BACK):
        for row in (message.markup or {}).get("inline_keyboard", []):
            for button in row:
                yield message, button


def _words(message: Message) -> str:
    return " ".join(f"[{text}]" for row in labels(message.markup) for text in row) or "no buttons"


def _visible(chat: Chat) -> str:
    texts = [f"[{button['text']}]" for _, button in islice(_buttons(chat), 20)]
    return f"there are {' '.join(texts)}" if texts else "there are none"
