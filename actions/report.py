"""填报: which projects to report for, the conversation of one, and walking through several."""

from dataclasses import replace

from actions.desk import Desk
from actions.drafts import (
    Draft,
    draft_behind,
    draft_by_id,
    draft_for,
    enliven,
    is_shown,
    live_draft,
    park_live,
    parked_drafts,
)
from actions.duties import may_report, period_to_report, tasks_of, week_in_hand
from actions.people import Sayer, names_of
from actions.pressed import id_in, project_and_week
from actions.report_choice import choice_card
from actions.report_facts import existing, report_facts, same_facts
from actions.report_sent import hand_in
from actions.submission import Submission
from actions.talk import CONVERSATIONS, Conversation, begin, move_on, pressed, resume
from flows.card import Button, Card
from flows.flow import Ask, Turn, turn
from flows.form import form
from flows.report import REPORT, content, start
from flows.report_facts import ReportContent, ReportFacts
from flows.same import SAME, SameFacts, same_content
from flows.texts import Html
from models.talk import draft as drafts
from rules.button import Press
from rules.refusal import Refusal
from rules.rights import Right


def open_reports(desk: Desk, sayer: Sayer) -> None:
    """`/report`: the conversation under way, else the one project owed, else the choice."""
    draft = live_draft(desk.tx, sayer.id)
    if draft is not None and not _is_of_an_old_week(desk, draft):
        return resume(desk, sayer, draft)
    park_live(desk, sayer.id)
    tasks = tasks_of(desk, sayer)
    if not tasks and not sayer.may(Right.REPORT):
        raise Refusal("filing.not_a_reporter")
    owed = [task for task in tasks if task.is_owed]
    if len(owed) == 1 and not parked_drafts(desk.tx, sayer.id):
        return open_report(desk, sayer, owed[0].project_id, owed[0].period)
    desk.send(sayer.chat_id, choice_card(desk, sayer, tasks))
    return None


def _is_of_an_old_week(desk: Desk, draft: Draft) -> bool:
    """Left lying while the weeks went on: it is offered, but does not stand in this week's way."""
    return bool(draft.period) and draft.period < week_in_hand(desk).period


def open_report(
    desk: Desk,
    sayer: Sayer,
    project_id: int,
    period: str,
    message_id: int = 0,
    queue: tuple[str, ...] = (),
    done_count: int = 0,
) -> None:
    """Begin (or go on with) the report of one project for one week."""
    behalf = _must_report(desk, sayer, project_id)
    known = draft_for(desk.tx, sayer.id, REPORT.name, project_id, period)
    if known is not None:
        enliven(desk.tx, known)
        return resume(desk, sayer, replace(known, queue=queue, done_count=done_count), message_id)
    new = Draft(
        person_id=sayer.id,
        chat_id=sayer.chat_id,
        flow=REPORT.name,
        project_id=project_id,
        period=period,
        on_behalf_of=behalf,
        queue=queue,
        done_count=done_count,
    )
    facts = _report_facts(desk, new)
    begin(desk, sayer, replace(new, said=start(facts)), message_id)
    return None


def _must_report(desk: Desk, sayer: Sayer, project_id: int) -> int | None:
    """On whose behalf; Refusal when the person has nothing to do with the project."""
    may, behalf = may_report(desk, sayer, project_id)
    if not may:
        raise Refusal("filing.not_yours")
    return behalf


def resume_parked(desk: Desk, sayer: Sayer, draft_id: int, message_id: int) -> None:
    found = draft_by_id(desk.tx, draft_id)
    if found is None or found.person_id != sayer.id:
        raise Refusal("talk.nothing_open")
    enliven(desk.tx, found)
    resume(desk, sayer, found, message_id)


def walk(desk: Desk, sayer: Sayer, message_id: int = 0) -> None:
    """All that is owed, one project after another, with a count."""
    owed = [task for task in tasks_of(desk, sayer) if task.is_owed]
    if not owed:
        desk.pop(desk.texts(sayer.language).plain("filing.all_done"))
        return
    queue = tuple(f"{task.project_id}.{task.period}" for task in owed[1:])
    open_report(desk, sayer, owed[0].project_id, owed[0].period, message_id, queue, 0)


