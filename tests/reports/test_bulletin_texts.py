"""The sentences around a bulletin are complete in both languages and safe to fill."""

from flows.texts import LANGUAGES, Texts, load_texts
from reports.markup import check


def _bulletin(texts: Texts) -> dict[str, frozenset[str]]:
    return {key: texts.fields(key) for key in sorted(texts.keys()) if key.startswith("bulletin.")}


def test_both_languages_say_the_same_things_about_the_same_facts() -> None:
    first, second = (_bulletin(load_texts(language)) for language in LANGUAGES)
    assert first
    assert first == second


def test_every_sentence_is_legal_html_whatever_fills_it() -> None:
    for language in LANGUAGES:
        texts = load_texts(language)
        for key, fields in _bulletin(texts).items():
            check(texts.say(key, **dict.fromkeys(fields, '<b>&"{x}@name')))
