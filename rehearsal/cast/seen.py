"""What a person sees in a chat, as values that print like a transcript."""

import textwrap
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Seen:
    """One message on a phone's screen."""

    id: int
    who: str
    is_from_bot: bool
    text: str
    html: str
    keyboard: tuple[tuple[str, ...], ...]
    media: Json
    service: Json
    thread: int | None
    reply_to: int | None
    is_edited: bool
    is_pinned: bool
    sequence: int

    @property
    def buttons(self) -> list[str]:
        return [text for row in self.keyboard for text in row]

    @property
    def file_id(self) -> str:
        """Of the document, voice, sticker or largest photo that hangs on the message."""
        for part in self.media.values():
            found = part[-1] if isinstance(part, list) else part
            if "file_id" in found:
                return str(found["file_id"])
        raise LookupError(f"no file hangs on message {self.id}")

    def __str__(self) -> str:
        marks = [
            word for word, on in (("edited", self.is_edited), ("pinned", self.is_pinned)) if on
        ]
        kinds = [f"<{kind}>" for kind in (*self.media, *self.service)]
        said = " ".join(filter(None, (*kinds, self.text)))
        noted = f" ({', '.join(marks)})" if marks else ""
        head = f"[{self.id}] {self.who}{noted}: "
        lines = said.splitlines() or [""]
        body = [head + lines[0], *(f"      {line}" for line in lines[1:])]
        rows = ["      " + " ".join(f"[ {text} ]" for text in row) for row in self.keyboard]
        return "\n".join([*body, *rows])


def seen(shown: Json) -> Seen:
    return Seen(
        id=shown["message_id"],
        who="bot" if shown["from"]["is_bot"] else shown["from"]["name"],
        is_from_bot=shown["from"]["is_bot"],
        text=shown["text"],
        html=shown["html"],
        keyboard=tuple(tuple(row) for row in shown["keyboard"]),
        media=shown["media"],
        service=shown["service"],
        thread=shown["thread"],
        reply_to=shown["reply_to"],
        is_edited=shown["is_edited"],
        is_pinned=shown["is_pinned"],
        sequence=shown["sequence"],
    )


def transcript(messages: list[Seen], count: int = 8) -> str:
    if not messages:
        return "  (an empty chat)"
    shown = "\n".join(str(message) for message in messages[-count:])
    return textwrap.indent(shown, "  ")
