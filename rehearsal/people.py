"""People for tests and scripts: they say, press, see and wait, over HTTP like anybody else."""

from types import TracebackType
from typing import Any, Self

from rehearsal.cast.director import ClockHand, Faults
from rehearsal.cast.group import Group
from rehearsal.cast.line import Line, Refused
from rehearsal.cast.person import Person, Popup
from rehearsal.cast.screen import NotSeen
from rehearsal.cast.seen import Seen

Json = dict[str, Any]

__all__ = ["Group", "NotSeen", "People", "Person", "Popup", "Refused", "Seen"]


class People:
    """The door: `async with People(sim.url) as people: ann = await people.person("安兰")`."""

    def __init__(self, url: str) -> None:
        self.line = Line(url)
        self.clock = ClockHand(self.line)
        self.faults = Faults(self.line)

    async def __aenter__(self) -> Self:
        await self.line.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.line.__aexit__(kind, error, trace)

    async def person(
        self,
        name: str,
        *,
        username: str | None = None,
        language_code: str = "zh-hans",
        id: int | None = None,
    ) -> Person:
        made = await self.line.post(
            "/people", name=name, username=username, language_code=language_code, id=id
        )
        return Person(self.line, made)

    async def known(self, name: str) -> Person:
        """Somebody who is already there, for scripts that come later."""
        listed = await self.line.get("/people")
        for made in listed:
            if made["name"] == name:
                return Person(self.line, made)
        raise Refused(f"nobody is called {name}: {', '.join(made['name'] for made in listed)}")

    async def group(
        self,
        title: str,
        *,
        owner: Person,
        kind: str = "supergroup",
        members: tuple[Person, ...] = (),
        topics: tuple[str, ...] = (),
        has_bot: bool = True,
    ) -> Group:
        """kind: group, supergroup or forum; the bot is added as a plain member."""
        made = await self.line.post(
            "/groups",
            title=title,
            kind=kind,
            creator=owner.id,
            members=[member.id for member in members],
            topics=list(topics),
        )
        group = Group(self.line, made, owner)
        if has_bot:
            await group.adds_bot()
        return group

    async def bot_listens(self, *, timeout: float = 30.0) -> None:
        """Until the bot is up: it polls with nothing left to fetch, or has set its webhook."""
        if not (await self.line.get("/bot", timeout=timeout))["is_listening"]:
            raise NotSeen(f"no bot listened within {timeout:g} s")

    async def settle(self, *, quiet: float = 0.05, timeout: float = 10.0) -> None:
        """Until the bot has taken every update and asked nothing for `quiet` seconds."""
        done = await self.line.post("/settle", quiet_ms=quiet * 1000, timeout=timeout)
        if not done["is_settled"]:
            pending = await self.line.get("/pending")
            raise NotSeen(f"the bot did not come to rest in {timeout:g} s; pending: {pending}")

    async def calls(self, method: str = "", *, after: int = 0) -> list[Json]:
        """What the bot asked of Telegram, oldest first."""
        found: list[Json] = await self.line.get("/calls", method=method, after=after)
        return found

    async def violations(self) -> list[Json]:
        """Where the bot left Telegram's published contract; a good bot leaves none."""
        found: list[Json] = await self.line.get("/violations")
        return found

    async def pending(self) -> int:
        return int((await self.line.get("/pending"))["count"])

    async def limits(self, **wish: object) -> None:
        """is_on=False, or chat / group / overall = {"burst": 20, "per_second": 1}."""
        await self.line.post("/limits", **wish)

    async def privacy(self, *, is_on: bool) -> None:
        await self.line.post("/bot", has_privacy=is_on)

    async def file(self, message: Seen) -> bytes:
        return await self.line.fetch(f"/sim/files/{message.file_id}")
