"""请假: who is away, who answers meanwhile, from when to when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.choice import Choice
from flows.flow import Flow, Said, Step
from flows.phrase import Phrase, day
from flows.reading import coming_days, day_choice
from rules.day import read_day_ahead
from rules.refusal import Unusable
from rules.tidy import half_width

PERSON = "p:"
"""What the draft keeps of a person: this and the id."""
_PARENTHESES = str.maketrans("()", "  ")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be named; `unit` tells two of the same name apart."""

    id: int
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    today: date
    people: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class LeaveContent:
    """Both days are included."""

    person_id: int
    deputy_id: int | None
    first_on: date
    last_on: date


def _steps(facts: LeaveFacts, said: Said) -> tuple[Step[Any], ...]:
    first_on = _first_said(facts, said)
    return (
        _person_step("who", facts, None),
        _person_step("deputy", facts, said.get("who"), optional=True),
        _first_step(facts.today),
        _last_step(facts.today, first_on),
    )


LEAVE = Flow("leave", _steps)


def leave_content(facts: LeaveFacts, said: Said) -> LeaveContent:
    """Of a draft that is complete."""
    deputy = said.get("deputy")
    return LeaveContent(
        _person(facts, said["who"] or "").id,
        _person(facts, deputy).id if deputy else None,
        read_day_ahead(said["first"] or "", facts.today),
        read_day_ahead(said["last"] or "", facts.today),
    )


def _person_step(
    name: str, facts: LeaveFacts, other: str | None, optional: bool = False
) -> Step[Known]:
    def read(words: str) -> Known:
        found = _person(facts, words)
        if other is not None and other == f"{PERSON}{found.id}":
            raise Unusable("leave.same_person")
        return found

    return Step(
        name=name,
        key=f"leave.{name}",
        read=read,
        show=lambda known: f"{known.name} {known.unit}".strip(),
        keep=lambda known: f"{PERSON}{known.id}",
        optional=optional,
    )


def _person(facts: LeaveFacts, words: str) -> Known:
    """By id, by name, or by name and unit. Raises Unusable."""
    if words.startswith(PERSON):
        found = [each for each in facts.people if words == f"{PERSON}{each.id}"]
    else:
        # A parenthesis may be as wide as the characters that it encloses.
        name, _, unit = half_width(words).translate(_PARENTHESES).strip().partition(" ")
        found = [each for each in facts.people if each.name == name]
        if unit.strip():
            found = [each for each in found if unit.strip() in half_width(each.unit)]
    if not found:
        raise Unusable("leave.unknown_person", words=words[:40])
    if len(found) > 1:
        units = "、".join(each.unit for each in found if each.unit)
        raise Unusable("leave.several", name=found[0].name, units=units)
    return found[0]


def _first_said(facts: LeaveFacts, said: Said) -> date | None:
    try:
        return read_day_ahead(said.get("first") or "", facts.today)
    except Unusable:
        return None


def _first_step(today: date) -> Step[date]:
    return Step(
        name="first",
        key="leave.first",
        read=lambda words: read_day_ahead(words, today),
        show=lambda on: day(on, today),
        keep=date.isoformat,
        choices=(Choice(today.isoformat(), Phrase("leave.today")),),
    )


def _last_step(today: date, first_on: date | None) -> Step[date]:
    begins_on = first_on or today
    return Step(
        name="last",
        key="leave.last",
        read=_not_before(begins_on, today),
        show=lambda on: day(on, today),
        keep=date.isoformat,
        choices=(day_choice(begins_on, today, "leave.one_day"), *coming_days(begins_on)[:2]),
    )


def _not_before(first_on: date, today: date) -> Callable[[str], date]:
    def read(words: str) -> date:
        on = read_day_ahead(words, today)
        if on < first_on:
            raise Unusable("leave.ends_before")
        return on

    return read
