"""How a name is written and how it sounds: one way of writing, its stem, its pinyin readings."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_NUMBERS = {sign: str(number) for number, sign in enumerate("一二三四五六七八九十", 1)}
_NUMBERS |= {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_PHASE = re.compile(r"第?([一二三四五六七八九十]|i{1,3}|iv|v|\d{1,2})期")
_ENDING = re.compile(r"(?:项目|工程|(?<=[a-z]{4})(?:xiangmu|gongcheng|xm|gc))$")
"""In characters, in pinyin, as initials; before the latter stand at least four letters."""

_SURNAMES: Mapping[str, str] = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "区": "ou",
    "翟": "zhai",
    "缪": "miao",
    "员": "yun",
    "乐": "yue",
    "召": "shao",
    "隗": "wei",
    "覃": "qin",
    "黑": "he",
    "秘": "bi",
    "种": "chong",
    "繁": "po",
    "祭": "zhai",
    "能": "nai",
    "都": "du",
    "薄": "bo",
    "卜": "bu",
    "么": "yao",
    "郇": "xun",
    "折": "she",
    "洗": "xian",
}
"""Surnames that pypinyin reads as the common word; 任, 尉迟, 万俟 and others it reads rightly."""

_LONGEST_PERSON = 4


@dataclass(frozen=True, slots=True)
class Spelling:
    """Pinyin without tones and spaces; more than one where a surname has a reading of its own."""

    pinyin: tuple[str, ...]
    initials: tuple[str, ...]


@lru_cache(maxsize=50_000)
def plain(words: str) -> str:
    """Letters and digits only, half-width, lower case; (二期), 第二期 and Ⅱ期 are all 2期."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    bare = "".join(character for character in folded if character.isalnum())
    return _PHASE.sub(lambda found: f"{_NUMBERS.get(found[1], found[1])}期", bare)


@lru_cache(maxsize=50_000)
def stem(words: str) -> str:
    """Without the 项目 or 工程 it ends with; its phase goes to the end.

    A name that is nothing else stays as it is. 建设 stays: ledgers tell projects apart by it.
    """
    name = plain(words)
    phase = _PHASE.search(name)
    body = name if phase is None else name[: phase.start()] + name[phase.end() :]
    shorter = _ENDING.sub("", body)
    if not shorter:
        return name
    return shorter + (phase[0] if phase else "")


@lru_cache(maxsize=50_000)
def spelling(name: str) -> Spelling:
    from pypinyin import lazy_pinyin

    written = plain(name)
    syllables = lazy_pinyin(written)
    readings = [syllables]
    surname = _SURNAMES.get(written[:1])
    if surname is not None and len(written) <= _LONGEST_PERSON:
        readings.append([surname, *lazy_pinyin(written[1:])])
    return Spelling(
        pinyin=_different("".join(reading) for reading in readings),
        initials=_different("".join(map(_initial, reading)) for reading in readings),
    )


def _initial(syllable: str) -> str:
    """Of a number inside a name, all of it."""
    return syllable if syllable[:1].isdigit() else syllable[:1]


def _different(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))
