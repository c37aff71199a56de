"""Telegram's HTML: from tags to text and entities, refusing with the server's own sentences."""

import re
from dataclasses import dataclass
from typing import Any

from rehearsal.stage.entities import ordered, utf16
from rehearsal.stage.refusals import unparsed
from rehearsal.stage.tags import TAGS, meaning

Json = dict[str, Any]

# The server takes NUL, which also ends its string, for a blank.
_SPACE = " \t\r\n\0\v"
_REFERENCE = re.compile(r"&(?:#(?:x(?P<hex>[0-9A-Fa-f]*)|(?P<dec>[0-9]*))|(?P<name>[A-Za-z]*));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL = re.compile("[<&]")
_TAG_END = re.compile(f"[{_SPACE}>]")
_ATTRIBUTE_END = re.compile(f"[{_SPACE}=>/\"']")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_BLANKS = re.compile(f"[{_SPACE}]*")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.offset = 0
        self.entities: list[Json] = []
        self.open: list[_Open] = []

    def read(self) -> tuple[str, list[Json]]:
        source = self.source
        while match := _SPECIAL.search(source, self.at):
            self._say(source[self.at : match.start()])
            self.at = match.start()
            if match.group() == "&":
                self._reference()
            elif source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._say(source[self.at :])
        if self.open:
            raise unparsed(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self._text(), ordered(_plain_code(self.entities))

    def _say(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)
            self.offset += utf16(piece)

    def _text(self) -> str:
        text = "".join(self.pieces)
        # Halves of a pair written as two references become one character, a lone half is refused.
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise unparsed(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from None

    def _reference(self) -> None:
        character, end = _referred(self.source, self.at)
        self._say(character or "&")
        self.at = end if character else self.at + 1

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def _peek(self, at: int) -> str:
        return self.source[at] if at < len(self.source) else "\0"

    def _skip_blanks(self, at: int) -> int:
        match = _BLANKS.match(self.source, at)
        return match.end() if match else at

    def _start_tag(self) -> None:
        begin = self.at
        match = _TAG_END.search(self.source, begin + 1)
        if match is None:
            raise unparsed(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = self.source[begin + 1 : match.start()].lower()
        if tag not in TAGS:
            raise unparsed(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        self.at = match.start()
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise unparsed(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self.open.append(_Open(tag, attributes, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self.at = self._skip_blanks(self.at)
            if self._peek(self.at) == ">":
                self.at += 1
                return attributes
            name = self._attribute_name(tag, begin)
            attributes[name] = self._attribute_value(tag, begin)

    def _attribute_name(self, tag: str, begin: int) -> str:
        match = _ATTRIBUTE_END.search(self.source, self.at)
        end = match.start() if match else len(self.source)
        name = self.source[self.at : end]
        if not name:
            raise unparsed(
                f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
            )
        self.at = self._skip_blanks(end)
        return name

    def _attribute_value(self, tag: str, begin: int) -> str:
        unclosed = f'Unclosed start tag "{tag}" at byte offset'
        if self._peek(self.at) != "=":
            if self.at >= len(self.source):
                raise unparsed(f"{unclosed} {self._byte(begin)}")
            return ""
        self.at = self._skip_blanks(self.at + 1)
        if self.at >= len(self.source):
            raise unparsed(f"{unclosed} {self._byte(begin)}")
        value = self._quoted() if self._peek(self.at) in "\"'" else self._token()
        if self.at >= len(self.source):
            raise unparsed(f"Unclosed start tag at byte offset {self._byte(begin)}")
        return value

    def _quoted(self) -> str:
        quote = self.source[self.at]
        end = self.source.find(quote, self.at + 1)
        closed = end >= 0
        value = self.source[self.at + 1 : end if closed else len(self.source)]
        self.at = end + 1 if closed else len(self.source)
        return _REFERENCE.sub(lambda match: _meant(match) or match.group(), value)

    def _token(self) -> str:
        begin = self.at
        match = _TOKEN.match(self.source, begin)
        self.at = match.end() if match else begin
        if self._peek(self.at) not in f"{_SPACE}>":
            raise unparsed(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self.source[begin : self.at].lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise unparsed(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = _TAG_END.search(self.source, begin + 2)
        end = match.start() if match else len(self.source)
        found = self.source[begin + 2 : end].lower()
        end = self._skip_blanks(end)
        if self._peek(end) != ">":
            raise unparsed(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self.open.pop()
        if found and found != opened.tag:
            raise unparsed(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self.at = end + 1
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity = {"offset": opened.offset, "length": self.offset - opened.offset}
        last = self.entities[-1] if self.entities else {}
        fits = all(last.get(key) == value for key, value in entity.items())
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "pre" and fits and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
        elif opened.tag == "code" and fits and last["type"] == "pre" and language:
            last["language"] = language
        elif made := meaning(opened.tag, opened.attributes, "".join(self.pieces[opened.piece :])):
            self.entities.append({**made, **entity})


def parse(source: str) -> tuple[str, list[Json]]:
    """Text and entities (offsets in UTF-16); raises the refusal the server would give."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Reader(source).read()


def _plain_code(entities: list[Json]) -> list[Json]:
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return entities


def _referred(source: str, at: int) -> tuple[str, int]:
    match = _REFERENCE.match(source, at)
    return (_meant(match), match.end()) if match else ("", at)


def _meant(match: re.Match[str]) -> str:
    """The character a reference stands for; empty when the server leaves it as it is."""
    if match.group("name") is not None:
        return _NAMED.get(match.group("name"), "")
    digits = match.group("hex")
    written = match.group().removesuffix(";")
    code = int(digits or "0", 16) if digits is not None else int(match.group("dec") or "0")
    return "" if code == 0 or code >= 0x10FFFF or len(written) >= 10 else chr(code)
