"""People, groups and topics: who is there, with which rights, and what has been said."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from rehearsal.stage.messages import Message

Json = dict[str, Any]

GENERAL_TOPIC = 1
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    OWNER = "creator"
    ADMIN = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(slots=True)
class Membership:
    """One account in one chat."""

    user: Json
    status: Status = Status.LEFT
    rights: frozenset[str] = frozenset()

    @property
    def is_present(self) -> bool:
        return self.status in (Status.OWNER, Status.ADMIN, Status.MEMBER)

    @property
    def is_admin(self) -> bool:
        return self.status in (Status.OWNER, Status.ADMIN)

    def may(self, right: str) -> bool:
        return self.status is Status.OWNER or (self.is_admin and right in self.rights)

    def as_json(self) -> Json:
        made: Json = {"status": self.status.value, "user": self.user}
        if self.status is Status.OWNER:
            made["is_anonymous"] = False
        elif self.status is Status.ADMIN:
            made |= {"can_be_edited": False, "is_anonymous": False}
            made |= {right: right in self.rights for right in RIGHTS}
        elif self.status is Status.KICKED:
            made["until_date"] = 0
        return made


@dataclass(slots=True)
class Person:
    """An account of a human being, and what the bot has popped up before it."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    has_started: bool = False
    has_blocked: bool = False
    is_deleted: bool = False
    popups: deque[Json] = field(default_factory=lambda: deque(maxlen=100))
    groups: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if value := getattr(self, key):
                user[key] = value
        return user


@dataclass(slots=True)
class Topic:
    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group or a supergroup; ids of messages grow within it."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    is_forum: bool = False
    person: Person | None = None
    members: dict[int, Membership] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: dict[int, Message] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    members_may_pin: bool = False
    bot_is_muted: bool = False
    migrated_to: int | None = None
    is_deleted: bool = False
    last_id: int = 0
    last_sequence: int = 0

    @property
    def is_private(self) -> bool:
        return self.kind is ChatKind.PRIVATE

    def as_json(self) -> Json:
        made: Json = {"id": self.id, "type": self.kind.value}
        if self.person is not None:
            user = self.person.as_user()
            return made | {k: user[k] for k in ("first_name", "last_name", "username") if k in user}
        made["title"] = self.title
        if self.username:
            made["username"] = self.username
        if self.is_forum:
            made["is_forum"] = True
        return made

    def present(self) -> Iterator[Membership]:
        return (member for member in self.members.values() if member.is_present)

    def latest(self, count: int, thread: int | None = None) -> list[Message]:
        """The last messages that still stand, oldest first."""
        standing = (
            message
            for message in reversed(self.messages.values())
            if thread is None or message.thread == thread
        )
        return list(islice(standing, count))[::-1]
