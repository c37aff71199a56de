"""A button's data: short, versioned, signed for one chat, so that a press can be believed."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

VERSION = "1"
LARGEST_REV = 10**7

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_VERB = re.compile(r"[a-z0-9.]{1,14}")
_THING = re.compile(r"[A-Za-z0-9_.:-]{0,22}")
# At most 1 + 16 + 14 + 1 + 22 + 1 + 5 = 60 of Telegram's 64 bytes.
_DATA = re.compile(
    VERSION
    + r"(?P<mark>[A-Za-z0-9_-]{16})"
    + rf"(?P<verb>{_VERB.pattern})\|(?P<thing>{_THING.pattern})\|(?P<rev>0|[1-9a-z][0-9a-z]{{0,4}})"
)


@dataclass(frozen=True, slots=True)
class Press:
    """What a button that was ours says when it is pressed."""

    verb: str
    thing: str
    rev: int


def pack(key: bytes, chat_id: int, verb: str, thing: str, rev: int) -> str:
    """At most 60 ASCII bytes. ValueError for an empty key and for parts that are out of bounds."""
    if not key:
        raise ValueError("a button cannot be signed with an empty key")
    if not _VERB.fullmatch(verb):
        raise ValueError(f"a verb is 1 to 14 of a-z, 0-9 and '.', not {verb!r}")
    if not _THING.fullmatch(thing):
        raise ValueError(f"a thing is up to 22 of A-Z, a-z, 0-9 and '_.:-', not {thing!r}")
    if not 0 <= rev <= LARGEST_REV:
        raise ValueError(f"a revision is 0 to {LARGEST_REV}, not {rev}")
    body = f"{verb}|{thing}|{_base36(rev)}"
    return VERSION + _mark(key, chat_id, body) + body


def unpack(keys: Sequence[bytes], chat_id: int, data: str) -> Press | None:
    """None: forged, from another chat or of another version. Several keys: while they rotate."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    body = data[len(VERSION) + len(found["mark"]) :]
    marks = [_mark(key, chat_id, body) for key in keys if key]
    if not any(hmac.compare_digest(mark, found["mark"]) for mark in marks):
        return None
    return Press(found["verb"], found["thing"], int(found["rev"], 36))


def _mark(key: bytes, chat_id: int, body: str) -> str:
    """96 bits. `|` stands in no part, so different parts never sign the same words."""
    signed = f"button|{VERSION}|{body}|{chat_id}".encode("ascii")
    return urlsafe_b64encode(hmac.digest(key, signed, hashlib.sha256)[:12]).decode("ascii")


def _base36(number: int) -> str:
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits
