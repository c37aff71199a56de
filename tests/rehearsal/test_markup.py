"""Telegram's HTML is read as the server reads it, refusals included."""

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.stage import entities, markup
from rehearsal.stage.refusals import Refusal
from rehearsal.stage.rendering import html

Json = dict[str, Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def entity(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("没有标签", "没有标签", []),
        ("<b>粗</b>", "粗", [entity("bold", 0, 1)]),
        ("<STRONG>粗</Strong>", "粗", [entity("bold", 0, 1)]),
        ("a<i>b</i><u>c</u><s>d</s>", "abcd", None),
        ("😀<em>好</em>", "😀好", [entity("italic", 2, 1)]),
        ("<ins>u</ins>", "u", [entity("underline", 0, 1)]),
        ("<del>s</del>", "s", [entity("strikethrough", 0, 1)]),
        ("<strike>s</strike>", "s", [entity("strikethrough", 0, 1)]),
        ('<span class="tg-spoiler">秘</span>', "秘", [entity("spoiler", 0, 1)]),
        ("<tg-spoiler>秘</tg-spoiler>", "秘", [entity("spoiler", 0, 1)]),
        ("<blockquote>引</blockquote>", "引", [entity("blockquote", 0, 1)]),
        (
            "<blockquote expandable>引</blockquote>",
            "引",
            [entity("expandable_blockquote", 0, 1)],
        ),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ('<code class="language-py">x</code>', "x", [entity("code", 0, 1)]),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        (
            "<a href='http://a.cn/?x=1&amp;y=2'>链</a>",
            "链",
            [entity("text_link", 0, 1, url="http://a.cn/?x=1&y=2")],
        ),
        ("<a href=a.cn>链</a>", "链", [entity("text_link", 0, 1, url="http://a.cn/")]),
        ('<a href="nowhere">链</a>', "链", []),
        (
            '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
            "👍",
            [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
        ),
        ("<b></b>空", "空", []),
        ("&lt;b&gt;&amp;&quot;", '<b>&"', []),
        ("&lt&#65;&#x4e2d;&nbsp;&copy;", "<A中&nbsp;&copy;", []),
        ("&#0;&#1114111;&#xFFFFFFFFF;", "&#0;&#1114111;&#xFFFFFFFFF;", []),
        ("A & B", "A & B", []),
        ("&#xd83d;&#xde00;", "😀", []),
        ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, found: list[Json] | None) -> None:
    read, marked = markup.parse(source)
    assert read == text
    if found is not None:
        assert marked == found


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("进度<待定>", 'Unsupported start tag "待定" at byte offset 6'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("中<b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b />", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href=>x</a>", None),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xd83d;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_bad_html_is_refused_in_the_servers_words(source: str, sentence: str | None) -> None:
    if sentence is None:
        markup.parse(source)
        return
    with pytest.raises(Refusal) as refusal:
        markup.parse(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {sentence}"


TAGGED = st.recursive(
    TEXTS.map(lambda text: (text, escape(text))),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "blockquote", "code", "pre"]),
        st.lists(inner, max_size=3),
    ).map(
        lambda made: (
            "".join(text for text, _ in made[1]),
            f"<{made[0]}>{''.join(source for _, source in made[1])}</{made[0]}>",
        )
    ),
    max_leaves=12,
)


@given(st.lists(TAGGED, max_size=4))
def test_well_formed_html_gives_its_text_back(parts: list[tuple[str, str]]) -> None:
    text, marked = markup.parse("".join(source for _, source in parts))
    assert text == "".join(text for text, _ in parts)
    end = entities.utf16(text)
    for one in marked:
        assert 0 <= one["offset"] < one["offset"] + one["length"] <= end


@given(st.lists(TAGGED, max_size=4))
def test_rendered_html_reads_back_as_the_same_message(parts: list[tuple[str, str]]) -> None:
    text, marked = markup.parse("".join(source for _, source in parts))
    settled = entities.settled(marked)
    again, marked_again = markup.parse(html(text, settled))
    assert again == text
    assert entities.settled(marked_again) == settled


@given(st.text(st.sampled_from(list("<>/=\"'&;#x abspn-tg中😀\0\n")), max_size=40))
def test_the_reader_never_crashes(source: str) -> None:
    try:
        text, marked = markup.parse(source)
    except Refusal as refusal:
        assert refusal.code == 400
        assert refusal.description.startswith("Bad Request: can't parse entities: ")
        return
    html(text, entities.settled(marked))


def test_styles_that_touch_become_one_and_code_stays_plain() -> None:
    _, marked = markup.parse("<b>a</b><b>b</b><code>c<b>d</b></code>")
    assert entities.settled(marked) == [entity("bold", 0, 2), entity("code", 2, 2)]


def test_the_server_finds_commands_links_and_mentions_itself() -> None:
    text = "/start 请看 https://a.cn/x 和 @anlan #调度 不是 a/b 也不是 3/4"
    kinds = [(one["type"], one["offset"]) for one in entities.found_in(text)]
    assert kinds == [("bot_command", 0), ("url", 10), ("mention", 27), ("hashtag", 34)]


def test_control_characters_become_blanks_and_entities_move_along() -> None:
    text, marked = entities.cleaned("a\r\tb\0c", [entity("bold", 3, 3)])
    assert text == "a b c"
    assert marked == [entity("bold", 2, 3)]


@given(TEXTS, TEXTS, TEXTS)
def test_trimming_keeps_entities_on_their_words(left: str, word: str, right: str) -> None:
    source = f" \n{left}<b>{escape(word)}</b>{escape(right)} "
    if "<" in left or "&" in left:
        return
    text, marked = entities.trimmed(*markup.parse(source))
    units = text.encode("utf-16-le")
    for one in marked:
        covered = units[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
        assert word.startswith(covered.decode("utf-16-le"))
