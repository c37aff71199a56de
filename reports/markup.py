"""Telegram's HTML: what it allows, how long it is once parsed, and how to cut it without harm."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

MESSAGE_LIMIT = 4096
"""Telegram counts code points after parsing; we count UTF-16 units, which are never fewer."""
ENTITY_LIMIT = 100

_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del"}
    | {"tg-spoiler", "code", "pre", "blockquote", "span", "a"}
)
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_SCHEMES = frozenset({"http", "https", "tg"})
_TAG_PATTERN = r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>"""
_ENTITY_PATTERN = "&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);"
_NOT_TEXT = re.compile(f"{_TAG_PATTERN}|<|{_ENTITY_PATTERN}")
_TOKEN = re.compile(f"(?P<tag>{_TAG_PATTERN})|(?P<entity>{_ENTITY_PATTERN})|(?P<text>[^<&]+|[<&])")
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z-]*)"""
    r"""(?:\s+(?P<key>[a-z]+)(?:=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?)?\s*>"""
)
_ATTRIBUTES = {
    "a": "href",
    "span": "class",
    "code": "class",
    "blockquote": "expandable",
}
_MENTION = re.compile(r"(<[^>]*>)|@(?=[A-Za-z0-9_])")
_COMMAND = re.compile(r"(?<![\w/<])/(?=[A-Za-z0-9_])")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ZERO_WIDTH = "\u200b"
_SENTENCE_ENDS = frozenset("。！？；!?;\n")
_GAPS = frozenset(" ，、,")
_CLINGING = frozenset("\u200d\ufe0e\ufe0f\u200b")


class Malformed(ValueError):
    """Telegram would refuse this text, or show it other than it was meant."""


def check(html: str, limit: int = MESSAGE_LIMIT) -> None:
    """Raises Malformed unless one message can carry `html` exactly as it is meant."""
    open_tags: list[str] = []
    for found in _NOT_TEXT.finditer(html):
        raw = found[0]
        if raw == "<":
            raise Malformed("a < that begins no tag is written &lt;")
        if raw[0] == "<":
            _follow(raw, open_tags)
        else:
            _character(raw)
    if open_tags:
        raise Malformed(f"<{open_tags[-1]}> is never closed")
    if not plain_text(html).strip():
        raise Malformed("nothing to read in it")
    if (length := visible_units(html)) > limit:
        raise Malformed(f"{length} characters, {limit} are allowed")
    if (count := entity_count(html)) > ENTITY_LIMIT:
        raise Malformed(f"{count} formatted stretches, {ENTITY_LIMIT} are allowed")


def plain_text(html: str) -> str:
    """What a reader sees, without any formatting."""
    if "<" not in html and "&" not in html:
        return html
    return _NOT_TEXT.sub(_seen, html)


def visible_length(html: str) -> int:
    """In code points after parsing, as Telegram counts."""
    return len(plain_text(html))


def visible_units(html: str) -> int:
    """In UTF-16 units after parsing."""
    return units(plain_text(html))


def units(words: str) -> int:
    """UTF-16 units of plain words."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def entity_count(html: str) -> int:
    return html.count("<") - html.count("</")


def call_nobody(html: str) -> str:
    """Breaks @names and /commands by a zero-width mark, and drops what Telegram would choke on.

    Nobody is to be mentioned, and nothing is to be run, by what a report happens to say.
    """

    quiet = _COMMAND.sub("/" + _ZERO_WIDTH, _CONTROLS.sub("", html))
    if "@" not in quiet:
        return quiet
    return _MENTION.sub(lambda found: found[1] or "@" + _ZERO_WIDTH, quiet)


def cut(html: str, room: int) -> tuple[str, str]:
    """The first `room` UTF-16 units at most, and the rest; formatting is closed and opened again.

    It cuts behind a sentence if that leaves at least a third of the room filled, else at a gap,
    else between two characters. `room` is at least 2; the two plain texts add up to the whole.
    """
    atoms = list(_atoms(html))
    at = _place_to_cut(atoms, room)
    head, tail = atoms[:at], atoms[at:]
    if not tail:
        return html, ""
    open_tags: list[str] = []
    for atom in head:
        if atom.startswith("</"):
            open_tags.pop()
        elif _is_tag(atom):
            open_tags.append(atom)
    closing = "".join(f"</{_name(tag)}>" for tag in reversed(open_tags))
    return "".join(head) + closing, "".join(open_tags) + "".join(tail)


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(html):
        yield found.lastgroup or "", found[0]


def _follow(raw: str, open_tags: list[str]) -> None:
    tag = _TAG.fullmatch(raw)
    if tag is None or tag["name"] not in _TAGS:
        raise Malformed(f"Telegram does not know {raw}")
    name = tag["name"]
    if tag["end"]:
        if tag["key"] or not open_tags or open_tags.pop() != name:
            raise Malformed(f"{raw} closes nothing that is open")
        return
    _check_attribute(raw, name, tag["key"], tag["double"] or tag["single"] or "")
    within = open_tags[-1] if open_tags else ""
    if within == "code" or (within == "pre" and name != "code"):
        raise Malformed(f"{raw} cannot stand inside <{within}>")
    if name == "blockquote" and "blockquote" in open_tags:
        raise Malformed("a quote cannot stand inside a quote")
    open_tags.append(name)


def _check_attribute(raw: str, name: str, key: str | None, value: str) -> None:
    if key is not None and _ATTRIBUTES.get(name) != key:
        raise Malformed(f"Telegram does not know {raw}")
    if name == "span" and value != "tg-spoiler":
        raise Malformed('<span> must have the class "tg-spoiler"')
    if name == "a" and urlsplit(value).scheme.lower() not in _SCHEMES:
        raise Malformed(f"{raw} leads neither to http, https nor tg")


def _seen(found: re.Match[str]) -> str:
    raw = found[0]
    if raw[0] == "<":
        return "" if len(raw) > 1 else raw
    return _character(raw)


def _character(entity: str) -> str:
    if entity in _NAMED:
        return _NAMED[entity]
    if not entity.startswith("&#"):
        raise Malformed(f"Telegram does not know {entity}")
    digits = entity[2:-1]
    point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if not 0 < point <= 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise Malformed(f"{entity} is no character")
    return chr(point)


def _atoms(html: str) -> Iterator[str]:
    for kind, raw in _tokens(html):
        if kind == "text":
            yield from raw
        else:
            yield raw


def _is_tag(atom: str) -> bool:
    return len(atom) > 1 and atom[0] == "<"


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]


def _place_to_cut(atoms: list[str], room: int) -> int:
    used = sentence = gap = between = 0
    used_at_sentence = used_at_gap = 0
    for at, atom in enumerate(atoms):
        if _is_tag(atom):
            continue
        seen = plain_text(atom)
        if used + units(seen) > room:
            break
        used += units(seen)
        if at + 1 < len(atoms) and atoms[at + 1] not in _CLINGING:
            between = at + 1
        if seen in _SENTENCE_ENDS:
            sentence, used_at_sentence = at + 1, used
        elif seen in _GAPS:
            gap, used_at_gap = at + 1, used
    else:
        return len(atoms)
    if used_at_sentence * 3 >= room:
        return sentence
    if used_at_gap * 3 >= room:
        return gap
    return between or at
