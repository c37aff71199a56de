"""Finding a project or a person by what somebody typed: name, part, initials, pinyin, near miss."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.spelling import Spelling, plain, spelling, stem

EXACT, SAME_STEM = 100.0, 99.0
PREFIX, PART, WITHIN = 89.0, 80.0, 80.0
"""Scores of a first part, an inner part, and a name within longer words: each gains up to 9 by
how much of the longer one the shorter one covers."""
INITIALS = 79.0
_BY_INITIALS, _BY_PINYIN, _BY_CHARACTERS = 0.79, 0.78, 0.75
"""What likeness in each is worth, so that the surer way stands in front."""

_SHORTEST_PREFIX_OF_INITIALS = 3
_SHORTEST_FOR_PARTS = 5
_LEAST_LIKE = 70.0
_MOST_LIKE = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    exact: int | None
    """Only where the words name one candidate and no other; all else a person has to confirm."""
    likely: tuple[tuple[int, float], ...] = ()
    """Ids with scores up to 100, the best first, exact ones included."""


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    plain: str
    stem: str


Found = tuple[int, float]


def find_names(words: str, candidates: Sequence[Candidate], limit: int = 5) -> Matches:
    """For one question; keep a NameBook where many are asked about the same candidates."""
    return NameBook(candidates).find(words, limit)


class NameBook:
    """Many names made ready once; pinyin is worked out when it is first needed."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._entries = [
            _Entry(candidate.id, plain(name), stem(name))
            for candidate in candidates
            for name in (candidate.name, *candidate.aliases)
            if plain(name)
        ]

    def find(self, words: str, limit: int = 5) -> Matches:
        """What sounds or looks alike is sought only when no name contains the words."""
        if not plain(words):
            return Matches(None)
        ranked = _ranked(self._by_parts(words)) or _ranked(self._by_likeness(words))
        return Matches(_sole_exact(ranked), tuple(ranked[:limit]))

    def _by_parts(self, words: str) -> Iterator[Found]:
        said, said_stem = plain(words), stem(words)
        for entry in self._entries:
            score = _score_of_parts(said, said_stem, entry)
            if score:
                yield entry.id, score

    def _by_likeness(self, words: str) -> Iterator[Found]:
        said = stem(words)
        if said.isascii():
            yield from self._by_initials(said)
        else:
            yield from _alike(said, self._characters, _BY_CHARACTERS)
        for reading in spelling(said).pinyin:
            yield from _alike(reading, self._pinyin, _BY_PINYIN)

    def _by_initials(self, said: str) -> Iterator[Found]:
        ids, initials = self._initials
        for entry_id, known in zip(ids, initials, strict=True):
            if known == said:
                yield entry_id, INITIALS
            elif len(said) >= _SHORTEST_PREFIX_OF_INITIALS and known.startswith(said):
                yield entry_id, INITIALS - 1
        if len(said) >= _SHORTEST_FOR_PARTS:
            from rapidfuzz import fuzz

            yield from _alike(said, self._initials, _BY_INITIALS, fuzz.ratio)

    @cached_property
    def _spelled(self) -> list[tuple[int, Spelling]]:
        return [(entry.id, spelling(entry.stem)) for entry in self._entries]

    @cached_property
    def _pinyin(self) -> tuple[list[int], list[str]]:
        return _columns((id_, each) for id_, spelled in self._spelled for each in spelled.pinyin)

    @cached_property
    def _initials(self) -> tuple[list[int], list[str]]:
        return _columns((id_, each) for id_, spelled in self._spelled for each in spelled.initials)

    @cached_property
    def _characters(self) -> tuple[list[int], list[str]]:
        return _columns((entry.id, entry.stem) for entry in self._entries)


def _score_of_parts(said: str, said_stem: str, entry: _Entry) -> float:
    """0 when neither contains the other."""
    if said == entry.plain:
        return EXACT
    if said_stem == entry.stem:
        return SAME_STEM
    if entry.plain.startswith(said) or entry.stem.startswith(said_stem):
        return PREFIX + 9 * min(1.0, len(said) / len(entry.plain))
    if said in entry.plain or said_stem in entry.stem:
        return PART + 9 * min(1.0, len(said) / len(entry.plain))
    if len(entry.stem) > 1 and entry.stem in said:
        return WITHIN + 9 * min(1.0, len(entry.stem) / len(said))
    return 0


def _alike(
    said: str,
    names: tuple[list[int], list[str]],
    worth: float,
    scorer: Callable[..., float] | None = None,
) -> Iterator[Found]:
    from rapidfuzz import fuzz, process

    # Of very short words a part is like almost anything.
    chosen = scorer or (fuzz.WRatio if len(said) >= _SHORTEST_FOR_PARTS else fuzz.ratio)
    ids, forms = names
    for _, likeness, place in process.extract(
        said, forms, scorer=chosen, score_cutoff=_LEAST_LIKE, limit=_MOST_LIKE
    ):
        yield ids[place], likeness * worth


def _ranked(found: Iterable[Found]) -> list[Found]:
    best: dict[int, float] = {}
    for entry_id, score in found:
        best[entry_id] = max(score, best.get(entry_id, 0))
    return sorted(
        ((entry_id, round(score, 1)) for entry_id, score in best.items()),
        key=lambda each: (-each[1], each[0]),
    )


def _sole_exact(ranked: Sequence[Found]) -> int | None:
    """The same name twice is nobody's; a full name wins over one that only shares its stem."""
    if not ranked or ranked[0][1] < SAME_STEM:
        return None
    first, *others = ranked
    return None if others and others[0][1] == first[1] else first[0]


def _columns(pairs: Iterable[tuple[int, str]]) -> tuple[list[int], list[str]]:
    ids, forms = [], []
    for entry_id, form in pairs:
        ids.append(entry_id)
        forms.append(form)
    return ids, forms
