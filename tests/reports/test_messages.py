"""A long bulletin becomes numbered messages that lose nothing and stand alone."""

import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.layout import Fold, Layout, Section
from reports.markup import Malformed, check, entity_count, plain_text, visible_units
from reports.messages import compose

_QUOTE = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)
_ITEMS = st.text("甲乙丙丁。，<&>👍 ab", min_size=1, max_size=70).filter(str.strip)


def _layout(*sections: Section) -> Layout:
    return Layout("<b>周报</b> <part/>\n副题", "<b>周报</b> <part/>", sections, "余<left/>", "#码")


def _section(number: int, items: list[str], words: str = "小结。") -> Section:
    marked = tuple(f"<b>{number}.{n}</b>{escape(item)}" for n, item in enumerate(items))
    return Section(f"<b>第{number}节</b>", (words, Fold(marked, "见后。")) if items else (words,))


def _quoted(parts: tuple[str, ...]) -> str:
    return "".join(
        plain_text(quote).replace("\n", "") for p in parts for quote in _QUOTE.findall(p)
    )


def test_what_fits_is_one_message_without_a_number() -> None:
    (only,) = compose(_layout(_section(1, ["甲", "乙"]), _section(2, [])))
    assert only == (
        "<b>周报</b>\n副题\n\n<b>第1节</b>\n小结。\n"
        "<blockquote expandable><b>1.0</b>甲\n<b>1.1</b>乙</blockquote>"
        "\n\n<b>第2节</b>\n小结。\n\n#码"
    )


def test_the_first_of_several_says_everything_in_short_and_the_detail_follows() -> None:
    long = ["长" * 100] * 4
    parts = compose(_layout(_section(1, long), _section(2, ["短"])), limit=400)
    assert parts[0].startswith("<b>周报</b> (1/3)\n副题\n\n<b>第1节</b>\n小结。\n见后。")
    assert "<b>2.0</b>短" in parts[0]
    for number, part in enumerate(parts[1:], start=2):
        assert part.startswith(f"<b>周报</b> ({number}/3)\n\n<b>第1节</b>\n<blockquote")
        assert part.endswith("#码")


@settings(max_examples=150)
@given(
    st.lists(st.lists(_ITEMS, max_size=12), min_size=1, max_size=5),
    st.sampled_from([256, 300, 512, 1000, 4096]),
)
def test_every_message_is_legal_and_every_item_is_there_once_and_in_order(
    sections: list[list[str]], limit: int
) -> None:
    layout = _layout(*(_section(n, items) for n, items in enumerate(sections)))
    parts = compose(layout, limit)
    for part in parts:
        check(part, limit)
        assert visible_units(part) <= limit
    moved = [f"<b>第{n}节</b>" for n in range(len(sections))]
    assert all(title in parts[0] for title in moved)
    found = re.findall(r"<b>(\d+\.\d+)</b>", "".join(parts))
    assert sorted(found) == sorted(
        f"{n}.{m}" for n, s in enumerate(sections) for m in range(len(s))
    )
    whole = {f"<b>{n}.{m}</b>{escape(i)}" for n, s in enumerate(sections) for m, i in enumerate(s)}
    assert all(any(item in part for part in parts) for item in whole)


@given(st.text("甲乙。， <&👍", min_size=600, max_size=1500))
def test_a_giant_item_is_cut_and_loses_nothing(words: str) -> None:
    layout = _layout(Section("<b>节</b>", (Fold((f"<b>名</b>{escape(words)}",)),)))
    parts = compose(layout, limit=300)
    assert _quoted(parts) == "名" + words
    for part in parts:
        check(part, 300)


def test_no_message_carries_more_than_a_hundred_formatted_stretches() -> None:
    parts = compose(_layout(_section(1, ["甲"] * 500)))
    assert len(parts) >= 6
    assert max(entity_count(part) for part in parts) <= 100


def test_a_heading_never_ends_a_message_with_nothing_under_it() -> None:
    sections = [Section(f"<b>第{n}节</b>", ("话" * 60,)) for n in range(40)]
    for part in compose(_layout(*sections), limit=400):
        lines = part.removesuffix("\n\n#码").split("\n")
        assert not lines[-1].startswith("<b>第")


def test_of_too_many_messages_the_first_are_given_and_the_last_says_what_is_missing() -> None:
    layout = _layout(_section(1, ["长" * 100] * 20))
    whole = compose(layout, limit=400)
    parts = compose(layout, limit=400, most=3)
    assert len(parts) == 3 < len(whole)
    shown = sum(part.count("长" * 100) for part in parts)
    assert parts[-1].endswith(f"余{20 - shown}\n\n#码")
    for part in parts:
        check(part, 400)


def test_a_head_that_leaves_no_room_is_refused() -> None:
    layout = Layout("长" * 4000, "短", (), "", "落款")
    with pytest.raises(Malformed, match="no room"):
        compose(layout)
