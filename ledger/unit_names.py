"""Names of units that may mean the same one: 区发改局 and 区发展改革局."""

from collections import defaultdict
from collections.abc import Iterable

MOST_UNITS = 400  # beyond this the file's units are no list a person would compare


def near_names(units: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs (shorter, longer) where the shorter looks like an abbreviation of the longer."""
    by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit in list(dict.fromkeys(units))[:MOST_UNITS]:
        if len(unit) >= 3:
            by_ends[unit[0], unit[-1]].append(unit)
    return tuple(
        (shorter, longer)
        for alike in by_ends.values()
        for shorter in alike
        for longer in alike
        if len(shorter) < len(longer) and _abbreviates(shorter, longer)
    )


def _abbreviates(shorter: str, longer: str) -> bool:
    """Every character of the shorter name stands in the longer one in the same order."""
    rest = iter(longer)
    return all(letter in rest for letter in shorter)
