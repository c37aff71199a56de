"""A person of the rehearsal: says, presses, sends, sees and waits."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cast.group import Group
from rehearsal.cast.line import Line
from rehearsal.cast.screen import PATIENCE, NotSeen, Screen
from rehearsal.cast.seen import Seen, transcript

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Popup:
    """The small notice that answers a press."""

    text: str
    is_alert: bool
    url: str
    sequence: int


class Person(Screen):
    """One human being with a phone. Without `where`, everything happens in the private chat."""

    def __init__(self, line: Line, made: Json) -> None:
        super().__init__(line, made["name"], made["id"], f"/people/{made['id']}")
        self.id: int = made["id"]

    async def says(
        self,
        text: str,
        *,
        where: Group | None = None,
        thread: int | None = None,
        reply_to: Seen | int | None = None,
    ) -> int:
        """The new message's id."""
        answered = number_of(reply_to)
        return await self._does("says", where, text=text, thread=thread, reply_to=answered)

    async def presses(
        self,
        text: str | None = None,
        *,
        on: Seen | int | None = None,
        row: int | None = None,
        col: int | None = None,
        where: Group | None = None,
    ) -> Json:
        """By the button's words on the newest message that has it, or at a place of one message."""
        return await self._pressed(where, text=text, message_id=number_of(on), row=row, col=col)

    async def forges(self, data: str, *, on: Seen | int, where: Group | None = None) -> Json:
        """A press with data that no button carries."""
        return await self._pressed(where, data=data, message_id=number_of(on))

    async def _pressed(self, where: Group | None, **wish: object) -> Json:
        path, chat = f"{self._path}/presses", chat_id_of(where)
        done: Json = await self.line.post(path, chat=chat, **wish)
        self._mark(done, where)
        return done

    async def edits(self, message: Seen | int, text: str, *, where: Group | None = None) -> int:
        return await self._does("edits", where, message_id=number_of(message), text=text)

    async def deletes(self, message: Seen | int, *, where: Group | None = None) -> None:
        await self.line.post(
            f"{self._path}/deletes", message_id=number_of(message), chat=chat_id_of(where)
        )

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
        where: Group | None = None,
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
            chat=chat_id_of(where),
            thread=thread,
            reply_to=number_of(reply_to),
        )
        return self._mark(done, where)

    async def shares_contact(self, phone: str, name: str = "") -> int:
        contact = {"phone_number": phone, "first_name": name or self.name, "user_id": self.id}
        return await self._does("shares", None, contact=contact)

    async def shares_location(self, latitude: float, longitude: float) -> int:
        return await self._does(
            "shares", None, location={"latitude": latitude, "longitude": longitude}
        )

    async def forwards(
        self, message: Seen | int, *, of: Screen | None = None, where: Group | None = None
    ) -> int:
        home = of.chat_id if of else None
        return await self._does("forwards", where, message_id=number_of(message), from_chat=home)

    async def opens_link(self, code: str = "") -> int:
        """t.me/bot?start=code; a whole link will do as well."""
        return await self._does("opens", None, code=code.rpartition("start=")[2])

    async def blocks_bot(self) -> None:
        await self.line.post(f"{self._path}/blocks")

    async def unblocks_bot(self) -> None:
        await self.line.post(f"{self._path}/unblocks")

    async def deletes_account(self) -> None:
        await self.line.post(f"{self._path}/deletes-account")

    async def joins(self, group: Group, *, as_admin: bool = False) -> None:
        await self.line.post(f"{group.path}/joins", person=self.id, admin=as_admin)

    async def leaves(self, group: Group) -> None:
        await self.line.post(f"{group.path}/leaves", person=self.id)

    async def menu(self, where: Group | None = None) -> list[str]:
        """The commands this person is offered, without their slashes."""
        offered = await self.line.get(f"{self._path}/menu", chat=chat_id_of(where))
        return [command["command"] for command in offered]

    async def popups(self) -> list[Popup]:
        return _popups(await self.view(limit=1))

    async def waits_for_popup(self, words: str = "", *, timeout: float = PATIENCE) -> Popup:
        """The answer to the last press; without words any will do."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            shown = await self.view(limit=1)
            popups = [popup for popup in _popups(shown) if popup.sequence > self.mark]
            for popup in popups:
                if words in popup.text:
                    return popup
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                said = ", ".join(f"«{popup.text}»" for popup in popups) or "none"
                screen = transcript(await self.sees(last=8))
                raise NotSeen(f"{self.name} waited for a pop-up «{words}», saw {said}:\n{screen}")
            await self.line.get("/changes", after=shown["sequence"], timeout=left)

    async def _does(self, verb: str, where: Group | None, **wish: object) -> int:
        path, chat = f"{self._path}/{verb}", chat_id_of(where)
        return self._mark(await self.line.post(path, chat=chat, **wish), where)

    def _mark(self, done: Json, where: Group | None) -> int:
        """From here on both this person and the chat acted in wait for what comes after."""
        self.mark = done["sequence"]
        if where is not None:
            where.mark = self.mark
        return int(done["message_id"])


def _popups(shown: Json) -> list[Popup]:
    return [Popup(p["text"], p["is_alert"], p["url"], p["sequence"]) for p in shown["popups"]]


def number_of(message: Seen | int | None) -> int | None:
    return message.id if isinstance(message, Seen) else message


def chat_id_of(where: Group | None) -> int | None:
    return None if where is None else where.chat_id
