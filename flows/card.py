"""What a person sees in a chat: words and the buttons under them, not yet signed."""

from dataclasses import dataclass, field

from flows.texts import Html


@dataclass(frozen=True, slots=True)
class Button:
    """One press. `verb` and `thing` come back when it is pressed; both stay short (64 bytes in all).

    `verb` is `area.action` (at most 14 ASCII characters), `thing` an id or a word of a choice
    (at most 22 ASCII characters), `rev` the revision of what is shown, so that an old press is known.
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
