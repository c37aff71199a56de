"""Facts about this installation that are learnt, not configured."""

from sqlalchemy import Connection, select

from actions.desk import Desk
from models.database import insert_new
from models.edge import setting
from rules.week import week_after

FIRST_PERIOD = "first_period"


def setting_of(tx: Connection, name: str) -> str | None:
    return tx.scalar(select(setting.c.value).where(setting.c.name == name))


def keep_setting(tx: Connection, name: str, value: str) -> None:
    if not insert_new(tx, setting, [{"name": name, "value": value}]):
        tx.execute(setting.update().where(setting.c.name == name).values(value=value))


def first_period(desk: Desk) -> str | None:
    """The first week for which anybody owes anything; None before a ledger was imported."""
    return setting_of(desk.tx, FIRST_PERIOD)


def start_dispatching(desk: Desk) -> str:
    """Called when the first ledger is applied: this week, if nobody has been reminded yet, else
    the next, so that no one is called missing for a week that was nearly over."""
    known = first_period(desk)
    if known is not None:
        return known
    week = desk.office.current_week(desk.now)
    first_word = week.reminders_at[0] if week.reminders_at else week.cutoff_at
    if first_word <= desk.now:
        week = desk.office.week(week_after(week.period))
    keep_setting(desk.tx, FIRST_PERIOD, week.period)
    return week.period
