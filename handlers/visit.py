"""One update on its way: whose it is, the one action it may cause, and the answer to a press."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

from actions.desk import Desk, Popup
from actions.door import AlreadyDone, Door, Finish, nothing
from actions.reception import receive, tell_refusal
from rules.refusal import Refusal

P = ParamSpec("P")
Answer = Callable[[str, Popup | None], Awaitable[None]]


@dataclass(slots=True)
class Visit:
    """`act` marks the update as done in the transaction of its effects; a second one is a fault."""

    door: Door
    source: str
    finish: Finish
    answer: Answer
    press_id: str = ""
    is_done: bool = field(default=False)
    failure: Exception | None = field(default=None)

    async def act(
        self,
        account: int,
        action: Callable[Concatenate[Desk, P], Any],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """One transaction. A refusal undoes it; its sentence is told in another."""
        if self.is_done:
            raise RuntimeError("one update is one action")
        try:
            popup = await self._once(action, *args, **kwargs)
        except Refusal as refusal:
            is_press = bool(self.press_id)
            popup = await self._once(tell_refusal, account, refusal, is_press=is_press)
        except AlreadyDone:
            popup = None
        self.is_done = True
        if self.press_id:
            await self.answer(self.press_id, popup)

    async def receive(self, account: int, act: Any, *args: Any, message_id: int = 0) -> None:
        """`act` for a known person: the usual way in."""
        await self.act(account, receive, account, act, *args, message_id=message_id)

    async def pass_by(self) -> None:
        """The update asks for nothing."""
        if not self.is_done:
            await self.act(0, nothing)

    async def _once(
        self, action: Callable[Concatenate[Desk, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Popup | None:
        _, tray = await self.door.finish_with(self.finish, self.source, action, *args, **kwargs)
        return tray.popup


VISIT: ContextVar[Visit] = ContextVar("visit")


def visit() -> Visit:
    """The visit of the update that is being handled."""
    return VISIT.get()
