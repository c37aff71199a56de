"""Days as people write them in a chat, read on Thursday 24 October 2024."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.day import read_day, read_day_ahead, show_day
from rules.refusal import Unusable

TODAY = date(2024, 10, 24)
TODAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
AHEAD = st.integers(0, 365 * 29)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2024-12-15", "2024-12-15"),
        ("2024.12.15", "2024-12-15"),
        ("2024/12/15", "2024-12-15"),
        ("2024-1-5", "2024-01-05"),
        ("20241215", "2024-12-15"),
        ("2024年12月15日", "2024-12-15"),
        ("２０２４年１２月１５日", "2024-12-15"),
        ("二〇二四年十二月十五日", "2024-12-15"),
        ("24年12月15日", "2024-12-15"),
        ("2024 年 12 月 15 号", "2024-12-15"),
        ("12月15日", "2024-12-15"),
        ("12月15", "2024-12-15"),
        ("十二月十五", "2024-12-15"),
        ("12-15", "2024-12-15"),
        ("12.15", "2024-12-15"),
        ("12/15", "2024-12-15"),
        ("12月15日前", "2024-12-15"),
        ("12月15日之前。", "2024-12-15"),
        ("12月15日(周日)", "2024-12-15"),
        ("明年3月1日", "2025-03-01"),
        ("28日", "2024-10-28"),
        ("24号", "2024-10-24"),
        ("15日", "2024-11-15"),
        ("下个月15日", "2024-11-15"),
        ("本月30日", "2024-10-30"),
        ("今天", "2024-10-24"),
        ("今日", "2024-10-24"),
        ("明天", "2024-10-25"),
        ("明日", "2024-10-25"),
        ("后天", "2024-10-26"),
        ("大后天", "2024-10-27"),
        ("周五", "2024-10-25"),
        ("周四", "2024-10-24"),
        ("周三", "2024-10-30"),
        ("星期天", "2024-10-27"),
        ("周5", "2024-10-25"),
        ("这个周六", "2024-10-26"),
        ("本周五", "2024-10-25"),
        ("这周一", "2024-10-21"),
        ("下周五", "2024-11-01"),
        ("下周日", "2024-11-03"),
        ("下下周三", "2024-11-06"),
        ("月底", "2024-10-31"),
        ("下月底", "2024-11-30"),
        ("下个月中旬", "2024-11-20"),
        ("11月上旬", "2024-11-10"),
        ("11月底", "2024-11-30"),
        ("年底", "2024-12-31"),
        ("年底前", "2024-12-31"),
        ("明年底", "2025-12-31"),
        ("明年年底", "2025-12-31"),
        ("2026年底", "2026-12-31"),
        ("后年底", "2026-12-31"),
        ("今年底", "2024-12-31"),
        ("本年末", "2024-12-31"),
        ("四季度末", "2024-12-31"),
        ("明年一季度", "2025-03-31"),
        ("2024-12", "2024-12-31"),
        ("2024.11", "2024-11-30"),
        ("2024年12月", "2024-12-31"),
        ("2028年2月", "2028-02-29"),
        ("12月", "2024-12-31"),
        ("10天内", "2024-11-03"),
        ("三天后", "2024-10-27"),
        ("两周后", "2024-11-07"),
        ("四个月后", "2025-02-24"),
    ],
)
def test_people_may_write_a_day_in_their_own_way(words: str, day: str) -> None:
    assert read_day(words, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("10月20日", "2024-10-20"),
        ("9月23日", "2024-09-23"),
        ("9月22日", "2025-09-22"),
        ("1月15日", "2025-01-15"),
        ("9月", "2025-09-30"),
        ("三季度", "2025-09-30"),
    ],
)
def test_a_day_without_a_year_is_this_years_unless_it_is_long_past(words: str, day: str) -> None:
    assert read_day(words, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words",
    [
        *("2月30日", "13月1日", "0月0日", "2月29日", "2025-02-29", "99日", "下月31日"),
        *("2024年13月", "25.12", "20241301", "0000-01-01"),
    ],
)
def test_a_day_that_does_not_exist_is_called_impossible(words: str) -> None:
    assert refused(words) == "rules.day.impossible"


@pytest.mark.parametrize(
    "words",
    [
        *("abc", "底", "月", "年", "周八", "下周", "尽快", "3天前", "3.5亿", "10000-01-01"),
        *("明年", "12月15日18:00", "10-12月", "2024-12-15-16", "😀", "x" * 5000, "٣日", "2024W43"),
    ],
)
def test_words_that_name_no_day_are_unreadable(words: str) -> None:
    assert refused(words) == "rules.day.unreadable"


def test_no_words_are_called_empty() -> None:
    assert refused("") == refused(" \u3000\n") == "rules.day.empty"


def test_past_years_and_far_years_are_refused() -> None:
    assert refused("2023-12-31") == refused("去年12月") == "rules.day.past_year"
    assert refused("0001-01-01") == "rules.day.past_year"
    assert refused("2055-01-01") == refused("9999-12-31") == "rules.day.too_far"
    assert read_day("2054-12-31", TODAY) == date(2054, 12, 31)


def test_what_is_still_to_come_cannot_lie_before_today() -> None:
    with pytest.raises(Unusable) as told:
        read_day_ahead("10月23日", TODAY)
    assert (told.value.key, told.value.facts) == ("rules.day.past", {"on": date(2024, 10, 23)})
    assert read_day_ahead("今天", TODAY) == TODAY


def test_a_months_and_a_quarters_last_day_still_count_as_to_come() -> None:
    last_day = date(2024, 9, 30)
    assert read_day("9月", last_day) == read_day("三季度", last_day) == last_day
    assert read_day("9月", date(2024, 10, 1)) == date(2025, 9, 30)


def test_a_leap_day_without_a_year_is_found_when_next_year_has_one() -> None:
    assert read_day("2月29日", date(2027, 12, 1)) == date(2028, 2, 29)


def test_the_31st_is_not_guessed_in_a_month_of_thirty_days() -> None:
    assert refused("31日", date(2024, 11, 5)) == "rules.day.impossible"
    assert refused("30日", date(2025, 1, 31)) == "rules.day.impossible"


def test_a_month_later_than_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert read_day("一个月后", date(2024, 1, 31)) == date(2024, 2, 29)


def test_a_day_is_shown_with_its_year_only_when_it_differs() -> None:
    assert show_day(TODAY, TODAY) == "10月24日"
    assert show_day(date(2025, 1, 5), TODAY) == "2025年1月5日"


@given(TODAYS, AHEAD)
def test_every_way_of_showing_a_day_reads_back(today: date, ahead: int) -> None:
    on = today + timedelta(days=ahead)
    assert read_day(f"{on.year}年{on.month}月{on.day}日", today) == on
    assert read_day(on.isoformat(), today) == on
    assert read_day(f"{on:%Y%m%d}", today) == on


@given(TODAYS, st.integers(0, 300))
def test_a_day_shown_to_a_person_reads_back_when_it_is_near(today: date, ahead: int) -> None:
    on = today + timedelta(days=ahead)
    assert read_day(show_day(on, today), today) == on


@given(TODAYS, st.sampled_from("一二三四五六日"))
def test_weekdays_fall_into_the_week_they_name(today: date, weekday: str) -> None:
    monday = today - timedelta(days=today.weekday())
    assert 0 <= (read_day(f"周{weekday}", today) - today).days < 7
    assert 7 <= (read_day(f"下周{weekday}", today) - monday).days < 14


@given(
    TODAYS, st.text() | st.text("0123456789年月日号周下本前后天内底旬季度.-/ 一二十", max_size=12)
)
def test_no_words_get_more_than_a_day_or_a_reason(today: date, words: str) -> None:
    try:
        on = read_day(words, today)
    except Unusable as told:
        assert told.key.startswith("rules.day.")
    else:
        assert today.year <= on.year <= today.year + 30


def refused(words: str, today: date = TODAY) -> str:
    with pytest.raises(Unusable) as told:
        read_day(words, today)
    return told.value.key
