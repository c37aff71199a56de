"""The weekly bulletin from facts to text, against hand-written SQL for the same numbers."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from actions.desk import Desk
from actions.office import Office, official_workday
from actions.settings import FIRST_PERIOD, keep_setting
from actions.weekly_facts import weekly_facts
from models.database import Database
from models.people import person, unit
from models.project import membership, milestone, project, project_unit
from models.report import obstacle, report
from models.schema import bring_up_to_date
from reports.templating import Templates
from reports.weekly import render_weekly
from rules.calendar import Calendar
from rules.terms import Factor, Instance, Level, Phase, ProjectClass
from rules.week import Rhythm, week_before
from rules.weekly import weekly

ROUNDS = 7
PERIOD = "2024-W45"
OFFICE = Office(
    "区重点项目办",
    "莱芜区",
    Rhythm(ZoneInfo("Asia/Shanghai")),
    Calendar(official_workday),
    "zh-CN",
    (b"bench",),
)
NOW = OFFICE.week(PERIOD).cutoff_at.astimezone(UTC)

BY_HAND = """
SELECT u.name, count(*), sum(p.phase = 'building'),
       sum(p.phase = 'building' AND r.id IS NOT NULL),
       sum(r.way = 'same'), sum(r.is_stalled),
       sum(r.id IS NOT NULL AND r.way <> 'same' AND r.progress <> r.progress_before)
FROM project p
LEFT JOIN project_unit pu ON pu.project_id = p.id AND pu.position = 0
LEFT JOIN unit u ON u.id = pu.unit_id
LEFT JOIN report r ON r.project_id = p.id AND r.period = ?
WHERE p.gone_on IS NULL GROUP BY u.id ORDER BY u.position;
SELECT m.level, count(*), sum(r.id IS NOT NULL) FROM membership m
LEFT JOIN report r ON r.project_id = m.project_id AND r.period = ?
WHERE m.year = 2024 AND m.left_on IS NULL GROUP BY m.level;
SELECT p.name, u.name, r.progress, r.done, r.plan FROM report r
JOIN project p ON p.id = r.project_id
LEFT JOIN project_unit pu ON pu.project_id = p.id AND pu.position = 0
LEFT JOIN unit u ON u.id = pu.unit_id
WHERE r.period = ? AND r.way <> 'same' AND r.progress <> r.progress_before
ORDER BY u.position, p.position;
SELECT p.name, m.name, m.due_on, m.cause FROM milestone m JOIN project p ON p.id = m.project_id
WHERE m.done_on IS NULL AND m.due_on < '2024-11-07' ORDER BY p.position;
SELECT o.factor, count(*) FROM obstacle o WHERE o.withdrawn_at IS NULL GROUP BY o.factor;
"""


def fill(database: Database, projects: int, weeks: int) -> None:
    """`projects` in 40 units with `weeks` weeks of reports; a seventh part changes in a week."""
    periods = [PERIOD]
    for _ in range(weeks - 1):
        periods.insert(0, week_before(periods[0]))

    def rows(tx: object) -> None:
        run = tx.execute  # type: ignore[attr-defined]  # a Connection
        run(insert(person), [{"name": "联系人"}])
        run(insert(unit), [{"name": f"第{n}街道", "position": n} for n in range(40)])
        run(insert(project), [_project(n, weeks) for n in range(projects)])
        run(
            insert(project_unit),
            [{"project_id": n + 1, "position": 0, "unit_id": n % 40 + 1} for n in range(projects)],
        )
        run(insert(membership), [_membership(n) for n in range(projects)])
        run(insert(milestone), [_milestone(n) for n in range(projects)])
        for at, period in enumerate(periods):
            run(insert(report), [_report(n, at, period, projects) for n in range(projects)])
        run(insert(obstacle), [_obstacle(n) for n in range(0, projects, 20)])
        keep_setting(tx, FIRST_PERIOD, periods[0])  # type: ignore[arg-type]

    database.work_now(rows)


def _project(n: int, weeks: int) -> dict[str, object]:
    # Reports are written week by week, so the newest one of project n has this id.
    return {"name": f"第{n}号产业园建设项目", "position": n, "phase": Phase.BUILDING}


def _membership(n: int) -> dict[str, object]:
    level = tuple(Level)[n % 3]
    kind = ProjectClass.CONTINUING
    return {"project_id": n + 1, "year": 2024, "level": level, "project_class": kind}


def _milestone(n: int) -> dict[str, object]:
    done = None if n % 9 == 0 else date(2024, 6, 30)
    due = date(2024, 6, 30)
    return {"project_id": n + 1, "name": "主体封顶", "due_on": due, "done_on": done}


def _report(n: int, at: int, period: str, projects: int) -> dict[str, object]:
    written = NOW - timedelta(days=1)
    return {
        "project_id": n + 1,
        "period": period,
        "previous_id": (at - 1) * projects + n + 1 if at else None,
        "submitted_at": written,
        "submitted_by": 1,
        "changed_at": written,
        "way": "same" if n % 3 == 0 else "steps",
        "progress": f"主体第{at if n % 7 == 0 else 1}层",
        "progress_before": "主体第1层",
        "done": "完成本周浇筑",
        "plan": "继续浇筑",
        "said": {},
        "milestones": [],
    }


def _obstacle(n: int) -> dict[str, object]:
    return {
        "project_id": n + 1,
        "factor": Factor.LAND,
        "instance": Instance.DISTRICT,
        "words": "用地手续未批",
        "opened_at": NOW - timedelta(days=20),
    }


def compare(projects: int, weeks: int) -> dict[str, float]:
    """Warm medians in milliseconds: our facts, our facts to text, and the hand-written floor."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite"
        database = Database(f"sqlite:///{path}")
        bring_up_to_date(database.engine)
        fill(database, projects, weeks)
        newest = "UPDATE project SET latest_report_id = id + ?"
        raw = sqlite3.connect(path)
        raw.execute(newest, ((weeks - 1) * projects,))
        raw.commit()
        statements = [each.strip() for each in BY_HAND.split(";") if each.strip()]
        facts = _timed(lambda: database.work_now(_facts))
        text = _timed(lambda: _text(database))
        hand = _timed(lambda: _by_hand(raw, statements))
        raw.close()
        database.close()
    return {"facts_ms": facts, "text_ms": text, "hand_ms": hand, "ratio": facts / hand}


def _facts(tx: object) -> object:
    return weekly(weekly_facts(Desk(tx, NOW, OFFICE), OFFICE.week(PERIOD)))  # type: ignore[arg-type]


def _text(database: Database) -> None:
    bulletin = database.work_now(_facts)
    render_weekly(bulletin, Templates("zh-CN"))  # type: ignore[arg-type]


def _by_hand(raw: sqlite3.Connection, statements: list[str]) -> None:
    for each in statements:
        raw.execute(each, (PERIOD,) if "?" in each else ()).fetchall()


def _timed(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return median(times)


def main() -> list[str]:
    lines = ["projects  weeks  our facts ms  facts to text ms  by hand ms  ratio facts/hand"]
    for projects, weeks in ((137, 52), (10_000, 4), (10_000, 52)):
        found = compare(projects, weeks)
        lines.append(
            f"{projects:8}  {weeks:5}  {found['facts_ms']:12.1f}  {found['text_ms']:16.1f}"
            f"  {found['hand_ms']:10.1f}  {found['ratio']:16.1f}"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(main()))
