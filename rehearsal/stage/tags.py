"""What each HTML tag means as a message entity."""

import re
from typing import Any
from urllib.parse import urlsplit

from rehearsal.stage.refusals import unparsed

Json = dict[str, Any]

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = frozenset(STYLES) | {"a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}

_INTEGER = re.compile(r"-?[0-9]+")
_MENTION = re.compile(r"tg:(?://)?user\?id=([0-9]+)", re.IGNORECASE)


def meaning(tag: str, attributes: dict[str, str], inner: str) -> Json | None:
    match tag:
        case "a":
            return _link(attributes.get("href") or inner)
        case "pre":
            return {"type": "pre"}
        case "code":
            language = attributes.get("class", "")
            is_language = language.startswith("language-")
            return {"type": "code", **({"language": language[9:]} if is_language else {})}
        case "blockquote":
            is_folded = "expandable" in attributes
            return {"type": "expandable_blockquote" if is_folded else "blockquote"}
        case "tg-emoji":
            return _emoji(attributes.get("emoji-id", ""))
        case "tg-time":
            return _time(attributes)
    return {"type": STYLES[tag]}


def _link(target: str) -> Json | None:
    if mention := _MENTION.fullmatch(target):
        return {"type": "text_mention", "user": {"id": int(mention.group(1))}}
    address = (
        target if "://" in target or target.startswith(("tg:", "ton:")) else f"http://{target}"
    )
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and ("." not in host or " " in target):
        return None
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite"):
        return None
    return {"type": "text_link", "url": address if parts.path or parts.query else f"{address}/"}


def _emoji(identifier: str) -> Json:
    if not _INTEGER.fullmatch(identifier) or int(identifier) == 0:
        raise unparsed("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": identifier}


def _time(attributes: dict[str, str]) -> Json | None:
    stamp = _INTEGER.match(attributes.get("unix", ""))
    if stamp is None or int(stamp.group()) <= 0:
        return None
    form = attributes.get("format", "")
    return {"type": "date_time", "unix_time": int(stamp.group()), "date_time_format": form}
