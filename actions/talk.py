"""Any conversation under way: its draft is read, one thing is heard, the card is shown again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from actions.desk import Desk
from actions.people import Sayer
from flows.card import Card
from flows.flow import Ask, Flow, Said, Turn, turn
from flows.keyboard import BACK, DROP, FIX, LAST, PARK, SAY, SEND, SKIP, verb_of
from flows.talk import back, correct, hear, hear_again, hear_no_words, hear_suggestion, skip
from models.database import insert_row
from models.edge import outbox
from models.report import photo
from models.talk import draft as drafts
from rules.button import Press
from rules.refusal import Refusal

MOST_HEARD = 60
"""How many chat messages of one draft can still be corrected by editing them."""
MOST_TEXT = 4096
"""A phone cuts what is longer into several messages."""
_CUT = "cut"
"""The key in `heard` of the last message that a phone has cut off."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A conversation as it is kept; frozen, saved anew after each turn."""

    person_id: int
    chat_id: int
    flow: str
    id: int = 0
    project_id: int | None = None
    period: str = ""
    thing: str = ""
    on_behalf_of: int | None = None
    said: Said = field(default_factory=dict)
    heard: Mapping[str, str] = field(default_factory=dict)
    queue: tuple[str, ...] = ()
    done_count: int = 0
    step: str = ""
    rev: int = 0
    card_id: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What makes one kind of conversation: its flow, its facts, its card and its end."""

    flow: Flow[Any]
    facts: Callable[[Desk, Draft], Any]
    card: Callable[[Desk, Sayer, Draft, Any, Turn], Card]
    finish: Callable[[Desk, Sayer, Draft, Any], Card]
    """Does what was talked about and returns what the card says from then on."""
    after: Callable[[Desk, Sayer, Draft], None] = lambda desk, sayer, draft: None
    """What goes on then: the next project that is walked."""


CONVERSATIONS: dict[str, Conversation] = {}
"""By the name of the flow; each conversation's module puts itself in."""

_LIVE = select(drafts).where(drafts.c.person_id == bindparam("person"), drafts.c.live)
_SAVE = (
    drafts.update()
    .where(drafts.c.id == bindparam("row_id"), drafts.c.rev == bindparam("old_rev"))
    .values(
        said=bindparam("new_said"),
        heard=bindparam("new_heard"),
        step=bindparam("new_step"),
        rev=bindparam("new_rev"),
        card_id=bindparam("new_card"),
        queue=bindparam("new_queue"),
        done_count=bindparam("new_count"),
        changed_at=bindparam("at"),
        live=True,
    )
)


def live_draft(tx: Connection, person_id: int) -> Draft | None:
    row = tx.execute(_LIVE, {"person": person_id}).first()
    return None if row is None else _draft(row)


def draft_by_id(tx: Connection, draft_id: int) -> Draft | None:
    row = tx.execute(select(drafts).where(drafts.c.id == draft_id)).first()
    return None if row is None else _draft(row)


def parked_drafts(tx: Connection, person_id: int) -> list[Draft]:
    """Those of reports whose project is known, newest first."""
    rows = tx.execute(
        select(drafts)
        .where(
            drafts.c.person_id == person_id,
            drafts.c.live.is_(False),
            drafts.c.project_id.is_not(None),
        )
        .order_by(drafts.c.changed_at.desc())
    )
    return [_draft(row) for row in rows]


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        person_id=row.person_id,
        chat_id=row.chat_id,
        flow=row.flow,
        id=row.id,
        project_id=row.project_id,
        period=row.period,
        thing=row.thing,
        on_behalf_of=row.on_behalf_of,
        said=dict(row.said),
        heard=row.heard,
        queue=tuple(row.queue),
        done_count=row.done_count,
        step=row.step,
        rev=row.rev,
        card_id=row.card_id,
    )


def begin(desk: Desk, sayer: Sayer, new: Draft, message_id: int = 0) -> None:
    """Start a conversation; one that was under way is parked, not lost."""
    park_live(desk, sayer.id)
    draft_id = insert_row(
        desk.tx,
        drafts,
        person_id=new.person_id,
        chat_id=new.chat_id,
        flow=new.flow,
        project_id=new.project_id,
        period=new.period,
        thing=new.thing,
        on_behalf_of=new.on_behalf_of,
        said=list(new.said.items()),
        queue=list(new.queue),
        done_count=new.done_count,
        created_at=desk.now,
        changed_at=desk.now,
    )
    resume(desk, sayer, replace(new, id=draft_id), message_id)


def park_live(desk: Desk, person_id: int) -> bool:
    done = desk.tx.execute(
        drafts.update()
        .where(drafts.c.person_id == person_id, drafts.c.live)
        .values(live=False, changed_at=desk.now)
    )
    return done.rowcount > 0


