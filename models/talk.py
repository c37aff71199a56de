"""Conversations under way: the words said, step by step."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Index, SQLModel, text

from models.columns import Json, TelegramId, table_of


class Draft(SQLModel, table=True):
    """One conversation of one person. At most one is live; the others are parked.

    `said` keeps words by step, in the order they were said; `heard` maps a chat message's id to
    the step it answered, so that an edit of the message corrects the step. `queue` holds the
    projects still to be walked. `card_id` is the outgoing row that shows the card.
    """

    __table_args__ = (
        Index(
            "ix_draft_live",
            "person_id",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    chat_id: int = Field(sa_type=TelegramId)
    flow: str
    project_id: int | None = Field(default=None, foreign_key="project.id", index=True)
    period: str = ""
    thing: str = ""
    on_behalf_of: int | None = Field(default=None, foreign_key="person.id")
    said: list[Any] = Field(default_factory=list, sa_type=Json)
    heard: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    queue: list[Any] = Field(default_factory=list, sa_type=Json)
    done_count: int = 0
    step: str = ""
    rev: int = 0
    card_id: int | None = None
    live: bool = True
    created_at: datetime
    changed_at: datetime


draft = table_of(Draft)
