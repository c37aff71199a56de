"""The sentences as they stand in the files, and facts to fill them with."""

import fnmatch
from collections.abc import Mapping
from datetime import UTC, datetime
from string import Formatter

from flows.texts import Texts, load_texts

EVENING = datetime(2024, 11, 5, 18, 0, tzinfo=UTC)


def sentences(language: str) -> Mapping[str, str]:
    return load_texts(language)._sentences


def named(texts: Texts, key: str) -> set[str]:
    """The keys that a key of the code can mean; with a star in it, all that fit."""
    if "*" not in key:
        return {key} & texts.keys()
    return set(fnmatch.filter(texts.keys(), key))


def days_in(sentence: str) -> set[str]:
    """The fields that are read as a day or a moment."""
    return {
        name.split(".")[0]
        for _, name, form, _ in Formatter().parse(sentence)
        if name and ("." in name or "%" in (form or ""))
    }


def facts_for(language: str, key: str, words: str) -> dict[str, object]:
    days = days_in(sentences(language)[key])
    fields = load_texts(language).fields(key)
    return {name: EVENING if name in days else words for name in fields}
