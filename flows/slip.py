"""The plain card of a short conversation: a question, or what was answered, and the buttons."""

from flows.card import Card
from flows.flow import Ask, Turn
from flows.form import shortened
from flows.keyboard import PARK, Rows, ask_rows, review_rows
from flows.phrase import Phrase, spoken, spoken_facts
from flows.texts import Html, Texts


def slip(texts: Texts, title: Html, shown: Turn, rev: int) -> Card:
    """For conversations that are not about one project's week."""
    parts = [_complaint(texts, shown), title]
    if isinstance(shown, Ask):
        parts.append(texts.say(f"{shown.key}.ask", **spoken_facts(texts, shown.facts)))
        return Card(_joined(parts), _without_park(ask_rows(texts, shown, rev)))
    lines = [
        texts.say(
            "flow.form.line",
            number=number,
            name=spoken(texts, Phrase(f"{line.key}.line", line.facts)),
            words=shortened(spoken(texts, line.shown), 300),
        )
        for number, line in enumerate(shown.lines, 1)
    ]
    parts.append(Html("\n".join([texts.say("flow.form.review"), *lines])))
    return Card(_joined(parts), _without_park(review_rows(texts, shown, rev)))


def _without_park(rows: Rows) -> Rows:
    """These conversations are short and are not offered again later."""
    return tuple(tuple(button for button in row if button.verb != PARK) for row in rows)


def _complaint(texts: Texts, shown: Turn) -> Html:
    if shown.complaint is None:
        return Html("")
    words = spoken(texts, Phrase(shown.complaint.key, shown.complaint.facts))
    return texts.say("flow.form.complaint", words=words)


def _joined(parts: list[Html]) -> Html:
    return Html("\n\n".join(part for part in parts if part))
