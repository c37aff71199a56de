"""Words about a bulletin: why it goes back, what to mend, the office's note on top."""

from actions.approval import give_back, office_rows, submit
from actions.bulletins import bulletin_row
from actions.desk import Desk
from actions.drafts import Draft
from actions.people import Sayer
from actions.talk import CONVERSATIONS, Conversation, begin
from flows.card import Card
from flows.flow import Turn
from flows.remark import REMARK, RemarkFacts
from flows.slip import slip
from models.bulletin import BulletinState
from rules.refusal import Refusal
from rules.rights import Right

_RIGHTS = {
    "return": Right.APPROVE_BULLETIN,
    "remark": Right.APPROVE_BULLETIN,
    "note": Right.EDIT_BULLETIN,
}


def open_remark(desk: Desk, sayer: Sayer, bulletin_id: int, rev: int, kind: str) -> None:
    """`kind` is return, remark or note; the preview's own card stays as it is until it is sent."""
    sayer.must(_RIGHTS[kind])
    row = bulletin_row(desk, bulletin_id)
    if row.rev != rev or row.state not in (BulletinState.DRAFTED, BulletinState.RETURNED):
        raise Refusal("bulletin.already_decided")
    begin(desk, sayer, Draft(sayer.id, sayer.chat_id, REMARK.name, thing=f"{kind}.{bulletin_id}"))


def _split(draft: Draft) -> tuple[str, int]:
    kind, _, bulletin_id = draft.thing.partition(".")
    return kind, int(bulletin_id)


def _facts(desk: Desk, draft: Draft) -> RemarkFacts:
    kind, bulletin_id = _split(draft)
    return RemarkFacts(kind, bulletin_row(desk, bulletin_id).number)


def _card(desk: Desk, sayer: Sayer, draft: Draft, facts: RemarkFacts, now: Turn) -> Card:
    texts = desk.texts(sayer.language)
    return slip(texts, texts.say("remark.title", number=facts.number), now, draft.rev)


def _finish(desk: Desk, sayer: Sayer, draft: Draft, facts: RemarkFacts) -> Card:
    kind, bulletin_id = _split(draft)
    sayer.must(_RIGHTS[kind])
    words = draft.said["words"] or ""
    texts = desk.texts(sayer.language)
    if kind != "note":
        give_back(desk, sayer, bulletin_id, kind, words)
        return Card(texts.say(f"bulletin.{kind}_sent", number=facts.number))
    row = bulletin_row(desk, bulletin_id)
    if row.state not in (BulletinState.DRAFTED, BulletinState.RETURNED):
        raise Refusal("bulletin.already_decided")
    desk.record(sayer.id, "bulletin.note", f"bulletin:{bulletin_id}")
    submit(desk, bulletin_id, note=words)
    rows = office_rows(desk, sayer, bulletin_id)
    return Card(texts.say("bulletin.resubmitted", number=facts.number), rows)


CONVERSATIONS[REMARK.name] = Conversation(REMARK, _facts, _card, _finish)
