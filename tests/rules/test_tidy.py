"""Words from outside lose what is invisible and keep what people wrote."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.tidy import LONGEST_WORDS, half_width, is_too_long, tidy

ANY_TEXT = st.text(st.characters(exclude_categories=()))
FAMILY = "👨\u200d👩\u200d👧"
RAINBOW = "🏳\ufe0f\u200d🌈"
DARK_DOCTOR = "👩🏿\u200d⚕\ufe0f"


@pytest.mark.parametrize(
    ("words", "tidied"),
    [
        ("主体封顶", "主体封顶"),
        ("  主体\u3000", "主体"),
        ("主体\x00封\x07顶", "主体封顶"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("一\t二", "一\t二"),
        ("坏\ud800字\udfff", "坏字"),
        ("abc\u202ecba\u202c\u2066x\u2069\u200f", "abccbax"),
        ("主\u200b体\ufeff\u2060\u00ad", "主体"),
        ("e\u0301tape", "\u00e9tape"),
        ("一\n\n\n\n\n二", "一\n\n\n二"),
        ("一\n \t\n\u3000\n\n二", "一\n\n\n二"),
        ("一\n\n\n二", "一\n\n\n二"),
        ("35,000万元", "35,000万元"),
        ("<b>&{{ 7*7 }}", "<b>&{{ 7*7 }}"),
        ("\u200d\u200c\x00", ""),
    ],
)
def test_words_are_tidied_once_at_the_door(words: str, tidied: str) -> None:
    assert tidy(words) == tidied


@pytest.mark.parametrize("emoji", [FAMILY, RAINBOW, DARK_DOCTOR, "👍", "1\ufe0f\u20e3"])
def test_an_emoji_stays_in_one_piece(emoji: str) -> None:
    assert tidy(f"好{emoji}!") == f"好{emoji}!"


def test_a_joiner_between_letters_or_at_an_edge_goes() -> None:
    assert tidy("王\u200d五") == "王五"
    assert tidy("👍\u200d") == "👍"
    assert tidy("\u200d👍") == "👍"
    assert tidy("👍\u200d\u200d👍") == "👍\u200d👍"


@given(ANY_TEXT)
def test_tidy_words_stay_as_they_are(words: str) -> None:
    assert tidy(tidy(words)) == tidy(words)


@given(ANY_TEXT)
def test_tidy_words_can_be_stored_and_hold_nothing_invisible(words: str) -> None:
    tidied = tidy(words)
    assert tidied.encode("utf-8").decode("utf-8") == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert tidied == tidied.strip()
    assert "\n\n\n\n" not in tidied
    for sign in tidied:
        assert sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(sign) not in _TURNING


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_chinese_words_are_untouched(words: str) -> None:
    assert tidy(words) == words


def test_a_thousand_characters_are_allowed_and_one_more_is_not() -> None:
    assert not is_too_long("进" * LONGEST_WORDS)
    assert is_too_long("进" * (LONGEST_WORDS + 1))
    assert is_too_long("😀😀", limit=1)


def test_full_width_signs_become_those_of_a_latin_keyboard() -> None:
    assert half_width("３．５亿，（约）～ＡＢＣ\u3000￥") == "3.5亿,(约)~ABC ¥"
    assert half_width("三千万。²½") == "三千万。²½"
