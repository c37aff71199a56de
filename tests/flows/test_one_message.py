"""One message with a whole report in it."""

from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.flow import Ask, Review, Said, Turn, turn
from flows.one_message import read_one_message
from flows.report import REPORT, content
from flows.report_facts import ReportFacts
from rules.terms import Factor, Instance

Site = Callable[..., ReportFacts]
Play = Callable[..., tuple[Said, Turn]]

EXAMPLE = (
    "精品钢绿色转型项目 进度：主体封顶 本周：完成三层浇筑 下周：砌体施工 问题：资金 需区里协调"
)
PARTS = ("进度:主体封顶", "本周:完成三层浇筑", "下周:砌体施工", "问题:无")


def test_an_expert_tells_everything_in_one_message(site: Site) -> None:
    told = read_one_message(EXAMPLE)
    assert told is not None and told.project_words == "精品钢绿色转型项目"
    assert isinstance(turn(REPORT, told.said, site()), Review)
    report = content(site(), told.said)
    assert (report.progress, report.done, report.plan) == ("主体封顶", "完成三层浇筑", "砌体施工")
    (obstacle,) = report.obstacles
    assert obstacle.factor is Factor.MONEY and obstacle.instance is Instance.DISTRICT
    assert obstacle.words == "资金 需区里协调"


@pytest.mark.parametrize("between", [" ", "\n", ";", "；", "。", ",", "，", "; ", "\u3000"])
def test_the_parts_come_in_any_order(between: str) -> None:
    whole = read_one_message(between.join(("精品钢", *PARTS)))
    for parts in permutations(PARTS):
        assert read_one_message(between.join(("精品钢", *parts))) == whole


@pytest.mark.parametrize(
    "words",
    [
        "精品钢 形象进度 主体封顶 本周进展 完成三层浇筑 下周计划 砌体施工 困难 无",
        "精品钢\n目前:主体封顶\n进展:完成三层浇筑\n计划:砌体施工\n需协调:没有",
        "精品钢，进度： 主体封顶；本周：完成三层浇筑。下周：砌体施工。存在问题：暂无。",
        "精品钢,进度: 主体封顶;本周:完成三层浇筑。下周:砌体施工。存在问题:暂无。",
        "项目:精品钢\n进度:主体封顶\n本周:完成三层浇筑\n下周:砌体施工\n问题:无",
        "精品钢 Progress: 主体封顶 this week: 完成三层浇筑 next week: 砌体施工 problem: none",
    ],
)
def test_keywords_may_differ(words: str) -> None:
    assert read_one_message(words) == read_one_message(" ".join(("精品钢", *PARTS)))


def test_only_what_is_missing_is_asked(site: Site, play: Play) -> None:
    told = read_one_message("精品钢 进度:主体封顶 下周:砌体施工")
    assert told is not None
    shown = turn(REPORT, told.said, site())
    assert isinstance(shown, Ask) and shown.step == "done"
    said, shown = play(REPORT, site(), "浇筑", said=told.said)
    assert isinstance(shown, Ask) and shown.step == "obstacle1"
    _, shown = play(REPORT, site(), "无", said=said)
    assert isinstance(shown, Review)


def test_an_obstacle_without_a_known_factor_is_asked_for_it(site: Site) -> None:
    told = read_one_message(" ".join(("精品钢", *PARTS[:3], "问题:三户未签约,请包推领导协调")))
    assert told is not None
    shown = turn(REPORT, told.said, site())
    assert isinstance(shown, Ask) and shown.step == "obstacle1.factor"


def test_a_bare_factor_is_asked_for_its_words(site: Site) -> None:
    told = read_one_message(" ".join(("精品钢", *PARTS[:3], "问题:资金")))
    assert told is not None
    shown = turn(REPORT, told.said, site())
    assert isinstance(shown, Ask) and shown.step == "obstacle1.words"


def test_money_that_nobody_asked_for_is_shown_and_kept(site: Site) -> None:
    told = read_one_message(" ".join(("精品钢", *PARTS, "投资:3500万")))
    assert told is not None
    assert content(site(asks_money=False), told.said).invested == 3500


def test_a_minus_is_not_lost_on_the_way(site: Site) -> None:
    told = read_one_message(" ".join(("精品钢", *PARTS, "投资:-5")))
    assert told is not None
    shown = turn(REPORT, told.said, site(asks_money=True))
    assert isinstance(shown, Ask) and shown.step == "invested" and shown.complaint is not None


def test_a_part_that_is_too_long_is_asked_again_and_nothing_else_is_lost(site: Site) -> None:
    told = read_one_message("精品钢 进度:" + "长" * 101 + " 本周:浇筑 下周:砌体 问题:无")
    assert told is not None
    shown = turn(REPORT, told.said, site())
    assert isinstance(shown, Ask) and shown.step == "progress" and shown.complaint is not None
    assert told.said["plan"] == "砌体"


def test_a_keyword_said_twice_adds_up() -> None:
    told = read_one_message("精品钢 本周:浇筑 下周:砌体 本周:养护")
    assert told is not None and told.said["done"] == "浇筑；养护"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "完成三层浇筑",
        "完成本周计划,下周继续推进",
        "本周:完成三层浇筑\n下周:砌体施工",
        "精品钢 进度:主体封顶",
        "三层浇筑完成80%,进度正常。下周计划砌体施工,无问题",
        "解决问题:2个,投资计划:已报",
        "精品钢 进度: 本周: 下周:",
        "做" * 61 + " 进度:主体封顶 本周:浇筑",
        "we are done with the plan for this week, no problem",
    ],
)
def test_ordinary_answers_are_not_taken_for_a_whole_report(words: str) -> None:
    assert read_one_message(words) is None


VALUES = st.text(
    alphabet="主体封顶浇筑砌体0123456789%层栋已、()（），", min_size=1, max_size=20
).filter(lambda value: any(sign.isalnum() for sign in value) and value == value.strip("、，"))


@given(
    values=st.lists(VALUES, min_size=4, max_size=4),
    order=st.permutations(range(4)),
    colon=st.sampled_from([":", "：", ": ", " "]),
    between=st.sampled_from([" ", "\n", "；", "。\n", "; "]),
)
def test_any_values_in_any_order_are_read_alike(
    values: list[str], order: list[int], colon: str, between: str
) -> None:
    names = ("进度", "本周", "下周", "投资")
    fields = [f"{name}{colon}{value}" for name, value in zip(names, values, strict=True)]
    told = read_one_message(between.join(["马头山水库", *(fields[place] for place in order)]))
    assert told is not None and told.project_words == "马头山水库"
    expected = dict(zip(("progress", "done", "plan", "invested"), values, strict=True))
    assert told.said == expected
    assert list(told.said) == list(expected)


@given(st.text(max_size=300))
def test_no_message_breaks_the_reader(words: str) -> None:
    read_one_message(words)
