"""Occasions of the schedule, bulletins with their frozen facts, and the groups they go to."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import Json, TelegramId, table_of


class OccasionState(StrEnum):
    PLANNED = "planned"  # it was due and what it asks for was done
    SKIPPED = "skipped"  # its moment had passed; the reason says why
    HELD = "held"  # a person has to decide


class Occasion(SQLModel, table=True):
    """One due moment under its calendar name; the row is the proof that it was taken care of."""

    kind: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    due_at: datetime
    planned_at: datetime
    state: str
    reason: str = ""


class BulletinState(StrEnum):
    FROZEN = "frozen"  # the facts as of the cut-off; no text yet
    DRAFTED = "drafted"  # waits for its approver
    RETURNED = "returned"  # the approver wants it otherwise; the office is asked
    APPROVED = "approved"  # text, facts and hash are frozen; being posted
    POSTED = "posted"
    DROPPED = "dropped"


class Bulletin(SQLModel, table=True):
    """One bulletin of a kind and period; a correction is a further revision.

    `facts` is the canonical record of what was frozen, `note` the office's own words on top,
    `rev` grows with every change, so that an old button is known.
    """

    __table_args__ = (UniqueConstraint("kind", "period", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    period: str
    revision: int = 1
    year: int
    number: int
    state: str = BulletinState.FROZEN
    frozen_at: datetime
    facts: str = ""
    facts_sha: str = ""
    due_count: int = 0
    reported_count: int = 0
    parts: list[str] = Field(default_factory=list, sa_type=Json)
    parts_sha: str = ""
    note: str = ""
    is_delayed: bool = False
    drafted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    posted_at: datetime | None = None
    reason: str = ""
    rev: int = 0


class BulletinRemark(SQLModel, table=True):
    """What an approver wrote when returning a bulletin or asking for a change."""

    __tablename__ = "bulletin_remark"

    id: int | None = Field(default=None, primary_key=True)
    bulletin_id: int = Field(foreign_key="bulletin.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str
    words: str
    written_at: datetime


class GroupState(StrEnum):
    ASKED = "asked"  # bound in the group, waits for a second person
    BOUND = "bound"
    LOST = "lost"  # kicked, or the chat is gone
    UNBOUND = "unbound"


class Group(SQLModel, table=True):
    """A group chat bound to an audience; `rev` grows with every change of the binding."""

    __tablename__ = "group_binding"
    __table_args__ = (UniqueConstraint("chat_id", "audience"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=TelegramId, index=True)
    audience: str
    thread_id: int | None = Field(default=None, sa_type=TelegramId)
    title: str = ""
    chat_type: str = ""
    member_count: int | None = None
    state: str = GroupState.ASKED
    trouble: str = ""
    asked_by: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    rev: int = 1


occasion = table_of(Occasion)
bulletin = table_of(Bulletin)
bulletin_remark = table_of(BulletinRemark)
group = table_of(Group)
