"""How a language writes days, counts, rates and amounts in a bulletin: the templates' filters."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from rules.amount import show_amount
from rules.day import show_day

LONGEST_WORDS = 160
_SENTENCE_ENDS = "。！？；….!?;"
_DIGITS = "零一二三四五六七八九"


def one_line(words: str) -> str:
    """What was typed in several lines, read in one."""
    return " ".join(words.split())


def short(words: str, longest: int = LONGEST_WORDS) -> str:
    """In one line; what is longer ends behind a whole sentence if there is one, and with …"""
    line = one_line(words)
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at = max(cut.rfind(end) for end in "。！？；!?;")
    return (cut[: at + 1] if at * 2 >= longest else cut.rstrip()) + "…"


def chinese_sentence(words: str, longest: int = LONGEST_WORDS) -> str:
    return _ended(short(words, longest), "。")


def english_sentence(words: str, longest: int = LONGEST_WORDS) -> str:
    """With a space in front of what follows, which a Chinese full stop does without."""
    line = short(words, longest)
    ended = _ended(line, "。" if line[-1:] > "\u2e80" else ".")
    return ended if not ended or ended[-1] > "\u2e80" else ended + " "


def chinese_numeral(number: int) -> str:
    """一 to 九十九, for headings."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def english_day(on: date, today: date) -> str:
    shown = f"{on.day} {on:%b}"
    return shown if on.year == today.year else f"{shown} {on.year}"


def chinese_span(first_on: date, last_on: date) -> str:
    """`10月18日—24日`; month and year are said again only where they differ."""
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        return f"{first_on.month}月{first_on.day}日—{last_on.day}日"
    return f"{show_day(first_on, last_on)}—{_chinese_day_after(last_on, first_on)}"


def english_span(first_on: date, last_on: date) -> str:
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        return f"{first_on.day}–{english_day(last_on, last_on)} {last_on.year}"
    return f"{english_day(first_on, last_on)} – {english_day(last_on, last_on)} {last_on.year}"


def chinese_moment(at: datetime, today: date) -> str:
    return f"{show_day(at.date(), today)}{at:%H:%M}"


def english_moment(at: datetime, today: date) -> str:
    return f"{english_day(at.date(), today)}, {at:%H:%M}"


def chinese_amount(amount: Decimal) -> str:
    """`amount` is 万元; prose says 亿元 from one 亿 on."""
    if abs(amount) >= 10_000:
        return show_amount(amount, "亿元", decimals=2)
    return show_amount(amount, "万元", decimals=0)


def english_amount(amount: Decimal) -> str:
    """`amount` is 万元; a hundred of them are a million yuan."""
    return f"{amount / 100:,.2f} million yuan"


def _ended(line: str, end: str) -> str:
    return line if not line or line[-1] in _SENTENCE_ENDS else line + end


def _chinese_day_after(on: date, before: date) -> str:
    shown = f"{on.month}月{on.day}日"
    return shown if on.year == before.year else f"{on.year}年{shown}"


FILTERS: Mapping[str, Mapping[str, Callable[..., str]]] = {
    "zh-CN": {
        "amount": chinese_amount,
        "day": show_day,
        "moment": chinese_moment,
        "numeral": chinese_numeral,
        "sentence": chinese_sentence,
        "short": short,
        "span": chinese_span,
    },
    "en": {
        "amount": english_amount,
        "day": english_day,
        "moment": english_moment,
        "numeral": str,
        "sentence": english_sentence,
        "short": short,
        "span": english_span,
    },
}
