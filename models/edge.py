"""The durable edge: what came in, what is to go out, files on their way, and the audit."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Index, SQLModel, text

from models.columns import Json, TelegramId, table_of


class InboxState(StrEnum):
    NEW = "new"
    DONE = "done"
    DEAD = "dead"  # could not be parsed or failed for good; an operator may replay it


class Inbox(SQLModel, table=True):
    """One update as Telegram handed it over. `epoch` grows when update ids are used again."""

    __table_args__ = (
        Index(
            "ix_inbox_new",
            "update_id",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
    )

    epoch: int = Field(primary_key=True)
    update_id: int = Field(
        primary_key=True, sa_type=TelegramId, sa_column_kwargs={"autoincrement": False}
    )
    lane: int = Field(sa_type=TelegramId)
    raw: str
    received_at: datetime
    state: str = InboxState.NEW
    tries: int = 0
    reason: str = ""
    done_at: datetime | None = None


class OutState(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"  # it may or may not have arrived
    HELD = "held"  # a person has to decide
    DEAD = "dead"  # Telegram refused it for good
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OutClass(StrEnum):
    """How an unclear outcome is treated."""

    REPEATABLE = "A"  # edits, deletions, menus: repeating changes nothing
    ONCE = "B"  # bulletins: never repeated blindly
    TWICE = "C"  # replies and reminders: one repeat is fine


class Outbox(SQLModel, table=True):
    """One call to Telegram that the bot owes. `payload` holds the call's parameters.

    `target_id` names the outgoing row whose message is edited, deleted, pinned or replied to;
    `after_id` the row that must have been sent before; `replaces_id` the row whose message is
    taken away once this one stands in its place.
    """

    __table_args__ = (
        Index(
            "ix_outbox_open",
            "state",
            "bulk",
            "id",
            sqlite_where=text("state in ('ready','sending')"),
            postgresql_where=text("state in ('ready','sending')"),
        ),
        Index("ix_outbox_person", "person_id", "kind", "period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    out_class: str
    kind: str
    method: str
    chat_id: int = Field(sa_type=TelegramId)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = OutState.READY
    bulk: bool = False
    tries: int = 0
    not_before: datetime | None = None
    deadline: datetime | None = None
    lease_until: datetime | None = None
    message_id: int | None = Field(default=None, sa_type=TelegramId)
    target_id: int | None = None
    after_id: int | None = None
    replaces_id: int | None = None
    group_id: int | None = Field(default=None, foreign_key="group_binding.id")
    group_rev: int | None = None
    bulletin_id: int | None = Field(default=None, foreign_key="bulletin.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    period: str = ""
    reason: str = ""
    created_at: datetime
    sent_at: datetime | None = None


class Trouble(SQLModel, table=True):
    """Something the office should know, told once; healed when it is over."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    kind: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    opened_at: datetime
    told_at: datetime | None = Field(default=None, index=True)
    healed_at: datetime | None = None


class File(SQLModel, table=True):
    """A file to be sent, or a ledger that waits for its confirmation, with what was said of it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    content: bytes
    note: str = ""
    created_at: datetime


class Audit(SQLModel, table=True):
    """Who did what to what, written in the transaction that did it; never edited."""

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int | None = None
    action: str
    thing: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Setting(SQLModel, table=True):
    """A fact about this installation: the bot's id, the first start, the last tick."""

    name: str = Field(primary_key=True)
    value: str


inbox = table_of(Inbox)
outbox = table_of(Outbox)
trouble = table_of(Trouble)
file = table_of(File)
audit = table_of(Audit)
setting = table_of(Setting)
