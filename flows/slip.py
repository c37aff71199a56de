"""The plain card of a short conversation: a question, or what was answered, and the buttons."""

from flows.card import Card
from flows.flow import Ask, Turn
from flows.form import shortened
from flows.keyboard import ask_rows, review_rows
from flows.phrase import Phrase, spoken, spoken_facts
from flows.texts import Html, Texts


def slip(texts: Texts, title: Html, shown: Turn, rev: int) -> Card:
    """For conversations that are not about one project's week."""
    parts = [_complaint(texts, shown), title]
    if isinstance(shown, Ask):
        parts.append(texts.say(f"{shown.key}.ask", **spoken_facts(texts, shown.facts)))
        rows = ask_rows(texts, shown, rev)
        return Card(_joined(parts), rows)
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
    return Card(_joined(parts), review_rows(texts, shown, rev))


def _complaint(texts: Texts, shown: Turn) -> Html:
    if shown.complaint is None:
        return Html("")
    words = spoken(texts, Phrase(shown.complaint.key, shown.complaint.facts))
    return texts.say("flow.form.complaint", words=words)


def _joined(parts: list[Html]) -> Html:
    return Html("\n\n".join(part for part in parts if part))
