"""A sentence not yet in any language: the key of a text and the facts that fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.texts import Texts


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fact may be a phrase itself; it is said in the same language."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


Shown = str | Phrase
"""What can be shown to a person: their own words as they are, or a phrase."""


def spoken(texts: Texts, shown: Shown) -> str:
    """Plain text, not escaped."""
    if isinstance(shown, str):
        return shown
    return texts.plain(shown.key, **spoken_facts(texts, shown.facts))


def spoken_facts(texts: Texts, facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: spoken(texts, fact) if isinstance(fact, Phrase) else fact
        for name, fact in facts.items()
    }


def day(on: date, today: date) -> Phrase:
    """The year is said only where it is another one."""
    if on.year == today.year:
        return Phrase("flow.day", {"on": on})
    return Phrase("flow.day_and_year", {"on": on})
