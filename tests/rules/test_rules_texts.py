"""Every reason the rules can give has its sentence in both languages, and no sentence is unused."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.texts import LANGUAGES, load_texts
from rules.amount import doubts, read_amount
from rules.day import read_day, read_day_ahead
from rules.refusal import Unusable

RULES = Path(__file__).parents[2] / "rules"
TODAY = date(2024, 10, 24)


def keys_in_code() -> set[str]:
    quoted = re.compile(r'"(rules\.[a-z_]+\.[a-z_]+)"')
    return {
        key
        for path in RULES.glob("*.py")
        for key in quoted.findall(path.read_text(encoding="utf-8"))
    }


def keys_in_texts(language: str) -> set[str]:
    return {key for key in load_texts(language).keys() if key.startswith("rules.")}  # noqa: SIM118


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_and_every_sentence_a_reason(language: str) -> None:
    assert len(keys_in_code()) > 15
    assert keys_in_texts(language) == keys_in_code()


def test_both_languages_need_the_same_facts() -> None:
    first, second = (load_texts(language) for language in LANGUAGES)
    for key in keys_in_code():
        assert first.fields(key) == second.fields(key), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["2023-01-01", "2090-01-01", "2月30日", "", "?", "10月1日"])
def test_a_refused_day_is_told_with_the_facts_at_hand(language: str, words: str) -> None:
    with pytest.raises(Unusable) as told:
        read_day_ahead(words, TODAY)
    sentence = load_texts(language).plain(told.value.key, **told.value.facts)
    assert sentence.endswith(("。", "."))
    assert "{" not in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_doubt_is_told_with_the_facts_at_hand(language: str) -> None:
    found = (
        *doubts(Decimal("3.5"), last=Decimal(35000)),
        *doubts(Decimal(1), last=Decimal(2)),
        *doubts(Decimal(10), last=Decimal(2), plan=Decimal(2), total=Decimal(2)),
    )
    assert len(found) == 5
    for doubt in found:
        sentence = load_texts(language).plain(doubt.key, **doubt.facts)
        assert "万元" in sentence or "亿元" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_in_the_sentences_can_be_typed(language: str) -> None:
    texts = load_texts(language)
    amount = re.compile(r"[0-9.]+亿[0-9]+千万|[0-9.]+[万亿](?!元)")
    day = re.compile(r"[0-9]+月[0-9]+日|下周五|月底|明年3月|今天")
    for key in sorted(keys_in_texts(language)):
        sentence = texts.plain(
            key, on=TODAY, amount="", meant="", last="", plan="", done="", total=""
        )
        for example in amount.findall(sentence):
            assert read_amount(example) > 0
        for example in day.findall(sentence):
            assert read_day(example, TODAY)
