"""The weekly report (填报) of one project: its questions in their order, and what it says."""

from collections.abc import Iterator
from typing import Any

from flows import investment, milestone, obstacle
from flows.choice import Choice
from flows.flow import FIXING, Flow, NotReady, Review, Said, Step, turn
from flows.phrase import Phrase, Shown
from flows.reading import as_said, words_up_to
from flows.report_facts import ReportContent, ReportFacts
from rules.refusal import Unusable

LONGEST_PROGRESS = 100
LONGEST_WORDS = 500
LONGEST_REASON = 200
MOST_PHOTOS = 10

PHOTOS = "photos"
_COUNTED = "photos:"
_NO_PHOTOS = "none"


def _steps(facts: ReportFacts, said: Said) -> tuple[Step[Any], ...]:
    return tuple(_in_order(facts, said))


def _in_order(facts: ReportFacts, said: Said) -> Iterator[Step[Any]]:
    last = facts.last
    yield _words_step(
        "progress", LONGEST_PROGRESS, suggestion=last.progress if last else facts.progress
    )
    for due in facts.milestones:
        yield from milestone.steps(due, said, facts.today)
    # What was planned for this week is the likeliest answer to what was done in it.
    yield _words_step("done", LONGEST_WORDS, suggestion=last.plan if last else None)
    yield _words_step("plan", LONGEST_WORDS, suggestion=last.plan if last else None)
    yield from obstacle.steps(facts.obstacles, said, facts.today)
    # Money told without being asked (in one message) is shown and confirmed like the rest.
    if facts.asks_money or said.get(investment.AMOUNT):
        yield from investment.steps(facts, said)
    yield _photos_step()
    if facts.frozen and facts.revising is not None:
        yield _words_step("reason", LONGEST_REASON)


REPORT = Flow("report", _steps)


def start(facts: ReportFacts) -> Said:
    """The draft to begin with: empty, or what the report said that is being revised."""
    known = facts.revising or {}
    return {name: words for name, words in known.items() if name != "reason"}


def with_photo(said: Said) -> Said:
    """One more photo has come; it may come at any step and interrupts none.

    Photos over the tenth are not counted.
    """
    kept = {name: words for name, words in said.items() if (name, words) != (FIXING, PHOTOS)}
    return {**kept, PHOTOS: f"{_COUNTED}{min(photos_in(said) + 1, MOST_PHOTOS)}"}


def photos_in(said: Said) -> int:
    return _read_photos(said.get(PHOTOS) or _NO_PHOTOS)


def content(facts: ReportFacts, said: Said) -> ReportContent:
    """Raises NotReady while something is still to be asked."""
    if not isinstance(turn(REPORT, said, facts), Review):
        raise NotReady(REPORT.name)
    invested = said.get(investment.AMOUNT)
    return ReportContent(
        progress=said["progress"] or "",
        milestones=tuple(milestone.answer(due, said, facts.today) for due in facts.milestones),
        done=said["done"] or "",
        plan=said["plan"] or "",
        obstacles=obstacle.answers(said, facts.today),
        invested=investment.read_invested(invested, facts.money_unit) if invested else None,
        photos=photos_in(said),
        reason=said.get("reason") if facts.frozen else None,
    )


def _words_step(name: str, limit: int, suggestion: str | None = None) -> Step[str]:
    offered = suggestion if suggestion and len(suggestion) <= limit else None
    return Step(
        name=name,
        key=f"report.{name}",
        read=words_up_to(limit),
        show=as_said,
        suggestion=offered,
    )


def _photos_step() -> Step[int]:
    return Step(
        name=PHOTOS,
        key="report.photos",
        read=_read_photos,
        show=_show_photos,
        choices=(Choice(_NO_PHOTOS, Phrase("report.no_photos"), also=("无", "没有", "不用")),),
        on_request=True,
        blank="report.photos.blank",
    )


def _read_photos(words: str) -> int:
    """Photos come by `with_photo`; in words one can only take them back."""
    if words == _NO_PHOTOS:
        return 0
    count = words.removeprefix(_COUNTED)
    if count == words or not count.isascii() or not count.isdigit() or int(count) > MOST_PHOTOS:
        raise Unusable("report.photos_are_sent")
    return int(count)


def _show_photos(count: int) -> Shown:
    return Phrase("report.photo_count", {"count": count}) if count else Phrase("report.no_photos")
