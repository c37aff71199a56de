"""Which projects somebody can report for: what is owed first, a button each."""

from sqlalchemy import select

from actions.desk import Desk
from actions.drafts import Draft, parked_drafts
from actions.duties import Task
from actions.people import Sayer
from flows.card import Button, Card
from flows.form import shortened
from models.project import project

MOST_BUTTONS = 20
MOST_PARKED = 3
LONGEST_LABEL = 24


def choice_card(desk: Desk, sayer: Sayer, tasks: list[Task]) -> Card:
    """Everything the person can report for, what is owed first, a button each."""
    texts = desk.texts(sayer.language)
    parked = parked_drafts(desk.tx, sayer.id)
    owed = [task for task in tasks if task.is_owed]
    if not tasks:
        return Card(texts.say("filing.no_projects"))
    key = "filing.choose" if owed else "filing.nothing_owed"
    html = texts.say(key, count=len(owed), cutoff=cutoff_words(desk, texts.language))
    rows: list[tuple[Button, ...]] = []
    if len(owed) > 1:
        label = texts.plain("filing.button_walk", count=len(owed))
        rows.append((Button(label, "r.walk"),))
    names = _names(desk, parked)
    rows += [
        (
            Button(
                texts.plain(
                    "filing.button_resume",
                    project=short(names[d.id]),
                    first=desk.office.week(d.period).first_on,
                ),
                "r.resume",
                str(d.id),
            ),
        )
        for d in parked[:MOST_PARKED]
    ]
    rows += [(_task_button(desk, sayer, task),) for task in tasks[:MOST_BUTTONS]]
    return Card(html, tuple(rows))


def _task_button(desk: Desk, sayer: Sayer, task: Task) -> Button:
    texts = desk.texts(sayer.language)
    mark = "✅ " if task.is_reported else "⏰ " if task.is_late else ""
    if not task.is_reported and not task.is_owed:
        mark = "· "
    label = mark + short(task.project)
    if task.is_late:
        label += texts.plain("filing.late_mark")
    return Button(label, "r.open", f"{task.project_id}.{task.period}")


def short(name: str) -> str:
    return shortened(name, LONGEST_LABEL)


def _names(desk: Desk, parked: list[Draft]) -> dict[int, str]:
    ids = [d.project_id for d in parked]
    rows = desk.tx.execute(select(project.c.id, project.c.name).where(project.c.id.in_(ids)))
    by_id = {row.id: row.name for row in rows}
    return {d.id: by_id.get(d.project_id, "") for d in parked}


def cutoff_words(desk: Desk, language: str) -> str:
    """Until when: 11月7日 18:00, in the office's zone."""
    at = desk.office.current_week(desk.now).cutoff_at.astimezone(desk.office.zone)
    return desk.texts(language).plain("filing.moment", at=at)
