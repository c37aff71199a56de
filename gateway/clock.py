"""What time it is: the machine's clock, or the simulated clock that a file describes."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Gives aware UTC moments.

    The file holds {"at": s, "since": s, "rate": r}: at real time `since` the clock stood at
    `at` (both in seconds since 1970) and runs `rate` times as fast as the machine's.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._seen = 0
        self._course = _Course(at=0.0, since=0.0, rate=1.0)

    def now(self) -> datetime:
        real = time.time()
        if self._file is None:
            return datetime.fromtimestamp(real, UTC)
        self._look(self._file)
        course = self._course
        return datetime.fromtimestamp(course.at + (real - course.since) * course.rate, UTC)

    def _look(self, file: Path) -> None:
        changed = file.stat().st_mtime_ns
        if changed == self._seen:
            return
        self._course = _Course(**json.loads(file.read_text(encoding="utf-8")))
        self._seen = changed


@dataclass(frozen=True, slots=True)
class _Course:
    at: float
    since: float
    rate: float
