"""The weekly bulletin from the freeze to the group: frozen, drafted, approved, posted."""

from typing import Any

from sqlalchemy import func, select

from actions.desk import Desk, fingerprint
from actions.people import CardFor, Sayer, people_with, tell_role
from actions.weekly_facts import WEEKLY, weekly_facts
from flows.card import Button, Card
from flows.texts import Html
from models.bulletin import BulletinState, GroupState, bulletin, bulletin_remark, group
from models.database import insert_row
from models.edge import OutClass, OutState, outbox
from models.troubles import note_trouble
from reports.overrides import Finding
from reports.templating import Templates
from reports.weekly import WeeklyOptions, render_weekly
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Role
from rules.week import Week
from rules.weekly import weekly
from rules.weekly_record import fingerprint as facts_fingerprint
from rules.weekly_record import from_json, to_json


def freeze(desk: Desk, week: Week) -> int:
    """Keep the facts of a week as they stand now; what comes later is late."""
    facts = weekly_facts(desk, week)
    record = to_json(facts)
    totals = weekly(facts).totals
    values: dict[str, Any] = {
        "frozen_at": desk.now,
        "facts": record,
        "facts_sha": facts_fingerprint(record),
        "due_count": totals.due,
        "reported_count": totals.reported,
    }
    known = _newest(desk, week.period)
    if known is not None:
        desk.tx.execute(bulletin.update().where(bulletin.c.id == known.id).values(**values))
        return int(known.id)
    return insert_row(
        desk.tx,
        bulletin,
        kind=WEEKLY,
        period=week.period,
        year=facts.year,
        number=facts.number,
        state=BulletinState.FROZEN,
        **values,
    )


def _newest(desk: Desk, period: str) -> Any:
    return desk.tx.execute(
        select(bulletin)
        .where(bulletin.c.kind == WEEKLY, bulletin.c.period == period)
        .order_by(bulletin.c.revision.desc())
        .limit(1)
    ).first()


def bulletin_row(desk: Desk, bulletin_id: int) -> Any:
    """Refusal when there is no such bulletin."""
    row = desk.tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id)).first()
    if row is None:
        raise Refusal("bulletin.unknown")
    return row


def draft(desk: Desk, week: Week, *, is_delayed: bool = False) -> None:
    """Write the bulletin of the frozen facts and show it to whoever has to approve it."""
    row = _newest(desk, week.period)
    if row is None:
        row = bulletin_row(desk, freeze(desk, week))
    if row.state not in (BulletinState.FROZEN, BulletinState.RETURNED):
        return
    submit(desk, row.id, is_delayed=is_delayed)


def submit(
    desk: Desk, bulletin_id: int, *, is_delayed: bool | None = None, note: str | None = None
) -> None:
    """Render once more and hand it to the approver; earlier previews no longer decide."""
    row = bulletin_row(desk, bulletin_id)
    changes: dict[str, Any] = {}
    if is_delayed is not None:
        changes["is_delayed"] = is_delayed
    if note is not None:
        changes["note"] = note
    parts = render(
        desk, row.facts, changes.get("note", row.note), changes.get("is_delayed", row.is_delayed)
    )
    done = desk.tx.execute(
        bulletin.update()
        .where(
            bulletin.c.id == bulletin_id,
            bulletin.c.rev == row.rev,
            bulletin.c.state.in_(
                (BulletinState.FROZEN, BulletinState.DRAFTED, BulletinState.RETURNED)
            ),
        )
        .values(
            state=BulletinState.DRAFTED,
            parts=list(parts),
            parts_sha=fingerprint(list(parts)),
            drafted_at=desk.now,
            rev=row.rev + 1,
            **changes,
        )
    )
    if done.rowcount != 1:
        raise Refusal("bulletin.already_decided")
    desk.record(None, "bulletin.draft", f"bulletin:{bulletin_id}", rev=row.rev + 1)
    if not desk.office.needs_approval:
        _approve(desk, None, bulletin_row(desk, bulletin_id))
        return
    _preview(desk, bulletin_id)


def render(desk: Desk, record: str, note: str, is_delayed: bool) -> tuple[str, ...]:
    """The text of frozen facts: the same facts, note and templates give the same parts."""
    options = WeeklyOptions(
        is_delayed=is_delayed,
        note=note,
        shows_money=desk.office.asks_money,
        decimals=desk.office.decimals,
        keeps_zeros=desk.office.keep_zeros,
    )
    found: list[Finding] = []
    templates = Templates(desk.office.language, desk.office.templates, found.append)
    parts = render_weekly(weekly(from_json(record)), templates, options, facts_fingerprint(record))
    for finding in found:
        note_trouble(
            desk.tx,
            desk.now,
            f"template:{finding.file}:{finding.line}",
            "template",
            file=finding.file,
            line=finding.line or 0,
            what=finding.what,
        )
    return parts


def _preview(desk: Desk, bulletin_id: int) -> None:
    row = bulletin_row(desk, bulletin_id)
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
    groups = _bound(desk)
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
    if not _bound(desk):
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
    groups = _bound(desk)
    if not groups:
        note_trouble(desk.tx, desk.now, f"no_group:{row.id}", "no_group", number=row.number)
    for each in groups:
        _post_to(desk, row, each)