def press_report(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> None:
    """Every button whose verb begins with `r.`."""
    match press.verb:
        case "r.start":
            return open_reports(desk, sayer)
        case "r.walk":
            return walk(desk, sayer, message_id)
        case "r.resume":
            return resume_parked(desk, sayer, id_in(press.thing), message_id)
        case "r.pick":
            return pick(desk, sayer, id_in(press.thing), message_id)
        case "r.same":
            return same_as_last(desk, sayer, *project_and_week(press.thing), press.rev, message_id)
        case "r.open":
            return open_report(desk, sayer, *project_and_week(press.thing), message_id)
    return pressed(desk, sayer, press, message_id)


def pick(desk: Desk, sayer: Sayer, project_id: int, message_id: int) -> None:
    """The project that a message with everything meant, chosen from those it may have meant."""
    draft = draft_behind(desk.tx, sayer.id, message_id)
    if draft is None or draft.project_id is not None:
        raise Refusal("talk.moved_on")
    enliven(desk.tx, draft)
    found = replace(
        draft,
        project_id=project_id,
        on_behalf_of=_must_report(desk, sayer, project_id),
        period=period_to_report(desk, project_id),
    )
    desk.tx.execute(
        drafts.update()
        .where(drafts.c.id == draft.id)
        .values(project_id=found.project_id, on_behalf_of=found.on_behalf_of, period=found.period)
    )
    resume(desk, sayer, found, message_id)


def same_as_last(
    desk: Desk, sayer: Sayer, project_id: int, period: str, rev: int, message_id: int
) -> None:
    """与上周一致: done at once while it is allowed, else the one question is asked."""
    behalf = _must_report(desk, sayer, project_id)
    live = live_draft(desk.tx, sayer.id)
    if existing(desk.tx, project_id, period) is not None:
        raise Refusal("talk.moved_on")
    if live is not None and not is_shown(desk.tx, live, rev, message_id):
        # What was answered since that card was shown is not thrown away by it.
        return move_on(desk, sayer, live)
    queue: tuple[str, ...] = ()
    done_count = 0
    if live is not None and (live.project_id, live.period) == (project_id, period):
        queue, done_count = live.queue, live.done_count
        desk.tx.execute(drafts.delete().where(drafts.c.id == live.id))
    new = Draft(
        person_id=sayer.id,
        chat_id=sayer.chat_id,
        flow=SAME.name,
        project_id=project_id,
        period=period,
        on_behalf_of=behalf,
        queue=queue,
        done_count=done_count,
    )
    facts = _same_facts(desk, new)
    if isinstance(turn(SAME, {}, facts), Ask):
        return begin(desk, sayer, new, message_id)
    card = _finish_same(desk, sayer, new, facts)
    if message_id:
        desk.edit(sayer.chat_id, card, message_id=message_id)
    else:
        desk.send(sayer.chat_id, card)
    _next_in_queue(desk, sayer, new)
    return None


def _behalf_name(desk: Desk, draft: Draft) -> str | None:
    if draft.on_behalf_of is None or draft.on_behalf_of == draft.person_id:
        return None
    return names_of(desk.tx, [draft.on_behalf_of]).get(draft.on_behalf_of)


def _report_facts(desk: Desk, draft: Draft) -> ReportFacts:
    if draft.project_id is None:
        raise Refusal("filing.no_project")
    return report_facts(desk, draft.project_id, draft.period, _behalf_name(desk, draft))


def _same_facts(desk: Desk, draft: Draft) -> SameFacts:
    if draft.project_id is None:
        raise Refusal("filing.no_project")
    return same_facts(desk, draft.project_id, draft.period, _behalf_name(desk, draft))


def _card(desk: Desk, sayer: Sayer, draft: Draft, facts: ReportFacts, now: Turn) -> Card:
    texts = desk.texts(sayer.language)
    shown = _counted(desk, sayer, draft, form(texts, facts, now, draft.rev))
    is_fresh = not draft.said and isinstance(now, Ask)
    if facts.last is None or not is_fresh:
        return shown
    thing = f"{facts.project_id}.{facts.period}"
    same = Button(texts.plain("filing.button_same"), "r.same", thing, draft.rev)
    return Card(shown.html, ((same,), *shown.rows))


def _same_card(desk: Desk, sayer: Sayer, draft: Draft, facts: SameFacts, now: Turn) -> Card:
    shown = form(desk.texts(sayer.language), facts, now, draft.rev)
    return _counted(desk, sayer, draft, shown)


def _counted(desk: Desk, sayer: Sayer, draft: Draft, shown: Card) -> Card:
    """第 2 个,共 5 个: only while several are walked."""
    total = draft.done_count + 1 + len(draft.queue)
    if total == 1:
        return shown
    line = desk.texts(sayer.language).say("filing.nth", nth=draft.done_count + 1, total=total)
    return Card(Html(f"{line}\n{shown.html}"), shown.rows)


def _finish_report(desk: Desk, sayer: Sayer, draft: Draft, facts: ReportFacts) -> Card:
    assert draft.project_id is not None
    _must_report(desk, sayer, draft.project_id)
    return hand_in(
        desk,
        sayer,
        draft,
        facts,
        Submission(
            draft.project_id,
            draft.period,
            content(facts, draft.said),
            draft.said,
            way=draft.thing or "steps",
            on_behalf_of=draft.on_behalf_of,
            draft_id=draft.id,
        ),
    )


def _finish_same(desk: Desk, sayer: Sayer, draft: Draft, facts: SameFacts) -> Card:
    assert draft.project_id is not None
    _must_report(desk, sayer, draft.project_id)
    if existing(desk.tx, draft.project_id, draft.period) is not None:
        raise Refusal("talk.moved_on")
    told = same_content(facts, draft.said)
    last = facts.last
    return hand_in(
        desk,
        sayer,
        draft,
        facts,
        Submission(
            draft.project_id,
            draft.period,
            ReportContent(last.progress, (), last.done, last.plan, ()),
            {"progress": last.progress, "done": last.done, "plan": last.plan, "obstacle": "none"},
            way="same",
            on_behalf_of=draft.on_behalf_of,
            same_in_a_row=last.same_in_a_row + 1,
            is_stalled=told.stalled,
            stalled_factor=told.factor or "",
            stalled_words=told.words or "",
        ),
    )


def _next_in_queue(desk: Desk, sayer: Sayer, draft: Draft) -> None:
    """The next project that is walked; one that was reported meanwhile is passed over."""
    if not draft.queue:
        return
    waiting = list(draft.queue)
    owed = {f"{t.project_id}.{t.period}" for t in tasks_of(desk, sayer) if t.is_owed}
    while waiting:
        following = waiting.pop(0)
        if following not in owed:
            continue
        project_id, _, period = following.partition(".")
        open_report(desk, sayer, int(project_id), period, 0, tuple(waiting), draft.done_count + 1)
        return


CONVERSATIONS[REPORT.name] = Conversation(
    REPORT, _report_facts, _card, _finish_report, _next_in_queue
)
CONVERSATIONS[SAME.name] = Conversation(SAME, _same_facts, _same_card, _finish_same, _next_in_queue)
