"""Any conversation under way: its draft is read, one thing is heard, the card is shown again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actions.desk import Desk
from actions.drafts import Draft, drop, is_shown, keep_new, live_draft, park_live, save
from actions.people import Sayer
from flows.card import Card
from flows.flow import Ask, Flow, Said, Turn, turn
from flows.keyboard import BACK, DROP, FIX, LAST, PARK, SAY, SEND, SKIP, verb_of
from flows.talk import back, correct, hear, hear_again, hear_no_words, hear_suggestion, skip
from rules.button import Press
from rules.refusal import Refusal

MOST_HEARD = 60
"""How many chat messages of one draft can still be corrected by editing them."""
MOST_TEXT = 4096
"""A phone cuts what is longer into several messages."""
_CUT = "cut"
"""The key in `heard` of the last message that a phone has cut off."""


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


def begin(desk: Desk, sayer: Sayer, new: Draft, message_id: int = 0) -> None:
    """Start a conversation; one that was under way is parked, not lost."""
    park_live(desk, sayer.id)
    draft_id = keep_new(desk, new)
    resume(desk, sayer, replace(new, id=draft_id), message_id)


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


def move_on(desk: Desk, sayer: Sayer, draft: Draft) -> None:
    """An old button: said so, and the current card is brought."""
    desk.pop(desk.texts(sayer.language).plain("talk.moved_on"))
    resume(desk, sayer, draft)


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
    save(desk, replace(shown, card_id=card_id), draft.rev)
