"""Column types that the tables share: exact money, Telegram's large ids, JSON."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Table, TypeDecorator
from sqlmodel import SQLModel

YUAN_IN_WAN = 10_000


class Money(TypeDecorator[Decimal]):
    """Decimal 万元 in Python, whole 元 in the database: SQLite would keep a NUMERIC as a float.

    Amounts finer than one 元 (four decimals of 万元) are rounded half up.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int((value * YUAN_IN_WAN).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / YUAN_IN_WAN


TelegramId = BigInteger
Json = JSON


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model: statements here are Core, the models their shape."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
