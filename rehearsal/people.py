"""People for tests and scripts: they say, press, see and wait, over HTTP like anybody else."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rehearsal.line import Line, Refused
from rehearsal.seen import Seen, seen, transcript

Json = dict[str, Any]

PATIENCE = 5.0

__all__ = ["Group", "NotSeen", "People", "Person", "Refused", "Seen"]


class NotSeen(AssertionError):
    """Somebody waited in vain; the message shows what was on the screen instead."""


@dataclass(frozen=True, slots=True)
class Popup:
    """The small notice that answers a press."""

    text: str
    is_alert: bool
    url: str
    sequence: int


class ClockHand:
    """The simulated clock, as the rehearsal's director turns it."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self._line.get("/clock"))["now"])

    async def set(self, moment: datetime | str | None = None, *, rate: float | None = None) -> None:
        said = moment.isoformat() if isinstance(moment, datetime) else moment
        await self._line.post("/clock", now=said, rate=rate)

    async def forward(self, step: timedelta) -> None:
        await self.set(await self.now() + step)

    async def freeze(self) -> None:
        await self.set(rate=0)


class Faults:
    """What shall go wrong: `await faults.add("reset_after", method="sendMessage", times=1)`."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def add(self, kind: str, **more: object) -> Json:
        made: Json = await self._line.post("/faults", kind=kind, **more)
        return made

    async def listed(self) -> list[Json]:
        rules: list[Json] = await self._line.get("/faults")
        return rules

    async def clear(self) -> None:
        await self._line.delete("/faults")


class _Screen:
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


class Person(_Screen):
    """One human being with a phone. Without `where`, everything happens in the private chat."""

    def __init__(self, line: Line, made: Json) -> None:
        super().__init__(line, made["name"], made["id"], f"/people/{made['id']}")
        self.id: int = made["id"]

    async def says(
        self,
        text: str,
        *,
        where: "Group | None" = None,
        thread: int | None = None,
        reply_to: Seen | int | None = None,
    ) -> int:
        """The new message's id."""
        return await self._does(
            "says", text=text, chat=_chat(where), thread=thread, reply_to=_id(reply_to)
        )

    async def presses(
        self,
        text: str | None = None,
        *,
        on: Seen | int | None = None,
        row: int | None = None,
        col: int | None = None,
        where: "Group | None" = None,
    ) -> Json:
        """By the button's words on the newest message that has it, or at a place of one message."""
        return await self._pressed(
            text=text, message_id=_id(on), row=row, col=col, chat=_chat(where)
        )

    async def forges(self, data: str, *, on: Seen | int, where: "Group | None" = None) -> Json:
        """A press with data that no button carries."""
        return await self._pressed(data=data, message_id=_id(on), chat=_chat(where))

    async def _pressed(self, **wish: object) -> Json:
        done: Json = await self.line.post(f"{self._path}/presses", **wish)
        self.mark = done["sequence"]
        return done

    async def edits(self, message: Seen | int, text: str, *, where: "Group | None" = None) -> int:
        return await self._does("edits", message_id=_id(message), text=text, chat=_chat(where))

    async def deletes(self, message: Seen | int, *, where: "Group | None" = None) -> None:
        await self.line.post(f"{self._path}/deletes", message_id=_id(message), chat=_chat(where))

    async def sends_document(
        self, file: Path | bytes, *, name: str = "", caption: str = "", **more: Any
    ) -> int:
        return await self._sends("document", file, name, caption, **more)

    async def sends_photo(self, file: Path | bytes, *, caption: str = "", **more: Any) -> int:
        return await self._sends("photo", file, "", caption, **more)

    async def sends_voice(self, file: bytes = b"OggS", **more: Any) -> int:
        return await self._sends("voice", file, "", "", **more)

    async def sends_sticker(self, file: bytes = b"RIFF", **more: Any) -> int:
        return await self._sends("sticker", file, "", "", **more)

    async def _sends(
        self,
        kind: str,
        file: Path | bytes,
        name: str,
        caption: str,
        *,
        where: "Group | None" = None,
        thread: int | None = None,
        reply_to: Seen | int | None = None,
    ) -> int:
        content = file if isinstance(file, bytes) else await asyncio.to_thread(file.read_bytes)
        called = name or ("file" if isinstance(file, bytes) else file.name)
        done = await self.line.send(
            f"{self._path}/sends",
            content,
            called,
            kind=kind,
            caption=caption,
            chat=_chat(where),
            thread=thread,
            reply_to=_id(reply_to),
        )
        return self._done(done)

    async def shares_contact(self, phone: str, name: str = "") -> int:
        contact = {"phone_number": phone, "first_name": name or self.name, "user_id": self.id}
        return await self._does("shares", contact=contact)

    async def shares_location(self, latitude: float, longitude: float) -> int:
        return await self._does("shares", location={"latitude": latitude, "longitude": longitude})

    async def forwards(
        self, message: Seen | int, *, of: "Person | Group | None" = None, **more: Any
    ) -> int:
        home = of.chat_id if of else None
        where = _chat(more.get("where"))
        return await self._does("forwards", message_id=_id(message), from_chat=home, chat=where)

    async def opens_link(self, code: str = "") -> int:
        """t.me/bot?start=code; a whole link will do as well."""
        return await self._does("opens", code=code.rpartition("start=")[2])

    async def blocks_bot(self) -> None:
        await self.line.post(f"{self._path}/blocks")

    async def unblocks_bot(self) -> None:
        await self.line.post(f"{self._path}/unblocks")

    async def deletes_account(self) -> None:
        await self.line.post(f"{self._path}/deletes-account")

    async def joins(self, group: "Group", *, as_admin: bool = False) -> None:
        await self.line.post(f"{group.path}/joins", person=self.id, admin=as_admin)

    async def leaves(self, group: "Group") -> None:
        await self.line.post(f"{group.path}/leaves", person=self.id)

    async def menu(self, where: "Group | None" = None) -> list[str]:
        """The commands this person is offered, without their slashes."""
        offered = await self.line.get(f"{self._path}/menu", chat=_chat(where))
        return [command["command"] for command in offered]

    async def popups(self) -> list[Popup]:
        shown = (await self.view(limit=1))["popups"]
        return [Popup(p["text"], p["is_alert"], p["url"], p["sequence"]) for p in shown]

    async def waits_for_popup(self, words: str = "", *, timeout: float = PATIENCE) -> Popup:
        """The answer to the last press; without words any will do."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            shown = await self.view(limit=1)
            popups = [popup for popup in await self.popups() if popup.sequence > self.mark]
            for popup in popups:
                if words in popup.text:
                    return popup
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                said = ", ".join(f"«{popup.text}»" for popup in popups) or "none"
                screen = transcript(await self.sees(last=8))
                raise NotSeen(f"{self.name} waited for a pop-up «{words}», saw {said}:\n{screen}")
            await self.line.get("/changes", after=shown["sequence"], timeout=left)

    async def _does(self, verb: str, **wish: object) -> int:
        return self._done(await self.line.post(f"{self._path}/{verb}", **wish))

    def _done(self, done: Json) -> int:
        self.mark = done["sequence"]
        return int(done["message_id"])


class Group(_Screen):
    """A group or forum, as its members see it and its owner runs it."""

    def __init__(self, line: Line, made: Json, owner: Person) -> None:
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

    async def removes(self, person: Person) -> None:
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


def _id(message: Seen | int | None) -> int | None:
    return message.id if isinstance(message, Seen) else message


def _chat(where: Group | None) -> int | None:
    return None if where is None else where.chat_id
