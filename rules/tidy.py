"""Words from outside, made harmless before anything else reads them."""

import re
import unicodedata

LONGEST_WORDS = 1000
"""Characters (code points) that one answer may have."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}

_JOINER = "\u200d"
# Line ends of every system become \n; the other control characters, lone surrogates, invisible
# spaces and marks that turn the reading direction would only confuse the reader or the database.
_LINE_END = re.compile("\r\n?|\u0085|\u2028|\u2029")
_UNWANTED = re.compile(
    "["
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff"
    "]"
)
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")


def tidy(words: str) -> str:
    """NFC, one kind of line end, nothing invisible, at most two blank lines, no outer blanks.

    Full-width punctuation and digits stay as they were typed.
    """
    plain = _UNWANTED.sub("", _LINE_END.sub("\n", words))
    plain = unicodedata.normalize("NFC", _without_stray_joiners(plain))
    return _BLANK_LINES.sub("\n\n\n", plain).strip()


def is_too_long(words: str, limit: int = LONGEST_WORDS) -> bool:
    return len(words) > limit


def half_width(words: str) -> str:
    """Full-width ASCII, the ideographic space and ￥ as a Latin keyboard would type them."""
    return words.translate(_FULL_WIDTH)


def _without_stray_joiners(words: str) -> str:
    """A joiner stays only between the parts of an emoji."""
    if _JOINER not in words:
        return words
    kept: list[str] = []
    for place, sign in enumerate(words):
        after = words[place + 1 : place + 2]
        if sign != _JOINER or (_ends_emoji(kept) and _is_pictorial(after)):
            kept.append(sign)
    return "".join(kept)


def _ends_emoji(kept: list[str]) -> bool:
    """A variation selector or a skin tone may stand between the picture and its joiner."""
    before = kept[-1:]
    if before == ["\ufe0f"]:
        before = kept[-2:-1]
    return bool(before) and _is_pictorial(before[0])


def _is_pictorial(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign) in ("So", "Sk") and ord(sign) > 0x2000
