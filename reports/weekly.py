"""The weekly bulletin in words: Telegram's HTML in parts, and plain text for files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.markup import plain_text
from reports.templating import Templates
from rules.completion import pace, show_percent, show_points
from rules.weekly_bulletin import WeeklyBulletin
from rules.weekly_record import short_code

TEMPLATE = "weekly.html"

_QUOTE = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True)
class WeeklyOptions:
    """What an office decides about the words; the facts do not depend on it."""

    is_delayed: bool = False
    """Posted later than its time: the title says (延迟)."""
    note: str = ""
    """按语: the office's own words on top."""
    shows_money: bool = False
    shows_all_plans: bool = False
    """Also the plans of projects on which nothing changed."""
    decimals: int = 1
    keeps_zeros: bool = True
    """91.0% and not 91%."""
    most_parts: int | None = None
    """Of more messages the first are given, and the last says how much is missing: then the whole
    (rendered with None) belongs beside them as a file."""


def render_weekly(
    bulletin: WeeklyBulletin,
    templates: Templates,
    options: WeeklyOptions = WeeklyOptions(),
    fingerprint: str = "",
) -> tuple[str, ...]:
    """One message, or several that are numbered and stand alone. `fingerprint` is of the facts."""
    context = weekly_context(bulletin, options, fingerprint)
    return templates.messages(TEMPLATE, context, options.most_parts)


def weekly_context(
    bulletin: WeeklyBulletin, options: WeeklyOptions, fingerprint: str
) -> Mapping[str, object]:
    """All that a template may speak of, as plain frozen values."""
    change = _points(bulletin.rate_change, options)
    moved = {change.line.id for change in bulletin.changes}
    plans = bulletin.plans if options.shows_all_plans else ()
    return {
        "bulletin": bulletin,
        "code": short_code(bulletin.period, fingerprint),
        "is_delayed": options.is_delayed,
        "note": options.note.strip(),
        "other_plans": [line for line in plans if line.id not in moved],
        "rate": _percent(bulletin.rate, options),
        "rate_change": None if change is None else show_points(change, options.keeps_zeros),
        "rate_pace": None if change is None else pace(change),
        "shows_money": options.shows_money,
    }


def bulletin_text(parts: Sequence[str]) -> str:
    """The same words for a file or a terminal; folded lines are indented and marked."""
    pages = (plain_text(_QUOTE.sub(_indented, part)) for part in parts)
    return "\n\n".join(pages).replace(_ZERO_WIDTH, "") + "\n"


def _indented(quote: re.Match[str]) -> str:
    return "\n".join(f"  · {line}" for line in quote[1].split("\n"))


def _percent(fraction: Decimal | None, options: WeeklyOptions) -> str | None:
    if fraction is None:
        return None
    return show_percent(fraction, options.decimals, options.keeps_zeros)


def _points(change: Decimal | None, options: WeeklyOptions) -> Decimal | None:
    if change is None:
        return None
    return change.quantize(Decimal(1).scaleb(-options.decimals), ROUND_HALF_UP)
