"""The buttons under a form, their verbs, and the words typed in their place."""

from collections.abc import Iterator, Mapping, Sequence

from flows.card import Button
from flows.choice import folded
from flows.flow import Ask, Review
from flows.phrase import spoken
from flows.texts import LANGUAGES, Texts, load_texts

SAY, LAST, BACK, SKIP = "r.say", "r.last", "r.back", "r.skip"
PARK, DROP, FIX, SEND = "r.park", "r.drop", "r.fix", "r.send"

_TYPED: Mapping[str, str] = {
    "flow.button.send": SEND,
    "flow.button.back": BACK,
    "flow.button.keep": BACK,
    "flow.button.skip": SKIP,
    "flow.button.park": PARK,
    "flow.button.drop": DROP,
}
_LONGEST_LABEL = 28
_FIXES_PER_ROW = 4
_MOST_FIXES = 40

Rows = tuple[tuple[Button, ...], ...]


def ask_rows(texts: Texts, ask: Ask, rev: int) -> Rows:
    """Last week's words first, then the choices, then the way around."""
    rows: list[Sequence[Button]] = []
    if ask.suggestion is not None:
        rows.append([Button(texts.plain(f"{ask.key}.last"), LAST, rev=rev)])
    choices = [
        Button(_label(spoken(texts, choice.label)), SAY, choice.words, rev)
        for choice in ask.choices
    ]
    rows.extend(_in_rows(choices, _per_row(choices)))
    rows.append(list(_ways_around(texts, ask, rev)))
    return tuple(tuple(row) for row in rows)


def review_rows(texts: Texts, review: Review, rev: int) -> Rows:
    fixes = [
        Button(texts.plain("flow.button.fix", number=number), FIX, line.step, rev)
        for number, line in enumerate(review.lines[:_MOST_FIXES], 1)
    ]
    ways = [_way(texts, "park", PARK, rev), _way(texts, "drop", DROP, rev)]
    rows = [[_way(texts, "send", SEND, rev)], *_in_rows(fixes, _FIXES_PER_ROW), ways]
    return tuple(tuple(row) for row in rows)


def verb_of(words: str) -> str | None:
    """The verb of the button whose label was typed, in any language: 取消, 上一步, skip …

    沿用 and 改 stay out: their labels depend on the question.
    """
    typed = _bare(words)
    for key, verb in _TYPED.items():
        labels = (load_texts(language).plain(key) for language in LANGUAGES)
        if typed and typed in {_bare(label) for label in labels}:
            return verb
    return None


def _ways_around(texts: Texts, ask: Ask, rev: int) -> Iterator[Button]:
    if ask.may_back:
        yield _way(texts, "back" if ask.now is None else "keep", BACK, rev)
    if ask.may_skip:
        yield _way(texts, "skip", SKIP, rev)
    yield _way(texts, "park", PARK, rev)
    yield _way(texts, "drop", DROP, rev)


def _way(texts: Texts, name: str, verb: str, rev: int) -> Button:
    return Button(texts.plain(f"flow.button.{name}"), verb, rev=rev)


def _per_row(buttons: Sequence[Button]) -> int:
    """As many as a narrow phone shows without cutting the labels."""
    widest = max((_width(button.label) for button in buttons), default=0)
    if widest <= 12:
        return 3
    return 2 if widest <= 22 else 1


def _in_rows(buttons: Sequence[Button], size: int) -> list[Sequence[Button]]:
    return [buttons[start : start + size] for start in range(0, len(buttons), size)]


def _width(label: str) -> int:
    """In Latin letters; a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in label)


def _label(words: str) -> str:
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1] + "…"


def _bare(label: str) -> str:
    """Without the picture in front, the spaces and the punctuation."""
    return folded("".join(part for part in label if part.isalnum() or part.isspace()))
