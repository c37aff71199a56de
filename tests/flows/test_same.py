"""与上周一致: a quiet week in one tap."""

from collections.abc import Callable
from datetime import date

import pytest

from flows.flow import Ask, NotReady, Review, Said, Turn, turn
from flows.report_facts import LastReport
from flows.same import SAME, SameContent, SameFacts, same_content
from flows.talk import skip
from rules.terms import Factor

Play = Callable[..., tuple[Said, Turn]]


def quiet(weeks: int) -> SameFacts:
    return SameFacts(
        project_id=1,
        project="马头山水库建设项目",
        unit="区住建局",
        period="2024-W43",
        first_on=date(2024, 10, 18),
        last_on=date(2024, 10, 24),
        today=date(2024, 10, 23),
        last=LastReport("2024-W42", "设备安装", "安装", "调试", same_in_a_row=weeks),
    )


@pytest.mark.parametrize("weeks", [0, 1])
def test_twice_in_a_row_no_question_is_asked(weeks: int) -> None:
    assert turn(SAME, {}, quiet(weeks)) == Review(())
    assert same_content(quiet(weeks), {}) == SameContent()


@pytest.mark.parametrize("weeks", [2, 3, 10])
def test_the_third_week_asks_what_it_hangs_on(weeks: int) -> None:
    shown = turn(SAME, {}, quiet(weeks))
    assert isinstance(shown, Ask) and shown.step == "stuck" and shown.of == 1
    assert shown.facts["weeks"] == weeks + 1
    with pytest.raises(NotReady):
        same_content(quiet(weeks), {})


def test_a_factor_is_enough_and_words_are_welcome(play: Play) -> None:
    said, shown = play(SAME, quiet(2), "资金")
    assert isinstance(shown, Ask) and shown.may_skip
    skipped, shown = skip(SAME, said, quiet(2))
    assert isinstance(shown, Review)
    assert same_content(quiet(2), skipped) == SameContent(Factor.MONEY, None, stalled=True)
    told, shown = play(SAME, quiet(2), "贷款未到位", said=said)
    assert same_content(quiet(2), told) == SameContent(Factor.MONEY, "贷款未到位", stalled=True)


@pytest.mark.parametrize(
    ("sentence", "factor"),
    [("等待环评批复", Factor.ENVIRONMENT), ("业主换人", Factor.OTHER)],
)
def test_a_sentence_is_enough_as_well(play: Play, sentence: str, factor: Factor) -> None:
    said, shown = play(SAME, quiet(2), sentence)
    assert isinstance(shown, Review)
    assert same_content(quiet(2), said) == SameContent(factor, sentence, stalled=True)
