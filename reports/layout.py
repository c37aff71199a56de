"""A rendered bulletin, read as a head, sections with folds, and a foot.

A template writes Telegram's HTML inside these tags, which no report can forge because what people
say is escaped:

    <head> … <part/> … </head>      the top of the first message; <part/> becomes (1/3), or nothing
    <again> … <part/> … </again>    the top of every further message
    <section><title> … </title>     a heading, said again where a later message goes on with it
      words
      <fold><moved> … </moved>      what stands here instead when the fold moves to a later message
        <item> … </item>            is cut only if it is longer than a whole message
      </fold>
    </section>
    <rest> … <left/> … </rest>      the end of the last message when parts were left out; <left/> is
                                    how many items are missing
    <foot> … </foot>                the bottom of every message
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.markup import Malformed

_TAG = re.compile(r"(</?(?:head|again|section|title|fold|moved|item|rest|foot)>)")
_WITHIN = {
    "head": "",
    "again": "",
    "section": "",
    "rest": "",
    "foot": "",
    "title": "section",
    "fold": "section",
    "moved": "fold",
    "item": "fold",
}
_WORDLESS = frozenset({"", "fold"})
_BREAKS = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Fold:
    """Detail that a reader unfolds: an expandable quote."""

    items: tuple[str, ...]
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    pieces: tuple[str | Fold, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    head: str
    again: str
    sections: tuple[Section, ...]
    rest: str
    foot: str


@dataclass(slots=True)
class _Element:
    name: str
    children: list["_Element | str"] = field(default_factory=list)

    def elements(self, name: str) -> Iterator["_Element"]:
        return (c for c in self.children if isinstance(c, _Element) and c.name == name)

    def words(self) -> str:
        return "\n".join(child for child in self.children if isinstance(child, str))


def read_layout(rendered: str) -> Layout:
    """Raises Malformed with the reason when the tags do not stand as described above."""
    root = _tree(rendered)
    head, again, rest, foot = (_only(root, n) for n in ("head", "again", "rest", "foot"))
    sections = (_section(element) for element in root.elements("section"))
    kept = tuple(section for section in sections if section.title or section.pieces)
    return Layout(head, again or head, kept, rest, foot)


def _tree(rendered: str) -> _Element:
    stack = [_Element("")]
    for number, token in enumerate(_TAG.split(rendered)):
        if number % 2 == 0:  # between two tags
            _write(token, stack[-1])
        elif token.startswith("</"):
            if stack.pop().name != token[2:-1]:
                raise Malformed(f"{token} closes nothing that is open")
        else:
            stack.append(_open(token[1:-1], stack[-1]))
    if len(stack) > 1:
        raise Malformed(f"<{stack[-1].name}> is never closed")
    return stack[0]


def _write(token: str, within: _Element) -> None:
    words = token.strip()
    if not words:
        return
    if "\n" in words:
        words = _BREAKS.sub("\n", words)
    if within.name in _WORDLESS:
        place = f"<{within.name}>" if within.name else "the bulletin"
        raise Malformed(f"words that stand in {place} but in none of its parts")
    within.children.append(words)


def _open(name: str, within: _Element) -> _Element:
    if _WITHIN[name] != within.name:
        raise Malformed(
            f"<{name}> cannot stand in <{within.name}>"
            if within.name
            else f"<{name}> stands outside of <{_WITHIN[name]}>"
        )
    element = _Element(name)
    within.children.append(element)
    return element


def _only(root: _Element, name: str) -> str:
    found = list(root.elements(name))
    if len(found) > 1:
        raise Malformed(f"<{name}> stands there twice")
    return found[0].words() if found else ""


def _section(element: _Element) -> Section:
    pieces: list[str | Fold] = []
    for child in element.children:
        if isinstance(child, str):
            pieces.append(child)
        elif child.name == "fold" and (fold := _fold(child)).items:
            pieces.append(fold)
    return Section(_only(element, "title"), tuple(pieces))


def _fold(element: _Element) -> Fold:
    items = (item.words() for item in element.elements("item"))
    return Fold(tuple(item for item in items if item), _only(element, "moved"))
