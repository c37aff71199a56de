"""Projects that an import no longer had: asked about one by one, never taken off by themselves."""

from collections.abc import Iterable

from sqlalchemy import select

from actions.desk import Desk
from actions.drafts import Draft
from actions.ledger import leave_list
from actions.people import Sayer
from actions.talk import CONVERSATIONS, Conversation, begin
from flows.card import Button, Card
from flows.flow import Turn
from flows.form import shortened
from flows.leaving import LEAVING, LeavingFacts
from flows.slip import slip
from ledger.changes import Gone
from models.project import project
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Level

MOST_ASKED = 20


def ask_about_gone(desk: Desk, sayer: Sayer, gone: Iterable[Gone], year: int) -> None:
    """One card with a button for each; who presses none keeps them all on their lists."""
    ids = {row.name: row.id for row in desk.tx.execute(select(project.c.id, project.c.name)).all()}
    asked = [each for each in gone if each.level is not None and each.project in ids]
    if not asked:
        return
    texts = desk.texts(sayer.language)
    rows = tuple(
        (
            Button(
                texts.plain("import.button_leave", project=shortened(each.project, 24)),
                "lg.ask",
                f"{ids[each.project]}.{year}.{each.level}",
            ),
        )
        for each in asked[:MOST_ASKED]
    )
    desk.send(sayer.chat_id, Card(texts.say("import.gone", count=len(asked)), rows))


def start_leaving(desk: Desk, sayer: Sayer, thing: str) -> None:
    """The button of one project: its reason is asked first."""
    sayer.must(Right.IMPORT)
    begin(desk, sayer, Draft(sayer.id, sayer.chat_id, LEAVING.name, thing=thing))


def _facts(desk: Desk, draft: Draft) -> LeavingFacts:
    project_id, year, level = draft.thing.split(".")
    name = desk.tx.scalar(select(project.c.name).where(project.c.id == int(project_id)))
    if name is None:
        raise Refusal("talk.moved_on")
    return LeavingFacts(name, int(year), Level(level))


def _card(desk: Desk, sayer: Sayer, draft: Draft, facts: LeavingFacts, now: Turn) -> Card:
    texts = desk.texts(sayer.language)
    return slip(texts, texts.say("import.leaving_title", project=facts.project), now, draft.rev)


def _finish(desk: Desk, sayer: Sayer, draft: Draft, facts: LeavingFacts) -> Card:
    reason = draft.said["reason"] or ""
    leave_list(desk, sayer, facts.project, facts.year, facts.level, reason)
    return Card(desk.texts(sayer.language).say("import.has_left", project=facts.project))


CONVERSATIONS[LEAVING.name] = Conversation(LEAVING, _facts, _card, _finish)
