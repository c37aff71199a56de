"""What a person's phone shows: a chat with its messages, pins, menu and pop-ups."""

from typing import Any

from rehearsal.stage.chats import Chat, Membership, Person
from rehearsal.stage.menus import scopes_in
from rehearsal.stage.messages import Message
from rehearsal.stage.world import World

Json = dict[str, Any]


def chat_seen(
    world: World, chat: Chat, person: Person | None, *, count: int, thread: int | None = None
) -> Json:
    shown: Json = {
        **chat.as_json(),
        "name": chat.person.name if chat.person else chat.title,
        "messages": [message.as_seen() for message in chat.latest(count, thread)],
        "pinned": list(chat.pinned),
        "reply_keyboard": (chat.reply_keyboard or {}).get("keyboard", []),
        "topics": [
            {"id": topic.id, "name": topic.name, "is_closed": topic.is_closed}
            for topic in chat.topics.values()
            if not topic.is_deleted
        ],
        "migrated_to": chat.migrated_to,
        "sequence": world.changes.last,
    }
    if person is not None:
        shown["menu"] = menu_of(world, chat, person)
        shown["popups"] = [popup for popup in person.popups if popup["chat_id"] == chat.id]
    return shown


def chat_listed(world: World, chat: Chat) -> Json:
    """One line of a chat list."""
    last = next(reversed(chat.messages.values()), None)
    return {
        **chat.as_json(),
        "name": chat.person.name if chat.person else chat.title,
        "bot": world.bot_in(chat).status.value,
        "members": [member.user["id"] for member in chat.present()],
        "last_message": last.text[:80] if last else "",
        "last_sequence": chat.last_sequence,
        "migrated_to": chat.migrated_to,
    }


def menu_of(world: World, chat: Chat, person: Person) -> list[Json]:
    """The command menu as this person sees it in this chat."""
    member = chat.members.get(person.id) or Membership(person.as_user())
    scopes = scopes_in(chat.id, person.id, is_private=chat.is_private, is_admin=member.is_admin)
    return world.menus.shown(scopes, person.language_code)


def changed_messages(world: World, chat: Chat, after: int) -> list[Message]:
    """Messages of a chat that came or changed after a sequence number, oldest first."""
    if chat.last_sequence <= after:
        return []
    ids = {change.message_id for change in world.changes.after(after) if change.chat_id == chat.id}
    found = [chat.messages[i] for i in ids if i is not None and i in chat.messages]
    return sorted(found, key=lambda message: message.id)
