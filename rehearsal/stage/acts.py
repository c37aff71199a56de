"""What people do with their phones: say, press, edit, send, forward, block, delete."""

import re
from typing import Any

from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.chats import Chat, Membership, Person, Status
from rehearsal.stage.entities import found_in
from rehearsal.stage.files import StoredFile
from rehearsal.stage.messages import Message
from rehearsal.stage.world import Press, World

Json = dict[str, Any]

MOST_TEXT = 4096
_LINK_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NotPossible(Exception):
    """A phone would not let the person do this; says why."""


def say(
    world: World,
    person: Person,
    text: str,
    *,
    chat: Chat | None = None,
    reply_to: int | None = None,
    thread: int | None = None,
) -> list[Message]:
    """Longer texts leave the phone in parts, as the apps send them."""
    if not text:
        raise NotPossible("there is nothing to send")
    parts = [text[at : at + MOST_TEXT] for at in range(0, len(text), MOST_TEXT)]
    return [
        write(world, person, chat, text=part, reply_to=reply_to, thread=thread) for part in parts
    ]


def write(
    world: World,
    person: Person,
    chat: Chat | None,
    *,
    text: str = "",
    media: Json | None = None,
    extras: Json | None = None,
    reply_to: int | None = None,
    thread: int | None = None,
) -> Message:
    place = where(world, person, chat)
    _check_thread(place, thread)
    answered = None if reply_to is None else find(place, reply_to)
    message = world.new_message(
        place,
        person.as_user(),
        text=text,
        entities=found_in(text),
        media=media or {},
        extras=extras or {},
        reply_to=answered,
        thread=thread if thread is not None else (answered.thread if answered else None),
    )
    return world.post(message)


def where(world: World, person: Person, chat: Chat | None) -> Chat:
    """The chat this person may write to; without one, the private chat with the bot."""
    if person.is_deleted:
        raise NotPossible(f"{person.name} has deleted the account")
    if chat is None or chat.is_private:
        if person.has_blocked:
            raise NotPossible(f"{person.name} has blocked the bot")
        person.has_started = True
        return world.private_chat(person)
    member = chat.members.get(person.id)
    if chat.migrated_to is not None:
        raise NotPossible(f"the group has become the supergroup {chat.migrated_to}")
    if member is None or not member.is_present:
        raise NotPossible(f"{person.name} is not in {chat.title}")
    return chat


def _check_thread(chat: Chat, thread: int | None) -> None:
    if thread is None:
        return
    topic = chat.topics.get(thread)
    if topic is None or topic.is_deleted:
        raise NotPossible(f"{chat.title} has no topic {thread}")
    if topic.is_closed:
        raise NotPossible(f"the topic {topic.name} is closed")


def find(chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise NotPossible(f"there is no message {message_id} in this chat")
    return message


def edit(world: World, person: Person, message_id: int, text: str, chat: Chat | None) -> Message:
    message = find(where(world, person, chat), message_id)
    if message.sender["id"] != person.id:
        raise NotPossible("only one's own messages can be edited")
    message.text, message.entities = text, found_in(text)
    message.edit_date = world.today()
    world.note(ChangeKind.EDIT, message)
    if world.is_heard(message):
        world.tell_of("edited_message", message)
    return message


def delete(world: World, person: Person, message_id: int, chat: Chat | None) -> None:
    """Bots are never told."""
    world.remove(find(where(world, person, chat), message_id))


def send_file(
    world: World, person: Person, stored: StoredFile, chat: Chat | None, caption: str, **more: Any
) -> Message:
    return write(world, person, chat, text=caption, media=stored.as_media(), **more)


def forward(world: World, person: Person, original: Message, chat: Chat | None) -> Message:
    origin = {"type": "user", "sender_user": original.sender, "date": original.date}
    return write(
        world,
        person,
        chat,
        text=original.text,
        media=original.media,
        extras={"forward_origin": origin},
    )


def forge_press(
    world: World, person: Person, message_id: int, data: str, chat: Chat | None
) -> Press:
    """A changed app can press with any data, on any message it can see."""
    return world.press(person, find(where(world, person, chat), message_id), data)


def block(world: World, person: Person) -> None:
    _set_blocked(world, person, has_blocked=True)


def unblock(world: World, person: Person) -> None:
    _set_blocked(world, person, has_blocked=False)


def _set_blocked(world: World, person: Person, *, has_blocked: bool) -> None:
    if person.has_blocked is has_blocked:
        return
    person.has_blocked = has_blocked
    me = world.bot.as_user()
    old, new = (Status.MEMBER, Status.KICKED) if has_blocked else (Status.KICKED, Status.MEMBER)
    chat = world.private_chat(person)
    chat.members[world.bot.id] = Membership(me, old)
    world.change_member(chat, Membership(me, new), person.as_user())
    chat.members.clear()


def open_link(world: World, person: Person, code: str) -> Message:
    """t.me/bot?start=code and a tap on START."""
    if code and not _LINK_CODE.fullmatch(code):
        raise NotPossible("a start code has 1-64 of A-Z a-z 0-9 _ -")
    if person.has_blocked:
        unblock(world, person)
    return write(world, person, None, text=f"/start {code}".strip())


def delete_account(person: Person) -> None:
    """Telegram tells nobody; only the next attempt to write shows it."""
    person.is_deleted = True
    person.first_name, person.last_name, person.username = "Deleted Account", "", ""
