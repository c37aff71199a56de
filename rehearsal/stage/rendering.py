"""Text and entities written back as HTML, for pages and transcripts."""

from html import escape
from typing import Any

from rehearsal.stage.entities import ordered

Json = dict[str, Any]

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def html(text: str, entities: list[Json]) -> str:
    """Telegram's own HTML; what it marks by itself (commands, hashtags) stays plain."""
    shown = [entity for entity in entities if _opening(entity)]
    if not shown:
        return escape(text, quote=False)
    pieces: list[str] = []
    open_: list[Json] = []
    position = 0
    waiting = ordered(shown)
    cuts = sorted({0, *_borders(shown)})
    units = text.encode("utf-16-le", "surrogatepass")
    for start, end in zip(cuts, [*cuts[1:], len(units) // 2], strict=True):
        position = start
        _close(pieces, open_, position)
        while waiting and waiting[0]["offset"] <= position:
            entity = waiting.pop(0)
            pieces.append(_opening(entity))
            open_.append(entity)
        part = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        pieces.append(escape(part, quote=False))
    _close(pieces, open_, len(units) // 2)
    while open_:
        pieces.append(_closing(open_.pop()))
    return "".join(pieces)


def _borders(entities: list[Json]) -> set[int]:
    return {e["offset"] for e in entities} | {e["offset"] + e["length"] for e in entities}


def _close(pieces: list[str], open_: list[Json], position: int) -> None:
    """Closes what ends here; what was opened inside it and goes on is opened again."""
    ending = [e for e in open_ if e["offset"] + e["length"] <= position]
    again: list[Json] = []
    while ending:
        entity = open_.pop()
        pieces.append(_closing(entity))
        if entity in ending:
            ending.remove(entity)
        else:
            again.append(entity)
    for entity in reversed(again):
        pieces.append(_opening(entity))
        open_.append(entity)


def _opening(entity: Json) -> str:
    match entity["type"]:
        case "text_link":
            return f'<a href="{escape(str(entity["url"]))}">'
        case "text_mention":
            return f'<a href="tg://user?id={entity["user"]["id"]}">'
        case "custom_emoji":
            return f'<tg-emoji emoji-id="{escape(str(entity["custom_emoji_id"]))}">'
        case "expandable_blockquote":
            return "<blockquote expandable>"
        case "pre" if entity.get("language"):
            return f'<pre><code class="language-{escape(str(entity["language"]))}">'
    tag = _TAGS.get(entity["type"])
    return f"<{tag}>" if tag else ""


def _closing(entity: Json) -> str:
    match entity["type"]:
        case "text_link" | "text_mention":
            return "</a>"
        case "custom_emoji":
            return "</tg-emoji>"
        case "pre" if entity.get("language"):
            return "</code></pre>"
    return f"</{_TAGS[entity['type']]}>"
