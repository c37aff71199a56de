"""Writing a report down: the row, its revision, milestones, obstacles and the pointer to it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from actions.desk import Desk
from actions.people import Sayer
from actions.report_facts import existing
from flows.flow import Said
from flows.report_facts import MilestoneAnswer, ObstacleAnswer, ReportContent
from models.database import insert_row
from models.project import milestone, milestone_change, project
from models.report import obstacle, photo, report, report_revision
from rules.duty import is_late


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be written; `same_in_a_row` is 0 for a report told in words."""

    project_id: int
    period: str
    content: ReportContent
    said: Said
    way: str
    on_behalf_of: int | None = None
    draft_id: int | None = None
    same_in_a_row: int = 0
    is_stalled: bool = False
    stalled_factor: str = ""
    stalled_words: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    report_id: int
    is_late: bool
    is_revision: bool


def write_report(desk: Desk, sayer: Sayer, given: Submission) -> Written:
    """One report per project and week: before the cut-off a second one simply replaces the first,
    after it the first is kept as a revision with the reason that the conversation asked for."""
    week = desk.office.week(given.period)
    former = existing(desk.tx, given.project_id, given.period)
    is_frozen = desk.now >= week.cutoff_at
    values = _values(desk, sayer, given)
    if former is None:
        late = is_late(desk.now, week)
        report_id = _insert(desk, given, values | {"is_late": late, "submitted_at": desk.now})
    else:
        late = bool(former.is_late)
        report_id = int(former.id)
        if is_frozen:
            _keep_revision(desk, sayer, former, given.content.reason or "")
            values["revision"] = former.revision + 1
        desk.tx.execute(report.update().where(report.c.id == report_id).values(**values))
    _write_milestones(desk, sayer, report_id, given.content.milestones)
    _write_obstacles(desk, sayer, report_id, given)
    _point(desk, given, report_id)
    _take_photos(desk, given, report_id)
    desk.record(
        sayer.id,
        "report.revise" if former is not None else "report.submit",
        f"report:{report_id}",
        on_behalf_of=given.on_behalf_of,
        late=late,
        way=given.way,
    )
    return Written(report_id, late, former is not None)


def _values(desk: Desk, sayer: Sayer, given: Submission) -> dict[str, Any]:
    content = given.content
    return {
        "submitted_by": sayer.id,
        "on_behalf_of": given.on_behalf_of,
        "changed_at": desk.now,
        "way": given.way,
        "same_in_a_row": given.same_in_a_row,
        "is_stalled": given.is_stalled,
        "stalled_factor": given.stalled_factor,
        "stalled_words": given.stalled_words,
        "progress": content.progress,
        "done": content.done,
        "plan": content.plan,
        "invested": content.invested,
        "said": {"said": list(given.said.items())},
        "milestones": [_plain(asdict(answer)) for answer in content.milestones],
    }


def _insert(desk: Desk, given: Submission, values: dict[str, Any]) -> int:
    latest = desk.tx.execute(
        select(report.c.id, report.c.period)
        .where(report.c.project_id == given.project_id, report.c.period < given.period)
        .order_by(report.c.period.desc())
        .limit(1)
    ).first()
    report_id = insert_row(
        desk.tx,
        report,
        project_id=given.project_id,
        period=given.period,
        previous_id=latest.id if latest else None,
        progress_before=_progress_now(desk, given.project_id),
        **values,
    )
    # A late report slips in between two others: the later one now follows it.
    desk.tx.execute(
        report.update()
        .where(
            report.c.project_id == given.project_id,
            report.c.period > given.period,
            report.c.previous_id.is_not_distinct_from(latest.id if latest else None),
        )
        .values(previous_id=report_id)
    )
    return report_id


def _progress_now(desk: Desk, project_id: int) -> str:
    return desk.tx.scalar(select(project.c.progress).where(project.c.id == project_id)) or ""


