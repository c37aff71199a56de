"""审签: the approver sees what would be posted and decides; the office mends and hands in again."""

from typing import Any

from sqlalchemy import select

from actions.bulletins import bulletin_row, freeze, newest, write
from actions.desk import Desk, fingerprint
from actions.people import CardFor, Sayer, people_with, tell_role
from actions.posting import bound_groups, is_held, post, was_posted
from actions.weekly_facts import WEEKLY
from flows.card import Button, Card
from flows.texts import Html
from models.bulletin import BulletinState, bulletin, bulletin_remark
from models.database import insert_row
from models.troubles import note_trouble
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Role
from rules.week import Week

MENDABLE = (BulletinState.DRAFTED, BulletinState.RETURNED)


def draft(desk: Desk, week: Week, *, is_delayed: bool = False) -> None:
    """Write the bulletin of the frozen facts and show it to whoever has to approve it."""
    row = newest(desk, week.period) or bulletin_row(desk, freeze(desk, week))
    if row.state in (BulletinState.FROZEN, BulletinState.RETURNED):
        submit(desk, row.id, is_delayed=is_delayed)


def submit(
    desk: Desk, bulletin_id: int, *, is_delayed: bool | None = None, note: str | None = None
) -> None:
    """Write it once more and hand it in; where no approval is needed it is posted at once."""
    row = write(desk, bulletin_id, is_delayed=is_delayed, note=note)
    if not desk.office.needs_approval:
        _approve(desk, None, row)
        return
    _preview(desk, row)


def _preview(desk: Desk, row: Any) -> None:
    approvers = people_with(desk.tx, Role.APPROVER)
    if not approvers:
        tell_role(desk, Role.OFFICE, CardFor("bulletin.no_approver", number=row.number))
        return
    for approver in approvers:
        _show(desk, approver, row)


def _show(desk: Desk, reader: Sayer, row: Any) -> None:
    """The parts exactly as the group would see them, then the card that decides."""
    for part in row.parts:
        desk.send(reader.chat_id, Html(part), kind="preview")
    desk.send(reader.chat_id, decision_card(desk, reader, row), kind="preview")


def decision_card(desk: Desk, reader: Sayer, row: Any) -> Card:
    texts = desk.texts(reader.language)
    groups = bound_groups(desk)
    names = "、".join(each.title for each in groups) or texts.plain("bulletin.no_group_yet")
    html = texts.say("bulletin.preview", number=row.number, parts=len(row.parts), groups=names)
    thing = str(row.id)
    rows = (
        (Button(texts.plain("bulletin.publish"), "b.ok", thing, row.rev),),
        (
            Button(texts.plain("bulletin.remark"), "b.remark", thing, row.rev),
            Button(texts.plain("bulletin.return"), "b.back", thing, row.rev),
        ),
    )
    return Card(html, rows)


def approve(desk: Desk, sayer: Sayer, bulletin_id: int, rev: int, message_id: int) -> None:
    """发布: only an approver, only what this approver's preview showed, and only once."""
    sayer.must(Right.APPROVE_BULLETIN)
    row = _still_open(desk, bulletin_id, rev)
    if not bound_groups(desk):
        raise Refusal("bulletin.no_group")
    _approve(desk, sayer, row)
    texts = desk.texts(sayer.language)
    desk.edit(
        sayer.chat_id, texts.say("bulletin.approved", number=row.number), message_id=message_id
    )


def _still_open(desk: Desk, bulletin_id: int, rev: int) -> Any:
    """Refusal: it was decided, or changed since the preview was shown."""
    row = bulletin_row(desk, bulletin_id)
    if row.state != BulletinState.DRAFTED:
        raise Refusal("bulletin.already_decided")
    if row.rev != rev:
        raise Refusal("bulletin.newer_preview")
    return row


def _approve(desk: Desk, sayer: Sayer | None, row: Any) -> None:
    if fingerprint(list(row.parts)) != row.parts_sha:
        raise RuntimeError("a bulletin's text is not what was previewed")
    done = desk.tx.execute(
        bulletin.update()
        .where(
            bulletin.c.id == row.id,
            bulletin.c.state == BulletinState.DRAFTED,
            bulletin.c.rev == row.rev,
        )
        .values(
            state=BulletinState.APPROVED,
            decided_at=desk.now,
            decided_by=sayer.id if sayer else None,
            rev=row.rev + 1,
        )
    )
    if done.rowcount != 1:
        raise Refusal("bulletin.already_decided")
    desk.record(
        sayer.id if sayer else None, "bulletin.approve", f"bulletin:{row.id}", sha=row.parts_sha
    )
    if not post(desk, bulletin_row(desk, row.id)):
        note_trouble(desk.tx, desk.now, f"no_group:{row.id}", "no_group", number=row.number)


