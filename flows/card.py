"""What a person sees in a chat: words and the buttons under them, not yet signed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.texts import Html


@dataclass(frozen=True, slots=True)
class Button:
    """One press. `verb` and `thing` come back when it is pressed; 64 bytes in all.

    `verb` is `area.action` (at most 14 ASCII characters), `thing` an id or a word of a choice
    (at most 22 ASCII characters), `rev` the revision of what is shown: it tells an old press.
    """

    label: str
    verb: str = ""
    thing: str = ""
    rev: int = 0
    url: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Telegram HTML of at most 4,096 characters after parsing, and rows of buttons."""

    html: Html
    rows: tuple[tuple[Button, ...], ...] = field(default=())


def folded(lines: Iterable[Html], limit: int = 3000) -> Html:
    """Lines as an expandable quote; what does not fit in `limit` characters is counted, not cut."""
    kept: list[str] = []
    size = left_out = 0
    for line in lines:
        size += len(line) + 1
        if size > limit:
            left_out += 1
            continue
        kept.append(line)
    if left_out:
        kept.append(f"… +{left_out}")
    return Html(f"<blockquote expandable>{chr(10).join(kept)}</blockquote>") if kept else Html("")
