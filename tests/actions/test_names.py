"""Names are found by what people type, and confirmed by a press unless they are exact."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.names import Candidate, NameBook, find_names
from actions.spelling import spelling

PROJECTS = [
    Candidate(1, "精品钢绿色转型项目", ("精品钢", "转型项目")),
    Candidate(2, "精品钢绿色转型基地项目"),
    Candidate(3, "马头山水库建设项目"),
    Candidate(4, "显示模组（二期）项目"),
    Candidate(5, "显示模组建设项目"),
    Candidate(6, "优质棒材深加工(二期)项目"),
    Candidate(7, "智能网联汽车线束建设项目"),
    Candidate(8, "智能网联汽车线束项目"),
    Candidate(9, "鲁中啤酒智慧仓储物流工程"),
]
PEOPLE = [
    Candidate(number, name)
    for number, name in enumerate(
        (
            "张三",
            "张珊",
            "王小明",
            "王晓明",
            "单雄信",
            "曾国藩",
            "仇和",
            "尉迟恭",
            "解缙",
            "任正非",
        ),
        1,
    )
]


def likely(words: str, candidates: list[Candidate]) -> list[int]:
    return [found for found, _ in find_names(words, candidates).likely]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("精品钢绿色转型项目", 1),
        ("精品钢绿色转型", 1),
        ("精品钢", 1),
        (" 精品钢 绿色转型 项目。", 1),
        ("显示模组(二期)项目", 4),
        ("显示模组二期", 4),
        ("显示模组2期项目", 4),
        ("显示模组Ⅱ期", 4),
        ("显示模组项目(二期)", 4),
        ("显示模组（２期）", 4),
        ("智能网联汽车线束项目", 8),
        ("智能网联汽车线束", 8),
        ("鲁中啤酒智慧仓储物流项目", 9),
    ],
)
def test_a_full_name_or_alias_is_exact(words: str, found: int) -> None:
    assert find_names(words, PROJECTS).exact == found


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("马头山", 3),
        ("水库", 3),
        ("报一下马头山水库建设项目的进度", 3),
        ("mtssk", 3),
        ("MTS SK", 3),
        ("matoushan", 3),
        ("马头山水窟建设", 3),
        ("马头水库", 3),
        ("优质棒才深加工2期", 6),
        ("精品刚绿色转形", 1),
        ("jpglslxm", 1),
        ("jpglszxxm", 1),
        ("matoushanshuikujianshe xiangmu", 3),
        ("yzbc", 6),
    ],
)
def test_a_part_or_a_near_miss_is_likely_and_not_exact(words: str, first: int) -> None:
    matches = find_names(words, PROJECTS)
    assert matches.exact is None
    assert matches.likely[0][0] == first


def test_a_missing_phase_is_not_exact() -> None:
    matches = find_names("优质棒材深加工", PROJECTS)
    assert matches.exact is None and matches.likely[0][0] == 6


def test_another_phase_is_not_exact() -> None:
    assert find_names("显示模组三期", PROJECTS).exact is None


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("张山", {2}),
        ("shan xiongxin", {5}),
        ("dan xiongxin", {5}),
        ("sxx", {5}),
        ("zgf", {6}),
        ("cgf", {6}),
        ("zengguofan", {6}),
        ("qiuhe", {7}),
        ("yuchigong", {8}),
        ("xiejin", {9}),
        ("任正飞", {10}),
        ("wxm", {3, 4}),
        ("王晓铭", {3, 4}),
    ],
)
def test_people_are_found_by_sound(words: str, ids: set[int]) -> None:
    matches = find_names(words, PEOPLE)
    best = [found for found, score in matches.likely if score == matches.likely[0][1]]
    assert matches.exact is None and set(best) == ids


def test_the_same_name_twice_is_left_to_the_person() -> None:
    twins = [Candidate(1, "王伟"), Candidate(2, "王伟"), Candidate(3, "王维")]
    matches = find_names("王伟", twins)
    assert matches.exact is None
    assert [found for found, score in matches.likely if score == 100] == [1, 2]


def test_a_full_name_wins_over_an_equal_stem() -> None:
    both = [Candidate(1, "综合管廊项目"), Candidate(2, "综合管廊工程")]
    assert find_names("综合管廊工程", both).exact == 2
    assert find_names("综合管廊", both).exact is None


def test_initials_stand_before_mere_likeness() -> None:
    both = [Candidate(1, "鲁中物流园"), Candidate(2, "老滋味楼")]
    assert likely("lzwly", both)[0] == 1


def test_a_first_part_stands_before_an_inner_part() -> None:
    both = [Candidate(1, "北山水库"), Candidate(2, "水库除险加固及配套设施改造")]
    assert likely("水库", both) == [2, 1]


def test_only_short_names_are_read_as_surnames() -> None:
    assert spelling("单雄信").pinyin == ("danxiongxin", "shanxiongxin")
    assert spelling("能源综合利用").pinyin == ("nengyuanzongheliyong",)


def test_nothing_is_found_for_nothing() -> None:
    for words in ("", "  ", "。。。", "完全无关的一句话在这里"):
        assert find_names(words, PROJECTS).likely == ()
    assert find_names("马头山", []).likely == ()
    assert find_names("马头山", [Candidate(1, "()")]).likely == ()


def test_no_more_are_shown_than_wanted() -> None:
    many = [Candidate(number, f"标准厂房{number}号楼") for number in range(50)]
    assert len(find_names("标准厂房", many).likely) == 5
    assert len(find_names("标准厂房", many, limit=2).likely) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_words_break_the_search(words: str) -> None:
    scores = [score for _, score in find_names(words, PROJECTS).likely]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)


@given(st.sampled_from(PROJECTS), st.sampled_from(["{}", " {} ", "{}。", "《{}》"]))
def test_every_name_finds_itself(candidate: Candidate, around: str) -> None:
    assert find_names(around.format(candidate.name), PROJECTS).exact == candidate.id


def test_many_names_are_searched_at_once() -> None:
    """The bound is many times what was measured, so that a busy machine does not fail it."""
    book = NameBook(Candidate(number, f"标准厂房{number}号楼项目") for number in range(2_000))
    book.find("biaozhunchangfang")
    begun = time.perf_counter()
    assert book.find("标准厂房1999号楼").exact == 1999
    assert book.find("标准厂方1999").likely
    assert time.perf_counter() - begun < 2


def test_the_search_libraries_are_loaded_only_when_used() -> None:
    code = (
        "import sys, actions.names as n;"
        "n.find_names('马头山', [n.Candidate(1, '马头山水库')]);"
        "sys.exit('pypinyin' in sys.modules or 'rapidfuzz' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
