"""Importing in the chat: a file's dry run as a card, then its application by a button."""

from sqlalchemy import select

from actions.desk import Desk
from actions.leaving import ask_about_gone
from actions.ledger import (
    Rehearsal,
    apply_import,
    export_ledger,
    gone_from,
    rehearse_import,
    told,
)
from actions.people import Sayer
from flows.card import Button, Card, folded
from flows.texts import Html, Texts
from ledger.draft import LedgerDraft
from models.database import insert_row
from models.edge import file, outbox
from rules.refusal import Refusal
from rules.rights import Right
from rules.tidy import tidy

FOLDED_ROOM = 1200
"""Characters of changes, and of remarks, on the card of a dry run."""


def may_import(desk: Desk, sayer: Sayer) -> bool:
    return sayer.may(Right.IMPORT)


def how_to_import(desk: Desk, sayer: Sayer) -> Card:
    """`/ledger`."""
    sayer.must(Right.IMPORT)
    return Card(desk.texts(sayer.language).say("import.how"))


def show_rehearsal(
    desk: Desk, sayer: Sayer, name: str, content: bytes, draft: LedgerDraft, reason: str
) -> None:
    """The dry run; nothing is written but the file, so that the button can mean it."""
    rehearsal = rehearse_import(desk, sayer, draft)
    texts = desk.texts(sayer.language)
    file_id = insert_row(
        desk.tx, file, name=name, content=content, note=reason, created_at=desk.now
    )
    rows: tuple[tuple[Button, ...], ...] = ()
    if not rehearsal.is_blocked and not rehearsal.is_empty:
        if reason or not rehearsal.needs_reason:
            rows = ((Button(texts.plain("import.button_apply"), "l.ok", str(file_id)),),)
        rows += ((Button(texts.plain("import.button_drop"), "l.no", str(file_id)),),)
    html = _card_html(texts, name, rehearsal, reason)
    desk.send(sayer.chat_id, Card(html, rows), kind=f"import.{file_id}")
    _send_findings(desk, sayer, rehearsal)


def _send_findings(desk: Desk, sayer: Sayer, rehearsal: Rehearsal) -> None:
    """All of them as a text file, where the card had no room for each."""
    texts = desk.texts(sayer.language)
    words = [*told(texts, rehearsal.changes), *told(texts, rehearsal.remarks)]
    if sum(map(len, words)) > FOLDED_ROOM:
        content = "\n".join(words).encode("utf-8-sig")
        desk.send_file(sayer.chat_id, texts.plain("import.findings_file"), content)


def _card_html(texts: Texts, name: str, rehearsal: Rehearsal, reason: str) -> Html:
    lines = [texts.say("import.title", name=name)]
    lines += [_line(texts, words) for words in told(texts, rehearsal.summary)]
    for title, sentences in (
        ("import.changes", rehearsal.changes),
        ("import.remarks", rehearsal.remarks),
    ):
        words = told(texts, sentences)
        if words:
            lines.append(texts.say(title, count=len(words)))
            lines.append(folded([_line(texts, each) for each in words], limit=FOLDED_ROOM))
    lines.append(_what_next(texts, rehearsal, reason))
    return Html("\n".join(lines))


def _line(texts: Texts, words: str) -> Html:
    return texts.say("import.line", words=words)


def _what_next(texts: Texts, rehearsal: Rehearsal, reason: str) -> Html:
    if rehearsal.is_blocked:
        return texts.say("import.blocked")
    if rehearsal.is_empty:
        return texts.say("import.nothing_new")
    if rehearsal.needs_reason and not reason:
        return texts.say("import.reason_wanted")
    return (
        texts.say("import.confirm_with_reason", reason=reason)
        if reason
        else texts.say("import.confirm")
    )


def import_behind(desk: Desk, account: int, message_id: int) -> int | None:
    """The file of the dry run whose card is replied to, if it is one."""
    kind = desk.tx.scalar(
        select(outbox.c.kind).where(
            outbox.c.chat_id == account,
            outbox.c.message_id == message_id,
            outbox.c.kind.startswith("import."),
        )
    )
    return None if kind is None else int(kind.partition(".")[2])


def kept_file(desk: Desk, file_id: int) -> tuple[str, bytes] | None:
    row = desk.tx.execute(select(file.c.name, file.c.content).where(file.c.id == file_id)).first()
    return None if row is None else (row.name, row.content)


def apply_kept(desk: Desk, sayer: Sayer, file_id: int, draft: LedgerDraft, reason: str) -> Card:
    """Apply what the dry run showed; the kept file goes, so a second press finds nothing."""
    texts = desk.texts(sayer.language)
    note = desk.tx.scalar(select(file.c.note).where(file.c.id == file_id))
    if note is None:
        raise Refusal("talk.moved_on")
    applied = apply_import(desk, sayer, draft, tidy(reason)[:200] or note)
    ask_about_gone(desk, sayer, gone_from(desk, draft), draft.year)
    desk.tx.execute(file.delete().where(file.c.id == file_id))
    lines = [texts.say("import.done")]
    lines += [_line(texts, words) for words in told(texts, [applied.sentence])]
    rows = ((Button(texts.plain("people.button_invite"), "inv.menu"),),)
    return Card(Html("\n".join(lines)), rows)


def drop_kept(desk: Desk, sayer: Sayer, file_id: int) -> Card:
    sayer.must(Right.IMPORT)
    desk.tx.execute(file.delete().where(file.c.id == file_id))
    return Card(desk.texts(sayer.language).say("import.dropped"))


def send_export(desk: Desk, sayer: Sayer) -> None:
    """`/export`: the ledger back, in the office's columns, with today's figures."""
    content = export_ledger(desk, sayer)
    day = desk.office.today(desk.now).isoformat()
    name = desk.texts(sayer.language).plain("import.export_file", day=day)
    desk.send_file(sayer.chat_id, name, content)