def give_back(desk: Desk, sayer: Sayer, bulletin_id: int, kind: str, words: str) -> None:
    """退回 sends it back to the office; 修改意见 leaves it open and says what to mend."""
    sayer.must(Right.APPROVE_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.state != BulletinState.DRAFTED:
        raise Refusal("bulletin.already_decided")
    insert_row(
        desk.tx,
        bulletin_remark,
        bulletin_id=bulletin_id,
        person_id=sayer.id,
        kind=kind,
        words=words,
        written_at=desk.now,
    )
    if kind == "return":
        desk.tx.execute(
            bulletin.update()
            .where(bulletin.c.id == bulletin_id)
            .values(state=BulletinState.RETURNED, reason=words, rev=row.rev + 1)
        )
    desk.record(sayer.id, f"bulletin.{kind}", f"bulletin:{bulletin_id}")
    for each in people_with(desk.tx, Role.OFFICE):
        key = f"bulletin.{kind}ed_to_office"
        texts = desk.texts(each.language)
        html = texts.say(key, number=row.number, name=sayer.name, words=words)
        desk.send(each.chat_id, Card(html, office_rows(desk, each, bulletin_id)), kind="notice")


def office_rows(desk: Desk, reader: Sayer, bulletin_id: int) -> tuple[tuple[Button, ...], ...]:
    """What the office can do with a bulletin that is not approved yet."""
    texts = desk.texts(reader.language)
    row = bulletin_row(desk, bulletin_id)
    thing = str(bulletin_id)
    return (
        (Button(texts.plain("bulletin.add_note"), "b.note", thing, row.rev),),
        (
            Button(texts.plain("bulletin.refreeze"), "b.fresh", thing, row.rev),
            Button(texts.plain("bulletin.resubmit"), "b.again", thing, row.rev),
        ),
        (Button(texts.plain("bulletin.drop"), "b.drop", thing, row.rev),),
    )


def resubmit(desk: Desk, sayer: Sayer, bulletin_id: int, rev: int, *, is_fresh: bool) -> Card:
    """The office hands it in again, as it was or from facts frozen anew."""
    sayer.must(Right.EDIT_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.rev != rev or row.state not in MENDABLE:
        raise Refusal("bulletin.already_decided")
    if is_fresh:
        freeze(desk, desk.office.week(row.period))
    submit(desk, bulletin_id)
    return Card(desk.texts(sayer.language).say("bulletin.resubmitted", number=row.number))


def drop_bulletin(desk: Desk, sayer: Sayer, bulletin_id: int, rev: int) -> Card:
    """不发了: kept with its facts, never posted."""
    sayer.must(Right.EDIT_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.rev != rev or row.state not in MENDABLE:
        raise Refusal("bulletin.already_decided")
    desk.tx.execute(
        bulletin.update()
        .where(bulletin.c.id == bulletin_id)
        .values(state=BulletinState.DROPPED, rev=rev + 1)
    )
    desk.record(sayer.id, "bulletin.drop", f"bulletin:{bulletin_id}")
    return Card(desk.texts(sayer.language).say("bulletin.dropped", number=row.number))


def show_bulletin(desk: Desk, sayer: Sayer) -> Card:
    """`/bulletin`: how far the newest one is, and what can be done with it now."""
    if not (sayer.may(Right.EDIT_BULLETIN) or sayer.may(Right.APPROVE_BULLETIN)):
        raise Refusal("people.no_right")
    texts = desk.texts(sayer.language)
    row = desk.tx.execute(
        select(bulletin)
        .where(bulletin.c.kind == WEEKLY)
        .order_by(bulletin.c.period.desc(), bulletin.c.revision.desc())
        .limit(1)
    ).first()
    if row is None:
        return Card(texts.say("bulletin.none_yet"))
    key = "bulletin.has_held" if is_held(desk, row.id) else f"bulletin.state_{row.state}"
    html = texts.say(key, number=row.number, year=row.year, reason=row.reason)
    if row.state == BulletinState.DRAFTED and not people_with(desk.tx, Role.APPROVER):
        html = texts.say("bulletin.no_approver", number=row.number)
    if row.state == BulletinState.DRAFTED and sayer.may(Right.APPROVE_BULLETIN):
        _show(desk, sayer, row)
        return Card(html)
    if not sayer.may(Right.EDIT_BULLETIN):
        return Card(html)
    if row.state in MENDABLE:
        return Card(html, office_rows(desk, sayer, row.id))
    if row.state == BulletinState.FROZEN:
        return Card(
            html, ((Button(texts.plain("bulletin.draft_now"), "b.draft", str(row.id), row.rev),),)
        )
    if row.state == BulletinState.APPROVED and not was_posted(desk, row.id):
        return Card(
            html, ((Button(texts.plain("bulletin.post_now"), "b.post", str(row.id), row.rev),),)
        )
    return Card(html)


def draft_now(desk: Desk, sayer: Sayer, bulletin_id: int) -> Card:
    """A bulletin whose time was missed, drafted by a person's decision and marked as delayed."""
    sayer.must(Right.EDIT_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.state != BulletinState.FROZEN:
        raise Refusal("bulletin.already_decided")
    is_delayed = desk.now > desk.office.week(row.period).bulletin_at
    submit(desk, bulletin_id, is_delayed=is_delayed)
    return Card(desk.texts(sayer.language).say("bulletin.resubmitted", number=row.number))


def post_now(desk: Desk, sayer: Sayer, bulletin_id: int) -> Card:
    """An approved bulletin that had no group to go to, once there is one."""
    sayer.must(Right.EDIT_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.state != BulletinState.APPROVED or was_posted(desk, bulletin_id):
        raise Refusal("bulletin.already_decided")
    if not post(desk, row):
        raise Refusal("bulletin.no_group")
    return Card(desk.texts(sayer.language).say("bulletin.approved", number=row.number))
