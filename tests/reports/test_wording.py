"""Days, numerals and amounts are written as each language writes them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reports.wording import FILTERS, chinese_numeral, chinese_sentence, english_sentence, short

ZH, EN = FILTERS["zh-CN"], FILTERS["en"]
OCTOBER = date(2024, 10, 18)


def test_both_languages_have_the_same_filters() -> None:
    assert set(ZH) == set(EN)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert chinese_numeral(number) == words


@pytest.mark.parametrize(
    ("last_on", "chinese", "english"),
    [
        (date(2024, 10, 24), "10月18日—24日", "18–24 Oct 2024"),
        (date(2024, 11, 2), "10月18日—11月2日", "18 Oct – 2 Nov 2024"),
        (date(2025, 1, 2), "2024年10月18日—2025年1月2日", "18 Oct 2024 – 2 Jan 2025"),
    ],
)
def test_a_span_says_month_and_year_only_where_they_differ(
    last_on: date, chinese: str, english: str
) -> None:
    assert ZH["span"](OCTOBER, last_on) == chinese
    assert EN["span"](OCTOBER, last_on) == english


def test_a_moment_has_its_day_and_time() -> None:
    at = datetime(2024, 10, 24, 18, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert ZH["moment"](at, OCTOBER) == "10月24日18:05"
    assert EN["moment"](at, OCTOBER) == "24 Oct, 18:05"


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("0", "0万元", "0.00 million yuan"),
        ("9999.4", "9999万元", "99.99 million yuan"),
        ("10000", "1亿元", "100.00 million yuan"),
        ("123456", "12.35亿元", "1,234.56 million yuan"),
    ],
)
def test_prose_says_big_amounts_in_yi(amount: str, chinese: str, english: str) -> None:
    assert ZH["amount"](Decimal(amount)) == chinese
    assert EN["amount"](Decimal(amount)) == english


def test_words_of_several_lines_are_read_in_one() -> None:
    assert short(" 一、浇筑\n\n二、\t吊装 ") == "一、浇筑 二、 吊装"


def test_what_is_too_long_ends_behind_a_sentence_or_with_three_dots() -> None:
    assert short("甲。乙。丙丁戊己", 6) == "甲。乙。…"
    assert short("没有句号的长话", 5) == "没有句号…"
    assert short("刚好五个字", 5) == "刚好五个字"


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        ("主体封顶", "主体封顶。", "主体封顶。"),
        ("完成了！", "完成了！", "完成了！"),
        ("roof closed", "roof closed。", "roof closed. "),
        ("Done.", "Done.", "Done. "),
        ("", "", ""),
    ],
)
def test_a_sentence_gets_the_stop_it_lacks(words: str, chinese: str, english: str) -> None:
    assert chinese_sentence(words) == chinese
    assert english_sentence(words) == english
