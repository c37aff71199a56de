"""What a person may see of projects: 我的, and one project's living card."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select

from actions.desk import Desk
from actions.duties import Task, may_report, period_to_report, projects_seen_by, tasks_of
from actions.names import Candidate, find_names
from actions.people import Sayer
from flows.card import Button, Card, folded
from flows.form import shortened
from flows.texts import Html, Texts
from models.people import person, unit
from models.project import (
    investment,
    membership,
    milestone,
    plan,
    project,
    project_person,
    project_unit,
    task_force,
)
from models.report import obstacle, report
from rules.completion import completion, gap, pace, show_percent, show_points
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Duty, Phase

LAST_REPORTS = 4
LAST_SENT = 10


def show_mine(desk: Desk, sayer: Sayer) -> Card:
    """What I owe, what I sent, my projects."""
    texts = desk.texts(sayer.language)
    tasks = tasks_of(desk, sayer)
    owed = [task for task in tasks if task.is_owed]
    sent = [task for task in tasks if task.is_reported]
    lines = [texts.say("status.mine", name=sayer.name, owed=len(owed), sent=len(sent))]
    lines += [_mine_line(texts, task) for task in tasks[:30]]
    sponsored = _sponsored(desk, sayer)
    if sponsored:
        lines.append(texts.say("status.sponsored", verb=desk.office.sponsor_verb))
        lines += [
            texts.say("status.sponsored_line", project=row.name, progress=row.progress or "—")
            for row in sponsored
        ]
    lines += _last_weeks(desk, texts, sayer)
    if not tasks and not sponsored:
        lines.append(texts.say("status.nothing_of_yours"))
    rows: list[tuple[Button, ...]] = []
    if owed:
        rows.append((Button(texts.plain("filing.button_start"), "r.start"),))
    seen = [(task.project_id, task.project) for task in tasks] + [
        (row.id, row.name) for row in sponsored
    ]
    rows += [
        (Button(shortened(name, 28), "s.show", str(project_id)),)
        for project_id, name in dict(seen[:20]).items()
    ]
    return Card(Html("\n".join(lines)), tuple(rows))


def _last_weeks(desk: Desk, texts: Texts, sayer: Sayer) -> list[Html]:
    """The newest reports this person handed in."""
    rows = desk.tx.execute(
        select(report.c.period, report.c.done, report.c.way, project.c.name)
        .join(project, project.c.id == report.c.project_id)
        .where(report.c.submitted_by == sayer.id)
        .order_by(report.c.period.desc(), report.c.changed_at.desc())
        .limit(LAST_SENT)
    ).all()
    if not rows:
        return []
    lines = []
    for row in rows:
        week = desk.office.week(row.period)
        done = texts.plain("status.same_words") if row.way == "same" else shortened(row.done, 60)
        lines.append(
            texts.say(
                "status.sent_line",
                first=week.first_on,
                last=week.last_on,
                project=shortened(row.name, 30),
                done=done,
            )
        )
    return [texts.say("status.last_weeks"), folded(lines)]


def _mine_line(texts: Texts, task: Task) -> Html:
    if task.is_reported:
        key = "status.line_sent"
    elif task.is_late:
        key = "status.line_late"
    else:
        key = "status.line_owed" if task.is_owed else "status.line_free"
    return texts.say(key, project=task.project)


def _sponsored(desk: Desk, sayer: Sayer) -> list[Any]:
    return list(
        desk.tx.execute(
            select(project.c.id, project.c.name, project.c.progress)
            .join(project_person, project_person.c.project_id == project.c.id)
            .where(
                project_person.c.person_id == sayer.id,
                project_person.c.duty == Duty.SPONSOR,
                project_person.c.until_on.is_(None),
                project.c.gone_on.is_(None),
            )
            .order_by(project.c.position)
        ).all()
    )


def candidates_for(desk: Desk, sayer: Sayer) -> list[Candidate]:
    """The projects whose names this person may ask by."""
    rows = desk.tx.execute(
        select(project.c.id, project.c.name, project.c.aliases)
        .where(projects_seen_by(desk, sayer))
        .order_by(project.c.position)
    )
    return [Candidate(row.id, row.name, tuple(row.aliases or ())) for row in rows]


def find_project(desk: Desk, sayer: Sayer, words: str) -> Card:
    """`/status 精品钢`: the card when it is surely the one, else the likely ones as buttons."""
    sayer.must(Right.SEE_OWN_PROJECTS)
    texts = desk.texts(sayer.language)
    if not words:
        return Card(texts.say("status.which"))
    candidates = candidates_for(desk, sayer)
    matches = find_names(words, candidates)
    if matches.exact is not None:
        return project_card(desk, sayer, matches.exact)
    names = {each.id: each.name for each in candidates}
    if not matches.likely:
        return Card(texts.say("status.not_found", words=words[:60]))
    rows = tuple(
        (Button(shortened(names[found], 30), "s.show", str(found)),) for found, _ in matches.likely
    )
    return Card(texts.say("status.did_you_mean", words=words[:60]), rows)


def project_card(desk: Desk, sayer: Sayer, project_id: int) -> Card:
    """One project as it stands now. Refusal for those who may not see it."""
    texts = desk.texts(sayer.language)
    lead = and_(project_unit.c.project_id == project.c.id, project_unit.c.position == 0)
    row = desk.tx.execute(
        select(project, unit.c.name.label("unit"), task_force.c.name.label("task_force"))
        .select_from(
            project.outerjoin(project_unit, lead)
            .outerjoin(unit, unit.c.id == project_unit.c.unit_id)
            .outerjoin(task_force, task_force.c.id == project.c.task_force_id)
        )
        .where(project.c.id == project_id, projects_seen_by(desk, sayer))
    ).first()
    if row is None:
        raise Refusal("status.not_yours")
    today = desk.office.today(desk.now)
    lines = [
        texts.say("status.title", project=row.name, unit=row.unit or "—"),
        texts.say("status.phase", phase=texts.plain(f"status.phase_{row.phase}")),
        *_lists(desk, texts, project_id, today.year),
        *_people(desk, texts, project_id),
        texts.say("status.progress", progress=row.progress or "—"),
        *_milestones(desk, texts, project_id, today),
        *_obstacles(desk, texts, project_id),
        *_reports(desk, texts, project_id),
    ]
    return Card(Html("\n".join(lines)), _rows(desk, sayer, texts, row))


def _lists(desk: Desk, texts: Texts, project_id: int, year: int) -> list[Html]:
    """Each list with its plan (万元), and what is done of it."""
    rows = desk.tx.execute(
        select(membership.c.level, membership.c.project_class, plan.c.amount)
        .select_from(membership.outerjoin(plan, plan.c.membership_id == membership.c.id))
        .where(
            membership.c.project_id == project_id,
            membership.c.year == year,
            membership.c.left_on.is_(None),
        )
        .order_by(membership.c.id, plan.c.version)
    ).all()
    newest = {row.level: row for row in rows}
    lines = [
        texts.say(
            "status.list",
            level=texts.plain(f"status.level_{row.level}"),
            kind=texts.plain(f"status.class_{row.project_class}"),
        )
        for row in newest.values()
    ]
    planned = next((row.amount for row in newest.values() if row.amount), None)
    return [*lines, *_money(desk, texts, project_id, year, planned)]


def _money(
    desk: Desk, texts: Texts, project_id: int, year: int, planned: Decimal | None
) -> list[Html]:
    """年度完成率 beside the time progress of the last month that is known."""
    row = desk.tx.execute(
        select(
            func.sum(investment.c.amount).label("done"),
            func.max(investment.c.month).label("month"),
        ).where(
            investment.c.project_id == project_id,
            investment.c.year == year,
            investment.c.superseded_at.is_(None),
        )
    ).one()
    if row.done is None:
        return []
    office = desk.office
    rate = completion(row.done, planned)
    points = gap(row.done, planned, row.month, office.decimals)
    if rate is None or points is None:
        return []
    words = texts.plain(
        f"status.pace_{pace(points)}",
        word=office.time_progress_word,
        points=show_points(points, office.keep_zeros),
    )
    shown = show_percent(rate, office.decimals, office.keep_zeros)
    return [texts.say("status.money", month=row.month, rate=shown, pace=words)]


def _people(desk: Desk, texts: Texts, project_id: int) -> list[Html]:
    """Names and posts, never a telephone number."""
    rows = desk.tx.execute(
        select(project_person.c.duty, person.c.name)
        .join(person, person.c.id == project_person.c.person_id)
        .where(project_person.c.project_id == project_id, project_person.c.until_on.is_(None))
        .order_by(project_person.c.position)
    ).all()
    by_duty: dict[str, list[str]] = {}
    for row in rows:
        by_duty.setdefault(row.duty, []).append(row.name)
    return [
        texts.say(f"status.{duty}", names="、".join(by_duty[duty]), verb=desk.office.sponsor_verb)
        for duty in Duty
        if duty in by_duty
    ]


def _milestones(desk: Desk, texts: Texts, project_id: int, today: date) -> list[Html]:
    rows = desk.tx.execute(
        select(milestone)
        .where(
            milestone.c.project_id == project_id,
            milestone.c.done_on.is_(None),
            milestone.c.due_on <= today + timedelta(days=60),
        )
        .order_by(milestone.c.due_on)
        .limit(5)
    )
    return [
        texts.say(
            "status.overdue" if row.due_on < today else "status.coming",
            name=row.name,
            due=row.due_on,
            days=(today - row.due_on).days,
        )
        for row in rows
    ]


def _obstacles(desk: Desk, texts: Texts, project_id: int) -> list[Html]:
    rows = desk.tx.execute(
        select(obstacle)
        .where(obstacle.c.project_id == project_id, obstacle.c.withdrawn_at.is_(None))
        .order_by(obstacle.c.opened_at.desc())
        .limit(5)
    )
    return [
        texts.say(
            "status.obstacle",
            factor=texts.plain(f"report.factor.{row.factor}"),
            words=shortened(row.words, 80),
        )
        for row in rows
    ]


def _reports(desk: Desk, texts: Texts, project_id: int) -> list[Html]:
    rows = desk.tx.execute(
        select(report.c.period, report.c.done, report.c.way, report.c.is_late)
        .where(report.c.project_id == project_id)
        .order_by(report.c.period.desc())
        .limit(LAST_REPORTS)
    ).all()
    if not rows:
        return []
    lines = []
    for row in rows:
        week = desk.office.week(row.period)
        key = "status.report_same" if row.way == "same" else "status.report"
        lines.append(
            texts.say(key, first=week.first_on, last=week.last_on, done=shortened(row.done, 100))
        )
    return [texts.say("status.reports"), folded(lines)]


def _rows(desk: Desk, sayer: Sayer, texts: Texts, row: Any) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if may_report(desk, sayer, row.id)[0]:
        period = period_to_report(desk, row.id)
        rows.append((Button(texts.plain("status.button_report"), "r.open", f"{row.id}.{period}"),))
    if sayer.may(Right.CHANGE_PHASE):
        rows.append((Button(texts.plain("status.button_phase"), "s.phase", str(row.id)),))
    return tuple(rows)


def choose_phase(desk: Desk, sayer: Sayer, project_id: int) -> Card:
    sayer.must(Right.CHANGE_PHASE)
    texts = desk.texts(sayer.language)
    buttons = tuple(
        (Button(texts.plain(f"status.phase_{phase}"), "s.set", f"{project_id}.{phase}"),)
        for phase in Phase
    )
    name = desk.tx.scalar(select(project.c.name).where(project.c.id == project_id))
    if name is None:
        raise Refusal("status.not_yours")
    return Card(texts.say("status.choose_phase", project=name), buttons)


def set_phase(desk: Desk, sayer: Sayer, project_id: int, phase: Phase) -> Card:
    """在建 / 前期 / 竣工 / 暂停: it decides how often a report is due."""
    sayer.must(Right.CHANGE_PHASE)
    desk.tx.execute(project.update().where(project.c.id == project_id).values(phase=phase.value))
    desk.record(sayer.id, "project.phase", f"project:{project_id}", phase=phase)
    return project_card(desk, sayer, project_id)
