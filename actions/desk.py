"""One transaction's desk: the database, the moment, the office's rules and the out-tray."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from actions.office import Office
from flows.card import Button, Card
from flows.texts import Html, Texts
from models.database import insert_row
from models.edge import OutClass, OutState, audit, file, outbox
from models.parcel import Parcel
from rules.button import pack


@dataclass(frozen=True, slots=True)
class Popup:
    """What a press is answered with at once: at most 200 characters, plain."""

    words: str
    is_alert: bool = False


@dataclass(slots=True)
class Tray:
    """What the transaction puts out; `source` makes the keys of replies unique.

    `replies` are in the outbox as being sent already: the sender takes them from here right after
    the commit and needs no further transaction to find them. Whatever else waits there.
    """

    source: str
    count: int = 0
    popup: Popup | None = None
    replies: list[Parcel] = field(default_factory=list)
    has_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Actions take it first. They read `now` here and nowhere else, and never commit."""

    tx: Connection
    now: datetime
    office: Office
    tray: Tray = field(default_factory=lambda: Tray("work"))
    takes_replies: bool = False
    """Whether a sender waits behind the door for replies; else they wait in the outbox."""

    def send(self, chat_id: int, card: Card | Html, **owed: Any) -> int:
        """A new message; returns the outgoing row's id. `owed` are columns of the outbox."""
        shown = card if isinstance(card, Card) else Card(card)
        return self.owe("sendMessage", chat_id, self._message(chat_id, shown), **owed)

    def edit(self, chat_id: int, card: Card | Html, *, message_id: int = 0, **owed: Any) -> int:
        """The message `message_id`, or that of the outgoing row `target_id`, now reads so."""
        shown = card if isinstance(card, Card) else Card(card)
        payload = self._message(chat_id, shown)
        if message_id:
            payload["message_id"] = message_id
        owed.setdefault("out_class", OutClass.REPEATABLE)
        return self.owe("editMessageText", chat_id, payload, **owed)

    def delete(self, chat_id: int, *, message_id: int = 0, **owed: Any) -> int:
        payload = {"message_id": message_id} if message_id else {}
        owed.setdefault("out_class", OutClass.REPEATABLE)
        return self.owe("deleteMessage", chat_id, payload, **owed)

    def send_file(
        self, chat_id: int, name: str, content: bytes, caption: Html | None = None, **owed: Any
    ) -> int:
        kept = insert_row(self.tx, file, name=name, content=content, created_at=self.now)
        payload: dict[str, Any] = {"document": {"$file": kept}}
        if caption:
            payload |= {"caption": str(caption), "parse_mode": "HTML"}
        owed.setdefault("kind", "file")
        return self.owe("sendDocument", chat_id, payload, **owed)

    def owe(self, method: str, chat_id: int, payload: Mapping[str, Any], **owed: Any) -> int:
        """One call to Telegram, sent after the commit. A `key` that is there already raises."""
        if "key" not in owed:
            owed["key"] = f"{self.tray.source}:{self.tray.count}"
            self.tray.count += 1
        owed.setdefault("out_class", OutClass.TWICE)
        owed.setdefault("kind", "reply")
        is_reply = self.takes_replies and owed["kind"] == "reply" and chat_id > 0
        if is_reply:
            owed |= {"state": OutState.SENDING, "tries": 1}
        row_id = insert_row(
            self.tx,
            outbox,
            method=method,
            chat_id=chat_id,
            payload=dict(payload),
            created_at=self.now,
            **owed,
        )
        if is_reply:
            self.tray.replies.append(
                Parcel(
                    row_id,
                    owed["out_class"],
                    "reply",
                    method,
                    chat_id,
                    {"chat_id": chat_id, **payload},
                    target_id=owed.get("target_id"),
                    replaces_id=owed.get("replaces_id"),
                )
            )
        self.tray.has_waiting |= not is_reply
        return row_id

    def pop(self, words: str, *, is_alert: bool = False) -> None:
        """Answer the press; without it the press is answered silently."""
        self.tray.popup = Popup(words[:200], is_alert)

    def record(self, actor_id: int | None, action: str, thing: str, **details: Any) -> None:
        """The audit line of what this transaction does."""
        self.tx.execute(
            audit.insert().values(
                at=self.now, actor_id=actor_id, action=action, thing=thing, details=details
            )
        )

    def texts(self, language: str = "") -> Texts:
        return self.office.texts(language)

    def _message(self, chat_id: int, card: Card) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "text": str(card.html),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        rows = [[self._button(chat_id, button) for button in row] for row in card.rows if row]
        if rows:
            payload["reply_markup"] = {"inline_keyboard": rows}
        return payload

    def _button(self, chat_id: int, button: Button) -> dict[str, Any]:
        if button.url:
            return {"text": button.label, "url": button.url}
        if button.copy:
            return {"text": button.label, "copy_text": {"text": button.copy[:256]}}
        key = self.office.button_keys[0]
        data = pack(key, chat_id, button.verb, button.thing, button.rev)
        return {"text": button.label, "callback_data": data}


def fingerprint(value: Any) -> str:
    """SHA-256 over canonical JSON: the same facts always have the same fingerprint."""
    words = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
