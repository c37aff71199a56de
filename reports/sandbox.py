"""The child process that renders an office's templates, with little time, memory and reach.

It reads one pickled `Order` from its standard input, which only its own parent writes, and answers
with JSON: what was rendered, or the first fault with its file and line.
"""

import json
import pickle
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import Environment, TemplateSyntaxError

from reports.environment import HOUSE_FOLDER, office_environment

CPU_SECONDS = 2
MEMORY_BYTES = 256 * 1024 * 1024
LONGEST_RENDERED = 8_000_000


@dataclass(frozen=True, slots=True)
class Order:
    language: str
    sources: Mapping[str, str]
    """The office's files by name, such as `weekly.html`."""
    name: str
    contexts: Sequence[Mapping[str, object]]
    """One text is rendered for each."""


def main() -> None:
    order: Order = pickle.load(sys.stdin.buffer)
    _take_limits()
    json.dump(_answer(order), sys.stdout)


def _take_limits() -> None:
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime) + 1
    for kind, most in (
        (resource.RLIMIT_CPU, used + CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _answer(order: Order) -> dict[str, Any]:
    try:
        environment = office_environment(order.language, order.sources)
        rendered = [_rendered(environment, order.name, context) for context in order.contexts]
    except TemplateSyntaxError as fault:
        return _fault(fault.name or order.name, fault.lineno, fault.message or "cannot be read")
    except MemoryError:
        return _fault(order.name, None, f"needs more than {MEMORY_BYTES >> 20} MiB")
    except Exception as fault:  # whatever an office's template does is a finding, never a crash
        file, line = _place(fault, order.name)
        return _fault(file, line, f"{type(fault).__name__}: {fault}")
    return {"rendered": rendered}


def _rendered(environment: Environment, name: str, context: Mapping[str, object]) -> str:
    written: list[str] = []
    length = 0
    for piece in environment.get_template(name).generate(context):
        length += len(piece)
        if length > LONGEST_RENDERED:
            raise ValueError(f"writes more than {LONGEST_RENDERED} characters")
        written.append(piece)
    return "".join(written)


def _place(fault: Exception, name: str) -> tuple[str, int | None]:
    """The innermost line of a template; a template's frames carry its file name."""
    place: tuple[str, int | None] = (name, None)
    for frame, line in walk_tb(fault.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.suffix == ".html" and (file.is_relative_to(HOUSE_FOLDER) or not file.is_absolute()):
            place = (file.name, line)
    return place


def _fault(file: str, line: int | None, what: str) -> dict[str, Any]:
    return {"file": file, "line": line, "what": what[:500]}
