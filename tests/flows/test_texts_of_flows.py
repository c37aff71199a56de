"""Every sentence that the conversations need is there, in both languages, and none is left over."""

import re
from pathlib import Path
from string import Formatter

import pytest

from flows.texts import LANGUAGES, load_texts
from rules.terms import Factor, Instance

ROOT = Path(__file__).parents[2]
AREAS = ("flow", "report")
BEHIND_A_STEP = ("ask", "line", "hint", "last", "blank")


def keys(language: str) -> set[str]:
    return set(filter(lambda key: key.split(".")[0] in AREAS, load_texts(language).keys()))


def named_in_code() -> set[str]:
    """Keys as they stand in the code, with the ones that are made of a part each."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("flows/*.py")))
    named = set(re.findall(r'f?"((?:flow|report)\.[a-z_.]+)"', code))
    steps = {f"report.{name}" for name in re.findall(r'_words_step\(\s*"(\w+)"', code)}
    named |= {f"report.factor.{factor}" for factor in Factor}
    named |= {f"report.instance.{instance}" for instance in Instance}
    named |= {f"flow.button.{name}" for name in re.findall(r'_way\(\s*texts, "(\w+)"', code)}
    named |= {f"report.{name}" for name in ("more.yes", "more.no")}
    return named | steps


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_named_in_the_code_exists(language: str) -> None:
    there = keys(language)
    for key in named_in_code():
        is_step = f"{key}.ask" in there and f"{key}.line" in there
        assert key in there or is_step, key


def test_no_sentence_is_orphaned() -> None:
    named = named_in_code()
    for key in keys("zh-CN"):
        above, _, last = key.rpartition(".")
        assert key in named or (last in BEHIND_A_STEP and above in named), key


def test_both_languages_say_the_same_things() -> None:
    zh, en = (load_texts(language) for language in ("zh-CN", "en"))
    assert keys("zh-CN") == keys("en")
    for key in keys("en"):
        assert zh.fields(key) == en.fields(key), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_stray_spaces_or_open_tags(language: str) -> None:
    texts = load_texts(language)
    for key in keys(language):
        sentence = texts._sentences[key]
        bare = "".join(text for text, *_ in Formatter().parse(sentence))
        assert sentence == sentence.strip() and sentence
        assert bare.count("<b>") == bare.count("</b>")
        assert "  " not in sentence
