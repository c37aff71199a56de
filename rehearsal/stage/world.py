"""The whole rehearsal in memory: the bot, its people and chats, and what passes between them."""

import random
import secrets
from dataclasses import dataclass
from typing import Any

from rehearsal.stage.account import BotAccount
from rehearsal.stage.calls import CallLog
from rehearsal.stage.changes import ChangeKind, Changes
from rehearsal.stage.chats import GENERAL_TOPIC, Chat, ChatKind, Membership, Person, Status
from rehearsal.stage.clock import Clock
from rehearsal.stage.faults import Faults
from rehearsal.stage.files import Files
from rehearsal.stage.hearing import is_heard
from rehearsal.stage.limits import FloodGate, Limits
from rehearsal.stage.menus import Menus
from rehearsal.stage.messages import Message
from rehearsal.stage.updates import QUERY_LIFE, UpdateQueue

Json = dict[str, Any]

MOST_PRESSES = 10_000


@dataclass(slots=True)
class Press:
    """A button that was pressed and waits for the bot's answer."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    is_answered: bool = False


class World:
    def __init__(self, bot: BotAccount, clock: Clock, *, limits: Limits | None = None) -> None:
        self.bot = bot
        self.clock = clock
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.usernames: dict[str, int] = {}
        self.presses: dict[str, Press] = {}
        self.queue = UpdateQueue(clock)
        self.changes = Changes()
        self.calls = CallLog()
        self.files = Files()
        self.menus = Menus()
        self.gate = FloodGate(clock, limits)
        self.faults = Faults()
        self._next_person = 100_001
        self._next_group = 1_001
        self._common_id = random.randrange(10, 1000)
        self._instance = str(secrets.randbits(62))

    def today(self) -> int:
        return int(self.clock.now())

    # People and chats

    def add_person(
        self,
        name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "zh-hans",
        person_id: int | None = None,
    ) -> Person:
        if person_id is None:
            person_id, self._next_person = self._next_person, self._next_person + 1
        if person_id in self.people or not 0 < person_id < 1 << 40:
            raise ValueError(f"id {person_id} is taken or not a person's")
        person = Person(person_id, name, last_name, username, language_code)
        self.people[person_id] = person
        return person

    def add_group(
        self, title: str, kind: ChatKind, *, chat_id: int | None = None, is_forum: bool = False
    ) -> Chat:
        if chat_id is None:
            number, self._next_group = self._next_group, self._next_group + 1
            chat_id = -number if kind is ChatKind.GROUP else -1_000_000_000_000 - number
        if chat_id in self.chats or chat_id >= 0:
            raise ValueError(f"id {chat_id} is taken or not a group's")
        chat = Chat(chat_id, kind, title, is_forum=is_forum)
        # Number 1 of a supergroup is its creation, and the id of a forum's General topic.
        chat.last_id = GENERAL_TOPIC
        chat.members[self.bot.id] = Membership(self.bot.as_user())
        self.chats[chat_id] = chat
        return chat

    def private_chat(self, person: Person) -> Chat:
        chat = self.chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, ChatKind.PRIVATE, person=person)
            self.chats[person.id] = chat
        return chat

    def bot_in(self, chat: Chat) -> Membership:
        return chat.members.get(self.bot.id) or Membership(self.bot.as_user(), Status.MEMBER)

    # Messages

    def new_message(self, chat: Chat, sender: Json, **parts: Any) -> Message:
        """Not yet posted. Ids grow per chat in supergroups, over all other chats elsewhere."""
        if chat.kind is ChatKind.SUPERGROUP:
            chat.last_id += 1
            number = chat.last_id
        else:
            self._common_id += 1
            number = self._common_id
        return Message(number, chat, self.today(), sender, **parts)

    def post(self, message: Message, *, to_bot: bool | None = None) -> Message:
        """Everybody sees it; the bot hears it unless it is its own or privacy mode hides it."""
        message.chat.messages[message.id] = message
        self.note(ChangeKind.MESSAGE, message)
        if to_bot is None:
            to_bot = not message.is_from_bot and self.is_heard(message)
        if to_bot:
            self.tell_of("message", message)
        return message

    def is_heard(self, message: Message) -> bool:
        member = self.bot_in(message.chat)
        return is_heard(message, self.bot.username, member, has_privacy=self.bot.has_privacy)

    def tell_of(self, kind: str, message: Message) -> None:
        self.queue.put(kind, message.as_json(), f"chat{message.chat.id}")

    def note(self, kind: ChangeKind, message: Message) -> None:
        sequence = self.changes.add(kind, chat_id=message.chat.id, message_id=message.id)
        message.sequence = message.chat.last_sequence = sequence

    def remove(self, message: Message) -> None:
        message.is_deleted = True
        message.chat.messages.pop(message.id, None)
        message.chat.pinned.pop(message.id, None)
        self.note(ChangeKind.DELETE, message)

    def pin(self, message: Message, by: Json) -> None:
        if message.is_pinned:
            return
        message.is_pinned = True
        message.chat.pinned[message.id] = message
        self.note(ChangeKind.PIN, message)
        pinned = {"pinned_message": message.as_json(with_reply=False)}
        service = self.new_message(message.chat, by, service=pinned, thread=message.thread)
        self.post(service, to_bot=self.bot_in(message.chat).is_present)

    def unpin(self, message: Message) -> None:
        message.is_pinned = False
        message.chat.pinned.pop(message.id, None)
        self.note(ChangeKind.PIN, message)

    # Buttons and members

    def press(self, person: Person, message: Message, data: str) -> Press:
        pressed = Press(str(secrets.randbits(62)), person, message, data, self.clock.now())
        self._forget_old_presses()
        self.presses[pressed.id] = pressed
        content = {
            "id": pressed.id,
            "from": person.as_user(),
            "message": message.as_json(),
            "chat_instance": self._instance,
            "data": data,
        }
        self.queue.put("callback_query", content, f"user{person.id}", life=QUERY_LIFE)
        return pressed

    def _forget_old_presses(self) -> None:
        if len(self.presses) < MOST_PRESSES:
            return
        oldest = self.clock.now() - QUERY_LIFE
        kept = {key: press for key, press in self.presses.items() if press.at > oldest}
        self.presses = kept

    def change_member(self, chat: Chat, new: Membership, by: Json) -> None:
        """Puts the membership and tells the bot, if it may know: chat_member is for admins only."""
        user_id = new.user["id"]
        old = chat.members.get(user_id) or Membership(new.user)
        bot_was = self.bot_in(chat)
        if not chat.is_private:
            chat.members[user_id] = new
        is_me = user_id == self.bot.id
        self.changes.add(ChangeKind.MEMBER, chat_id=chat.id, person_id=user_id)
        if not is_me and not (bot_was.is_admin and self.bot_in(chat).is_admin):
            return
        content = {
            "chat": chat.as_json(),
            "from": by,
            "date": self.today(),
            "old_chat_member": old.as_json(),
            "new_chat_member": new.as_json(),
        }
        kind = "my_chat_member" if is_me else "chat_member"
        self.queue.put(kind, content, f"chat{chat.id}")
