"""Message entities: how they are measured, found in plain text, cleaned and put in order."""

import re
from typing import Any

Json = dict[str, Any]

SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
VERBATIM = frozenset({"code", "pre"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
MOST_SHOWN = 100
MOST_BYTES = 9500

_DEPTHS = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_CONTROL = {c: " " for c in range(32) if c not in (10, 13)}
_CLEANING: dict[int, str | None] = {
    **_CONTROL,
    13: None,
    **dict.fromkeys((*range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A)),
}
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@]))"
    r"|(?P<email>(?<![\w.@-])[\w.+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,})"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<url>https?://[^\s<>\"，。；）】]+|(?<![\w@./-])t\.me/[A-Za-z0-9_/?=&-]+)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})"
)
_HINTS = re.compile(r"[/@#:.]")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets."""
    return len(text) if text.isascii() else len(text) + len(_ASTRAL.findall(text))


def found_in(text: str) -> list[Json]:
    """What the server marks by itself: commands, mentions, links, hashtags, addresses."""
    if not _HINTS.search(text):
        return []
    return [
        {
            "type": str(match.lastgroup),
            "offset": utf16(text[: match.start()]),
            "length": utf16(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]


def cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Control characters become blanks or vanish, as the server does; entities move with them."""
    if not _UNCLEAN.search(text):
        return text, entities
    gone = [utf16(text[: match.start()]) for match in _DROPPED.finditer(text)]
    if gone and entities:
        entities = [_moved(entity, gone) for entity in entities]
    return text.translate(_CLEANING), [entity for entity in entities if entity["length"] > 0]


def _moved(entity: Json, gone: list[int]) -> Json:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    before = sum(at < start for at in gone)
    inside = sum(start <= at < end for at in gone)
    return {**entity, "offset": start - before, "length": entity["length"] - inside}


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without blanks at both ends; blanks under a leading entity stay, as on the server."""
    text = text.rstrip()
    end = utf16(text)
    kept = [_cut(entity, end) for entity in entities if entity["offset"] < end]
    limit = min((entity["offset"] for entity in kept), default=end)
    lead = min(len(text) - len(text.lstrip(" \n")), limit)
    if lead:
        text = text[lead:]
        kept = [{**entity, "offset": entity["offset"] - lead} for entity in kept]
    return text, kept


def _cut(entity: Json, end: int) -> Json:
    if entity["offset"] + entity["length"] <= end:
        return entity
    return {**entity, "length": end - entity["offset"]}


def ordered(entities: list[Json]) -> list[Json]:
    """By place, the longer first; of equal ones quotes, code and links lie outside styles."""
    return sorted(
        entities,
        key=lambda entity: (entity["offset"], -entity["length"], _DEPTHS.get(entity["type"], 50)),
    )


def settled(entities: list[Json]) -> list[Json]:
    """Joined where equal styles touch, cut where code forbids any style inside it, in order."""
    if len(entities) < 2:
        return entities
    verbatim = [_span(entity) for entity in entities if entity["type"] in VERBATIM]
    kept = _without_inner_quotes(entities)
    rest = [entity for entity in kept if entity["type"] not in SPLITTABLE]
    outer = [_span(entity) for entity in rest]
    styles = {entity["type"] for entity in kept} & SPLITTABLE
    for style in sorted(styles):
        spans = _joined([_span(entity) for entity in kept if entity["type"] == style])
        for start, end in _nested(_minus(spans, verbatim), outer):
            rest.append({"type": style, "offset": start, "length": end - start})
    return ordered(rest)


def merged(entities: list[Json], found: list[Json]) -> list[Json]:
    """The author's entities, and the found ones that touch no link or code of theirs."""
    if not found:
        return entities
    taken = [_span(e) for e in entities if e["type"] not in SPLITTABLE and e["type"] not in QUOTES]
    free = [e for e in found if not any(_overlaps(_span(e), span) for span in taken)]
    return ordered([*entities, *free])


def is_too_long(entities: list[Json]) -> bool:
    """The server's limit on the whole size of entities, about 9,500 bytes."""
    size = sum(12 + len(str(entity.get("url", "")).encode()) for entity in entities)
    return size > MOST_BYTES


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
            continue
        result.append((start, end))
    return result


def _minus(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for hole in holes:
        pieces: list[tuple[int, int]] = []
        for start, end in spans:
            pieces.append((start, min(end, hole[0])))
            pieces.append((max(start, hole[1]), end))
        spans = [(start, end) for start, end in pieces if start < end]
        spans = sorted(set(spans))
    return spans


def _nested(spans: list[tuple[int, int]], outer: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut at the edges of quotes and links that a style would otherwise cross."""
    for left, right in outer:
        pieces: list[tuple[int, int]] = []
        for start, end in spans:
            cut = left if start < left < end < right else right
            is_crossed = start < left < end < right or left < start < right < end
            pieces += [(start, cut), (cut, end)] if is_crossed else [(start, end)]
        spans = pieces
    return spans


def _without_inner_quotes(entities: list[Json]) -> list[Json]:
    outer_end = -1
    kept: list[Json] = []
    for entity in ordered(entities):
        start, end = _span(entity)
        if entity["type"] not in QUOTES:
            kept.append(entity)
        elif start >= outer_end:
            kept.append(entity)
            outer_end = end
    return kept
