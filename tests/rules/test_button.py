"""Signed button data: what we packed comes back, and nothing else does."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.button import LARGEST_REV, Press, pack, unpack

KEY = b"a key of the house, kept in a file"
OTHER_KEY = b"the key of the house next door"
KEYS = st.binary(min_size=1, max_size=64)
CHATS = st.integers(-(2**52), 2**52)
VERBS = st.from_regex(r"[a-z0-9.]{1,14}", fullmatch=True)
THINGS = st.from_regex(r"[A-Za-z0-9_.:-]{0,22}", fullmatch=True)
REVS = st.integers(0, LARGEST_REV)


@given(KEYS, CHATS, VERBS, THINGS, REVS)
def test_a_press_says_what_the_button_was_given(
    key: bytes, chat_id: int, verb: str, thing: str, rev: int
) -> None:
    data = pack(key, chat_id, verb, thing, rev)
    assert data.isascii()
    assert len(data) <= 64
    assert data.startswith("1")
    assert unpack([key], chat_id, data) == Press(verb, thing, rev)


def test_the_longest_button_fits_into_sixty_four_bytes() -> None:
    assert len(pack(KEY, -(2**52), "a" * 14, "Z" * 22, LARGEST_REV)) == 60


@given(CHATS, CHATS, VERBS, THINGS, REVS)
def test_a_button_of_another_chat_is_nothing(
    chat_id: int, other_id: int, verb: str, thing: str, rev: int
) -> None:
    assume(chat_id != other_id)
    assert unpack([KEY], other_id, pack(KEY, chat_id, verb, thing, rev)) is None


def test_a_button_keeps_working_while_keys_rotate_and_not_after() -> None:
    data = pack(OTHER_KEY, 7, "report.open", "12", 3)
    assert unpack([KEY, OTHER_KEY], 7, data) == Press("report.open", "12", 3)
    assert unpack([KEY], 7, data) is None
    assert unpack([], 7, data) is None


@given(VERBS, THINGS, REVS, st.integers(0, 63), st.characters(codec="utf-8"))
def test_one_changed_character_is_a_forgery(
    verb: str, thing: str, rev: int, place: int, sign: str
) -> None:
    data = pack(KEY, 7, verb, thing, rev)
    place %= len(data)
    assume(data[place] != sign)
    assert unpack([KEY], 7, data[:place] + sign + data[place + 1 :]) is None


@given(VERBS, THINGS, VERBS, THINGS, REVS, REVS)
def test_one_buttons_signature_does_not_serve_another(
    verb: str, thing: str, other_verb: str, other_thing: str, rev: int, other_rev: int
) -> None:
    assume((verb, thing, rev) != (other_verb, other_thing, other_rev))
    ours = pack(KEY, 7, verb, thing, rev)
    other = pack(KEY, 7, other_verb, other_thing, other_rev)
    assert unpack([KEY], 7, ours[:17] + other[17:]) is None


@given(st.text(max_size=80))
def test_any_other_words_are_nothing(data: str) -> None:
    assert unpack([KEY], 7, data) is None


@pytest.mark.parametrize(
    "change", [lambda data: "2" + data[1:], lambda data: data + "\n", str.upper]
)
def test_another_version_or_spelling_is_nothing(change) -> None:  # type: ignore[no-untyped-def]  # three kinds of callables
    data = pack(KEY, 7, "report.open", "p12", 35)
    assert unpack([KEY], 7, change(data)) is None


@pytest.mark.parametrize(
    ("verb", "thing", "rev", "said"),
    [
        ("", "1", 0, "verb"),
        ("a" * 15, "1", 0, "verb"),
        ("Open", "1", 0, "verb"),
        ("填报", "1", 0, "verb"),
        ("open\n", "1", 0, "verb"),
        ("open", "a|b", 0, "thing"),
        ("open", "x" * 23, 0, "thing"),
        ("open", "项目", 0, "thing"),
        ("open", "1", -1, "revision"),
        ("open", "1", LARGEST_REV + 1, "revision"),
    ],
)
def test_parts_out_of_bounds_are_refused_when_packing(
    verb: str, thing: str, rev: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        pack(KEY, 7, verb, thing, rev)


def test_an_empty_key_signs_and_opens_nothing() -> None:
    with pytest.raises(ValueError, match="empty key"):
        pack(b"", 7, "open", "1", 0)
    assert unpack([b""], 7, pack(KEY, 7, "open", "1", 0)) is None


def test_the_signature_has_sixteen_characters_for_every_button() -> None:
    marks = {pack(KEY, chat_id, "open", "1", 0)[1:17] for chat_id in range(200)}
    assert len(marks) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", mark) for mark in marks)
