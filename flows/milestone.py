"""The questions about one milestone (关键节点): done, or else why not and when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.choice import Choice
from flows.factor import FACTORS, factor_choices, factor_label
from flows.flow import Said, Step
from flows.past import read_past_day
from flows.phrase import Phrase, Shown, day
from flows.reading import coming_days, words_up_to
from flows.report_facts import DueMilestone, MilestoneAnswer
from rules.day import read_day_ahead
from rules.refusal import Unusable
from rules.terms import Factor

LONGEST_CAUSE = 200

_DONE, _NOT_YET, _UNCHANGED = "done", "not_yet", "unchanged"
_AROUND_A_DAY = re.compile(r"^(已经|已)?(于|在)?|(已经|已)?(全部)?(完成|完工|建成|结束)?(了)?$")


@dataclass(frozen=True, slots=True)
class State:
    done_on: date | None = None
    unchanged: bool = False


def steps(due: DueMilestone, said: Said, today: date) -> Iterator[Step[Any]]:
    yield _state_step(due, today)
    state = _state_said(due, said, today)
    if state is None or state.done_on is not None or state.unchanged:
        return
    yield Step(
        name=f"m{due.id}.cause",
        key="report.milestone_cause",
        facts={"name": due.name},
        read=read_cause,
        show=show_cause,
        choices=factor_choices(),
    )
    yield Step(
        name=f"m{due.id}.day",
        key="report.milestone_day",
        facts={"name": due.name},
        read=lambda words: read_day_ahead(words, today),
        show=lambda on: day(on, today),
        keep=date.isoformat,
        choices=coming_days(today),
    )


def answer(due: DueMilestone, said: Said, today: date) -> MilestoneAnswer:
    """Of a draft that is complete."""
    state = _state_said(due, said, today)
    assert state is not None
    if state.done_on is not None:
        return MilestoneAnswer(due.id, done_on=state.done_on)
    if state.unchanged:
        return MilestoneAnswer(due.id, expected_on=_promised_on(due))
    factor, cause = read_cause(said[f"m{due.id}.cause"] or "")
    expected_on = read_day_ahead(said[f"m{due.id}.day"] or "", today)
    return MilestoneAnswer(due.id, factor=factor, cause=cause, expected_on=expected_on)


def read_cause(words: str) -> tuple[Factor | None, str | None]:
    """A factor that was tapped, or else a cause in words."""
    if words in FACTORS:
        return Factor(words), None
    return None, words_up_to(LONGEST_CAUSE)(words)


def show_cause(cause: tuple[Factor | None, str | None]) -> Shown:
    factor, words = cause
    return factor_label(factor) if factor is not None else words or ""


def _state_step(due: DueMilestone, today: date) -> Step[State]:
    return Step(
        name=f"m{due.id}.state",
        key="report.milestone_state",
        facts={"name": due.name, "due": _due(due, today)},
        read=lambda words: _read_state(words, due, today),
        show=lambda state: _show_state(state, due, today),
        keep=_keep_state,
        choices=_state_choices(due, today),
    )


def _state_choices(due: DueMilestone, today: date) -> tuple[Choice, ...]:
    done = Choice(
        _DONE,
        Phrase("report.done_today"),
        also=("完成", "完成了", "已完工", "完工", "是", "是的", "yes", "y"),
    )
    not_yet = Choice(
        _NOT_YET,
        Phrase("report.not_yet"),
        also=("没完成", "没有完成", "尚未完成", "还没完成", "没有", "还没", "否", "no", "n"),
    )
    if _promised_on(due) < today:
        return done, not_yet
    unchanged = Choice(
        _UNCHANGED, Phrase("report.unchanged", {"on": day(_promised_on(due), today)})
    )
    return done, unchanged, not_yet


def _read_state(words: str, due: DueMilestone, today: date) -> State:
    if words == _DONE:
        return State(done_on=today)
    if words == _NOT_YET:
        return State()
    if words == _UNCHANGED:
        if _promised_on(due) < today:
            raise Unusable("report.expectation_has_passed")
        return State(unchanged=True)
    return State(done_on=read_past_day(_AROUND_A_DAY.sub("", words), today))


def _keep_state(state: State) -> str:
    if state.done_on is not None:
        return state.done_on.isoformat()
    return _UNCHANGED if state.unchanged else _NOT_YET


def _show_state(state: State, due: DueMilestone, today: date) -> Shown:
    if state.done_on is not None:
        return Phrase("report.done_on", {"on": day(state.done_on, today)})
    if state.unchanged:
        return Phrase("report.unchanged", {"on": day(_promised_on(due), today)})
    return Phrase("report.not_yet")


def _state_said(due: DueMilestone, said: Said, today: date) -> State | None:
    words = said.get(f"m{due.id}.state")
    if words is None:
        return None
    try:
        return _read_state(words, due, today)
    except Unusable:
        return None


def _promised_on(due: DueMilestone) -> date:
    return due.expected_on or due.due_on


def _due(due: DueMilestone, today: date) -> Phrase:
    facts = {"on": day(due.due_on, today), "days": (today - due.due_on).days}
    return Phrase("report.overdue" if due.due_on < today else "report.due", facts)
