"""Words, names and lists as cells of a ledger hold them."""

import re
import unicodedata
from datetime import date

from ledger.book import Cell

# NFKC forms: what an office writes to say that there is nothing to say.
ABSENT = frozenset({"", "无", "暂无", "未定", "待定", "-", "--", "---", "—", "——", "–", "/", "\\"})
ABSENT |= frozenset({"n/a", "N/A", "无。", "暂无。"})
LONGEST_ABSENT = 3
LONGEST_TEXT = 2_000
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_BREAK = re.compile(r"\r\n?")
SEPARATORS = "、,\uff0c;\uff1b/\uff0f|\uff5c\n"
LEAD_MARK = re.compile("[(\uff08](?:牵头|主责|牵头单位)[)\uff09]")
BRACKETED = re.compile("[(\uff08][^()\uff08\uff09]*[)\uff09]")
OPENING, CLOSING = "(\uff08", ")\uff09"


def narrow(words: str) -> str:
    """Full-width letters, digits and marks in their plain forms."""
    return unicodedata.normalize("NFKC", words)


def is_absent(cell: Cell) -> bool:
    """Blank, or one of the marks that say 无."""
    if cell is None:
        return True
    return isinstance(cell, str) and not text_of(cell)


def text_of(cell: Cell) -> str:
    """The cell's words, cleaned of what no sheet and no chat can carry; "" when absent."""
    if isinstance(cell, str):
        words = cleaned(cell)
        is_short = len(words) <= LONGEST_ABSENT
        return "" if is_short and narrow(words) in ABSENT else words
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return f"{int(cell)}" if float(cell).is_integer() else repr(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return ""


def cleaned(words: str) -> str:
    """Line breaks made one kind, control characters and lone surrogates replaced, cut to length."""
    if words.isprintable():  # nearly every cell is
        return words.strip()[:LONGEST_TEXT].rstrip()
    if "\r" in words:
        words = LINE_BREAK.sub("\n", words)
    return FORBIDDEN.sub("\ufffd", words).strip()[:LONGEST_TEXT].rstrip()


def line_of(cell: Cell) -> str:
    """Words on one line, as names and codes are written."""
    return " ".join(text_of(cell).split())


def name_of(cell: Cell) -> str:
    """One person's name: 王  丽 is spread with spaces only to align with longer names."""
    words = text_of(cell).split()
    spread = all(len(word) == 1 for word in words)
    return ("" if spread else " ").join(words)


def names_of(cell: Cell) -> tuple[str, ...]:
    """People's names in their order; (副区长) behind a name is no part of it."""
    names: list[str] = []
    for part in _parts(text_of(cell)):
        words = BRACKETED.sub("", part).split()
        apart = all(len(word) > 1 and not narrow(word).isascii() for word in words)
        names.extend(words if apart else [name_of(" ".join(words))])
    return _once(names)


def units_of(cell: Cell) -> tuple[str, ...]:
    """Responsible units in their order, the lead first (marked (牵头), else the first one)."""
    parts = _parts(text_of(cell))
    marked = [LEAD_MARK.sub("", part) for part in parts if LEAD_MARK.search(part)]
    others = [part for part in parts if not LEAD_MARK.search(part)]
    return _once([" ".join(unit.split()) for unit in (*marked, *others)])


def phone_of(cell: Cell) -> str:
    """Digits stay as they were written; a number that Excel made a float loses its point."""
    return line_of(cell)


def _parts(words: str) -> list[str]:
    """Split at the list marks that do not stand inside brackets."""
    parts, depth = [""], 0
    for letter in words:
        depth += (letter in OPENING) - (letter in CLOSING)
        if letter in SEPARATORS and depth <= 0:
            parts.append("")
            depth = 0
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if not is_absent(part.strip())]


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
