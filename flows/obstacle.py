"""The questions about what has to be coordinated (需协调问题): up to three obstacles."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flows.choice import Choice, choice_of
from flows.factor import (
    FACTORS,
    factor_choices,
    factor_in,
    factor_label,
    instance_choices,
    instance_in,
    instance_label,
)
from flows.flow import Said, Step
from flows.phrase import Phrase, Shown, day
from flows.reading import as_said, coming_days, listed, words_up_to
from flows.report_facts import ObstacleAnswer, OpenObstacle
from rules.day import read_day_ahead
from rules.refusal import Unusable
from rules.terms import Factor, Instance

MOST = 3
LONGEST = 500
MOST_KNOWN = 5
"""Open obstacles that are shown with the question."""

NONE, YES, NO = "none", "yes", "no"
_NOTHING = ("没有", "没", "暂无", "无问题", "没问题", "没有问题", "暂无问题", "no", "nothing")
_NONE_CHOICE = Choice(NONE, Phrase("report.no_obstacle"), also=_NOTHING)


def steps(known: Sequence[OpenObstacle], said: Said, today: date) -> Iterator[Step[Any]]:
    for number in range(1, MOST + 1):
        name = f"obstacle{number}"
        yield _what_step(name, number, known)
        what = said.get(name)
        if what is None or what == NONE:
            return
        yield _words_step(name) if what in FACTORS else _factor_step(name, what)
        yield Step(
            name=f"{name}.instance",
            key="report.obstacle_instance",
            read=_read_instance,
            show=instance_label,
            choices=instance_choices(),
        )
        yield Step(
            name=f"{name}.wished",
            key="report.obstacle_wished",
            read=lambda words: read_day_ahead(words, today),
            show=lambda on: day(on, today),
            keep=date.isoformat,
            choices=coming_days(today),
            optional=True,
        )
        if number == MOST:
            return
        yield _more_step(name)
        if said.get(f"{name}.more") != YES:
            return


def answers(said: Said, today: date) -> tuple[ObstacleAnswer, ...]:
    """Of a draft that is complete."""
    told = []
    for number in range(1, MOST + 1):
        name = f"obstacle{number}"
        what = said.get(name) or NONE
        if what == NONE:
            break
        is_tapped = what in FACTORS
        factor = what if is_tapped else said[f"{name}.factor"]
        words = said[f"{name}.words"] if is_tapped else what
        instance = said[f"{name}.instance"]
        wished = said.get(f"{name}.wished")
        told.append(
            ObstacleAnswer(
                factor=Factor(factor or ""),
                words=words or "",
                instance=Instance(instance or ""),
                wished_on=read_day_ahead(wished, today) if wished else None,
            )
        )
        if said.get(f"{name}.more") != YES:
            break
    return tuple(told)


def told_at_once(words: str) -> dict[str, str | None]:
    """The draft of the one obstacle that a sentence tells; what it leaves open is still asked."""
    if choice_of((_NONE_CHOICE,), words) is not None:
        return {"obstacle1": NONE}
    tapped = choice_of(factor_choices(), words)
    factor, instance = factor_in(words), instance_in(words)
    said: dict[str, str | None] = {"obstacle1": str(factor) if factor else words}
    if factor is not None and tapped is None:
        said["obstacle1.words"] = words
    if instance is not None:
        said["obstacle1.instance"] = str(instance)
    return {**said, "obstacle1.wished": None, "obstacle1.more": NO}


def _what_step(name: str, number: int, known: Sequence[OpenObstacle]) -> Step[str]:
    first = number == 1
    return Step(
        name=name,
        key="report.obstacle" if first else "report.next_obstacle",
        note=_note(known) if first else "",
        read=words_up_to(LONGEST),
        show=_show_what,
        choices=(_NONE_CHOICE, *factor_choices()),
    )


def _words_step(name: str) -> Step[str]:
    return Step(
        name=f"{name}.words",
        key="report.obstacle_words",
        read=words_up_to(LONGEST),
        show=as_said,
    )


def _factor_step(name: str, sentence: str) -> Step[Factor]:
    return Step(
        name=f"{name}.factor",
        key="report.obstacle_factor",
        read=read_factor,
        show=factor_label,
        choices=factor_choices(first=factor_in(sentence)),
    )


def _more_step(name: str) -> Step[str]:
    return Step(
        name=f"{name}.more",
        key="report.more_obstacles",
        read=_read_more,
        show=lambda more: Phrase(f"report.more.{more}"),
        choices=(
            Choice(NO, Phrase("report.more.no"), also=("没有", "没了", "没有了", "无", "否", "n")),
            Choice(YES, Phrase("report.more.yes"), also=("有", "还有", "是", "y")),
        ),
    )


def read_factor(words: str) -> Factor:
    if words not in FACTORS:
        raise Unusable("flow.not_a_choice")
    return Factor(words)


def _read_instance(words: str) -> Instance:
    if words not in set(Instance):
        raise Unusable("flow.not_a_choice")
    return Instance(words)


def _read_more(words: str) -> str:
    if words not in (YES, NO):
        raise Unusable("flow.not_a_choice")
    return words


def _show_what(what: str) -> Shown:
    if what == NONE:
        return Phrase("report.no_obstacle")
    return factor_label(Factor(what)) if what in FACTORS else what


def _note(known: Sequence[OpenObstacle]) -> Shown:
    if not known:
        return ""
    return Phrase(
        "report.known_obstacles", {"lines": listed([_known(one) for one in known[:MOST_KNOWN]])}
    )


def _known(obstacle: OpenObstacle) -> Phrase:
    facts = {
        "factor": factor_label(obstacle.factor),
        "words": obstacle.words,
        "since": Phrase("flow.day", {"on": obstacle.since_on}),
    }
    return Phrase("report.known_obstacle", facts)
