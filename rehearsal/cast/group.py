"""A group of the rehearsal, as its members see it and its owner runs it."""

from typing import TYPE_CHECKING, Any

from rehearsal.cast.line import Line
from rehearsal.cast.screen import Screen

if TYPE_CHECKING:
    from rehearsal.cast.person import Person

Json = dict[str, Any]


class Group(Screen):
    """A group or forum, as its members see it and its owner runs it."""

    def __init__(self, line: Line, made: Json, owner: "Person") -> None:
        super().__init__(line, made["title"], made["id"], f"/groups/{made['id']}")
        self.owner = owner
        self.topics: dict[str, int] = made["topics"]

    @property
    def id(self) -> int:
        return self.chat_id

    @property
    def path(self) -> str:
        return self._path

    async def adds_bot(self, *, as_admin: bool = False, rights: list[str] | None = None) -> None:
        await self._runs("adds-bot", admin=as_admin or rights is not None, rights=rights)

    async def promotes_bot(self, *rights: str) -> None:
        """Without rights it gets the usual ones: manage, pin and delete."""
        await self._runs("promotes-bot", rights=list(rights) or None)

    async def demotes_bot(self) -> None:
        await self._runs("demotes-bot")

    async def kicks_bot(self) -> None:
        await self._runs("kicks-bot")

    async def removes(self, person: "Person") -> None:
        await self._runs("leaves", person=person.id)

    async def renames(self, title: str) -> None:
        await self._runs("renames", title=title)

    async def becomes_supergroup(self) -> "Group":
        return Group(self.line, await self._runs("migrates"), self.owner)

    async def allows(self, **rules: bool) -> None:
        """members_may_pin, bot_is_muted, is_deleted."""
        await self._runs("rules", **rules)

    async def opens_topic(self, name: str) -> int:
        made = await self._runs("topics", name=name)
        self.topics[name] = made["id"]
        return self.topics[name]

    async def closes_topic(self, name: str) -> None:
        await self._runs(f"topics/{self.topics[name]}/closes")

    async def reopens_topic(self, name: str) -> None:
        await self._runs(f"topics/{self.topics[name]}/reopens")

    async def deletes_topic(self, name: str) -> None:
        await self._runs(f"topics/{self.topics.pop(name)}/deletes")

    async def pinned(self) -> list[int]:
        ids: list[int] = (await self.view(limit=1))["pinned"]
        return ids

    async def _runs(self, verb: str, **wish: object) -> Json:
        done: Json = await self.line.post(f"{self._path}/{verb}", by=self.owner.id, **wish)
        return done
