"""催报: one private message to each who owes something, within quiet hours and caps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from actions.desk import Desk
from actions.duties import Roll, roll_book, tasks_of
from actions.people import on_leave, sayer_by_id
from flows.card import Button, Card
from flows.form import shortened
from flows.texts import Html
from models.edge import OutState, outbox
from models.people import person
from models.project import project_person
from rules.reminder import Owing, is_capped, owings, unanswered
from rules.rhythm import moment
from rules.week import Week

REMINDING = ("reminder", "nudge")
MOST_BUTTONS = 10


@dataclass(frozen=True, slots=True)
class Reminded:
    sent: int
    capped: int
    unreachable: int
    """Projects for which nobody can be written to."""


def remind_all(desk: Desk, week: Week, number: int, until: Any) -> Reminded:
    """The `number`th reminder of a week; useful until `until`, then it expires unsent."""
    return _write_to_all(desk, week, "reminder", f"reminder:{week.period}:{number}", until)


def nudge_all(desk: Desk, by: int, week: Week) -> Reminded:
    """The office's own nudge (催办); each person at most as often a week as the config says."""
    day = desk.office.today(desk.now).isoformat()
    nudged = _write_to_all(desk, week, "nudge", f"nudge:{week.period}:{day}", None)
    desk.record(by, "nudge", f"week:{week.period}", sent=nudged.sent, capped=nudged.capped)
    return nudged


def tell_closed(desk: Desk, week: Week) -> Reminded:
    """After the cut-off: one notice to those who still owe, with a button to file late."""
    return _write_to_all(desk, week, "closed", f"closed:{week.period}", None)


def call_off(desk: Desk, by: int, project_id: int, period: str) -> None:
    """After a report: nobody who owes nothing more is still reminded, whoever wrote it."""
    tied = select(project_person.c.person_id).where(project_person.c.project_id == project_id)
    people = {by, *desk.tx.scalars(tied)}
    away = on_leave(desk.tx, desk.office.today(desk.now))
    people |= {away[each] for each in people & away.keys()} - {None}
    waiting = and_(
        outbox.c.person_id.in_(people),
        outbox.c.kind.in_(REMINDING),
        outbox.c.period == period,
        outbox.c.state == OutState.READY,
    )
    reminded = set(desk.tx.scalars(select(outbox.c.person_id).where(waiting)))
    freed = [each for each in reminded if not _owes(desk, each, period)]
    desk.tx.execute(
        outbox.update()
        .where(waiting, outbox.c.person_id.in_(freed))
        .values(state=OutState.CANCELLED, reason="reported meanwhile")
    )


def _owes(desk: Desk, person_id: int, period: str) -> bool:
    sayer = sayer_by_id(desk.tx, person_id)
    tasks = tasks_of(desk, sayer) if sayer is not None else []
    return any(task.is_owed and task.period == period for task in tasks)


def _write_to_all(desk: Desk, week: Week, kind: str, key: str, until: Any) -> Reminded:
    book = roll_book(desk, week)
    missing = {roll.project_id: roll for roll in book.rolls if not roll.is_reported}
    answering = [roll.answering for roll in missing.values()]
    accounts = _accounts(desk)
    counts = _sent_this_week(desk, week)
    sent = capped = 0
    for owing in owings(answering, book.people):
        account = accounts.get(owing.person_id)
        if account is None:
            continue
        if _is_over(desk, counts.get(owing.person_id, {}), kind):
            capped += 1
            continue
        sent += _write_to(
            desk, week, kind, f"{key}:{owing.person_id}", account, owing, missing, until
        )
    return Reminded(sent, capped, len(unanswered(answering, book.people)))


def _write_to(
    desk: Desk,
    week: Week,
    kind: str,
    key: str,
    account: Any,
    owing: Owing,
    missing: Mapping[int, Roll],
    until: Any,
) -> int:
    if desk.tx.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None:
        return 0
    free_at = _free_at(desk)
    if until is not None and free_at >= until:
        return 0
    card = _card(desk, week, kind, account.language, [missing[i] for i in owing.project_ids])
    desk.send(
        account.telegram_id,
        card,
        key=key,
        kind=kind,
        bulk=True,
        person_id=owing.person_id,
        period=week.period,
        not_before=free_at if free_at > desk.now else None,
        deadline=until,
    )
    return 1


def _free_at(desk: Desk) -> datetime:
    """From when people may be written to: not in quiet hours, and not on a day off."""
    at = desk.office.quiet.quiet_ends(desk.now.astimezone(desk.office.zone))
    on = desk.office.calendar.next_workday(at.date())
    return at if on == at.date() else moment(on, desk.office.quiet.until, desk.office.zone)


def _card(desk: Desk, week: Week, kind: str, language: str, rolls: list[Roll]) -> Card:
    """All the open projects in one message and a button each."""
    texts = desk.texts(language)
    cutoff = week.cutoff_at.astimezone(desk.office.zone)
    lines = [
        texts.say(
            f"reminder.{kind}", count=len(rolls), at=cutoff, first=week.first_on, last=week.last_on
        )
    ]
    lines += [texts.say("reminder.project", project=shortened(r.project, 40)) for r in rolls[:20]]
    if len(rolls) > 20:
        lines.append(texts.say("reminder.more", count=len(rolls) - 20))
    rows: list[tuple[Button, ...]] = []
    if len(rolls) > 1 and kind != "closed":
        rows.append((Button(texts.plain("filing.button_walk", count=len(rolls)), "r.walk"),))
    rows += [
        (Button(shortened(roll.project, 28), "r.open", f"{roll.project_id}.{week.period}"),)
        for roll in rolls[:MOST_BUTTONS]
    ]
    return Card(Html("\n".join(lines)), tuple(rows))


def _accounts(desk: Desk) -> dict[int, Any]:
    rows = desk.tx.execute(
        select(person.c.id, person.c.telegram_id, person.c.language).where(
            person.c.telegram_id.is_not(None)
        )
    )
    return {row.id: row for row in rows}


def _sent_this_week(desk: Desk, week: Week) -> dict[int, dict[str, int]]:
    """How many reminders and nudges each person has had, or is about to have, this week."""
    rows = desk.tx.execute(
        select(outbox.c.person_id, outbox.c.kind, func.count().label("count"))
        .where(
            and_(
                outbox.c.person_id.is_not(None),
                outbox.c.kind.in_(REMINDING),
                outbox.c.period == week.period,
                outbox.c.state.not_in((OutState.CANCELLED, OutState.EXPIRED, OutState.DEAD)),
            )
        )
        .group_by(outbox.c.person_id, outbox.c.kind)
    )
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.person_id, {})[row.kind] = int(row._mapping["count"])
    return counts


def _is_over(desk: Desk, counts: Mapping[str, int], kind: str) -> bool:
    if kind not in REMINDING:
        return False
    if is_capped(sum(counts.values()), desk.office.reminders_per_week):
        return True
    return kind == "nudge" and is_capped(counts.get("nudge", 0), desk.office.nudges_per_week)
