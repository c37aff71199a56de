"""What is in the sender's hands: claimed calls by chat, and the messages that rows became."""

from collections import deque
from collections.abc import Iterable

from models.parcel import Parcel

MOST_KNOWN = 20_000


class Hands:
    """One queue a chat, so that what was said first goes out first."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Parcel]] = {}
        self._messages: dict[int, int] = {}

    def take(self, parcel: Parcel) -> None:
        self._queues.setdefault(parcel.chat_id, deque()).append(parcel)

    def next(self, chat_id: int) -> Parcel | None:
        """The first call that waits for this chat; it stays until it is taken out."""
        queue = self._queues.get(chat_id)
        return queue[0] if queue else None

    def take_out(self, chat_id: int) -> Parcel:
        queue = self._queues[chat_id]
        parcel = queue.popleft()
        if not queue:
            del self._queues[chat_id]
        return parcel

    def let_go(self, chat_id: int) -> list[Parcel]:
        """Everything that waits for a chat, to be put back where it can wait longer."""
        return list(self._queues.pop(chat_id, ()))

    @property
    def chats(self) -> list[int]:
        return list(self._queues)

    def remember(self, row_id: int, message_id: int) -> None:
        self._messages[row_id] = message_id
        if len(self._messages) > MOST_KNOWN:
            self._forget(list(self._messages)[: MOST_KNOWN // 2])

    def _forget(self, row_ids: Iterable[int]) -> None:
        for row_id in row_ids:
            del self._messages[row_id]

    def message_of(self, row_id: int) -> int | None:
        """None: not sent, or so long ago that only the database knows."""
        return self._messages.get(row_id)
