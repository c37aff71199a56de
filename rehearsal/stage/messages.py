"""One message as it now stands, and the JSON in which bots and people are shown it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.stage import keyboards, rendering

if TYPE_CHECKING:
    from rehearsal.stage.chats import Chat

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Message:
    """Text or caption, with whatever hangs on it; a deleted message leaves its chat's book."""

    id: int
    chat: "Chat"
    date: int
    sender: Json
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Json = field(default_factory=dict)
    service: Json = field(default_factory=dict)
    markup: Json | None = None
    reply_to: "Message | None" = None
    thread: int | None = None
    extras: Json = field(default_factory=dict)
    edit_date: int | None = None
    is_pinned: bool = False
    is_deleted: bool = False
    sequence: int = 0

    @property
    def is_from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    def as_json(self, *, with_reply: bool = True) -> Json:
        """Telegram's Message."""
        made: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.extras,
            **self.media,
            **self.service,
        }
        if self.thread is not None:
            made |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.reply_to is not None and with_reply:
            made["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.edit_date is not None:
            made["edit_date"] = self.edit_date
        if self.text:
            field_name = "caption" if self.media else "text"
            made[field_name] = self.text
            if self.entities:
                made["caption_entities" if self.media else "entities"] = self.entities
        if self.markup and "inline_keyboard" in self.markup:
            made["reply_markup"] = self.markup
        return made

    def as_seen(self) -> Json:
        """What a person's phone shows."""
        sender = self.sender
        return {
            "message_id": self.id,
            "chat_id": self.chat.id,
            "from": {
                "id": sender["id"],
                "name": " ".join(filter(None, (sender["first_name"], sender.get("last_name")))),
                "is_bot": sender["is_bot"],
            },
            "date": self.date,
            "text": self.text,
            "entities": self.entities,
            "html": rendering.html(self.text, self.entities),
            "keyboard": keyboards.labels(self.markup),
            "buttons": (self.markup or {}).get("inline_keyboard", []),
            "media": self.media,
            "service": self.service,
            "reply_to": self.reply_to.id if self.reply_to else None,
            "thread": self.thread,
            "is_edited": self.edit_date is not None,
            "is_pinned": self.is_pinned,
            "is_deleted": self.is_deleted,
            "sequence": self.sequence,
        }
