"""The weekly report as people tell it: transcripts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from flows.flow import Ask, NotReady, Review, Said, Turn, turn
from flows.report import REPORT, content, photos_in, start, with_photo
from flows.report_facts import (
    DueMilestone,
    LastReport,
    MilestoneAnswer,
    ObstacleAnswer,
    ReportFacts,
)
from flows.talk import back, correct, hear, hear_again, hear_suggestion, skip
from rules.terms import Factor, Instance

Site = Callable[..., ReportFacts]
Play = Callable[..., tuple[Said, Turn]]

TOPPING_OUT = DueMilestone(7, "主体封顶", date(2024, 10, 21))
PLAIN = ("主体三层施工", "完成三层浇筑", "砌体施工", "无")


def test_a_usual_week_takes_four_answers(site: Site, play: Play) -> None:
    said, shown = play(REPORT, site(), *PLAIN)
    assert isinstance(shown, Review)
    told = content(site(), said)
    assert (told.progress, told.done, told.plan) == PLAIN[:3]
    assert told.milestones == () and told.obstacles == () and told.invested is None


def test_a_quiet_week_with_all_suggestions_is_four_taps(site: Site) -> None:
    facts = site()
    said, _ = hear_suggestion(REPORT, start(facts), facts)
    said, _ = hear_suggestion(REPORT, said, facts)
    said, _ = hear_suggestion(REPORT, said, facts)
    said, shown = hear(REPORT, said, facts, "none")
    assert isinstance(shown, Review)
    assert content(facts, said).progress == "主体二层施工"
    assert content(facts, said).plan == "三层钢筋绑扎"


def test_the_last_words_are_offered_for_progress_done_and_plan(site: Site, play: Play) -> None:
    for words, offered in (
        ((), "主体二层施工"),
        (PLAIN[:1], "三层钢筋绑扎"),
        (PLAIN[:2], "三层钢筋绑扎"),
    ):
        _, shown = play(REPORT, site(), *words)
        assert isinstance(shown, Ask) and shown.suggestion == offered


def test_without_a_last_report_the_ledger_offers_the_progress(site: Site, play: Play) -> None:
    _, shown = play(REPORT, site(last=None, progress="基础施工"))
    assert isinstance(shown, Ask) and shown.suggestion == "基础施工"


def test_last_words_that_would_be_refused_are_not_offered(site: Site, play: Play) -> None:
    last = LastReport("2024-W42", "长" * 101, "做", "做")
    _, shown = play(REPORT, site(last=last))
    assert isinstance(shown, Ask) and shown.suggestion is None


@pytest.mark.parametrize("words", ["done", "已完成", "1", "１", " 已 完成。", "完成了", "Done"])
def test_a_milestone_is_done_by_a_tap_or_a_word(site: Site, play: Play, words: str) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    said, _ = play(REPORT, facts, PLAIN[0], words, *PLAIN[1:])
    assert content(facts, said).milestones == (MilestoneAnswer(7, done_on=facts.today),)


@pytest.mark.parametrize(
    ("words", "done_on"),
    [
        ("10月20日完成", date(2024, 10, 20)),
        ("已于10月20日完成", date(2024, 10, 20)),
        ("20日完成了", date(2024, 10, 20)),
        ("9月10日", date(2024, 9, 10)),
        ("昨天", date(2024, 10, 22)),
        ("上周五完成", date(2024, 10, 18)),
        ("11月20日", None),
        ("10月32日", None),
        ("快了", None),
        ("周五完成", date(2024, 10, 18)),
        ("2023-12-30", date(2023, 12, 30)),
        ("30号", date(2024, 9, 30)),
    ],
)
def test_a_milestone_is_done_on_a_typed_day(
    site: Site, play: Play, words: str, done_on: date | None
) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    said, shown = play(REPORT, facts, PLAIN[0], words)
    if done_on is None:
        assert isinstance(shown, Ask) and shown.complaint is not None
        return
    assert said["m7.state"] == done_on.isoformat()


def test_today_said_yesterday_still_means_yesterday(site: Site, play: Play) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    said, _ = play(REPORT, facts, PLAIN[0], "今天完成", *PLAIN[1:])
    tomorrow = site(milestones=(TOPPING_OUT,), today=date(2024, 10, 24))
    assert content(tomorrow, said).milestones[0].done_on == date(2024, 10, 23)


def test_a_milestone_cannot_have_been_done_tomorrow(site: Site, play: Play) -> None:
    said, shown = play(REPORT, site(milestones=(TOPPING_OUT,)), PLAIN[0], "10月30日完成")
    assert isinstance(shown, Ask) and shown.step == "m7.state"
    assert shown.complaint is not None and shown.complaint.key == "flow.day_is_ahead"
    assert "m7.state" not in said


def test_a_milestone_not_done_is_asked_for_its_cause_and_new_day(site: Site, play: Play) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    said, _ = play(REPORT, facts, PLAIN[0], "未完成", "资金", "11月20日", *PLAIN[1:])
    assert content(facts, said).milestones == (
        MilestoneAnswer(7, factor=Factor.MONEY, expected_on=date(2024, 11, 20)),
    )
    said, _ = play(REPORT, facts, PLAIN[0], "没完成", "连续降雨", "月底", *PLAIN[1:])
    assert content(facts, said).milestones == (
        MilestoneAnswer(7, cause="连续降雨", expected_on=date(2024, 10, 31)),
    )


def test_a_new_day_before_today_is_refused(site: Site, play: Play) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    _, shown = play(REPORT, facts, PLAIN[0], "未完成", "资金", "10月20日")
    assert isinstance(shown, Ask) and shown.step == "m7.day"
    assert shown.complaint is not None and shown.complaint.key == "rules.day.past"


def test_a_promise_that_still_holds_is_repeated_by_one_tap(site: Site, play: Play) -> None:
    promised = DueMilestone(7, "主体封顶", date(2024, 10, 1), expected_on=date(2024, 11, 5))
    facts = site(milestones=(promised,))
    said, _ = play(REPORT, facts, PLAIN[0], "unchanged", *PLAIN[1:])
    assert content(facts, said).milestones == (MilestoneAnswer(7, expected_on=date(2024, 11, 5)),)


def test_a_promise_that_has_passed_cannot_be_repeated(site: Site, play: Play) -> None:
    promised = DueMilestone(7, "主体封顶", date(2024, 10, 1), expected_on=date(2024, 10, 24))
    facts = site(milestones=(promised,))
    said, _ = play(REPORT, facts, PLAIN[0], "unchanged", *PLAIN[1:])
    later = site(milestones=(promised,), today=date(2024, 10, 25))
    shown = turn(REPORT, said, later)
    assert isinstance(shown, Ask) and shown.step == "m7.state" and shown.complaint is not None
    assert [choice.words for choice in shown.choices] == ["done", "not_yet"]


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (date(2024, 10, 23), ["2024-10-30", "2024-10-31", "2024-11-06"]),
        (date(2024, 10, 24), ["2024-10-31", "2024-11-07"]),
        (date(2024, 10, 28), ["2024-10-31", "2024-11-04", "2024-11-11"]),
        (date(2024, 10, 29), ["2024-11-05", "2024-11-12", "2024-11-30"]),
        (date(2024, 12, 31), ["2025-01-07", "2025-01-14", "2025-01-31"]),
    ],
)
def test_days_ahead_are_offered_as_taps(
    site: Site, play: Play, today: date, offered: list[str]
) -> None:
    facts = site(milestones=(TOPPING_OUT,), today=today)
    _, shown = play(REPORT, facts, PLAIN[0], "未完成", "资金")
    assert isinstance(shown, Ask) and [choice.words for choice in shown.choices] == offered


def test_an_expected_day_that_passes_in_the_meantime_is_asked_again(site: Site, play: Play) -> None:
    facts = site(milestones=(TOPPING_OUT,))
    said, _ = play(REPORT, facts, PLAIN[0], "未完成", "资金", "明天", *PLAIN[1:])
    later = site(milestones=(TOPPING_OUT,), today=date(2024, 10, 26))
    shown = turn(REPORT, said, later)
    assert isinstance(shown, Ask) and shown.step == "m7.day" and shown.complaint is not None
    with pytest.raises(NotReady):
        content(later, said)


@pytest.mark.parametrize("words", ["无", "没有。", "暂无", "没有问题", "无 ", "none", "1"])
def test_nothing_to_coordinate_is_said_in_many_ways(site: Site, play: Play, words: str) -> None:
    said, shown = play(REPORT, site(), *PLAIN[:3], words)
    assert isinstance(shown, Review) and content(site(), said).obstacles == ()


def test_an_obstacle_is_told_step_by_step(site: Site, play: Play) -> None:
    said, shown = play(
        REPORT, site(), *PLAIN[:3], "资金", "二期贷款未到位", "区里", "11月30日", "没有了"
    )
    assert isinstance(shown, Review)
    assert content(site(), said).obstacles == (
        ObstacleAnswer(Factor.MONEY, "二期贷款未到位", Instance.DISTRICT, date(2024, 11, 30)),
    )


def test_an_obstacle_told_as_a_sentence_is_asked_for_its_factor(site: Site, play: Play) -> None:
    sentence = "红线内三户尚未签约,影响清表"
    said, shown = play(REPORT, site(), *PLAIN[:3], sentence)
    assert isinstance(shown, Ask) and shown.step == "obstacle1.factor"
    assert shown.choices[0].words == Factor.CLEARANCE
    said, _ = play(REPORT, site(), "征迁", "包推领导", said=said)
    said, _ = skip(REPORT, said, site())
    said, _ = play(REPORT, site(), "no", said=said)
    assert content(site(), said).obstacles == (
        ObstacleAnswer(Factor.CLEARANCE, sentence, Instance.SPONSOR, None),
    )


@pytest.mark.parametrize(
    ("sentence", "factor"),
    [
        ("施工许可未批", Factor.APPROVAL),
        ("施工人手不足,资金也紧", Factor.CONSTRUCTION),
        ("贷款未到,用地指标也缺", Factor.MONEY),
        ("其他都好,就是下雨", Factor.LAND),
    ],
)
def test_the_likeliest_factor_of_a_sentence_is_offered_first(
    site: Site, play: Play, sentence: str, factor: Factor
) -> None:
    """Without a known word in it the usual order stays, which begins with 用地."""
    _, shown = play(REPORT, site(), *PLAIN[:3], sentence)
    assert isinstance(shown, Ask) and shown.choices[0].words == factor


def test_three_obstacles_are_the_most(site: Site, play: Play) -> None:
    one = ("资金", "差钱", "区里", "11月30日")
    said, shown = play(REPORT, site(), *PLAIN[:3], *one, "yes", *one, "还有一个", *one)
    assert isinstance(shown, Review)
    assert len(content(site(), said).obstacles) == 3


def test_the_wished_day_can_be_skipped_and_the_progress_cannot(site: Site, play: Play) -> None:
    _, shown = skip(REPORT, {}, site())
    assert isinstance(shown, Ask) and shown.complaint is not None
    assert shown.complaint.key == "flow.not_optional"
    said, shown = play(REPORT, site(), *PLAIN[:3], "资金", "差钱", "区里")
    assert isinstance(shown, Ask) and shown.may_skip
    _, shown = skip(REPORT, said, site())
    assert isinstance(shown, Ask) and shown.step == "obstacle1.more"


def test_an_obstacle_that_is_taken_back_takes_its_details_along(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN[:3], "资金", "差钱", "区里", "月底", "no")
    said, shown = correct(REPORT, said, site(), "obstacle1")
    assert isinstance(shown, Ask) and shown.now is not None
    said, shown = hear(REPORT, said, site(), "无")
    assert isinstance(shown, Review)
    assert list(said) == ["progress", "done", "plan", "obstacle1"]


def test_a_changed_factor_keeps_the_details(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN[:3], "资金", "差钱", "区里", "月底", "no")
    said, _ = correct(REPORT, said, site(), "obstacle1")
    said, shown = hear(REPORT, said, site(), "用地")
    assert isinstance(shown, Review)
    assert content(site(), said).obstacles[0].factor is Factor.LAND


def test_money_is_asked_only_where_the_office_asks(site: Site, play: Play) -> None:
    facts = site(asks_money=True)
    said, shown = play(REPORT, facts, *PLAIN)
    assert isinstance(shown, Ask) and shown.step == "invested"
    said, shown = play(REPORT, facts, "０.35亿", said=said)
    assert isinstance(shown, Review) and content(facts, said).invested == Decimal(3500)


@pytest.mark.parametrize("words", ["-5", "1e9", "很多", "3-5亿"])
def test_an_amount_that_cannot_be_read_is_asked_again(site: Site, play: Play, words: str) -> None:
    said, shown = play(REPORT, site(asks_money=True), *PLAIN, words)
    assert isinstance(shown, Ask) and shown.step == "invested" and shown.complaint is not None
    assert "invested" not in said


def test_an_amount_off_by_ten_thousand_is_asked_about_once(site: Site, play: Play) -> None:
    facts = site(asks_money=True, year_plan=Decimal(120_000))
    said, shown = play(REPORT, facts, *PLAIN, "35000000")
    assert isinstance(shown, Ask) and shown.step == "invested.sure"
    kept, shown = hear(REPORT, said, facts, "是")
    assert isinstance(shown, Review) and content(facts, kept).invested == Decimal(35_000_000)
    retyped, shown = hear(REPORT, said, facts, "3500")
    assert isinstance(shown, Review) and content(facts, retyped).invested == Decimal(3500)
    redone, shown = hear(REPORT, said, facts, "redo")
    assert isinstance(shown, Ask) and shown.step == "invested" and "invested" not in redone


def test_a_confirmed_amount_does_not_vouch_for_another(site: Site, play: Play) -> None:
    facts = site(asks_money=True, year_plan=Decimal(120_000))
    said, _ = play(REPORT, facts, *PLAIN, "35000000", "是")
    said, shown = hear_again(REPORT, said, facts, "invested", "36000000")
    assert isinstance(shown, Ask) and shown.step == "invested.sure"


def test_photos_come_at_any_step_and_interrupt_none(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN[:1])
    said = with_photo(with_photo(said))
    shown = turn(REPORT, said, site())
    assert isinstance(shown, Ask) and shown.step == "done"
    said, shown = play(REPORT, site(), *PLAIN[1:], said=said)
    assert isinstance(shown, Review) and content(site(), said).photos == 2


def test_photos_are_counted_to_ten_and_taken_back_by_a_word(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    for _ in range(12):
        said = with_photo(said)
    assert photos_in(said) == 10
    said, _ = correct(REPORT, said, site(), "photos")
    said, shown = hear(REPORT, said, site(), "两张")
    assert isinstance(shown, Ask) and shown.complaint is not None
    said, shown = hear(REPORT, said, site(), "无")
    assert isinstance(shown, Review) and photos_in(said) == 0


def test_a_photo_answers_the_question_for_photos(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    said, shown = correct(REPORT, said, site(), "photos")
    assert isinstance(shown, Ask) and shown.step == "photos"
    assert isinstance(turn(REPORT, with_photo(said), site()), Review)


def test_a_change_after_the_freeze_needs_a_reason(site: Site, play: Play) -> None:
    before, _ = play(REPORT, site(), *PLAIN)
    facts = site(frozen=True, revising=before)
    said = start(facts)
    shown = turn(REPORT, said, facts)
    assert isinstance(shown, Ask) and shown.step == "reason"
    said, shown = hear(REPORT, said, facts, "层数报错")
    assert isinstance(shown, Review) and content(facts, said).reason == "层数报错"
    assert "reason" not in start(site(frozen=True, revising=said))


def test_a_late_first_report_needs_no_reason(site: Site, play: Play) -> None:
    _, shown = play(REPORT, site(late=True, frozen=True), *PLAIN)
    assert isinstance(shown, Review)


def test_back_walks_to_the_first_question(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN[:3], "资金", "差钱")
    steps = []
    for _ in range(6):
        said, shown = back(REPORT, said, site())
        assert isinstance(shown, Ask)
        steps.append(shown.step)
    assert steps == ["obstacle1.words", "obstacle1", "plan", "done", "progress", "progress"]
    assert isinstance(shown, Ask) and not shown.may_back and said == {}


def test_an_edited_message_corrects_the_step_it_answered(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN[:2])
    said, shown = hear_again(REPORT, said, site(), "progress", "主体四层施工")
    assert said["progress"] == "主体四层施工"
    assert isinstance(shown, Ask) and shown.step == "plan"


def test_an_unusable_edit_keeps_the_old_answer_and_asks(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    said, shown = hear_again(REPORT, said, site(), "progress", "。。。")
    assert said["progress"] == PLAIN[0]
    assert isinstance(shown, Ask) and shown.step == "progress" and shown.complaint is not None
    said, shown = back(REPORT, said, site())
    assert isinstance(shown, Review)


def test_an_edit_elsewhere_leaves_the_line_that_is_being_corrected(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    said, _ = correct(REPORT, said, site(), "plan")
    said, shown = hear_again(REPORT, said, site(), "done", "完成四层浇筑")
    assert isinstance(shown, Ask) and shown.step == "plan"
    said, shown = hear(REPORT, said, site(), "屋面施工")
    assert isinstance(shown, Review)
    assert (said["done"], said["plan"]) == ("完成四层浇筑", "屋面施工")


def test_a_number_in_the_review_corrects_its_line(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    said, shown = hear(REPORT, said, site(), "3")
    assert isinstance(shown, Ask) and shown.step == "plan" and shown.now == PLAIN[2]
    said, shown = hear(REPORT, said, site(), "屋面施工")
    assert isinstance(shown, Review) and said["plan"] == "屋面施工"
    assert list(said) == ["progress", "done", "plan", "obstacle1"]


def test_other_words_in_the_review_change_nothing(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    heard, shown = hear(REPORT, said, site(), "好的")
    assert isinstance(shown, Review) and shown.complaint is not None and heard == said


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "flow.empty"),
        ("\u200b\x00 \n", "flow.empty"),
        ("。。。!!!", "flow.no_words"),
        ("🎉🎉", "flow.no_words"),
        ("长" * 101, "flow.too_long"),
        ("长" * 4097, "flow.too_long"),
    ],
)
def test_an_unusable_answer_gets_a_sentence_and_loses_nothing(
    site: Site, play: Play, words: str, key: str
) -> None:
    before, _ = play(REPORT, site(), *PLAIN[:1])
    before, _ = correct(REPORT, before, site(), "progress")
    said, shown = hear(REPORT, before, site(), words)
    assert said == before
    assert isinstance(shown, Ask) and shown.complaint is not None and shown.complaint.key == key