def resume(
    desk: Desk,
    sayer: Sayer,
    draft: Draft,
    message_id: int = 0,
    complaint: Refusal | None = None,
) -> None:
    """Show the question that is open now, whatever happened in between."""
    talk = CONVERSATIONS[draft.flow]
    facts = talk.facts(desk, draft)
    now = replace(turn(talk.flow, draft.said, facts), complaint=complaint)
    _show(desk, sayer, draft, facts, now, message_id)


def drop(desk: Desk, draft: Draft) -> None:
    """With the photos that no report has taken: another draft may get the same number."""
    desk.tx.execute(photo.delete().where(photo.c.draft_id == draft.id, photo.c.report_id.is_(None)))
    desk.tx.execute(drafts.delete().where(drafts.c.id == draft.id))


def hear_words(desk: Desk, sayer: Sayer, draft: Draft, words: str, message_id: int) -> None:
    """An answer typed in the chat, or a button's label typed instead of pressing it."""
    is_rest = draft.heard.get(_CUT) == str(message_id - 1)
    if is_rest and len(words) < MOST_TEXT:
        return  # The end of a message that was refused as too long is no answer of its own.
    talk = CONVERSATIONS[draft.flow]
    facts = talk.facts(desk, draft)
    asked = turn(talk.flow, draft.said, facts)
    verb = verb_of(words)
    if verb is not None and not _is_choice(asked, words):
        act(desk, sayer, draft, Press(verb, "", draft.rev), facts=facts)
        return
    if _has_changed(draft, asked):
        _show(desk, sayer, draft, facts, asked)
        return
    said, now = hear(talk.flow, draft.said, facts, words)
    heard = dict(draft.heard)
    if isinstance(asked, Ask):
        heard[str(message_id)] = asked.step
        heard = dict(list(heard.items())[-MOST_HEARD:])
    if len(words) >= MOST_TEXT:
        heard[_CUT] = str(message_id)
    _show(desk, sayer, replace(draft, said=said, heard=heard), facts, now)


def _has_changed(draft: Draft, asked: Turn) -> bool:
    """Whether another question is open than the card shows: a night or a cut-off came between,
    and what is said now would answer what was never asked."""
    return draft.card_id is not None and draft.step != (
        asked.step if isinstance(asked, Ask) else ""
    )


def _is_choice(asked: Turn, words: str) -> bool:
    """Whether the words are an answer offered by the question itself, not a button's label."""
    return isinstance(asked, Ask) and any(choice.words == words for choice in asked.choices)


def hear_edit(desk: Desk, sayer: Sayer, words: str, message_id: int) -> bool:
    """An edited chat message corrects the step it answered; False: no such answer is open."""
    draft = live_draft(desk.tx, sayer.id)
    step = draft.heard.get(str(message_id)) if draft else None
    if draft is None or step is None:
        return False
    talk = CONVERSATIONS[draft.flow]
    facts = talk.facts(desk, draft)
    said, now = hear_again(talk.flow, draft.said, facts, step, words)
    _show(desk, sayer, replace(draft, said=said), facts, now)
    return True


def hear_nothing(desk: Desk, sayer: Sayer) -> bool:
    """A voice message or a sticker came where words are asked."""
    draft = live_draft(desk.tx, sayer.id)
    if draft is None:
        return False
    talk = CONVERSATIONS[draft.flow]
    facts = talk.facts(desk, draft)
    said, now = hear_no_words(talk.flow, draft.said, facts)
    _show(desk, sayer, replace(draft, said=said), facts, now)
    return True


def pressed(desk: Desk, sayer: Sayer, press: Press, message_id: int) -> None:
    """A button of a conversation's card; an old one says so and brings the current card."""
    draft = live_draft(desk.tx, sayer.id)
    if draft is None:
        desk.pop(desk.texts(sayer.language).plain("talk.nothing_open"), is_alert=True)
        return
    if not is_shown(desk.tx, draft, press.rev, message_id):
        move_on(desk, sayer, draft)
        return
    act(desk, sayer, draft, press, message_id)


def is_shown(tx: Connection, draft: Draft, rev: int, message_id: int) -> bool:
    """Whether this message is the draft's card as it stands now.

    Two drafts can come to the same revision, so the message counts as well; it is not known yet
    in the moment between a card's arrival and the note of it.
    """
    shown = _message_of(tx, draft.card_id)
    return rev == draft.rev and shown in (None, message_id)


def _message_of(tx: Connection, card_id: int | None) -> int | None:
    row = tx.execute(
        select(outbox.c.message_id, outbox.c.payload).where(outbox.c.id == card_id)
    ).first()
    return None if row is None else row.message_id or row.payload.get("message_id")


