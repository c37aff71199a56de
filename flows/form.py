"""The form (填报卡) a person sees: one question, or everything that was answered, ready to send."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from flows.card import Card
from flows.flow import Ask, Review, Turn
from flows.keyboard import ask_rows, review_rows
from flows.phrase import Phrase, day, spoken
from flows.texts import Html, Texts
from rules.refusal import Refusal

_ROOM = 4096
"""Characters of HTML: more than what Telegram counts, which is the text after parsing."""
_SIZES = ((500, 40), (300, 40), (200, 40), (120, 40), (60, 40), (30, 40), (15, 40), (15, 10))
"""Characters of one answer or name, and lines; the first with which all fits is taken."""
_MOST_DOTS = 10


class Heading(Protocol):
    """What stands over the form; `ReportFacts` and `SameFacts` have it."""

    @property
    def project(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def first_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...
    @property
    def today(self) -> date: ...
    @property
    def late(self) -> bool: ...
    @property
    def on_behalf_of(self) -> str | None: ...


def form(texts: Texts, heading: Heading, shown: Turn, rev: int) -> Card:
    """Long answers are shortened here so that the form always fits; the draft keeps them whole."""
    rows = ask_rows(texts, shown, rev) if isinstance(shown, Ask) else review_rows(texts, shown, rev)
    return Card(_fitting(texts, heading, shown), rows)


def _fitting(texts: Texts, heading: Heading, shown: Turn) -> Html:
    written = (_Writing(texts, *size).form(heading, shown) for size in _SIZES)
    return next(html for html in written if len(html) <= _ROOM)


class _Writing:
    """Writes one form, shortening what people wrote to `cap` characters."""

    def __init__(self, texts: Texts, cap: int, most_lines: int) -> None:
        self._texts = texts
        self._cap = cap
        self._most_lines = most_lines

    def form(self, heading: Heading, shown: Turn) -> Html:
        parts = [self._complaint(shown.complaint)] if shown.complaint else []
        parts.append(self._heading(heading, shown))
        parts.append(self._question(shown) if isinstance(shown, Ask) else self._review(shown))
        return Html("\n\n".join(parts))

    def _heading(self, heading: Heading, shown: Turn) -> Html:
        first, last = (day(on, heading.today) for on in (heading.first_on, heading.last_on))
        marks = [self._say("flow.form.days", first=first, last=last)]
        if isinstance(shown, Ask):
            marks.append(self._say("flow.form.step", dots=_dots(shown), **_place(shown)))
        if heading.late:
            marks.append(self._say("flow.form.late"))
        if heading.on_behalf_of:
            marks.append(self._say("flow.form.on_behalf_of", name=heading.on_behalf_of))
        title = self._say("flow.form.heading", project=heading.project, unit=heading.unit)
        return Html(f"{title}\n{' · '.join(marks)}")

    def _question(self, ask: Ask) -> Html:
        parts = [self._say(f"{ask.key}.ask", **ask.facts)]
        if ask.note:
            parts.append(self._say("flow.form.note", words=ask.note))
        if ask.now is not None:
            parts.append(self._say("flow.form.now", words=ask.now))
        elif ask.suggestion is not None:
            parts.append(self._say(f"{ask.key}.hint", words=ask.suggestion))
        return Html("\n".join(parts))

    def _review(self, review: Review) -> Html:
        if not review.lines:
            return self._say("flow.form.nothing_asked")
        lines = [
            self._say(
                "flow.form.line",
                number=number,
                name=Phrase(f"{line.key}.line", line.facts),
                words=line.shown,
            )
            for number, line in enumerate(review.lines[: self._most_lines], 1)
        ]
        hidden = len(review.lines) - len(lines)
        if hidden:
            lines.append(self._say("flow.form.more_lines", count=hidden))
        return Html("\n".join([self._say("flow.form.review"), *lines]))

    def _complaint(self, complaint: Refusal) -> Html:
        return self._say("flow.form.complaint", words=Phrase(complaint.key, complaint.facts))

    def _say(self, key: str, **facts: object) -> Html:
        return self._texts.say(key, **self._short_facts(facts))

    def _short_facts(self, facts: Mapping[str, object]) -> dict[str, object]:
        return {name: self._short(fact) for name, fact in facts.items()}

    def _short(self, fact: object) -> object:
        """Words are cut to the cap, those inside a phrase each for itself."""
        if isinstance(fact, Html):
            return fact
        if isinstance(fact, Phrase):
            return spoken(self._texts, Phrase(fact.key, self._short_facts(fact.facts)))
        return shortened(fact, self._cap) if isinstance(fact, str) else fact


def shortened(words: str, cap: int) -> str:
    return words if len(words) <= cap else words[: cap - 1].rstrip() + "…"


def _dots(ask: Ask) -> str:
    if ask.of > _MOST_DOTS:
        return ""
    return " " + "●" * ask.number + "○" * (ask.of - ask.number)


def _place(ask: Ask) -> dict[str, int]:
    return {"number": ask.number, "of": ask.of}
