"""The frozen facts of a week as canonical JSON, and the fingerprint that proves them unchanged."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from rules.terms import Factor, Instance, Level, Phase, ProjectClass
from rules.weekly_facts import MilestoneLine, ObstacleLine, ProjectLine, WeeklyFacts

_FORM = 1
_Line = TypeVar("_Line", ProjectLine, MilestoneLine, ObstacleLine)


def to_json(facts: WeeklyFacts) -> str:
    """The same facts give the same text, character by character."""
    # Lines are one table each, the names of the columns said once: a third of the size of an object
    # for each line, readable without this code, and open to columns that come later.
    tree = {
        "form": _FORM,
        "office": facts.office,
        "period": facts.period,
        "year": facts.year,
        "number": facts.number,
        "first_on": facts.first_on,
        "last_on": facts.last_on,
        "frozen_at": facts.frozen_at,
        "due_before": facts.due_before,
        "reported_before": facts.reported_before,
        "projects": {"columns": ProjectLine._fields, "rows": facts.projects},
        "milestones": {"columns": MilestoneLine._fields, "rows": facts.milestones},
        "obstacles": {"columns": ObstacleLine._fields, "rows": facts.obstacles},
    }
    return json.dumps(
        tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def from_json(record: str) -> WeeklyFacts:
    """Columns that the record does not know yet take their default.

    Raises ValueError for a record of another form, and KeyError or TypeError for a broken one.
    """
    tree = json.loads(record)
    if tree["form"] != _FORM:
        raise ValueError(f"facts of a form that is not known here: {tree['form']}")
    return WeeklyFacts(
        office=tree["office"],
        period=tree["period"],
        year=tree["year"],
        number=tree["number"],
        first_on=date.fromisoformat(tree["first_on"]),
        last_on=date.fromisoformat(tree["last_on"]),
        frozen_at=datetime.fromisoformat(tree["frozen_at"]),
        due_before=tree["due_before"],
        reported_before=tree["reported_before"],
        projects=_lines(ProjectLine, tree["projects"]),
        milestones=_lines(MilestoneLine, tree["milestones"]),
        obstacles=_lines(ObstacleLine, tree["obstacles"]),
    )


def fingerprint(record: str) -> str:
    """64 hexadecimal digits over the record that `to_json` made."""
    return sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


def short_code(period: str, fingerprint: str) -> str:
    """What a person can quote: `2024W43·A7F2`; the period alone before anything is frozen."""
    code = period.replace("-", "")
    return f"{code}·{fingerprint[:4].upper()}" if fingerprint else code


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not a fact: {type(value).__name__}")


def _lines(kind: type[_Line], table: Mapping[str, list[list[Any]]]) -> tuple[_Line, ...]:
    columns = tuple(str(name) for name in table["columns"])
    rows = table["rows"]
    readers = [(n, _READERS[name]) for n, name in enumerate(columns) if name in _READERS]
    for row in rows:
        for n, read in readers:
            if row[n] is not None:
                row[n] = read(row[n])
    if columns == kind._fields:
        return tuple(map(kind._make, rows))
    return tuple(kind(**dict(zip(columns, row, strict=True))) for row in rows)


@cache
def _levels(*values: str) -> frozenset[Level]:
    return frozenset(Level(value) for value in values)


def _members(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """Three times as fast as calling the enumeration, ten thousand times over."""
    return {member.value: member for member in kind}.__getitem__


_READERS: Mapping[str, Callable[[Any], object]] = {
    "levels": lambda values: _levels(*values),
    "class_": _members(ProjectClass),
    "phase": _members(Phase),
    "stalled_on": _members(Factor),
    "factor": _members(Factor),
    "instance": _members(Instance),
    "started_on": date.fromisoformat,
    "completed_on": date.fromisoformat,
    "due_on": date.fromisoformat,
    "done_on": date.fromisoformat,
    "expected_on": date.fromisoformat,
    "opened_on": date.fromisoformat,
    "wished_on": date.fromisoformat,
    "invested": Decimal,
}
