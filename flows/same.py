"""与上周一致: a quiet week in one tap, twice in a row at most; the third asks one question."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.factor import FACTORS, factor_choices, factor_in
from flows.flow import Flow, NotReady, Review, Said, Step, turn
from flows.milestone import LONGEST_CAUSE, read_cause, show_cause
from flows.reading import as_said, words_up_to
from flows.report_facts import LastReport
from rules.duty import is_same_allowed
from rules.terms import Factor


@dataclass(frozen=True, slots=True)
class SameFacts:
    project_id: int
    project: str
    unit: str
    period: str
    first_on: date
    last_on: date
    today: date
    last: LastReport
    late: bool = False
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class SameContent:
    factor: Factor | None = None
    words: str | None = None
    stalled: bool = False
    """停滞关注: the third week in a row, or a later one."""


def _steps(facts: SameFacts, said: Said) -> tuple[Step[Any], ...]:
    if is_same_allowed(facts.last.same_in_a_row):
        return ()
    stuck: Step[Any] = Step(
        name="stuck",
        key="report.stuck",
        facts={"weeks": facts.last.same_in_a_row + 1},
        read=read_cause,
        show=show_cause,
        choices=factor_choices(),
    )
    if said.get("stuck") not in FACTORS:
        return (stuck,)
    detail: Step[Any] = Step(
        name="stuck.words",
        key="report.stuck_words",
        read=words_up_to(LONGEST_CAUSE),
        show=as_said,
        optional=True,
    )
    return stuck, detail


SAME = Flow("same", _steps)
"""Without a question while it is allowed: its first turn is the review, without lines."""


def same_content(facts: SameFacts, said: Said) -> SameContent:
    """Raises NotReady while the question is open."""
    if not isinstance(turn(SAME, said, facts), Review):
        raise NotReady(SAME.name)
    if is_same_allowed(facts.last.same_in_a_row):
        return SameContent()
    factor, words = read_cause(said["stuck"] or "")
    if factor is None:
        return SameContent(factor_in(words or "") or Factor.OTHER, words, stalled=True)
    return SameContent(factor, said.get("stuck.words"), stalled=True)
