"""Whatever a person does, in any order, the conversation goes on and keeps what was said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flows.choice import choice_of, folded
from flows.flow import FIXING, Ask, Review, Said, Turn, turn, values
from flows.form import form
from flows.report import REPORT, content, with_photo
from flows.report_facts import DueMilestone, LastReport, OpenObstacle, ReportFacts
from flows.talk import back, correct, hear, hear_again, hear_no_words, hear_suggestion, skip
from flows.texts import load_texts
from rules.terms import Factor

TODAY = date(2024, 10, 23)
GOOD = (
    "主体三层施工",
    "无",
    "已完成",
    "未完成",
    "11月20日",
    "资金",
    "区里",
    "3500",
    "1",
    "还有一个",
    "是",
)
BAD = ("", "。。。", "🎉", "长" * 501, "长" * 4097, "-5", "\x00", "{name}", "<b>", "@", "10月32日")
WORDS = st.one_of(st.sampled_from(GOOD + BAD), st.text(max_size=20))

FACTS = st.builds(
    ReportFacts,
    project_id=st.just(1),
    project=st.just("精品钢<绿色>转型项目"),
    unit=st.just("莱芜经济开发区"),
    period=st.just("2024-W43"),
    first_on=st.just(date(2024, 10, 18)),
    last_on=st.just(date(2024, 10, 24)),
    today=st.just(TODAY),
    late=st.booleans(),
    frozen=st.booleans(),
    last=st.sampled_from([None, LastReport("2024-W42", "二层", "浇筑", "钢筋", 1)]),
    milestones=st.sampled_from(
        [
            (),
            (DueMilestone(7, "主体封顶", date(2024, 10, 1)),),
            (
                DueMilestone(7, "主体封顶", date(2024, 10, 1), date(2024, 11, 1)),
                DueMilestone(8, "设备进场", date(2024, 10, 24)),
            ),
        ]
    ),
    obstacles=st.sampled_from([(), (OpenObstacle(3, Factor.LAND, "缺指标", date(2024, 9, 1)),)]),
    asks_money=st.booleans(),
    year_plan=st.sampled_from([None, Decimal(120_000)]),
    on_behalf_of=st.sampled_from([None, "李敏"]),
    revising=st.sampled_from([None, {}]),
)


class Conversation(RuleBasedStateMachine):
    @initialize(facts=FACTS)
    def begin(self, facts: ReportFacts) -> None:
        self.facts = facts
        self.said: Said = {}
        self.shown: Turn = turn(REPORT, self.said, facts)

    @rule(words=WORDS)
    def answer(self, words: str) -> None:
        before, asked = self.said, self.shown
        self._show(hear(REPORT, before, self.facts, words))
        if self.shown.complaint is not None and isinstance(asked, Ask):
            assert self.said == before

    @rule(data=st.data())
    def tap_a_choice(self, data: st.DataObject) -> None:
        if isinstance(self.shown, Ask) and self.shown.choices:
            choice = data.draw(st.sampled_from(self.shown.choices))
            self._show(hear(REPORT, self.said, self.facts, choice.words))
            assert self.shown.complaint is None

    @rule(words=st.sampled_from(GOOD))
    def answer_and_take_back(self, words: str) -> None:
        """Unless an answer was replaced, taking back restores everything, order and all."""
        heard, _ = hear(REPORT, self.said, self.facts, words)
        if len(heard) == len(self.said) + 1 and FIXING not in (*self.said, *heard):
            restored, shown = back(REPORT, heard, self.facts)
            assert list(restored.items()) == list(self.said.items())
            assert shown == turn(REPORT, self.said, self.facts)

    @rule()
    def take_last_words(self) -> None:
        self._show(hear_suggestion(REPORT, self.said, self.facts))

    @rule()
    def go_back(self) -> None:
        before = self.said
        self._show(back(REPORT, before, self.facts))
        taken = set(before) - set(self.said)
        assert len(taken) == (1 if set(before) - {"photos"} else 0)
        assert "photos" not in taken

    @rule()
    def skip_it(self) -> None:
        self._show(skip(REPORT, self.said, self.facts))

    @rule(data=st.data())
    def correct_a_line(self, data: st.DataObject) -> None:
        if not self.said:
            return
        step = data.draw(st.sampled_from([*self.said, "photos", "unknown"]))
        before = self.said
        self._show(correct(REPORT, before, self.facts, step))
        assert answers(self.said) == answers(before)

    @rule(data=st.data(), words=WORDS)
    def edit_a_message(self, data: st.DataObject, words: str) -> None:
        step = data.draw(st.sampled_from([*self.said, "unknown"]))
        before = self.said
        self._show(hear_again(REPORT, before, self.facts, step, words))
        if self.shown.complaint is not None:
            assert answers(self.said) == answers(before)

    @rule()
    def send_a_photo(self) -> None:
        self.said = with_photo(self.said)
        self.shown = turn(REPORT, self.said, self.facts)

    @rule()
    def speak_into_the_phone(self) -> None:
        _, shown = hear_no_words(REPORT, self.said, self.facts)
        assert shown.complaint is not None

    @precondition(lambda self: len(self.said) > 3)
    @rule(days=st.integers(1, 40))
    def sleep_over_it(self, days: int) -> None:
        """The answers wait; the day of the next turn is a later one."""
        later = date.fromordinal(TODAY.toordinal() + days)
        form(
            load_texts("zh-CN"),
            self.facts,
            turn(REPORT, self.said, replace(self.facts, today=later)),
            1,
        )

    @invariant()
    def the_number_stays_within(self) -> None:
        shown = self.shown
        if isinstance(shown, Ask):
            assert 1 <= shown.number <= shown.of

    @invariant()
    def the_form_fits(self) -> None:
        for language in ("zh-CN", "en"):
            card = form(load_texts(language), self.facts, self.shown, 10**7)
            assert len(card.html) <= 4096
            assert all(len(b.thing) <= 22 and b.thing.isascii() for row in card.rows for b in row)

    @invariant()
    def what_can_be_sent_can_be_read(self) -> None:
        if isinstance(self.shown, Review):
            content(self.facts, self.said)
            values(REPORT, self.said, self.facts)

    def teardown(self) -> None:
        """From wherever a person stopped, good answers lead to the review."""
        if not hasattr(self, "facts"):
            return
        said, shown = self.said, self.shown
        for _ in range(60):
            if isinstance(shown, Review):
                return
            if shown.choices:
                words = next(
                    (choice.words for choice in shown.choices if choice.words in ("no", "none")),
                    shown.choices[0].words,
                )
            else:
                words = "3500" if shown.step == "invested" else "主体施工"
            said, shown = hear(REPORT, said, self.facts, words)
        raise AssertionError(f"no review is reached from {self.said}")

    def _show(self, heard: tuple[Said, Turn]) -> None:
        """What is shown hangs on the draft and the facts; only a complaint is of the moment."""
        self.said, self.shown = heard
        again = turn(REPORT, self.said, self.facts)
        assert replace(self.shown, complaint=None) == replace(again, complaint=None)


def answers(said: Said) -> dict[str, str | None]:
    return {name: words for name, words in said.items() if name != FIXING}


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


QUIET = ReportFacts(
    project_id=1,
    project="马头山水库建设项目",
    unit="区住建局",
    period="2024-W43",
    first_on=date(2024, 10, 18),
    last_on=date(2024, 10, 24),
    today=TODAY,
)


def asked(words: tuple[str, ...], facts: ReportFacts) -> Ask:
    said: Said = {}
    for each in words:
        said, _ = hear(REPORT, said, facts, each)
    shown = turn(REPORT, said, facts)
    assert isinstance(shown, Ask)
    return shown


@given(FACTS, st.sampled_from(["zh-CN", "en"]), st.sampled_from([" {} ", "{}。", "{}！", "\n{}"]))
def test_every_label_can_be_typed_in_every_language(
    facts: ReportFacts, language: str, around: str
) -> None:
    facts = replace(facts, milestones=())
    shown = asked(("主体", "浇筑", "砌体"), facts)
    texts = load_texts(language)
    for choice in shown.choices:
        label = texts.plain(choice.label.key, **choice.label.facts)
        assert choice_of(shown.choices, around.format(label)) == choice


def test_a_choice_can_be_typed_as_its_number() -> None:
    shown = asked(("主体", "浇筑", "砌体"), QUIET)
    for words in ("3", "３", "③", "(3)", "（3）", "第3项", " 3. "):
        chosen = choice_of(shown.choices, words)
        assert chosen is not None and chosen.words == Factor.MONEY
    for words in ("0", "99", "-3", "3.5", "三"):
        assert choice_of(shown.choices, words) is None


def test_no_two_choices_of_a_question_answer_to_the_same_word() -> None:
    shown = asked(("主体", "浇筑", "砌体"), QUIET)
    names = [
        folded(name)
        for choice in shown.choices
        for name in {*choice.also, load_texts("zh-CN").plain(choice.label.key)}
    ]
    assert len(names) == len(set(names))
