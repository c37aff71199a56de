"""One message with a whole report in it: project, progress, week, plan and obstacle by keywords."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows import obstacle
from flows.flow import Said
from rules.tidy import tidy

FEWEST_KEYWORDS = 2
LONGEST_PROJECT = 60

_PROJECT = "project"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "progress": ("形象进度", "目前进度", "当前进度", "进度", "目前"),
    "done": ("本周进展", "本周完成", "本周工作", "本周", "进展"),
    "plan": ("下周计划", "下周工作", "下周", "计划"),
    "obstacle": ("需协调问题", "需协调事项", "存在问题", "存在困难", "问题", "困难", "需协调"),
    "invested": ("本周完成投资", "本周投资", "完成投资", "投资"),
}
_LATIN_WORDS: Mapping[str, tuple[str, ...]] = {
    _PROJECT: ("项目名称", "项目", "project"),
    "progress": ("progress",),
    "done": ("this week", "done"),
    "plan": ("next week", "plan"),
    "obstacle": ("obstacle", "problem", "issue"),
    "invested": ("invested", "investment"),
}
"""These need a colon behind them: without one they are common in sentences."""

_BEFORE = " \t\n\u3000:："
_BEHIND = _BEFORE + ";；。,，、"


def _fields(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: name for name, known in words.items() for word in known}


_FIELD = _fields(_WORDS) | _fields(_LATIN_WORDS)


def _any_of(words: Mapping[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_KEYWORD = re.compile(
    rf"(?:^|(?<=[\s;；。,，、]))"
    rf"(?:(?P<loose>{_any_of(_fields(_WORDS))})\s*(?:[:：]|\s)"
    rf"|(?P<strict>{_any_of(_fields(_LATIN_WORDS))})\s*[:：])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OneMessage:
    project_words: str
    """As typed; whose project it is has still to be found."""
    said: Said
    """A draft of the report flow, as far as the message goes."""


def read_one_message(words: str) -> OneMessage | None:
    """None: not of this form, that is without a project or with fewer than two keywords.

    The project comes first or behind 项目:; the rest in any order, each behind its keyword and a
    colon or a space. A keyword that comes twice adds to the first.
    """
    clean = tidy(words)
    found = list(_KEYWORD.finditer(clean))
    if not found:
        return None
    told: dict[str, str] = {}
    ends = [each.start() for each in found[1:]] + [len(clean)]
    for each, end in zip(found, ends, strict=True):
        name = _FIELD[(each["loose"] or each["strict"]).casefold()]
        told[name] = _joined(
            told.get(name, ""), clean[each.end() : end].lstrip(_BEFORE).rstrip(_BEHIND)
        )
    project = clean[: found[0].start()].lstrip(_BEFORE).rstrip(_BEHIND) or told.pop(_PROJECT, "")
    told.pop(_PROJECT, None)
    filled = {name: value for name, value in told.items() if value}
    if not 0 < len(project) <= LONGEST_PROJECT or len(filled) < FEWEST_KEYWORDS:
        return None
    return OneMessage(project, _draft(filled))


def _joined(before: str, more: str) -> str:
    return f"{before}；{more}" if before and more else before or more


def _draft(told: Mapping[str, str]) -> Said:
    """In the order of the questions, so that "back" goes through them in reverse."""
    said: dict[str, str | None] = {}
    for name in ("progress", "done", "plan"):
        if name in told:
            said[name] = told[name]
    if "obstacle" in told:
        said.update(obstacle.told_at_once(told["obstacle"]))
    if "invested" in told:
        said["invested"] = told["invested"]
    return said
