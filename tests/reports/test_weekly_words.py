"""The weekly bulletin as people read it: golden files, hostile words, and districts of any size."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.markup import check, plain_text, units, visible_length
from reports.templating import Templates
from reports.weekly import WeeklyOptions, bulletin_text, render_weekly
from rules.terms import Factor
from rules.weekly import WeeklyFacts, weekly
from rules.weekly_record import fingerprint, to_json
from tests.weekly_district import (
    LAST_ON,
    large_week,
    milestone,
    obstacle,
    project,
    small_week,
    week,
)

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("zh-CN", "en")
PLAIN = WeeklyOptions()
QUOTE = re.compile(r"<blockquote expandable>.*?</blockquote>", re.DOTALL)
HOSTILE = st.text(
    st.sampled_from("<>&\"'@/#{}%;: 甲b_1。")
    | st.characters(codec="utf-8", exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=30,
).map(lambda words: f"甲{words}乙")


def write(
    facts: WeeklyFacts, language: str = "zh-CN", options: WeeklyOptions = PLAIN
) -> tuple[str, ...]:
    return render_weekly(weekly(facts), Templates(language), options, fingerprint(to_json(facts)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_small_district_reads_as_its_golden_file(language: str) -> None:
    """To renew the files after a wanted change: delete them and run this test twice."""
    golden = GOLDEN / f"weekly.{language}.html"
    (message,) = write(small_week(), language)
    if not golden.exists():
        golden.write_text(message + "\n", encoding="utf-8")
        pytest.fail("written anew; read it, then run again")
    assert message + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_week_says_so_and_nothing_else(language: str) -> None:
    (message,) = write(week(), language)
    assert "blockquote" not in message
    assert len(message.split("\n")) <= 8
    assert "None" not in message


def test_a_week_of_silence_names_units_and_counts_but_no_sections_of_progress() -> None:
    lines = tuple(
        project(n, unit=f"第{n % 20}单位", unit_order=n % 20, reported=False) for n in range(60)
    )
    (message,) = write(week(lines))
    assert "本周应报60个，已报0个，报送率0.0%。" in message
    assert "二、未报" in message
    assert "未报60个，涉及20个单位。" in message
    assert "第19单位：应报3个，未报3个。" in message
    assert "本周进展" not in message


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_message_fits_a_phone_screen_before_anything_is_unfolded(language: str) -> None:
    parts = write(large_week(137), language, WeeklyOptions(shows_money=True))
    assert len(parts) <= 4
    unfolded = plain_text(QUOTE.sub("", parts[0]))
    assert len([line for line in unfolded.split("\n") if line.strip()]) <= 25
    assert len(unfolded) <= (900 if language == "zh-CN" else 1400)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [1, 137, 2_000])
def test_a_district_of_any_size_is_said_in_legal_messages_and_in_full(
    size: int, language: str
) -> None:
    facts = large_week(size)
    parts = write(facts, language, WeeklyOptions(shows_all_plans=True))
    for number, part in enumerate(parts, start=1):
        check(part)
        assert len(parts) == 1 or f"({number}/{len(parts)})" in part
    text = "\n".join(plain_text(part) for part in parts)
    bulletin = weekly(facts)
    for change in bulletin.changes:
        assert change.line.name in text
    assert len(re.findall("原定|was due", text)) == bulletin.delays


def test_ten_thousand_projects_become_as_many_messages_as_allowed() -> None:
    parts = write(large_week(10_000, units=300), options=WeeklyOptions(most_parts=4))
    assert len(parts) == 4
    assert re.search(r"其余\d+条见附件全文。", parts[-1])
    for part in parts:
        check(part)


@settings(max_examples=60)
@given(name=HOSTILE, unit=HOSTILE, said=HOSTILE, language=st.sampled_from(LANGUAGES))
def test_words_of_people_are_shown_as_said_and_format_nothing(
    name: str, unit: str, said: str, language: str
) -> None:
    plain = write(_everywhere("普通", "普通", "普通"), language)
    hostile = write(_everywhere(name, unit, said), language)
    assert len(re.findall("<[a-z]", "".join(hostile))) == len(re.findall("<[a-z]", "".join(plain)))
    text = bulletin_text(hostile)
    for words in (name, unit, said):
        assert " ".join(words.split()) in text


def _everywhere(name: str, unit: str, said: str) -> WeeklyFacts:
    moved = project(1, name, unit=unit, progress=said, done=said, plan=said, late_for="2024-W42")
    missing = project(2, name, unit=unit, reported=False, stalled=True, late_done=said)
    return week(
        (moved, missing),
        (
            milestone(moved, said, LAST_ON, done_on=LAST_ON),
            milestone(moved, said, LAST_ON - timedelta(days=9), cause=said),
            milestone(moved, said, LAST_ON + timedelta(days=2)),
        ),
        (obstacle(moved, Factor.OTHER, said),),
    )


def test_nobody_is_mentioned_by_a_report() -> None:
    (message,) = write(small_week())
    assert "@gaochao" not in message
    assert "@\u200bgaochao" in message


def test_a_long_report_is_shortened_behind_a_sentence_in_the_bulletin_only() -> None:
    line = project(1, progress="封顶", done="完成第一层。" * 60)
    (message,) = write(week((line,)))
    shown = message.split("封顶。")[1].split("</blockquote>")[0]
    assert shown.endswith("完成第一层。…")
    assert len(shown) <= 160


def test_the_title_says_when_a_bulletin_is_late() -> None:
    (late,) = write(week(), options=WeeklyOptions(is_delayed=True))
    assert late.startswith("<b>【重点项目周调度】2024年第41期</b>（延迟）\n")


def test_the_offices_note_stands_on_top_as_it_was_written() -> None:
    (message,) = write(week(), options=WeeklyOptions(note=" 请各单位 <抓紧> 填报。 "))
    assert "办公室\n\n<b>按语：</b>请各单位 &lt;抓紧&gt; 填报。\n\n<b>一、总体</b>" in message


def test_money_is_only_said_where_the_office_asks_for_it() -> None:
    facts = week((project(1, invested=Decimal("35000.5")), project(2, invested=Decimal(7))))
    assert "投资" not in "".join(write(facts))
    (message,) = write(facts, options=WeeklyOptions(shows_money=True))
    assert "本周完成投资3.5亿元（2个项目填报，调度数）。" in message


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ((2, 1), "报送率50.0%，与上期持平。"),
        ((4, 1), "报送率50.0%，比上期提高25.0个百分点。"),
        ((3, 2), "报送率50.0%，比上期下降16.7个百分点。"),
        ((0, 0), "报送率50.0%。"),
    ],
)
def test_rates_are_in_percent_and_their_change_in_points(
    before: tuple[int, int], words: str
) -> None:
    facts = week((project(1), project(2, reported=False)), (), (), *before)
    assert words in write(facts)[0]


def test_zeros_and_decimals_are_the_offices_choice() -> None:
    facts = week((project(1),))
    options = WeeklyOptions(decimals=2, keeps_zeros=False)
    assert "报送率100%。" in write(facts, options=options)[0]


def test_a_day_of_another_year_carries_its_year() -> None:
    line = project(1)
    facts = week((line,), (milestone(line, "开工", date(2023, 7, 3)),))
    assert "原定2023年7月3日，滞后479天" in write(facts)[0]
    assert "was due 3 Jul 2023, 479 days late" in write(facts, "en")[0]


def test_plans_of_unmoved_projects_are_there_when_asked_for() -> None:
    facts = week((project(1, plan="砌体施工"), project(2, plan="无"), project(3, same=True)))
    assert "砌体施工" not in write(facts)[0]
    (message,) = write(facts, options=WeeklyOptions(shows_all_plans=True))
    assert "其他项目计划1项。" in message
    assert "砌体施工。" in message


def test_the_text_for_a_file_has_every_word_and_no_tags() -> None:
    parts = write(large_week(137))
    text = bulletin_text(parts)
    assert "<b>" not in text
    assert "blockquote" not in text
    assert "  · 智能制造与高端装备第28项目（第1责任单位）：主体封顶。" in text
    assert units(text) >= sum(visible_length(part) for part in parts)


@pytest.mark.parametrize("make", [week, small_week, large_week])
def test_the_same_facts_give_the_same_words(make: Callable[[], WeeklyFacts]) -> None:
    assert write(make()) == write(make())