def _bound(desk: Desk) -> list[Any]:
    return list(
        desk.tx.execute(
            select(group)
            .where(group.c.audience == WEEKLY, group.c.state == GroupState.BOUND)
            .order_by(group.c.id)
        ).all()
    )


def _post_to(desk: Desk, row: Any, bound: Any) -> None:
    """One outgoing row for each part, under a key that can exist only once, each after the last."""
    stem = f"bulletin:{row.kind}:{row.period}:{row.revision}:{bound.id}"
    before: int | None = None
    first: int | None = None
    for number, part in enumerate(row.parts, 1):
        payload: dict[str, Any] = {
            "text": part,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if bound.thread_id is not None:
            payload["message_thread_id"] = bound.thread_id
        before = desk.owe(
            "sendMessage",
            bound.chat_id,
            payload,
            key=f"{stem}:{number}",
            out_class=OutClass.ONCE,
            kind="bulletin",
            bulletin_id=row.id,
            group_id=bound.id,
            group_rev=bound.rev,
            after_id=before,
            period=row.period,
        )
        first = first or before
    if desk.office.pins and first is not None:
        desk.owe(
            "pinChatMessage",
            bound.chat_id,
            {"disable_notification": True},
            key=f"{stem}:pin",
            out_class=OutClass.REPEATABLE,
            kind="pin",
            target_id=first,
            after_id=before,
            group_id=bound.id,
            group_rev=bound.rev,
        )


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
    if row.rev != rev or row.state not in (BulletinState.DRAFTED, BulletinState.RETURNED):
        raise Refusal("bulletin.already_decided")
    if is_fresh:
        freeze(desk, desk.office.week(row.period))
    submit(desk, bulletin_id)
    return Card(desk.texts(sayer.language).say("bulletin.resubmitted", number=row.number))


def drop_bulletin(desk: Desk, sayer: Sayer, bulletin_id: int, rev: int) -> Card:
    """不发了: kept with its facts, never posted."""
    sayer.must(Right.EDIT_BULLETIN)
    row = bulletin_row(desk, bulletin_id)
    if row.rev != rev or row.state not in (BulletinState.DRAFTED, BulletinState.RETURNED):
        raise Refusal("bulletin.already_decided")
    desk.tx.execute(
        bulletin.update()
        .where(bulletin.c.id == bulletin_id)
        .values(state=BulletinState.DROPPED, rev=rev + 1)
    )
    desk.record(sayer.id, "bulletin.drop", f"bulletin:{bulletin_id}")
    return Card(desk.texts(sayer.language).say("bulletin.dropped", number=row.number))


def settle_posted(desk: Desk) -> int:
    """Approved bulletins whose every part has gone are posted; the office and approvers hear it."""
    rows = desk.tx.execute(select(bulletin).where(bulletin.c.state == BulletinState.APPROVED)).all()
    settled = 0
    for row in rows:
        counts = _counts(desk, row.id)
        if not counts or set(counts) != {OutState.SENT}:
            continue
        desk.tx.execute(
            bulletin.update()
            .where(bulletin.c.id == row.id, bulletin.c.state == BulletinState.APPROVED)
            .values(state=BulletinState.POSTED, posted_at=desk.now)
        )
        desk.record(None, "bulletin.posted", f"bulletin:{row.id}")
        _tell_posted(desk, row)
        settled += 1
    return settled


def _counts(desk: Desk, bulletin_id: int) -> dict[str, int]:
    rows = desk.tx.execute(
        select(outbox.c.state, func.count().label("n"))
        .where(outbox.c.bulletin_id == bulletin_id)
        .group_by(outbox.c.state)
    )
    return {row.state: row.n for row in rows}


def _tell_posted(desk: Desk, row: Any) -> None:
    titles = desk.tx.execute(
        select(group.c.title)
        .join(outbox, outbox.c.group_id == group.c.id)
        .where(outbox.c.bulletin_id == row.id)
        .distinct()
    ).all()
    groups = "、".join(each.title for each in titles)
    told: set[int] = set()
    for role in (Role.OFFICE, Role.APPROVER):
        for each in people_with(desk.tx, role):
            if each.id in told:
                continue
            told.add(each.id)
            texts = desk.texts(each.language)
            desk.send(
                each.chat_id,
                texts.say("bulletin.posted", number=row.number, groups=groups),
                kind="notice",
            )


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
    html = texts.say(
        f"bulletin.state_{row.state}", number=row.number, year=row.year, reason=row.reason
    )
    if row.state == BulletinState.DRAFTED and sayer.may(Right.APPROVE_BULLETIN):
        _show(desk, sayer, row)
        return Card(html)
    if row.state in (BulletinState.DRAFTED, BulletinState.RETURNED) and sayer.may(
        Right.EDIT_BULLETIN
    ):
        return Card(html, office_rows(desk, sayer, row.id))
    if row.state == BulletinState.FROZEN and sayer.may(Right.EDIT_BULLETIN):
        label = texts.plain("bulletin.draft_now")
        return Card(html, ((Button(label, "b.draft", str(row.id), row.rev),),))
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
