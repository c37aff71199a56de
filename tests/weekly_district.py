"""A district for tests of the weekly bulletin: one small enough to read, one of any size."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rules.terms import Factor, Instance, Level, Phase, ProjectClass
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_ON, LAST_ON = date(2024, 10, 18), date(2024, 10, 24)
FROZEN_AT = datetime(2024, 10, 24, 18, 0, tzinfo=ZONE)
_LEVELS = tuple(frozenset({level}) for level in Level)


def week(
    projects: tuple[ProjectLine, ...] = (),
    milestones: tuple[MilestoneLine, ...] = (),
    obstacles: tuple[ObstacleLine, ...] = (),
    due_before: int | None = None,
    reported_before: int | None = None,
) -> WeeklyFacts:
    return WeeklyFacts(
        office="莱芜区重点项目推进办公室",
        period="2024-W43",
        year=2024,
        number=41,
        first_on=FIRST_ON,
        last_on=LAST_ON,
        frozen_at=FROZEN_AT,
        projects=projects,
        milestones=milestones,
        obstacles=obstacles,
        due_before=due_before,
        reported_before=reported_before,
    )


def project(id: int, name: str = "", **known: Any) -> ProjectLine:
    """A building project of the district's list that owes a report and has sent one."""
    line = ProjectLine(
        id=id,
        name=name or f"第{id}项目",
        unit="区住建局",
        unit_order=1,
        order=id,
        levels=frozenset({Level.DISTRICT}),
        class_=ProjectClass.CONTINUING,
        phase=Phase.BUILDING,
        due=True,
        reported=True,
        progress="主体施工",
        progress_before="主体施工",
    )
    return line._replace(**known)


def milestone(of: ProjectLine, name: str, due_on: date, **known: Any) -> MilestoneLine:
    return MilestoneLine(of.id, of.name, of.unit, name, due_on)._replace(**known)


def obstacle(of: ProjectLine, factor: Factor, words: str, **known: Any) -> ObstacleLine:
    line = ObstacleLine(
        of.id, of.name, of.unit, factor, words, Instance.DISTRICT, opened_on=date(2024, 10, 8)
    )
    return line._replace(**known)


def small_week() -> WeeklyFacts:
    """Ten projects of four units, each of them there for one thing that a bulletin must say."""
    steel = project(
        1,
        "精品钢绿色转型项目",
        unit="莱芜经济开发区",
        unit_order=1,
        levels=frozenset({Level.PROVINCIAL, Level.CITY}),
        progress="主体封顶",
        done="完成主厂房屋面浇筑，设备基础开挖三成",
        plan="砌体施工，设备进场",
    )
    reservoir = project(
        2,
        "马头山水库建设项目",
        unit="区水务局",
        unit_order=3,
        levels=frozenset({Level.PROVINCIAL}),
        class_=ProjectClass.COMPLETION,
        reported=False,
    )
    hospital = project(
        3,
        "区医院新院区项目",
        unit="区卫健局",
        unit_order=4,
        levels=frozenset({Level.CITY}),
        same=True,
        stalled=True,
        stalled_on=Factor.LAND,
    )
    ampersand = project(
        4,
        '<A&B>"联合"产业园',
        unit="莱芜经济开发区",
        unit_order=1,
        progress="<b>基础</b>完成 & 验收",
        plan="找 @gaochao 对接，见 https://example.cn/?a=1&b=2",
    )
    road = project(5, "国省道改建（二期）项目", started_on=date(2024, 10, 21), unit_order=2)
    school = project(6, "区实验学校扩建项目", completed_on=date(2024, 10, 23), unit_order=2)
    idea = project(7, "储能电站项目", phase=Phase.PREPARATION, due=False, reported=False)
    paused = project(8, "文旅古镇项目", phase=Phase.PAUSED, due=False, reported=False)
    late = project(9, "污水处理厂提标项目", late_for="2024-W42", late_done="提标池体浇筑完成")
    pipes = project(10, "城区供热管网项目", plan="试压")
    return week(
        projects=(steel, reservoir, hospital, ampersand, road, school, idea, paused, late, pipes),
        milestones=(
            milestone(steel, "主体封顶", date(2024, 10, 20), done_on=date(2024, 10, 19)),
            milestone(
                reservoir,
                "大坝填筑",
                date(2024, 10, 10),
                expected_on=date(2024, 11, 5),
                cause="料场征迁未完成",
            ),
            milestone(reservoir, "导流洞封堵", date(2024, 10, 22)),
            milestone(paused, "开工进场", date(2024, 3, 1)),
            milestone(pipes, "主干管贯通", date(2024, 10, 30)),
            milestone(road, "路基完成", date(2025, 1, 6)),
        ),
        obstacles=(
            obstacle(hospital, Factor.LAND, "剩余 12 亩用地手续未批", wished_on=date(2024, 10, 20)),
            obstacle(
                steel,
                Factor.UTILITIES,
                "临时用电容量不足",
                opened_on=date(2024, 10, 22),
                wished_on=date(2024, 11, 10),
                is_new=True,
            ),
        ),
        due_before=8,
        reported_before=8,
    )


def large_week(projects: int = 137, units: int = 28, changed_of: int = 7) -> WeeklyFacts:
    """A deterministic district: one project in `changed_of` moved, one in 15 is missing."""
    lines = tuple(_nth_project(n, units, changed_of) for n in range(1, projects + 1))
    building = [line for line in lines if line.phase is Phase.BUILDING]
    milestones = [
        milestone(line, "主体封顶", LAST_ON - timedelta(days=5 + line.id % 200), cause="用地手续")
        for line in building[::3]
    ]
    milestones += [
        milestone(line, "设备安装调试", LAST_ON + timedelta(days=1 + line.id % 7))
        for line in building[1::16]
    ]
    obstacles = tuple(
        obstacle(
            line,
            tuple(Factor)[line.id % 8],
            "需要协调解决施工便道与临时用电问题",
            is_new=line.id % 4 == 0,
            wished_on=LAST_ON + timedelta(days=line.id % 30),
        )
        for line in building[::9]
    )
    return week(lines, tuple(milestones), obstacles, due_before=118, reported_before=112)


def _nth_project(n: int, units: int, changed_of: int) -> ProjectLine:
    resting = n % 11 == 0
    missing = n % 15 == 0 and not resting
    moved = n % changed_of == 0 and not missing and not resting
    return project(
        n,
        f"智能制造与高端装备第{n}项目",
        unit=f"第{n % units + 1}责任单位",
        unit_order=n % units,
        levels=_LEVELS[(n > 9) + (n > 57)],
        phase=Phase.PREPARATION if resting else Phase.BUILDING,
        due=not resting,
        reported=not missing and not resting,
        same=n % 10 == 1,
        progress="主体封顶" if moved else "主体施工",
        done="完成三层结构浇筑，钢筋绑扎同步推进。",
        plan="砌体施工，机电预埋进场。",
        invested=Decimal(n) / 4 if n % 3 == 0 else None,
    )
