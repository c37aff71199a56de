"""The queue of updates a bot has not confirmed yet."""

import random
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rehearsal.stage.bell import Bell
from rehearsal.stage.clock import Clock
from rehearsal.stage.wire import packed

Json = dict[str, Any]

DAY = 86400.0
QUERY_LIFE = 150.0
MOST_BYTES = 64 * 1024
DEFAULT_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "managed_bot",
    }
)
ALL_KINDS = DEFAULT_KINDS | {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True, slots=True)
class Update:
    """One update as bytes, the lane it must keep its order in, and when Telegram forgets it."""

    id: int
    kind: str
    lane: str
    body: bytes
    expires_at: float


class UpdateQueue:
    """Ids are consecutive from a random start; a higher offset confirms and forgets."""

    def __init__(self, clock: Clock, *, first_id: int | None = None) -> None:
        self._clock = clock
        self._next_id = first_id or random.randrange(10**8, 9 * 10**8)
        self._waiting: deque[Update] = deque()
        self._again: list[Update] = []
        self._soonest = float("inf")
        self.allowed = DEFAULT_KINDS
        self.bell = Bell()
        self.forgotten = 0

    def put(self, kind: str, content: Json, lane: str, life: float = DAY) -> int | None:
        """The new update's id; None when the bot has not asked for this kind or it is too big."""
        if kind not in self.allowed:
            return None
        body = b'{"update_id":%d,"%s":%s}' % (self._next_id, kind.encode(), packed(content))
        if len(body) > MOST_BYTES:
            return None
        update = Update(self._next_id, kind, lane, body, self._clock.now() + life)
        self._waiting.append(update)
        self._soonest = min(self._soonest, update.expires_at)
        self._next_id += 1
        self.bell.ring()
        return update.id

    def take(self, offset: int, limit: int) -> list[Update]:
        """Confirms everything below the offset, then the oldest of the rest."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif offset <= self._next_id:
            while self._waiting and self._waiting[0].id < offset:
                self._waiting.popleft()
        self._expire()
        again, self._again = self._again, []
        return (again + list(islice(self._waiting, limit)))[:limit]

    def hand_again(self, updates: list[Update]) -> None:
        """The next batch begins with these once more, as after a lost confirmation."""
        self._again = list(updates)

    def drop(self, update: Update) -> None:
        if self._waiting and self._waiting[0] is update:
            self._waiting.popleft()
        elif update in self._waiting:
            self._waiting.remove(update)

    def clear(self) -> None:
        self._waiting.clear()

    def pending(self) -> list[Update]:
        self._expire()
        return list(self._waiting)

    @property
    def is_empty(self) -> bool:
        return not self._waiting and not self._again

    def _expire(self) -> None:
        now = self._clock.now()
        if now < self._soonest:
            return
        kept = deque(update for update in self._waiting if update.expires_at > now)
        self._soonest = min((update.expires_at for update in kept), default=float("inf"))
        self.forgotten += len(self._waiting) - len(kept)
        self._waiting = kept
