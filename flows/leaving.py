"""退出名单: why a project that the new ledger no longer has leaves its list."""

from dataclasses import dataclass
from typing import Any

from flows.flow import Flow, Said, Step
from flows.reading import as_said, words_up_to
from rules.terms import Level

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class LeavingFacts:
    project: str
    year: int
    level: Level


def _steps(facts: LeavingFacts, said: Said) -> tuple[Step[Any], ...]:
    return (
        Step(
            name="reason",
            key="import.leaving",
            facts={"project": facts.project},
            read=words_up_to(LONGEST_REASON),
            show=as_said,
        ),
    )


LEAVING = Flow("leaving", _steps)
