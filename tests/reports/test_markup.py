"""Telegram's HTML is told from everything else, measured as a reader sees it, and cut unharmed."""

from html import escape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.markup import (
    Malformed,
    call_nobody,
    check,
    cut,
    entity_count,
    plain_text,
    visible_length,
    visible_units,
)

HOSTILE = st.text(
    st.sampled_from("<>&\"'/@#;:!x1_-= \n{}%b。,aA\u200b\u202e👨‍👩‍👧é")
    | st.characters(codec="utf-8"),
    max_size=80,
)


@pytest.mark.parametrize(
    "html",
    [
        "plain",
        "a > b & c",
        "<b>1</b><strong>2</strong><i>3</i><em>4</em><u>5</u><ins>6</ins>",
        "<s>1</s><strike>2</strike><del>3</del><code>4</code><pre>5</pre>",
        '<span class="tg-spoiler">1</span><tg-spoiler>2</tg-spoiler>',
        "<a href=\"https://example.cn/?a=1&amp;b=2\">x</a> <a href='tg://user?id=1'>y</a>",
        '<pre><code class="language-python">x</code></pre>',
        "<blockquote>1</blockquote><blockquote expandable><b>2</b></blockquote>",
        "&lt;&gt;&amp;&quot;&#39;&#x4e2d;",
    ],
)
def test_telegrams_own_tags_pass(html: str) -> None:
    check(html)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<table>x</table>", "does not know"),
        ("<br>", "does not know"),
        ("<B>x</B>", "does not know"),
        ('<b onclick="x">x</b>', "does not know"),
        ("<b>x", "never closed"),
        ("x</b>", "closes nothing"),
        ("<b><i>x</b></i>", "closes nothing"),
        ("1 < 2", "&lt;"),
        ("<span>x</span>", "tg-spoiler"),
        ('<a href="javascript:alert(1)">x</a>', "leads neither"),
        ("<a>x</a>", "leads neither"),
        ("<code><b>x</b></code>", "cannot stand inside"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "inside a quote"),
        ("&nbsp;", "does not know"),
        ("&#0;", "no character"),
        ("&#xD800;", "no character"),
        ("", "nothing to read"),
        ("<b> \n</b>", "nothing to read"),
        ("x" * 4097, "4097 characters"),
        ("👍" * 2049, "4098 characters"),
        ("<b>x</b>" * 101, "101 formatted"),
    ],
)
def test_what_telegram_would_refuse_is_told_with_its_reason(html: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        check(html)


def test_a_message_may_be_exactly_as_long_as_the_limit() -> None:
    check("<b>" + "&amp;" * 4096 + "</b>")


def test_length_is_what_a_reader_sees() -> None:
    html = '<b>甲&lt;乙</b> <a href="https://example.cn">👍</a>'
    assert plain_text(html) == "甲<乙 👍"
    assert (visible_length(html), visible_units(html)) == (5, 6)
    assert entity_count(html) == 2


@given(HOSTILE)
def test_escaped_words_are_read_as_they_were_said(words: str) -> None:
    html = escape(words)
    assert plain_text(html) == words
    assert entity_count(html) == 0
    if words.strip():
        check(html)


@given(HOSTILE)
def test_nobody_is_mentioned_and_no_word_is_lost(words: str) -> None:
    quiet = plain_text(call_nobody(escape(words)))
    assert quiet.replace("\u200b", "") == "".join(
        c
        for c in words
        if c != "\u200b" and (c >= " " or c in "\n\t") and c not in "\x7f\ufffe\uffff"
    )
    assert not any(
        mark == "@" and after.isascii() and (after.isalnum() or after == "_")
        for mark, after in pairwise(quiet)
    )


def test_commands_in_a_report_cannot_be_pressed_but_fractions_stay() -> None:
    assert call_nobody("见 /start 或 @gao") == "见 /\u200bstart 或 @\u200bgao"
    assert call_nobody("完成1/2,<b>x</b>") == "完成1/2,<b>x</b>"
    link = '<a href="https://t.me/s/@gao">x</a>'
    assert call_nobody(link) == link


def test_control_characters_and_lone_surrogates_are_dropped() -> None:
    assert call_nobody("a\x00b\rc\ud800d\ne") == "abcd\ne"


@given(st.lists(HOSTILE, min_size=1, max_size=6), st.integers(2, 60))
def test_a_cut_text_adds_up_to_the_whole_and_every_piece_is_legal(
    words: list[str], room: int
) -> None:
    tags = ("b", "i", "blockquote", "u")
    html = "".join(
        f"<{tags[n % 4]}>{escape(said)}</{tags[n % 4]}>{escape(said)}"
        for n, said in enumerate(words)
    )
    pieces, rest = [], html
    while rest:
        head, rest = cut(rest, room)
        pieces.append(head)
    assert "".join(plain_text(piece) for piece in pieces) == plain_text(html)
    for piece in pieces:
        assert visible_units(piece) <= room
        if plain_text(piece).strip() and entity_count(piece) <= 100:
            check(piece)


def test_it_cuts_behind_a_sentence_and_else_at_a_gap() -> None:
    assert cut("<b>第一句。第二句很长很长</b>", 8) == ("<b>第一句。</b>", "<b>第二句很长很长</b>")
    assert cut("没有句号，只有逗号的话", 7) == ("没有句号，", "只有逗号的话")
    assert cut("没有标点的一段话", 4) == ("没有标点", "的一段话")


def test_what_fits_is_not_cut() -> None:
    assert cut("<b>短</b>", 10) == ("<b>短</b>", "")
