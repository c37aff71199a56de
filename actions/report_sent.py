"""Handing a report in: it is written down, and the card says what became of it and what is left."""

from actions.desk import Desk
from actions.drafts import Draft, drop, parked_drafts
from actions.duties import Task, roll_book, tasks_of
from actions.people import Sayer
from actions.reminders import call_off
from actions.report_choice import short
from actions.submission import Submission, Written, write_report
from flows.card import Button, Card
from flows.report_facts import ReportFacts
from flows.same import SameFacts
from flows.texts import Html, Texts
from rules.rights import Right

Heading = ReportFacts | SameFacts


def hand_in(desk: Desk, sayer: Sayer, draft: Draft, facts: Heading, given: Submission) -> Card:
    """Other drafts of the same project and week have nothing more to say."""
    written = write_report(desk, sayer, given)
    for other in parked_drafts(desk.tx, sayer.id):
        if (other.project_id, other.period) == (given.project_id, given.period):
            drop(desk, other)
    call_off(desk, sayer.id, given.project_id, given.period)
    left = [task for task in tasks_of(desk, sayer) if task.is_owed]
    missing = _missing(desk, sayer, given)
    texts = desk.texts(sayer.language)
    html = Html("\n".join(_lines(texts, facts, given, written, len(left) or missing)))
    rows = _rows(texts, draft, given, left)
    if missing:
        back = Button(texts.plain("filing.button_for"), "rc.for", f"{given.period}.0")
        rows = ((back,), *rows)
    return Card(html, rows)


def _missing(desk: Desk, sayer: Sayer, given: Submission) -> int:
    """For the office that reports for others: how many projects of the week are still missing."""
    if given.on_behalf_of is None or not sayer.may(Right.REPORT_FOR_OTHERS):
        return 0
    rolls = roll_book(desk, desk.office.week(given.period)).rolls
    return sum(not roll.is_reported for roll in rolls)


def _lines(
    texts: Texts, facts: Heading, given: Submission, written: Written, left: int
) -> list[Html]:
    days = texts.plain("filing.days", first=facts.first_on, last=facts.last_on)
    key = "filing.sent_same" if given.way == "same" else "filing.sent"
    lines = [texts.say(key, project=facts.project, period=days)]
    if given.is_stalled:
        lines.append(texts.say("filing.marked_stalled"))
    if facts.on_behalf_of:
        lines.append(texts.say("filing.sent_for", name=facts.on_behalf_of))
    if written.is_late:
        lines.append(texts.say("filing.sent_late"))
    if written.is_revision and isinstance(facts, ReportFacts) and facts.frozen:
        lines.append(texts.say("filing.sent_revision"))
    lines.append(texts.say("filing.left", count=left) if left else texts.say("filing.all_done"))
    return lines


def _rows(
    texts: Texts, draft: Draft, given: Submission, left: list[Task]
) -> tuple[tuple[Button, ...], ...]:
    """While several are walked, the next one comes by itself."""
    this = f"{given.project_id}.{given.period}"
    change = (Button(texts.plain("filing.button_change"), "r.open", this),)
    if not left or draft.queue:
        return (change,)
    label = texts.plain("filing.button_next", project=short(left[0].project))
    following = f"{left[0].project_id}.{left[0].period}"
    return (Button(label, "r.open", following),), change
