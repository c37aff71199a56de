"""Invented weeks that every template is tried on: a full one, an empty one, one of silence."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from reports.weekly import WeeklyOptions, weekly_context
from rules.terms import Factor, Instance, Level, Phase, ProjectClass
from rules.weekly import weekly
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts

_LAST_ON = date(2024, 10, 24)
_DAY = timedelta(days=1)
_UNITS = 15
_FINGERPRINT = "a7f2" * 16


def weekly_samples() -> list[Mapping[str, object]]:
    """Together they make every section appear and vanish."""
    everything = WeeklyOptions(
        is_delayed=True, note="请各单位<抓紧>", shows_money=True, shows_all_plans=True, most_parts=2
    )
    return [
        weekly_context(weekly(_full()), everything, _FINGERPRINT),
        weekly_context(weekly(_week()), WeeklyOptions(), ""),
        weekly_context(weekly(_silent()), WeeklyOptions(), _FINGERPRINT),
    ]


def _week(
    projects: tuple[ProjectLine, ...] = (),
    milestones: tuple[MilestoneLine, ...] = (),
    obstacles: tuple[ObstacleLine, ...] = (),
) -> WeeklyFacts:
    return WeeklyFacts(
        office="示例区重点项目办",
        period="2024-W43",
        year=2024,
        number=41,
        first_on=_LAST_ON - 6 * _DAY,
        last_on=_LAST_ON,
        frozen_at=datetime(2024, 10, 24, 18, tzinfo=timezone(timedelta(hours=8))),
        projects=projects,
        milestones=milestones,
        obstacles=obstacles,
        due_before=16,
        reported_before=9,
    )


def _silent() -> WeeklyFacts:
    return _week(tuple(_project(n) for n in range(_UNITS)))


def _full() -> WeeklyFacts:
    moved = _project(1)._replace(
        name='<A&B>"联合"产业园 {{ 1 }} @someone',
        reported=True,
        levels=frozenset(Level),
        progress="<b>主体</b>封顶",
        done="完成 & 验收",
        plan="设备进场",
        invested=Decimal("12345.67"),
        started_on=_LAST_ON,
        completed_on=_LAST_ON,
    )
    still = _project(2)._replace(reported=True, progress="基础施工", plan="主体施工")
    stalled = _project(3)._replace(
        reported=True, same=True, stalled=True, stalled_on=Factor.LAND, late_for="2024-W42"
    )
    voluntary = _project(4)._replace(due=False, reported=True, phase=Phase.PREPARATION)
    projects = (moved, still, stalled, voluntary, *(_project(n) for n in range(5, 5 + _UNITS)))
    milestones = (
        _milestone(moved, _LAST_ON - _DAY)._replace(done_on=_LAST_ON - _DAY),
        _milestone(still, _LAST_ON - _DAY)._replace(cause="征迁未完成", expected_on=_LAST_ON),
        _milestone(stalled, _LAST_ON - 90 * _DAY),
        _milestone(moved, _LAST_ON + 3 * _DAY),
    )
    return _week(projects, milestones, (_obstacle(moved, True), _obstacle(still, False)))


def _project(n: int) -> ProjectLine:
    return ProjectLine(
        id=n,
        name=f"示例第{n}项目",
        unit=f"第{n}单位",
        unit_order=n,
        order=n,
        levels=frozenset({Level.DISTRICT}),
        class_=ProjectClass.CONTINUING,
        phase=Phase.BUILDING,
        due=True,
        reported=False,
    )


def _milestone(of: ProjectLine, due_on: date) -> MilestoneLine:
    return MilestoneLine(of.id, of.name, of.unit, "主体封顶", due_on)


def _obstacle(of: ProjectLine, is_new: bool) -> ObstacleLine:
    return ObstacleLine(
        of.id,
        of.name,
        of.unit,
        Factor.MONEY,
        "配套资金未到位",
        Instance.CITY,
        opened_on=_LAST_ON - 20 * _DAY,
        wished_on=_LAST_ON - _DAY,
        is_new=is_new,
    )
