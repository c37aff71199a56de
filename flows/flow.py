"""A conversation as data: steps to ask one after another, and what to ask now.

A draft is the words that were said, step by step; every turn reads them again with today's facts.
So answers need no serializer, a changed fact asks again, and "back" takes one answer away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flows.choice import Choice
from flows.phrase import Phrase, Shown
from rules.refusal import Refusal, Unusable

Said = Mapping[str, str | None]
"""Words by step, in the order in which they were said; None where the step was skipped.

Keep the order when storing it (JSON as text, not JSONB): "back" needs it. Treat it as opaque.
"""

FIXING = "@"
"""The one key of a draft that is not a step: it names the answered step that is being corrected."""

F = TypeVar("F")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Step(Generic[V]):
    name: str
    """At most 22 of the characters `A-Za-z0-9_.-`: it travels in a button."""
    key: str
    """Its texts are `<key>.ask`, `<key>.line`, and with a suggestion `<key>.hint`, `<key>.last`."""
    read: Callable[[str], V]
    """Raises Unusable."""
    show: Callable[[V], Shown]
    keep: Callable[[V], str] | None = None
    """The words to keep instead, where those said would mean another thing tomorrow."""
    facts: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    suggestion: str | None = None
    """Words offered as one tap."""
    note: Shown = ""
    """What is good to know before answering."""
    optional: bool = False
    on_request: bool = False
    """Never asked by itself; it stands in the review and can be corrected there."""
    blank: str = "flow.left_out"
    """The text shown for it in the review when there is no answer."""
    quiet: bool = False
    """Not a line of the review: it only confirms another step."""
    instead: str = ""
    """The step that words answer when they are none of this step's choices."""


@dataclass(frozen=True, slots=True)
class Flow(Generic[F]):
    name: str
    steps: Callable[[F, Said], Sequence[Step[Any]]]
    """The steps to ask, as far as the facts and what was said so far tell; never raises."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question; `number` of `of`, which may grow as answers bring further questions."""

    step: str
    key: str
    facts: Mapping[str, object]
    number: int
    of: int
    choices: tuple[Choice, ...] = ()
    suggestion: str | None = None
    note: Shown = ""
    now: Shown | None = None
    """The answer that is being corrected."""
    may_skip: bool = False
    may_back: bool = False
    complaint: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    step: str
    key: str
    facts: Mapping[str, object]
    shown: Shown


@dataclass(frozen=True, slots=True)
class Review:
    """Everything is answered; each line can be corrected by its step."""

    lines: tuple[Line, ...]
    complaint: Refusal | None = None


Turn = Ask | Review


class NotReady(Exception):
    """Values were wanted of a draft that is not complete: a fault of the caller."""


def turn(flow: Flow[F], said: Said, facts: F) -> Turn:
    """What to show now."""
    steps = flow.steps(facts, said)
    fixing = step_named(steps, said.get(FIXING))
    if fixing is not None:
        return _ask(steps, said, fixing, now=_shown_now(fixing, said))
    lines = []
    for step in steps:
        try:
            shown = _shown(step, said)
        except Unusable as complaint:
            return _ask(steps, said, step, complaint=complaint)
        if shown is None:
            return _ask(steps, said, step)
        if not step.quiet:
            lines.append(Line(step.name, step.key, step.facts, shown))
    return Review(tuple(lines))


def values(flow: Flow[F], said: Said, facts: F) -> dict[str, object]:
    """What the words mean, by step; None where skipped. Raises NotReady before the review."""
    if not isinstance(turn(flow, said, facts), Review):
        raise NotReady(flow.name)
    meant: dict[str, object] = {}
    for step in flow.steps(facts, said):
        words = said.get(step.name)
        meant[step.name] = None if words is None else step.read(words)
    return meant


def step_named(steps: Sequence[Step[Any]], name: str | None) -> Step[Any] | None:
    return next((step for step in steps if step.name == name), None)


def _shown(step: Step[Any], said: Said) -> Shown | None:
    """None: not answered yet. Raises Unusable."""
    words = said.get(step.name)
    if words is not None:
        return step.show(step.read(words))
    if step.on_request or (step.optional and step.name in said):
        return Phrase(step.blank)
    return None


def _shown_now(step: Step[Any], said: Said) -> Shown | None:
    try:
        return _shown(step, said)
    except Unusable:
        return said.get(step.name)


def _ask(
    steps: Sequence[Step[Any]],
    said: Said,
    step: Step[Any],
    *,
    now: Shown | None = None,
    complaint: Refusal | None = None,
) -> Ask:
    asked = [other.name for other in steps if not other.on_request or other is step]
    return Ask(
        step=step.name,
        key=step.key,
        facts=step.facts,
        number=asked.index(step.name) + 1,
        of=len(asked),
        choices=step.choices,
        suggestion=step.suggestion,
        note=step.note,
        now=now,
        may_skip=step.optional,
        may_back=FIXING in said
        or any(other.name in said for other in steps if not other.on_request),
        complaint=complaint,
    )
