"""A chat that somebody looks at: what stands there, and waiting for what shall come."""

import asyncio
from typing import Any

from rehearsal.cast.line import Line
from rehearsal.cast.seen import Seen, seen, transcript

Json = dict[str, Any]

PATIENCE = 5.0


class NotSeen(AssertionError):
    """Somebody waited in vain; the message shows what was on the screen instead."""


class Screen:
    """A chat that somebody looks at; `mark` is what had happened when they last did something."""

    def __init__(self, line: Line, name: str, chat_id: int, path: str) -> None:
        self.line = line
        self.name = name
        self.chat_id = chat_id
        self.mark = 0
        self._path = path

    async def view(self, **query: object) -> Json:
        shown: Json = await self.line.get(f"{self._path}/sees", **query)
        return shown

    async def sees(self, *, last: int = 50, thread: int | None = None) -> list[Seen]:
        """The messages that stand in the chat, oldest first."""
        shown = await self.view(limit=last, thread=thread)
        return [seen(message) for message in shown["messages"]]

    async def has_read(self) -> None:
        """From here on only what is new counts for waiting."""
        self.mark = (await self.view(limit=1))["sequence"]

    async def waits_for(
        self, words: str, *, timeout: float = PATIENCE, since: int | None = None
    ) -> Seen:
        """The newest message of the bot with these words that came or changed after the mark."""
        after = self.mark if since is None else since
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            left = deadline - asyncio.get_running_loop().time()
            found = await self.line.get(
                "/wait", chat=self.chat_id, after=after, text=words, timeout=max(left, 0.001)
            )
            from_bot = [message for message in found["messages"] if message["from"]["is_bot"]]
            if from_bot:
                return seen(max(from_bot, key=lambda message: int(message["sequence"])))
            if left <= 0:
                raise NotSeen(await self._disappointment(words, timeout))
            after = found["last"] if found["messages"] else after

    async def waits_in_vain_for(self, words: str, *, timeout: float = 0.2) -> None:
        """Nothing with these words comes within the time."""
        try:
            found = await self.waits_for(words, timeout=timeout)
        except NotSeen:
            return
        raise NotSeen(f"{self.name} was not to see «{words}», but saw:\n  {found}")

    async def _disappointment(self, words: str, timeout: float) -> str:
        screen = transcript(await self.sees(last=8))
        return f"{self.name} waited {timeout:g} s for «{words}» but saw:\n{screen}"
