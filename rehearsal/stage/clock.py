"""The simulated clock, and the small file through which the bot reads the same time."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Simulated now = at + (real now - since) * rate; a rate of 0 stands still, 1 is real time."""

    def __init__(
        self, start: datetime | None = None, *, rate: float = 1.0, file: Path | None = None
    ) -> None:
        self._since = time.time()
        self._at = self._since if start is None else start.timestamp()
        self._rate = rate
        self._flowed = 0.0
        self._flowing_since = time.monotonic()
        self._file = file
        self._write()

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> float:
        """Unix seconds."""
        return self._at + (time.time() - self._since) * self._rate

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def set(self, moment: datetime | None = None, *, rate: float | None = None) -> None:
        before, flow = self.now(), self.flow()
        self._at = before if moment is None else moment.timestamp()
        self._since = time.time()
        self._rate = self._rate if rate is None else rate
        self._flowed = flow + max(self._at - before, 0.0)
        self._flowing_since = time.monotonic()
        self._write()

    def flow(self) -> float:
        """Seconds that never run backwards nor stand still: what flood limits are measured by.

        A frozen clock would never let anybody speak again, so below rate 1 real seconds count.
        """
        return self._flowed + (time.monotonic() - self._flowing_since) * max(self._rate, 1.0)

    def _write(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        draft.write_text(
            json.dumps({"at": self._at, "since": self._since, "rate": self._rate}), "utf-8"
        )
        draft.replace(self._file)
