"""The schedule: which occasions are due, each taken care of once, in its own transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from actions.approval import draft
from actions.bulletins import freeze, newest
from actions.desk import Desk
from actions.duties import roll_book
from actions.people import people_with
from actions.posting import settle_posted
from actions.reminders import remind_all, tell_closed
from actions.rollcall import roll_html
from actions.settings import first_period
from actions.troubles import tell_troubles
from flows.card import Button, Card
from models.bulletin import OccasionState, occasion
from models.database import insert_new
from models.troubles import note_trouble
from rules.terms import Role
from rules.week import Week, week_before

WEEKS_BACK = 3
"""How far back a missed occasion is still noticed after the bot was away."""


@dataclass(frozen=True, slots=True)
class Due:
    kind: str
    period: str
    due_at: datetime


def due_now(desk: Desk) -> list[Due]:
    """Every moment that has come and has no row yet, oldest first."""
    first = first_period(desk)
    if first is None:
        return []
    weeks = [desk.office.current_week(desk.now)]
    for _ in range(WEEKS_BACK):
        weeks.append(desk.office.week(week_before(weeks[-1].period)))
    come = [
        due
        for week in weeks
        if week.period >= first
        for due in occasions(week)
        if due.due_at <= desk.now
    ]
    known = {
        (row.kind, row.period)
        for row in desk.tx.execute(
            select(occasion.c.kind, occasion.c.period).where(occasion.c.period >= weeks[-1].period)
        )
    }
    missing = [due for due in come if (due.kind, due.period) not in known]
    return sorted(missing, key=lambda due: (due.due_at, due.kind))


def occasions(week: Week) -> list[Due]:
    """The week's moments by their calendar names."""
    reminders = [
        Due(f"reminder.{number}", week.period, at) for number, at in enumerate(week.reminders_at, 1)
    ]
    return [
        *reminders,
        Due("cutoff", week.period, week.cutoff_at),
        Due("bulletin", week.period, week.bulletin_at),
    ]


def take_care(desk: Desk, due: Due) -> bool:
    """Do what an occasion asks for; False when somebody else has done it."""
    week = desk.office.week(due.period)
    state, reason = _judge(desk, due, week)
    row = {
        "kind": due.kind,
        "period": due.period,
        "due_at": due.due_at,
        "planned_at": desk.now,
        "state": state,
        "reason": reason,
    }
    if not insert_new(desk.tx, occasion, [row]):
        return False
    if state == OccasionState.SKIPPED:
        return True
    if state == OccasionState.HELD:
        _hold(desk, week)
        return True
    _DOING[due.kind.split(".")[0]](desk, week, due)
    return True


def _judge(desk: Desk, due: Due, week: Week) -> tuple[OccasionState, str]:
    """By rule: a reminder whose moment has passed is dropped, a bulletin too late is held."""
    late = desk.now - due.due_at
    if due.kind.startswith("reminder") and desk.now >= _next_word(week, due.due_at):
        return OccasionState.SKIPPED, "a later moment had come"
    if due.kind.startswith("reminder") and _is_day_off(desk) and due.due_at < week.reminders_at[-1]:
        return OccasionState.SKIPPED, "a day off, and another reminder follows"
    if due.kind == "bulletin" and late > desk.office.late_bulletin:
        return OccasionState.HELD, f"late by {late}"
    return OccasionState.PLANNED, "" if late < timedelta(minutes=15) else f"late by {late}"


def _next_word(week: Week, after: datetime) -> datetime:
    return min(at for at in (*week.reminders_at, week.cutoff_at) if at > after)


def _is_day_off(desk: Desk) -> bool:
    return not desk.office.calendar.is_workday(desk.office.today(desk.now))


def _remind(desk: Desk, week: Week, due: Due) -> None:
    number = int(due.kind.split(".")[1])
    remind_all(desk, week, number, until=_next_word(week, due.due_at))


def _close(desk: Desk, week: Week, due: Due) -> None:
    """Freeze first: what the office and the late ones are told is what was frozen."""
    if newest(desk, week.period) is None:
        freeze(desk, week)
    if desk.now - due.due_at < timedelta(hours=24):
        tell_closed(desk, week)
    book = roll_book(desk, week)
    for each in people_with(desk.tx, Role.OFFICE):
        texts = desk.texts(each.language)
        label = texts.plain("rollcall.button_refresh")
        rows = ((Button(label, "rc.show", week.period),),)
        card = Card(roll_html(desk, book, texts), rows)
        desk.send(each.chat_id, card, key=f"roll:{week.period}:{each.id}", kind="notice")


def _draft(desk: Desk, week: Week, due: Due) -> None:
    is_delayed = desk.now - due.due_at > timedelta(hours=2)
    draft(desk, week, is_delayed=is_delayed)


def _hold(desk: Desk, week: Week) -> None:
    note_trouble(
        desk.tx,
        desk.now,
        f"missed:{week.period}",
        "missed_bulletin",
        first=week.first_on.isoformat(),
        last=week.last_on.isoformat(),
    )


_DOING: dict[str, Callable[[Desk, Week, Due], None]] = {
    "reminder": _remind,
    "cutoff": _close,
    "bulletin": _draft,
}


def settle(desk: Desk) -> int:
    """What the sender's news asks for: posted bulletins are noted, troubles told."""
    return settle_posted(desk) + tell_troubles(desk)
