"""A bulletin's layout as numbered messages, each of legal length and readable on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from reports.layout import Fold, Layout, Section
from reports.markup import (
    ENTITY_LIMIT,
    MESSAGE_LIMIT,
    Malformed,
    cut,
    entity_count,
    plain_text,
    units,
)

_PART = "<part/>"
_PART_MARK_UNITS = 12
_REOPENED_QUOTES = 2
_LEAST_ROOM = 256


@dataclass(frozen=True, slots=True)
class _Block:
    """What stays together. The sizes count the line breaks before it and the quote it opens."""

    html: str
    units: int
    entities: int
    title: "_Block | None" = None
    is_title: bool = False
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    units: int
    entities: int

    def holds(self, units: int, entities: int) -> bool:
        return self.units >= units and self.entities >= entities

    def less(self, blocks: Sequence[_Block]) -> "_Room":
        return _Room(
            self.units - sum(block.units for block in blocks),
            self.entities - sum(block.entities for block in blocks),
        )


def compose(layout: Layout, limit: int = MESSAGE_LIMIT) -> tuple[str, ...]:
    """One message if all of it fits. Else the first keeps every heading and its words, with the
    folds there is room for; the other folds follow in further messages under their headings.

    Every item stands in exactly one place, in order, and whole unless it alone is too long.
    Raises Malformed when head and foot leave no room for anything between them.
    """
    room = _room_between(layout, limit)
    pages = [page for blocks in _sequences(layout.sections, room) for page in _flow(blocks, room)]
    pages = pages or [[]]
    return tuple(
        _message(layout, page, number, len(pages)) for number, page in enumerate(pages, start=1)
    )


def _room_between(layout: Layout, limit: int) -> _Room:
    tops = [_block(layout.head.replace(_PART, "")), _block(layout.again.replace(_PART, ""))]
    top = max(tops, key=lambda block: block.units)
    room = _Room(limit - _PART_MARK_UNITS - 1, ENTITY_LIMIT - _REOPENED_QUOTES)
    room = room.less([top, _block(layout.foot)])
    if room.units < min(_LEAST_ROOM, limit // 2):
        raise Malformed("the head and the foot leave no room between them")
    return room


def _sequences(sections: Sequence[Section], room: _Room) -> Iterator[list[_Block]]:
    """Runs of blocks that each begin a message of their own."""
    whole = [block for section in sections for block in _blocks(section, moved=frozenset())]
    left = room.less(whole)
    if left.holds(0, 0):
        yield whole
        return
    moved = _folds_to_move(sections, room)
    if moved is None:
        yield whole
        return
    yield [block for section in sections for block in _blocks(section, moved)]
    yield [block for section in sections for block in _moved_blocks(section, moved)]


def _folds_to_move(sections: Sequence[Section], room: _Room) -> frozenset[int] | None:
    """By identity, those that find no room in the first message; None if not even words do."""
    folds = [piece for s in sections for piece in s.pieces if isinstance(piece, Fold)]
    everything = frozenset(id(fold) for fold in folds)
    left = room.less([block for section in sections for block in _blocks(section, everything)])
    if not left.holds(0, 0):
        return None
    staying = set()
    for fold in folds:
        trial = left.less(_folded(fold, None))
        if trial.holds(0, 0):
            left = trial
            staying.add(id(fold))
    return everything - staying


def _blocks(section: Section, moved: frozenset[int]) -> Iterator[_Block]:
    title = _title(section)
    if title:
        yield title
    for piece in section.pieces:
        if isinstance(piece, str):
            yield replace(_block(piece), title=title)
        elif id(piece) not in moved:
            yield from _folded(piece, title)
        elif piece.moved:
            yield replace(_block(piece.moved), title=title)


def _moved_blocks(section: Section, moved: frozenset[int]) -> Iterator[_Block]:
    folds = [piece for piece in section.pieces if isinstance(piece, Fold) and id(piece) in moved]
    title = _title(section)
    if folds and title:
        yield title
    for fold in folds:
        yield from _folded(fold, title)


def _title(section: Section) -> _Block | None:
    if not section.title:
        return None
    block = _block(section.title)
    return replace(block, units=block.units + 1, is_title=True)


def _folded(fold: Fold, title: _Block | None) -> list[_Block]:
    blocks = [replace(_block(item), title=title, is_folded=True) for item in fold.items]
    return [replace(blocks[0], entities=blocks[0].entities + 1), *blocks[1:]]


def _block(html: str) -> _Block:
    return _Block(html, units(plain_text(html)) + 1, entity_count(html))


def _flow(blocks: Sequence[_Block], room: _Room) -> Iterator[list[_Block]]:
    page: list[_Block] = []
    left = room
    for block in blocks:
        for piece in _cut_to(block, room):
            if page and not left.holds(piece.units, piece.entities):
                top = _without_widow(page) or [piece.title] if piece.title else []
                if page:
                    yield page
                page = [title for title in top if title]
                left = room.less(page)
            page.append(piece)
            left = left.less([piece])
    if page:
        yield page


def _without_widow(page: list[_Block]) -> list[_Block]:
    """A heading with nothing under it leaves the page, for the next one."""
    return [page.pop()] if page[-1].is_title else []


def _cut_to(block: _Block, room: _Room) -> Iterator[_Block]:
    title_units = block.title.units if block.title else 0
    allowed = room.units - title_units - 1
    if block.units <= allowed:
        yield block
        return
    if allowed < 2:
        raise Malformed("a heading leaves no room under it")
    rest = block.html
    while rest:
        head, rest = cut(rest, allowed - 1)
        piece = _block(head)
        yield replace(block, html=head, units=piece.units, entities=piece.entities + 1)


def _message(layout: Layout, page: Sequence[_Block], number: int, total: int) -> str:
    mark = f"({number}/{total})" if total > 1 else ""
    top = (layout.head if number == 1 else layout.again).replace(_PART, mark)
    written = ["\n".join(line.rstrip() for line in top.split("\n"))]
    for is_folded, run in groupby(page, key=lambda block: block.is_folded):
        if is_folded:
            lines = "\n".join(block.html for block in run)
            written.append(f"\n<blockquote expandable>{lines}</blockquote>")
            continue
        written.extend("\n\n" + b.html if b.is_title else "\n" + b.html for b in run)
    if layout.foot:
        written.append("\n\n" + layout.foot)
    return "".join(written)
