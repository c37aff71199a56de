"""The office's own templates: read from its folder, and rendered where they can do no harm."""

import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.sandbox import CPU_SECONDS, Order

LARGEST_FILE = 256 * 1024
MOST_FILES = 50
_PATIENCE_SECONDS = 30
"""Of wall time, on a busy machine; the two seconds of computing end most faults first."""

_ROOT = Path(__file__).resolve().parent.parent
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from reports.sandbox import main; main()"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an office's template; `what` is for whoever edits it."""

    file: str
    line: int | None
    what: str


class Faulty(Exception):
    """An office's template cannot be used."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.file}:{finding.line}: {finding.what}")
        self.finding = finding


def read_sources(folder: Path, language: str) -> dict[str, str]:
    """The `.html` files of one language by name; empty when there is no such folder.

    Raises Faulty for a file that is too large or not UTF-8, or for too many of them.
    """
    paths = sorted((folder / language).glob("*.html"))
    if len(paths) > MOST_FILES:
        raise Faulty(Finding(language, None, f"more than {MOST_FILES} templates"))
    return {path.name: _source(path) for path in paths}


def render_apart(
    language: str,
    sources: Mapping[str, str],
    name: str,
    contexts: Sequence[Mapping[str, object]],
) -> list[str]:
    """One text for each context, rendered in a child process. Raises Faulty."""
    order = pickle.dumps(Order(language, sources, name, contexts))
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD, str(_ROOT)],
            input=order,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},  # neither the token nor anything else
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Faulty(Finding(name, None, "takes too long")) from None
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Faulty(Finding(name, None, f"computes for more than {CPU_SECONDS} seconds"))
    if child.returncode:
        raise Faulty(Finding(name, None, f"its process ended with {child.returncode}"))
    answer = json.loads(child.stdout)
    if "rendered" not in answer:
        raise Faulty(Finding(answer["file"], answer["line"], answer["what"]))
    return [str(text) for text in answer["rendered"]]


def _source(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise Faulty(Finding(path.name, None, fault.strerror or "cannot be read")) from None
    if len(raw) > LARGEST_FILE:
        raise Faulty(Finding(path.name, None, f"larger than {LARGEST_FILE >> 10} KiB"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise Faulty(Finding(path.name, line, "not UTF-8")) from None
