"""An answer that can be tapped, and the ways in which people type it instead."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flows.phrase import Phrase, spoken
from flows.texts import LANGUAGES, load_texts

_NUMBER = re.compile(r"[(\[第]?\s*(\d{1,2})\s*[)\].、项个]?")
_TRAILING = " .。!?,;、:"


@dataclass(frozen=True, slots=True)
class Choice:
    words: str
    """What a tap says and the draft keeps: at most 22 of the characters `A-Za-z0-9_.:-`."""
    label: Phrase
    also: tuple[str, ...] = ()
    """Other words that mean the same, in any language."""
    redo: str = ""
    """The step to ask again when this is chosen; its answer is taken back."""


def choice_of(choices: Sequence[Choice], words: str) -> Choice | None:
    """The choice that the words mean: its own words, a label in any language, or its number."""
    for choice in choices:
        if words == choice.words:
            return choice
    said = folded(words)
    for choice in choices:
        if said in _names(choice):
            return choice
    return _numbered(choices, words)


def folded(words: str) -> str:
    """Without spaces, width, letter case and closing punctuation."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return "".join(plain.split()).strip(_TRAILING)


def number_in(words: str) -> int | None:
    """The number that is all of the words: 2, 2, ②, (2), 第2项."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", words).strip())
    return int(found[1]) if found else None


def _names(choice: Choice) -> frozenset[str]:
    labels = _labels_of(choice.label) if choice.label.facts else _labels(choice.label.key)
    return labels.union(map(folded, choice.also))


def _labels_of(label: Phrase) -> frozenset[str]:
    return frozenset(folded(spoken(load_texts(language), label)) for language in LANGUAGES)


@cache
def _labels(key: str) -> frozenset[str]:
    """Most labels have no facts, and every answer is compared with all of them."""
    return _labels_of(Phrase(key))


def _numbered(choices: Sequence[Choice], words: str) -> Choice | None:
    number = number_in(words)
    if number is None or not 1 <= number <= len(choices):
        return None
    return choices[number - 1]