def _keep_revision(desk: Desk, sayer: Sayer, former: Row[Any], reason: str) -> None:
    kept = ("progress", "done", "plan", "milestones", "same_in_a_row", "is_stalled", "way")
    content = {name: getattr(former, name) for name in kept}
    content["invested"] = None if former.invested is None else str(former.invested)
    insert_row(
        desk.tx,
        report_revision,
        report_id=former.id,
        revision=former.revision,
        written_at=former.changed_at,
        replaced_at=desk.now,
        replaced_by=sayer.id,
        reason=reason,
        content=content,
    )


def _write_milestones(
    desk: Desk, sayer: Sayer, report_id: int, answers: tuple[MilestoneAnswer, ...]
) -> None:
    for answer in answers:
        now = desk.tx.execute(select(milestone).where(milestone.c.id == answer.id)).one()
        new = {"done_on": answer.done_on, "expected_on": answer.expected_on}
        if answer.done_on is not None:
            new["expected_on"] = now.expected_on
        for field, value in new.items():
            _note_change(desk, sayer, report_id, now, field, value, answer.cause or "")
        values: dict[str, Any] = dict(new)
        if answer.cause or answer.factor:
            values["cause"] = answer.cause or _cause(desk, answer)
        desk.tx.execute(milestone.update().where(milestone.c.id == answer.id).values(**values))


def _cause(desk: Desk, answer: MilestoneAnswer) -> str:
    """A factor that was only tapped, in the office's own language: it is read in the bulletin."""
    return desk.texts().plain(f"report.factor.{answer.factor}")


def _note_change(
    desk: Desk,
    sayer: Sayer,
    report_id: int,
    now: Row[Any],
    field: str,
    value: date | None,
    reason: str,
) -> None:
    old = getattr(now, field)
    if old == value:
        return
    insert_row(
        desk.tx,
        milestone_change,
        milestone_id=now.id,
        field=field,
        old_on=old,
        new_on=value,
        reason=reason,
        recorded_at=desk.now,
        recorded_by=sayer.id,
        report_id=report_id,
    )


def _write_obstacles(desk: Desk, sayer: Sayer, report_id: int, given: Submission) -> None:
    """Told again in the same words it stays the same obstacle; no longer told, it is withdrawn."""
    mine = desk.tx.execute(
        select(obstacle).where(obstacle.c.report_id == report_id, obstacle.c.withdrawn_at.is_(None))
    ).all()
    by_words = {row.words: row for row in mine}
    for told in given.content.obstacles:
        known = by_words.pop(told.words, None)
        if known is not None:
            desk.tx.execute(
                obstacle.update().where(obstacle.c.id == known.id).values(**_told(told))
            )
            continue
        insert_row(
            desk.tx,
            obstacle,
            project_id=given.project_id,
            report_id=report_id,
            words=told.words,
            opened_at=desk.now,
            opened_by=sayer.id,
            **_told(told),
        )
    for row in by_words.values():
        desk.tx.execute(
            obstacle.update().where(obstacle.c.id == row.id).values(withdrawn_at=desk.now)
        )


def _told(told: ObstacleAnswer) -> dict[str, Any]:
    return {"factor": told.factor, "instance": told.instance, "wished_on": told.wished_on}


def _point(desk: Desk, given: Submission, report_id: int) -> None:
    latest = desk.tx.scalar(
        select(report.c.id)
        .where(report.c.project_id == given.project_id)
        .order_by(report.c.period.desc())
        .limit(1)
    )
    values: dict[str, Any] = {"latest_report_id": latest}
    if latest == report_id and given.content.progress:
        values["progress"] = given.content.progress
    desk.tx.execute(project.update().where(project.c.id == given.project_id).values(**values))


def _take_photos(desk: Desk, given: Submission, report_id: int) -> None:
    """Those sent in this conversation; where the report says none, earlier ones go, too."""
    if given.draft_id is None:
        return
    if not given.content.photos:
        desk.tx.execute(photo.delete().where(photo.c.report_id == report_id))
        return
    desk.tx.execute(
        photo.update()
        .where(photo.c.draft_id == given.draft_id, photo.c.report_id.is_(None))
        .values(report_id=report_id, draft_id=None)
    )


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in answer.items()
    }
