"""点名: who has reported and who has not, live and by unit; nudging, reporting for others."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.desk import Desk
from actions.duties import Roll, RollBook, roll_book, week_in_hand
from actions.people import Sayer
from actions.reminders import nudge_all
from flows.card import Button, Card, folded
from flows.form import shortened
from flows.texts import Html, Texts
from reports.list_book import list_book
from rules.refusal import Refusal
from rules.reminder import who_answers
from rules.rights import Right
from rules.week import Week, is_period, week_after, week_before

PAGE = 8


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    missing: list[Roll]
    due: int


def show_rollcall(desk: Desk, sayer: Sayer, period: str = "") -> Card:
    sayer.must(Right.ROLLCALL)
    week = desk.office.week(period) if is_period(period) else week_in_hand(desk)
    texts = desk.texts(sayer.language)
    return Card(roll_html(desk, roll_book(desk, week), texts), _rows(desk, sayer, week, texts))


def roll_html(desk: Desk, book: RollBook, texts: Texts) -> Html:
    week, rolls = book.week, book.rolls
    reported = [roll for roll in rolls if roll.is_reported]
    missing = [roll for roll in rolls if not roll.is_reported]
    cutoff = week.cutoff_at.astimezone(desk.office.zone)
    lines = [
        texts.say("rollcall.title", first=week.first_on, last=week.last_on),
        texts.say(
            "rollcall.counts",
            due=len(rolls),
            reported=len(reported),
            late=sum(roll.is_late for roll in reported),
            draft=sum(roll.has_draft for roll in missing),
            missing=len(missing),
        ),
        texts.say("rollcall.closed" if desk.now >= cutoff else "rollcall.closes", at=cutoff),
    ]
    if not rolls:
        lines.append(texts.say("rollcall.nothing_due"))
    if missing:
        named = [_unit_line(book, each, texts) for each in _by_unit(rolls)]
        lines += [texts.say("rollcall.missing_title"), folded(named)]
    if not desk.office.calendar.is_confirmed(week.last_on.year):
        lines.append(texts.say("rollcall.unconfirmed", year=week.last_on.year))
    return Html("\n".join(lines))


def _by_unit(rolls: Iterable[Roll]) -> list[_Unit]:
    units: dict[str, _Unit] = {}
    for roll in rolls:
        missing = [] if roll.is_reported else [roll]
        known = units.get(roll.unit, _Unit(roll.unit, [], 0))
        units[roll.unit] = _Unit(roll.unit, known.missing + missing, known.due + 1)
    return [each for each in units.values() if each.missing]


def _unit_line(book: RollBook, each: _Unit, texts: Texts) -> Html:
    lines = [texts.say("rollcall.unit", unit=each.name, due=each.due, missing=len(each.missing))]
    lines += [
        texts.say(
            "rollcall.project", project=shortened(roll.project, 30), state=_state(book, roll, texts)
        )
        for roll in each.missing
    ]
    return Html("\n".join(lines))


def _state(book: RollBook, roll: Roll, texts: Texts) -> str:
    """Who is to be asked, or why the first of the project's people cannot be."""
    people = [*roll.answering.contacts, *roll.answering.responsible]
    if not people:
        return texts.plain("rollcall.nobody")
    first = people[0]
    asked = who_answers(roll.answering, book.people)
    names = {"name": book.names[asked or first], "away": book.names[first]}
    if roll.has_draft:
        return texts.plain("rollcall.has_draft", **names)
    if asked is not None:
        is_deputy = asked not in people
        return texts.plain("rollcall.deputised" if is_deputy else "rollcall.is_missing", **names)
    return texts.plain(f"rollcall.{_why_silent(book, first)}", **names)


def _why_silent(book: RollBook, person_id: int) -> str:
    if book.people[person_id].on_leave:
        return "on_leave"
    return "is_blocked" if person_id in book.blocked else "not_joined"


def _rows(desk: Desk, sayer: Sayer, week: Week, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    period = week.period
    last = Button(texts.plain("rollcall.button_last"), "rc.show", week_before(period))
    following = Button(texts.plain("rollcall.button_next"), "rc.show", week_after(period))
    is_current = period == week_in_hand(desk).period
    refresh = Button(texts.plain("rollcall.button_refresh"), "rc.show", period)
    rows: list[tuple[Button, ...]] = [(refresh,)]
    if sayer.may(Right.NUDGE) and is_current:
        rows.append((Button(texts.plain("rollcall.button_nudge"), "rc.nudge", period),))
    if sayer.may(Right.REPORT_FOR_OTHERS):
        rows.append((Button(texts.plain("rollcall.button_for"), "rc.for", f"{period}.0"),))
    rows.append((Button(texts.plain("rollcall.button_file"), "rc.file", period),))
    rows.append((last,) if is_current else (last, following))
    return tuple(rows)


def give_roll_file(desk: Desk, sayer: Sayer, period: str) -> None:
    """The whole roll as a list: a card has room for some forty projects only."""
    sayer.must(Right.ROLLCALL)
    texts = desk.texts(sayer.language)
    book = roll_book(desk, desk.office.week(period))
    titles = [texts.plain(f"rollcall.column_{name}") for name in ("unit", "project", "state")]
    done = texts.plain("rollcall.reported")
    table = [
        [roll.unit, roll.project, done if roll.is_reported else _state(book, roll, texts)]
        for roll in book.rolls
    ]
    name = texts.plain("rollcall.file", period=period)
    desk.send_file(sayer.chat_id, name, list_book(titles, table))


def nudge_missing(desk: Desk, sayer: Sayer, period: str) -> None:
    """催办: one private message to each who owes, within quiet hours and caps; says what it did."""
    sayer.must(Right.NUDGE)
    if period != week_in_hand(desk).period:
        raise Refusal("talk.moved_on")
    nudged = nudge_all(desk, sayer.id, desk.office.week(period))
    words = desk.texts(sayer.language).plain(
        "rollcall.nudged", sent=nudged.sent, capped=nudged.capped, unreachable=nudged.unreachable
    )
    desk.pop(words, is_alert=True)


def choose_for(desk: Desk, sayer: Sayer, period: str, page: int) -> Card:
    """代报: the projects that have not been reported, a button each, paged."""
    sayer.must(Right.REPORT_FOR_OTHERS)
    texts = desk.texts(sayer.language)
    missing = [r for r in roll_book(desk, desk.office.week(period)).rolls if not r.is_reported]
    if not missing:
        return Card(texts.say("rollcall.nothing_missing"))
    pages = (len(missing) - 1) // PAGE + 1
    page = min(max(page, 0), pages - 1)
    shown = missing[page * PAGE : (page + 1) * PAGE]
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{shortened(roll.project, 22)} · {shortened(roll.unit, 8)}",
                "r.open",
                f"{roll.project_id}.{period}",
            ),
        )
        for roll in shown
    ]
    turns = []
    if page:
        turns.append(Button("◀", "rc.for", f"{period}.{page - 1}"))
    if page < pages - 1:
        turns.append(Button("▶", "rc.for", f"{period}.{page + 1}"))
    back = Button(texts.plain("rollcall.button_back"), "rc.show", period)
    rows.append((*turns, back))
    html = texts.say("rollcall.choose_for", count=len(missing), page=page + 1, pages=pages)
    return Card(html, tuple(rows))
