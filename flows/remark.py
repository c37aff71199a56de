"""One question, one answer in words: why a bulletin goes back, what to mend, the office's note."""

from dataclasses import dataclass
from typing import Any

from flows.flow import Flow, Said, Step
from flows.reading import as_said, words_up_to

LONGEST_REMARK = 300


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """`kind` is return (退回), remark (修改意见) or note (按语)."""

    kind: str
    number: int


def _steps(facts: RemarkFacts, said: Said) -> tuple[Step[Any], ...]:
    return (
        Step(
            name="words",
            key=f"remark.{facts.kind}",
            facts={"number": facts.number},
            read=words_up_to(LONGEST_REMARK),
            show=as_said,
        ),
    )


REMARK = Flow("remark", _steps)
