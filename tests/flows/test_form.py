"""The form a person sees: what stands on it, that it always fits, and its buttons."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.card import Button, Card
from flows.flow import Ask, Review, Said, Turn, turn
from flows.form import form
from flows.keyboard import BACK, DROP, FIX, LAST, PARK, SAY, SEND, SKIP, verb_of
from flows.report import REPORT
from flows.report_facts import DueMilestone, LastReport, OpenObstacle, ReportFacts
from flows.same import SAME, SameFacts
from flows.talk import correct, hear
from flows.texts import load_texts
from rules.refusal import Refusal
from rules.terms import Factor

Site = Callable[..., ReportFacts]
Play = Callable[..., tuple[Said, Turn]]

ZH = load_texts("zh-CN")
PLAIN = ("主体三层施工", "完成三层浇筑", "砌体施工", "无")


def buttons(card: Card) -> list[Button]:
    return [button for row in card.rows for button in row]


def test_a_question_shows_project_week_place_and_last_words(site: Site) -> None:
    card = form(ZH, site(), turn(REPORT, {}, site()), 3)
    assert card.html == (
        "<b>精品钢绿色转型项目</b>（莱芜经济开发区）\n"
        "10月18日—10月24日 · 1/4 ●○○○\n"
        "\n"
        "目前的形象进度是什么？一句话即可，例如“主体三层施工”。\n"
        "上次：主体二层施工"
    )
    assert [(b.label, b.verb, b.rev) for b in buttons(card)] == [
        ("沿用上次进度", LAST, 3),
        ("暂存", PARK, 3),
        ("取消", DROP, 3),
    ]


def test_a_late_report_for_another_says_so(site: Site) -> None:
    facts = site(late=True, on_behalf_of="李敏")
    assert "补报 · 代 李敏 填报" in form(ZH, facts, turn(REPORT, {}, facts), 1).html


def test_the_way_back_and_the_skip_are_there_when_they_lead_somewhere(
    site: Site, play: Play
) -> None:
    _, shown = play(REPORT, site(), *PLAIN[:3], "资金", "差钱", "区里")
    verbs = [button.verb for button in form(ZH, site(), shown, 1).rows[-1]]
    assert verbs == [BACK, SKIP, PARK, DROP]
    verbs = [button.verb for button in form(ZH, site(), turn(REPORT, {}, site()), 1).rows[-1]]
    assert verbs == [PARK, DROP]


def test_a_tap_says_the_words_of_its_choice(site: Site, play: Play) -> None:
    said, shown = play(REPORT, site(), *PLAIN[:3])
    for button in buttons(form(ZH, site(), shown, 1)):
        if button.verb == SAY:
            _, after = hear(REPORT, said, site(), button.thing)
            assert after.complaint is None


def test_a_complaint_stands_in_front_of_the_question(site: Site, play: Play) -> None:
    _, shown = play(REPORT, site(), "。。。")
    assert form(ZH, site(), shown, 1).html.startswith("⚠️ 请用文字说明")


def test_the_review_shows_every_line_with_its_correction(site: Site, play: Play) -> None:
    _, shown = play(REPORT, site(), *PLAIN)
    card = form(ZH, site(), shown, 5)
    assert card.html.endswith(
        "1. <b>形象进度</b>：主体三层施工\n"
        "2. <b>本周进展</b>：完成三层浇筑\n"
        "3. <b>下周计划</b>：砌体施工\n"
        "4. <b>需协调问题</b>：无\n"
        "5. <b>照片</b>：无（可随时直接发照片）"
    )
    assert [(b.label, b.verb, b.thing) for b in buttons(card)] == [
        ("✅ 提交", SEND, ""),
        ("改1", FIX, "progress"),
        ("改2", FIX, "done"),
        ("改3", FIX, "plan"),
        ("改4", FIX, "obstacle1"),
        ("改5", FIX, "photos"),
        ("暂存", PARK, ""),
        ("取消", DROP, ""),
    ]


def test_a_line_being_corrected_shows_what_it_says_now(site: Site, play: Play) -> None:
    said, _ = play(REPORT, site(), *PLAIN)
    _, shown = correct(REPORT, said, site(), "plan")
    card = form(ZH, site(), shown, 1)
    assert "现在填的是：砌体施工" in card.html
    assert "◀ 不改了" in [button.label for button in buttons(card)]


def test_open_obstacles_are_shown_so_that_nobody_tells_them_twice(site: Site, play: Play) -> None:
    known = OpenObstacle(3, Factor.MONEY, "贷款未到位", date(2024, 9, 3))
    facts = site(obstacles=(known, replace(known, id=4, words="保函")))
    _, shown = play(REPORT, facts, *PLAIN[:3])
    assert "· 资金：贷款未到位（9月3日起）\n· 资金：保函" in form(ZH, facts, shown, 1).html


def test_what_people_write_is_never_markup(site: Site, play: Play) -> None:
    facts = site(project="<b>钢</b>&{x}", last=None)
    _, shown = play(REPORT, facts, "<i>主体", "{{ 7*7 }}", "%s</b>", "无")
    card = form(ZH, facts, shown, 1)
    assert set(re.findall(r"<[^>]*>", card.html)) == {"<b>", "</b>"}
    assert "&lt;i&gt;主体" in card.html and "{{ 7*7 }}" in card.html


def test_the_third_quiet_week_has_its_form() -> None:
    facts = SameFacts(
        project_id=1,
        project="马头山水库建设项目",
        unit="区住建局",
        period="2024-W43",
        first_on=date(2024, 10, 18),
        last_on=date(2024, 10, 24),
        today=date(2024, 10, 23),
        last=LastReport("2024-W42", "安装", "安装", "调试", same_in_a_row=2),
    )
    assert "连续第3周与上周一致" in form(ZH, facts, turn(SAME, {}, facts), 1).html
    quiet = replace(facts, last=replace(facts.last, same_in_a_row=0))
    assert "本周与上周一致" in form(ZH, quiet, turn(SAME, {}, quiet), 1).html


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("提交", SEND),
        ("上一步", BACK),
        ("不改了", BACK),
        ("跳过。", SKIP),
        (" 暂存 ", PARK),
        ("取消", DROP),
        ("◀ 上一步", BACK),
        ("Submit", SEND),
        ("skip", SKIP),
        ("save for later", PARK),
        ("取消原计划", None),
        ("", None),
        ("无", None),
    ],
)
def test_a_button_can_be_typed(words: str, verb: str | None) -> None:
    assert verb_of(words) == verb


ROUGH = st.text(alphabet="&<>\"'项目a\n🎉", min_size=1, max_size=500).map(lambda words: words + "a")


@settings(max_examples=10, deadline=None)
@given(
    name=ROUGH,
    words=st.text(alphabet="&<长", min_size=1, max_size=499).map(lambda words: words + "长"),
    milestones=st.integers(0, 8),
    language=st.sampled_from(["zh-CN", "en"]),
)
@example(name="&" * 500, words="<" * 498, milestones=30, language="zh-CN")
def test_whatever_is_said_the_form_fits_into_one_message(
    name: str, words: str, milestones: int, language: str
) -> None:
    facts = ReportFacts(
        project_id=1,
        project=name,
        unit=name,
        period="2024-W43",
        first_on=date(2024, 10, 18),
        last_on=date(2024, 10, 24),
        today=date(2024, 10, 23),
        on_behalf_of=name,
        last=LastReport("2024-W42", words[:100], words, words),
        milestones=tuple(DueMilestone(n, name, date(2024, 9, 1)) for n in range(milestones)),
        obstacles=tuple(
            OpenObstacle(n, Factor.LAND, words, date(2024, 9, 1)) for n in range(milestones)
        ),
    )
    said: Said = {}
    shown = turn(REPORT, said, facts)
    for number in range(3 * milestones + 8):
        if isinstance(shown, Ask):
            if number % 7 == 0:
                assert_fits(form(load_texts(language), facts, shown, 10**7))
            said, shown = hear(REPORT, said, facts, _answer(shown, "长" + words))
    assert isinstance(shown, Review)
    assert_fits(form(load_texts(language), facts, shown, 10**7))
    complaining = replace(shown, complaint=Refusal("flow.day_is_ahead", on=name * 9))
    assert_fits(form(load_texts(language), facts, complaining, 10**7))


def _answer(shown: Ask, words: str) -> str:
    if shown.step.endswith(".state"):
        return "not_yet"
    if shown.step.endswith(".day"):
        return "2024-12-01"
    if shown.step.endswith(".cause"):
        return words[:200]
    if shown.choices:
        return shown.choices[0].words
    return words[:100] if shown.step == "progress" else words


def assert_fits(card: Card) -> None:
    assert len(card.html) <= 4096
    assert card.html.count("<b>") == card.html.count("</b>")
    assert html.unescape(re.sub(r"<[^>]*>", "", card.html)).strip()
    pressed = buttons(card)
    assert 0 < len(pressed) <= 100
    for button in pressed:
        assert 0 < len(button.label) <= 40
        assert re.fullmatch(r"[A-Za-z0-9_.:-]{0,22}", button.thing)
        assert re.fullmatch(r"[a-z.]{1,14}", button.verb)


def test_long_words_are_shortened_in_the_form_and_kept_in_the_draft(site: Site, play: Play) -> None:
    facts = site(milestones=tuple(DueMilestone(n, "节点", date(2024, 9, 1)) for n in range(20)))
    late = ("未完成", "因" * 200, "11月20日") * 20
    said, shown = play(REPORT, facts, "主体", *late, "做" * 500, "划" * 500, "无")
    assert isinstance(shown, Review)
    card = form(ZH, facts, shown, 1)
    assert "…" in card.html and said["plan"] == "划" * 500
    assert "另有" in card.html
