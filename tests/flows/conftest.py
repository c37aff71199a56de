"""A building site in the week of 18 to 24 October 2024, and a person who answers for it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from flows.flow import Flow, Said, Turn, turn
from flows.report_facts import LastReport, ReportFacts
from flows.talk import hear

FRIDAY = date(2024, 10, 18)
THURSDAY = date(2024, 10, 24)

Play = Callable[..., tuple[Said, Turn]]


@pytest.fixture
def site() -> Callable[..., ReportFacts]:
    def make(**changes: Any) -> ReportFacts:
        known: dict[str, Any] = {
            "project_id": 1,
            "project": "精品钢绿色转型项目",
            "unit": "莱芜经济开发区",
            "period": "2024-W43",
            "first_on": FRIDAY,
            "last_on": THURSDAY,
            "today": date(2024, 10, 23),
            "last": LastReport("2024-W42", "主体二层施工", "完成二层浇筑", "三层钢筋绑扎"),
        }
        return ReportFacts(**{**known, **changes})

    return make


@pytest.fixture
def play() -> Play:
    """Says one thing after another and returns the draft and what is shown in the end."""

    def say(
        flow: Flow[Any], facts: Any, *words: str, said: Said | None = None
    ) -> tuple[Said, Turn]:
        draft: Said = said or {}
        shown = turn(flow, draft, facts)
        for each in words:
            draft, shown = hear(flow, draft, facts, each)
        return draft, shown

    return say
