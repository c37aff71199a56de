"""What a button names, read once more: a signed button can outlive what it names, or its form."""

from rules.refusal import Refusal
from rules.terms import Phase
from rules.week import is_period


def id_in(thing: str) -> int:
    """Refusal: the button moved on."""
    if not (thing.isascii() and thing.isdigit() and len(thing) < 16):
        raise Refusal("talk.moved_on")
    return int(thing)


def week_in(thing: str) -> str:
    """Refusal: no week is called so."""
    if not is_period(thing):
        raise Refusal("talk.moved_on")
    return thing


def project_and_week(thing: str) -> tuple[int, str]:
    project_id, _, period = thing.partition(".")
    return id_in(project_id), week_in(period)


def project_and_phase(thing: str) -> tuple[int, Phase]:
    project_id, _, phase = thing.partition(".")
    if phase not in set(Phase):
        raise Refusal("talk.moved_on")
    return id_in(project_id), Phase(phase)
