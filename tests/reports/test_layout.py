"""A template's tags are read into sections and folds, or refused with a reason."""

import pytest

from reports.layout import Fold, Layout, Section, read_layout
from reports.markup import Malformed


def test_a_bulletin_is_read_into_its_parts() -> None:
    layout = read_layout(
        """
        <head> 标题 <part/> </head>
        <section>
          <title><b>一</b></title>
          第一行

          第二行
          <fold><moved>见后</moved><item> 甲 </item><item>乙
             续</item><item>  </item></fold>
          末行
        </section>
        <section> </section>
        <rest>还有<left/>条</rest>
        <foot>落款</foot>
        """
    )
    fold = Fold(("甲", "乙\n续"), "见后")
    section = Section("<b>一</b>", ("第一行\n第二行", fold, "末行"))
    assert layout == Layout("标题 <part/>", "标题 <part/>", (section,), "还有<left/>条", "落款")


@pytest.mark.parametrize(
    ("rendered", "why"),
    [
        ("words", "in none of its parts"),
        ("<section><fold>words</fold></section>", "in none of its parts"),
        ("<item>x</item>", "outside of <fold>"),
        ("<section><section></section></section>", "cannot stand in"),
        ("<head>x", "never closed"),
        ("</head>", "closes nothing"),
        ("<head><foot></head></foot>", "cannot stand in"),
        ("<head>a</head><head>b</head>", "twice"),
        ("<section><title>a</title><title>b</title></section>", "twice"),
    ],
)
def test_misplaced_tags_are_refused_with_a_reason(rendered: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_layout(rendered)
