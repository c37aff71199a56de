"""A bulletin's layout as numbered messages, each of legal length and readable on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from reports.layout import Fold, Layout, Section
from reports.markup import (
    ENTITY_LIMIT,
    MESSAGE_LIMIT,
    Malformed,
    cut,
    entity_count,
    visible_units,
)

_PART = "<part/>"
_PART_MARK_UNITS = 12
_LEFT = "<left/>"
_LEFT_UNITS = 7
_REOPENED_QUOTES = 2
_LEAST_ROOM = 256


class _Block(NamedTuple):
    """What stays together. The sizes count the line breaks before it and the quote it opens."""

    html: str
    units: int
    entities: int
    title: "_Block | None" = None
    is_title: bool = False
    is_folded: bool = False
    is_apart: bool = False
    """Begins a section, under an empty line."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words, or a fold with the words that stand in for it when it moves to a later message."""

    words: list[_Block]
    folded: list[_Block]


@dataclass(frozen=True, slots=True)
class _Section:
    title: _Block | None
    pieces: list[_Piece]

    def blocks(self, moved: frozenset[int] = frozenset()) -> Iterator[_Block]:
        if self.title:
            yield self.title
        for piece in self.pieces:
            yield from piece.folded if piece.folded and id(piece) not in moved else piece.words

    def moved_blocks(self, moved: frozenset[int]) -> Iterator[_Block]:
        folds = [piece.folded for piece in self.pieces if id(piece) in moved]
        if folds and self.title:
            yield self.title
        for fold in folds:
            yield from fold


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


def compose(layout: Layout, limit: int = MESSAGE_LIMIT, most: int | None = None) -> tuple[str, ...]:
    """One message if all of it fits. Else the first keeps every heading and its words, with the
    folds there is room for; the other folds follow in further messages under their headings.

    Every item stands in exactly one place, in order, and whole unless it alone is too long.
    Of more than `most` messages the first ones are given, and the last says what is missing.
    Raises Malformed when head and foot leave no room for anything between them.
    """
    room = _room_between(layout, limit)
    pages = [page for blocks in _sequences(layout.sections, room) for page in _flow(blocks, room)]
    pages = _shortened(layout, pages or [[]], most)
    return tuple(
        _message(layout, page, number, len(pages)) for number, page in enumerate(pages, start=1)
    )


def _room_between(layout: Layout, limit: int) -> _Room:
    tops = [_block(layout.head.replace(_PART, "")), _block(layout.again.replace(_PART, ""))]
    top = max(tops, key=lambda block: block.units)
    room = _Room(limit - _PART_MARK_UNITS - 1, ENTITY_LIMIT - _REOPENED_QUOTES)
    rest = _block(layout.rest.replace(_LEFT, "0" * _LEFT_UNITS))
    room = room.less([top, rest, _block(layout.foot)])
    if room.units < min(_LEAST_ROOM, limit // 2):
        raise Malformed("the head and the foot leave no room between them")
    return room


def _shortened(layout: Layout, pages: list[list[_Block]], most: int | None) -> list[list[_Block]]:
    if most is None or len(pages) <= most:
        return pages
    kept, dropped = pages[:most], pages[most:]
    left = sum(not block.is_title for page in dropped for block in page)
    rest = _block(layout.rest.replace(_LEFT, str(left)))
    return [*kept[:-1], [*kept[-1], *([rest] if rest.html else [])]]


def _sequences(sections: Sequence[Section], room: _Room) -> Iterator[list[_Block]]:
    """Runs of blocks that each begin a message of their own."""
    written = [_written(section) for section in sections]
    whole = [block for section in written for block in section.blocks()]
    moved = _to_move(written, room) if not room.less(whole).holds(0, 0) else frozenset()
    if not moved:
        yield whole
        return
    yield [block for section in written for block in section.blocks(moved)]
    yield [block for section in written for block in section.moved_blocks(moved)]


def _to_move(written: Sequence["_Section"], room: _Room) -> frozenset[int]:
    """The folds, by identity, that find no room in the first message.

    Not one of them when even the words between them find none: then everything just flows.
    """
    folds = [piece for section in written for piece in section.pieces if piece.folded]
    everything = frozenset(id(fold) for fold in folds)
    left = room.less([block for section in written for block in section.blocks(everything)])
    if not left.holds(0, 0):
        return frozenset()
    staying = set()
    for fold in folds:
        trial = left.less(fold.folded)
        if trial.holds(0, 0):
            left = trial
            staying.add(id(fold))
    return everything - staying


def _written(section: Section) -> "_Section":
    title = None
    if section.title:
        title = _apart(_block(section.title))._replace(is_title=True)
    pieces = [_piece(piece, title) for piece in section.pieces]
    if title is None and pieces and not pieces[0].folded:
        pieces[0] = _Piece([_apart(pieces[0].words[0])], [])
    return _Section(title, pieces)


def _apart(block: _Block) -> _Block:
    return block._replace(units=block.units + 1, is_apart=True)


def _piece(piece: str | Fold, title: _Block | None) -> "_Piece":
    if isinstance(piece, str):
        return _Piece([_block(piece, title)], [])
    items = [_block(item, title, is_folded=True) for item in piece.items]
    items[0] = items[0]._replace(entities=items[0].entities + 1)
    return _Piece([_block(piece.moved, title)] if piece.moved else [], items)


def _block(html: str, title: _Block | None = None, is_folded: bool = False) -> _Block:
    return _Block(html, visible_units(html) + 1, entity_count(html), title, False, is_folded)


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
        yield block._replace(html=head, units=piece.units, entities=piece.entities + 1)


def _message(layout: Layout, page: Sequence[_Block], number: int, total: int) -> str:
    mark = f"({number}/{total})" if total > 1 else ""
    top = (layout.head if number == 1 else layout.again).replace(_PART, mark)
    written = ["\n".join(line.rstrip() for line in top.split("\n"))]
    for is_folded, run in groupby(page, key=lambda block: block.is_folded):
        if is_folded:
            lines = "\n".join(block.html for block in run)
            written.append(f"\n<blockquote expandable>{lines}</blockquote>")
            continue
        written.extend(("\n\n" if b.is_apart else "\n") + b.html for b in run)
    if layout.foot:
        written.append("\n\n" + layout.foot)
    return "".join(written)
