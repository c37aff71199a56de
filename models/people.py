"""Units, people, their roles, invitations and leave."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.columns import Json, TelegramId, table_of


class PersonState(StrEnum):
    """Whether a person can be reached in a private chat."""

    NOT_JOINED = "not_joined"
    JOINED = "joined"
    BLOCKED = "blocked"  # blocked the bot
    LEFT = "left"  # the office took the account away


class Unit(SQLModel, table=True):
    """责任单位; `position` is the office's own order, never the alphabet's."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str = ""
    position: int = 0
    aliases: list[str] = Field(default_factory=list, sa_type=Json)


class Person(SQLModel, table=True):
    """Someone the office knows; `telegram_id` is empty until the person has joined by a link."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    post: str = ""
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    phone: str = ""
    telegram_id: int | None = Field(default=None, unique=True, sa_type=TelegramId)
    state: str = PersonState.NOT_JOINED
    joined_at: datetime | None = None
    language: str = ""


class PersonRole(SQLModel, table=True):
    __tablename__ = "person_role"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    role: str = Field(primary_key=True)


class Invitation(SQLModel, table=True):
    """A single-use link; only the hash of its code is kept. Without a person it makes an office."""

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="person.id")
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, sa_type=TelegramId)
    revoked_at: datetime | None = None


class Leave(SQLModel, table=True):
    """Days away, both ends included, and who answers meanwhile."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    first_on: date
    last_on: date
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None


class Stranger(SQLModel, table=True):
    """An account that wrote without an invitation, and the day it was last answered."""

    telegram_id: int = Field(
        primary_key=True, sa_type=TelegramId, sa_column_kwargs={"autoincrement": False}
    )
    told_on: date
    seen: int = 0


unit = table_of(Unit)
person = table_of(Person)
person_role = table_of(PersonRole)
invitation = table_of(Invitation)
leave = table_of(Leave)
stranger = table_of(Stranger)
