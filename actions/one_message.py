"""A whole report in one message: the project is found by its name, the rest becomes a draft."""

from dataclasses import replace

from actions.desk import Desk
from actions.duties import may_report, tasks_of
from actions.names import Candidate, find_names
from actions.people import Sayer
from actions.report_facts import report_facts
from actions.status import candidates_for
from actions.talk import Draft, begin, park_live
from flows.card import Button, Card
from flows.form import shortened
from flows.one_message import OneMessage, read_one_message
from flows.report import REPORT, start
from models.database import insert_row
from models.talk import draft as drafts
from rules.rights import Right


def hear_one_message(desk: Desk, sayer: Sayer, words: str) -> bool:
    """False: the words are not of this form, or the person has nothing to report for."""
    told = read_one_message(words)
    if told is None:
        return False
    candidates = _own(desk, sayer)
    if not candidates:
        return False
    matches = find_names(told.project_words, candidates)
    if matches.exact is not None:
        _begin(desk, sayer, matches.exact, told)
        return True
    names = {each.id: each.name for each in candidates}
    _ask_which(desk, sayer, told, [(found, names[found]) for found, _ in matches.likely])
    return True


def _own(desk: Desk, sayer: Sayer) -> list[Candidate]:
    """Those the person reports for; the office may mean any project."""
    if sayer.may(Right.REPORT_FOR_OTHERS):
        return candidates_for(desk, sayer)
    ids = {task.project_id for task in tasks_of(desk, sayer)}
    return [each for each in candidates_for(desk, sayer) if each.id in ids]


def _begin(desk: Desk, sayer: Sayer, project_id: int, told: OneMessage) -> None:
    _, behalf = may_report(desk, sayer, project_id)
    period = desk.office.current_week(desk.now).period
    new = Draft(
        sayer.id,
        sayer.chat_id,
        REPORT.name,
        project_id=project_id,
        period=period,
        thing="message",
        on_behalf_of=behalf,
    )
    known = start(report_facts(desk, project_id, period))
    begin(desk, sayer, replace(new, said={**known, **told.said}))


def _ask_which(desk: Desk, sayer: Sayer, told: OneMessage, likely: list[tuple[int, str]]) -> None:
    """What was said is kept in a draft without a project, so that nothing has to be typed again."""
    texts = desk.texts(sayer.language)
    if not likely:
        desk.send(sayer.chat_id, texts.say("filing.which_unknown", words=told.project_words[:60]))
        return
    park_live(desk, sayer.id)
    insert_row(
        desk.tx,
        drafts,
        person_id=sayer.id,
        chat_id=sayer.chat_id,
        flow=REPORT.name,
        period=desk.office.current_week(desk.now).period,
        thing="message",
        said=list(told.said.items()),
        created_at=desk.now,
        changed_at=desk.now,
    )
    rows = tuple(
        (Button(shortened(name, 30), "r.pick", f"{project_id}."),) for project_id, name in likely
    )
    html = texts.say("filing.which", words=told.project_words[:60])
    desk.send(sayer.chat_id, Card(html, rows))
