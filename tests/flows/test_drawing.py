"""docs/flows.md shows the conversations as they are."""

from pathlib import Path

from flows.drawing import drawing

ROOT = Path(__file__).parents[2]


def test_the_drawing_is_fresh() -> None:
    """If this fails: python -m flows.drawing > docs/flows.md"""
    assert (ROOT / "docs" / "flows.md").read_text(encoding="utf-8") == drawing()


def test_every_question_leads_to_the_review_and_none_is_a_dead_end() -> None:
    for chart in drawing().split("```mermaid")[1:]:
        arrows = [line.split() for line in chart.splitlines() if "-->" in line]
        origins = {arrow[0] for arrow in arrows}
        goals = {arrow[-1] for arrow in arrows}
        assert goals - origins == {"review"}
