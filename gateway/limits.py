"""How fast Telegram lets the bot speak: a schedule of sends just under its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Sends a second over all chats and into one private chat, a minute into one group."""

    per_second: float = 28.0
    per_chat_second: float = 1.0
    chat_burst: int = 12
    per_group_minute: float = 18


COUNTED = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"})
"""Edits, deletions and pins of our own messages are not held back."""


@dataclass(slots=True)
class Pace:
    """Virtual schedules: each send moves its chat's next allowed moment on (GCRA).

    Moments are seconds of a clock that only goes forward; a 429 halts its chat, or all of them,
    for its full time.
    """

    limits: Limits
    _next: dict[int, float] = field(default_factory=dict)
    _next_overall: float = 0.0
    _halted: dict[int, float] = field(default_factory=dict)
    _halted_overall: float = 0.0
    _most_halted: int = 1_000

    def earliest(self, chat_id: int, method: str, at: float) -> float:
        """The moment from which this call may go; `at` or earlier means now."""
        halted = max(self._halted.get(chat_id, 0.0), self._halted_overall)
        if method not in COUNTED:
            return halted
        step, burst = self._course(chat_id)
        chat = self._next.get(chat_id, 0.0) - step * (burst - 1)
        overall = self._next_overall - 2 * self._overall_step
        return max(halted, chat, overall)

    def record(self, chat_id: int, method: str, at: float) -> None:
        """A call goes out at `at`."""
        if method not in COUNTED:
            return
        step, _ = self._course(chat_id)
        self._next[chat_id] = max(self._next.get(chat_id, 0.0), at) + step
        self._next_overall = max(self._next_overall, at) + self._overall_step
        if len(self._next) > 20_000:
            self._next = _still_ahead(self._next, at)

    def halt(self, chat_id: int | None, until: float) -> None:
        """After a 429: one chat, or all when Telegram does not say which (`None`)."""
        if chat_id is None:
            self._halted_overall = max(self._halted_overall, until)
            return
        self._halted[chat_id] = max(self._halted.get(chat_id, 0.0), until)
        if len(self._halted) > self._most_halted:
            self._halted = _still_ahead(self._halted, until - 3_600)
            # An outage halts everybody: looking through them all each time would cost squares.
            self._most_halted = max(1_000, 2 * len(self._halted))

    @property
    def _overall_step(self) -> float:
        return 1.0 / self.limits.per_second

    def _course(self, chat_id: int) -> tuple[float, int]:
        if chat_id < 0:
            return 60.0 / self.limits.per_group_minute, 3
        return 1.0 / self.limits.per_chat_second, self.limits.chat_burst


def _still_ahead(moments: Mapping[int, float], at: float) -> dict[int, float]:
    return {chat_id: moment for chat_id, moment in moments.items() if moment > at}