def move_on(desk: Desk, sayer: Sayer, draft: Draft) -> None:
    """An old button: said so, and the current card is brought."""
    desk.pop(desk.texts(sayer.language).plain("talk.moved_on"))
    resume(desk, sayer, draft)


def draft_behind(tx: Connection, person_id: int, message_id: int) -> Draft | None:
    """The person's draft, live or parked, whose card is this message, as far as that is noted."""
    is_it = outbox.c.message_id == message_id
    row = tx.execute(
        select(drafts)
        .join(outbox, outbox.c.id == drafts.c.card_id)
        .where(drafts.c.person_id == person_id, or_(is_it, outbox.c.message_id.is_(None)))
        .order_by(outbox.c.message_id.is_(None), drafts.c.id.desc())
    ).first()
    return None if row is None else _draft(row)


def act(
    desk: Desk, sayer: Sayer, draft: Draft, press: Press, message_id: int = 0, facts: Any = None
) -> None:
    """What a button's verb does, pressed or typed; `facts` when they are known already."""
    talk = CONVERSATIONS[draft.flow]
    if press.verb == PARK:
        return _park(desk, sayer, draft, message_id)
    if press.verb == DROP:
        return _drop(desk, sayer, draft, message_id)
    facts = facts or talk.facts(desk, draft)
    if press.verb == SEND:
        return _finish(desk, sayer, draft, facts, message_id)
    if press.verb in (SAY, LAST, SKIP):
        asked = turn(talk.flow, draft.said, facts)
        if _has_changed(draft, asked):
            return _show(desk, sayer, draft, facts, asked, message_id)
    said, now = _turned(talk.flow, draft.said, facts, press)
    return _show(desk, sayer, replace(draft, said=said), facts, now, message_id)


def _turned(flow: Flow[Any], said: Said, facts: Any, press: Press) -> tuple[Said, Turn]:
    match press.verb:
        case v if v == SAY:
            return hear(flow, said, facts, press.thing)
        case v if v == LAST:
            return hear_suggestion(flow, said, facts)
        case v if v == BACK:
            return back(flow, said, facts)
        case v if v == SKIP:
            return skip(flow, said, facts)
        case v if v == FIX:
            return correct(flow, said, facts, press.thing)
    raise Refusal("talk.moved_on")


def _finish(desk: Desk, sayer: Sayer, draft: Draft, facts: Any, message_id: int) -> None:
    talk = CONVERSATIONS[draft.flow]
    now = turn(talk.flow, draft.said, facts)
    if isinstance(now, Ask):
        # Facts changed under the form: what is missing now is asked instead of sending half.
        return _show(desk, sayer, draft, facts, now, message_id)
    last_words = talk.finish(desk, sayer, draft, facts)
    drop(desk, draft)
    _close(desk, draft, last_words, message_id)
    talk.after(desk, sayer, draft)
    return None


def _park(desk: Desk, sayer: Sayer, draft: Draft, message_id: int) -> None:
    park_live(desk, sayer.id)
    _close(desk, draft, Card(desk.texts(sayer.language).say("talk.parked")), message_id)


def _drop(desk: Desk, sayer: Sayer, draft: Draft, message_id: int) -> None:
    drop(desk, draft)
    _close(desk, draft, Card(desk.texts(sayer.language).say("talk.dropped")), message_id)


def _close(desk: Desk, draft: Draft, card: Card, message_id: int) -> None:
    """The card says its last words where the person is looking."""
    if message_id:
        desk.edit(draft.chat_id, card, message_id=message_id)
        return
    desk.send(draft.chat_id, card, replaces_id=draft.card_id)


def _show(
    desk: Desk, sayer: Sayer, draft: Draft, facts: Any, now: Turn, message_id: int = 0
) -> None:
    """Keep what was said and show the card: in place after a press, below after typed words."""
    shown = replace(draft, rev=draft.rev + 1, step=now.step if isinstance(now, Ask) else "")
    card = CONVERSATIONS[draft.flow].card(desk, sayer, shown, facts, now)
    if message_id:
        card_id = desk.edit(draft.chat_id, card, message_id=message_id)
    else:
        card_id = desk.send(draft.chat_id, card, replaces_id=draft.card_id)
    saved = desk.tx.execute(
        _SAVE,
        {
            "row_id": draft.id,
            "old_rev": draft.rev,
            "new_said": list(shown.said.items()),
            "new_heard": dict(shown.heard),
            "new_step": shown.step,
            "new_rev": shown.rev,
            "new_card": card_id,
            "new_queue": list(shown.queue),
            "new_count": shown.done_count,
            "at": desk.now,
        },
    )
    if saved.rowcount != 1:
        raise RuntimeError("a draft was changed by two at once")
