"""What a person can do in a conversation: answer, take back, skip, correct, edit what was said.

Each returns the draft and what to show. A complaint leaves every answer as it was.
"""

from dataclasses import replace
from typing import Any, TypeVar

from flows.choice import choice_of, number_in
from flows.flow import FIXING, Ask, Flow, Review, Said, Step, Turn, step_named, turn
from rules.refusal import Refusal, Unusable
from rules.tidy import tidy

LONGEST = 1000
"""Characters in one answer, after tidying; a step may allow less."""

F = TypeVar("F")
Heard = tuple[Said, Turn]


def hear(flow: Flow[F], said: Said, facts: F, words: str) -> Heard:
    """Words for the step that is asked now, typed or tapped.

    In the review a number alone corrects the line of that number.
    """
    now = turn(flow, said, facts)
    if isinstance(now, Review):
        return _hear_in_review(flow, said, facts, now, words)
    try:
        return _answered(flow, said, facts, now.step, words)
    except Unusable as complaint:
        return said, replace(now, complaint=complaint)


def hear_suggestion(flow: Flow[F], said: Said, facts: F) -> Heard:
    """The words that are offered for the step now asked; without an offer it is asked again."""
    now = turn(flow, said, facts)
    if isinstance(now, Review) or now.suggestion is None:
        return said, now
    return hear(flow, said, facts, now.suggestion)


def hear_again(flow: Flow[F], said: Said, facts: F, step: str, words: str) -> Heard:
    """An edited chat message corrects the step it answered, or answers it where it was refused.

    If its new words cannot be used, the old answer stays and that step is asked again.
    """
    now = turn(flow, said, facts)
    if isinstance(now, Ask) and now.step == step and step not in said:
        return hear(flow, said, facts, words)
    if step not in said or step_named(flow.steps(facts, said), step) is None:
        return said, now
    try:
        return _answered(flow, said, facts, step, words)
    except Unusable as complaint:
        fixing, now = correct(flow, said, facts, step)
        return fixing, replace(now, complaint=complaint)


def hear_no_words(flow: Flow[F], said: Said, facts: F) -> Heard:
    """A voice message, a sticker or a file came where words are asked."""
    return said, replace(turn(flow, said, facts), complaint=Refusal("flow.not_words"))


def back(flow: Flow[F], said: Said, facts: F) -> Heard:
    """Takes the last answer away; while a line is being corrected, leaves it as it was."""
    if FIXING in said:
        return _again(flow, _without(said, FIXING), facts)
    # What comes only on request, such as photos, was no question to go back to.
    asked = {step.name for step in flow.steps(facts, said) if not step.on_request}
    last = next((name for name in reversed(list(said)) if name in asked), None)
    return _again(flow, _without(said, last), facts)


def skip(flow: Flow[F], said: Said, facts: F) -> Heard:
    now = turn(flow, said, facts)
    if isinstance(now, Review):
        return said, now
    if not now.may_skip:
        return said, replace(now, complaint=Refusal("flow.not_optional"))
    return _settled(flow, {**said, now.step: None}, facts, now.step)


def correct(flow: Flow[F], said: Said, facts: F, step: str) -> Heard:
    """Asks one answered step again; its answer stays until another one is given."""
    wanted = step_named(flow.steps(facts, said), step)
    if wanted is None or not (wanted.on_request or step in said):
        return _again(flow, said, facts)
    return _again(flow, {**_without(said, FIXING), FIXING: step}, facts)


def _hear_in_review(flow: Flow[F], said: Said, facts: F, now: Review, words: str) -> Heard:
    number = number_in(words)
    if number is not None and 1 <= number <= len(now.lines):
        return correct(flow, said, facts, now.lines[number - 1].step)
    return said, replace(now, complaint=Refusal("flow.all_answered"))


def _answered(flow: Flow[F], said: Said, facts: F, name: str, words: str) -> Heard:
    """Raises Unusable."""
    steps = flow.steps(facts, said)
    step = step_named(steps, name)
    assert step is not None
    clean = _clean(words)
    choice = choice_of(step.choices, clean)
    if choice is not None and choice.redo:
        return _again(flow, _without(said, choice.redo, name, FIXING), facts)
    other = step_named(steps, step.instead) if choice is None else None
    target, meant = other or step, choice.words if choice else clean
    return _settled(flow, {**said, target.name: _kept(target, meant)}, facts, name)


def _clean(words: str) -> str:
    clean = tidy(words).strip()
    if not clean:
        raise Unusable("flow.empty")
    return clean


def _kept(step: Step[Any], words: str) -> str:
    choice = choice_of(step.choices, words)
    value = step.read(choice.words if choice else words)
    if len(words) > LONGEST:  # where the step itself sets no limit
        raise Unusable("flow.too_long", count=len(words), limit=LONGEST)
    if step.keep is not None:
        return step.keep(value)
    return choice.words if choice else words


def _settled(flow: Flow[F], said: Said, facts: F, answered: str) -> Heard:
    """Drops what is asked no more: the answers that hung on the one that changed."""
    asked = {step.name for step in flow.steps(facts, said)}
    kept = {name: words for name, words in said.items() if name in asked}
    fixing = said.get(FIXING)
    if fixing in kept and fixing != answered:
        kept[FIXING] = fixing
    return _again(flow, kept, facts)


def _without(said: Said, *names: str | None) -> dict[str, str | None]:
    return {name: words for name, words in said.items() if name not in names}


def _again(flow: Flow[F], said: Said, facts: F) -> Heard:
    return said, turn(flow, said, facts)
