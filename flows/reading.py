"""What several flows ask for: words of a limited length, and days in one tap."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flows.choice import Choice
from flows.phrase import Phrase, day
from rules.refusal import Unusable


def words_up_to(limit: int) -> Callable[[str], str]:
    """A reader of at most `limit` characters, of which one at least is a letter or a digit."""

    def read(words: str) -> str:
        if len(words) > limit:
            raise Unusable("flow.too_long", count=len(words), limit=limit)
        if not any(character.isalnum() for character in words):
            raise Unusable("flow.no_words")
        return words

    return read


def as_said(words: str) -> str:
    return words


def coming_days(today: date) -> tuple[Choice, ...]:
    """In a week, in two weeks, at the end of this month or, when that is near, of the next."""
    near = _month_end(today)
    if near - today < timedelta(days=3):
        near = _month_end(near + timedelta(days=1))
    offered = {
        today + timedelta(days=7): "flow.in_a_week",
        today + timedelta(days=14): "flow.in_two_weeks",
    }
    offered.setdefault(near, "flow.by_month_end")
    return tuple(day_choice(on, today, offered[on]) for on in sorted(offered))


def day_choice(on: date, today: date, key: str) -> Choice:
    return Choice(on.isoformat(), Phrase(key, {"on": day(on, today)}))


def listed(phrases: Sequence[Phrase]) -> Phrase | str:
    """Several phrases as the lines of one fact; no words when there are none."""
    if not phrases:
        return ""
    first, *rest = phrases
    if not rest:
        return first
    return Phrase("flow.lines", {"first": first, "rest": listed(rest)})


def _month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])
