"""The conversations drawn from their own steps: `python -m flows.drawing > docs/flows.md`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flows.flow import Ask, Flow, Said, Turn, turn
from flows.phrase import spoken
from flows.report import REPORT
from flows.report_facts import DueMilestone, LastReport, ReportFacts
from flows.same import SAME, SameFacts
from flows.talk import hear, skip
from flows.texts import Texts, load_texts

_USUAL = ReportFacts(
    project_id=1,
    project="马头山水库建设项目",
    unit="区住建局",
    period="2024-W43",
    first_on=date(2024, 10, 18),
    last_on=date(2024, 10, 24),
    today=date(2024, 10, 23),
)
_ALL_ASKED = replace(
    _USUAL,
    milestones=(DueMilestone(7, "主体封顶", date(2024, 10, 20), expected_on=date(2024, 11, 1)),),
    asks_money=True,
    total=Decimal(1),
    frozen=True,
    revising={},
)
_QUIET = SameFacts(
    project_id=1,
    project=_USUAL.project,
    unit=_USUAL.unit,
    period=_USUAL.period,
    first_on=_USUAL.first_on,
    last_on=_USUAL.last_on,
    today=_USUAL.today,
    last=LastReport("2024-W42", "", "", "", same_in_a_row=2),
)
_TYPED = ("words", "2024-12-31", "3500")
"""The first that a step can use stands for everything that is typed at it."""
_MOST_LABELS = 3
_REVIEW = "review"

Edge = tuple[str, str, str]
"""From a step, to a step, and what was said."""


def drawing() -> str:
    """Markdown with one Mermaid chart for each conversation of a report."""
    parts = (
        _HEAD,
        _chart("A usual week", REPORT, _USUAL),
        _chart("A week with a due milestone, a doubtful amount and a reason", REPORT, _ALL_ASKED),
        _chart("The third week in a row of 与上周一致", SAME, _QUIET),
    )
    return "\n".join(parts)


_HEAD = """# Conversations

Drawn by `python -m flows.drawing` from the steps themselves; a test compares. A rectangle is a
question, an arrow what was answered; “typed” stands for all words that the step can use.
上一步, 暂存 and 取消 lead back, aside and out of every question and are not drawn; in the review
every line can be corrected. Photos may come at any time.
"""


def _chart(title: str, flow: Flow[Any], facts: Any) -> str:
    texts = load_texts("en")
    edges = list(dict.fromkeys(_edges(flow, facts, texts)))
    said: dict[tuple[str, str], list[str]] = {}
    for origin, goal, words in edges:
        said.setdefault((origin, goal), []).append(words)
    lines = [f"## {title}", "", "```mermaid", "flowchart TD"]
    lines += [f'  {_id(step)}["{step}"]' for step in _in_order(edges)]
    lines += [
        f'  {_id(origin)} -->|"{_label(labels)}"| {_id(goal)}'
        for (origin, goal), labels in said.items()
    ]
    return "\n".join([*lines, "```", ""])


def _edges(flow: Flow[Any], facts: Any, texts: Texts) -> Iterator[Edge]:
    """What can be answered at each step; how a person came there makes no difference to it."""
    waiting: list[Said] = [{}]
    seen: set[str] = set()
    while waiting:
        said = waiting.pop(0)
        shown = turn(flow, said, facts)
        if not isinstance(shown, Ask) or shown.step in seen:
            continue
        seen.add(shown.step)
        for words, after, goal in _answers(flow, facts, said, shown, texts):
            yield shown.step, _place(goal), words
            waiting.append(after)


def _answers(
    flow: Flow[Any], facts: Any, said: Said, shown: Ask, texts: Texts
) -> Iterator[tuple[str, Said, Turn]]:
    for choice in shown.choices:
        yield spoken(texts, choice.label), *hear(flow, said, facts, choice.words)
    for words in _TYPED:
        after, goal = hear(flow, said, facts, words)
        if goal.complaint is None:
            yield "typed", after, goal
            break
    if shown.may_skip:
        yield "skipped", *skip(flow, said, facts)


def _in_order(edges: Sequence[Edge]) -> Sequence[str]:
    """As they come up, the review last."""
    steps = dict.fromkeys(step for edge in edges for step in edge[:2])
    return sorted(steps, key=lambda step: step == _REVIEW)


def _place(shown: Turn) -> str:
    return shown.step if isinstance(shown, Ask) else _REVIEW


def _id(step: str) -> str:
    return step.replace(".", "_")


def _label(said: Sequence[str]) -> str:
    different = list(dict.fromkeys(said))
    if len(different) <= _MOST_LABELS:
        return ", ".join(different)
    return f"{different[0]}, … {different[-1]}"


if __name__ == "__main__":
    sys.stdout.write(drawing())
