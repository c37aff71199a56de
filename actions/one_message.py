"""A whole report in one message: the project is found by its name, the rest becomes a draft."""

from dataclasses import replace

from sqlalchemy import select

from actions.desk import Desk
from actions.drafts import Draft
from actions.duties import may_report, period_to_report, tasks_of, week_in_hand
from actions.names import PREFIX, Candidate, Matches, find_names
from actions.people import Sayer
from actions.report_facts import report_facts
from actions.status import candidates_for
from actions.talk import begin
from flows.card import Button, Card
from flows.form import shortened
from flows.one_message import OneMessage, read_one_message
from flows.report import REPORT, start
from models.database import insert_row
from models.project import project
from models.talk import draft as drafts
from rules.refusal import Refusal
from rules.rights import Right

MOST_OFFERED = 5
"""So many projects are all offered when the name is none of theirs."""


def hear_one_message(desk: Desk, sayer: Sayer, words: str, *, is_talking: bool = False) -> bool:
    """False: the words are not of this form, or the person has nothing to report for.

    In a conversation only words that surely name a project are a report of their own; all others
    are an answer. Refusal: they name a project that is not theirs.
    """
    told = read_one_message(words)
    if told is None:
        return False
    candidates = _own(desk, sayer)
    matches = find_names(told.project_words, candidates)
    if matches.exact is None and _is_of_others(desk, told):
        raise Refusal("filing.not_yours")
    if not candidates or (is_talking and not _is_sure(matches)):
        return False
    if matches.exact is not None:
        _begin(desk, sayer, matches.exact, told)
        return True
    names = {each.id: each.name for each in candidates}
    likely = [(found, names[found]) for found, _ in matches.likely]
    if not likely and len(names) <= MOST_OFFERED:
        likely = list(names.items())
    _ask_which(desk, sayer, told, likely)
    return True


def _own(desk: Desk, sayer: Sayer) -> list[Candidate]:
    """Those the person reports for; the office may mean any project."""
    if sayer.may(Right.REPORT_FOR_OTHERS):
        return candidates_for(desk, sayer)
    ids = {task.project_id for task in tasks_of(desk, sayer)}
    return [each for each in candidates_for(desk, sayer) if each.id in ids]


def _is_of_others(desk: Desk, told: OneMessage) -> bool:
    """Whether it is the full name of a project; only asked when it is none of one's own."""
    rows = desk.tx.execute(select(project.c.id, project.c.name).where(project.c.gone_on.is_(None)))
    everything = [Candidate(row.id, row.name) for row in rows]
    return find_names(told.project_words, everything).exact is not None


def _is_sure(matches: Matches) -> bool:
    return bool(matches.likely) and matches.likely[0][1] >= PREFIX


def _begin(desk: Desk, sayer: Sayer, project_id: int, told: OneMessage) -> None:
    _, behalf = may_report(desk, sayer, project_id)
    period = period_to_report(desk, project_id)
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
    """What was said is kept in a parked draft without a project: nothing is typed again."""
    texts = desk.texts(sayer.language)
    if not likely:
        desk.send(sayer.chat_id, texts.say("filing.which_unknown", words=told.project_words[:60]))
        return
    rows = tuple(
        (Button(shortened(name, 30), "r.pick", str(project_id)),) for project_id, name in likely
    )
    html = texts.say("filing.which", words=told.project_words[:60])
    card_id = desk.send(sayer.chat_id, Card(html, rows))
    insert_row(
        desk.tx,
        drafts,
        card_id=card_id,
        live=False,
        person_id=sayer.id,
        chat_id=sayer.chat_id,
        flow=REPORT.name,
        period=week_in_hand(desk).period,
        thing="message",
        said=list(told.said.items()),
        created_at=desk.now,
        changed_at=desk.now,
    )
