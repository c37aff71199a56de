"""Files that were sent: their bytes, the ids bots know them by, and Telegram's size limits."""

import mimetypes
import secrets
from dataclasses import dataclass
from typing import Any

from rehearsal.stage.pictures import dimensions
from rehearsal.stage.refusals import bad_request

Json = dict[str, Any]

MEGABYTE = 1024 * 1024
MOST_UPLOADED = 50 * MEGABYTE
MOST_PHOTO = 10 * MEGABYTE
MOST_DOWNLOADED = 20 * MEGABYTE
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    kind: str
    name: str
    mime_type: str
    content: bytes

    def as_json(self) -> Json:
        """Telegram's File, as getFile answers it."""
        return {**self.as_reference(), "file_path": self.path}

    def as_reference(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def as_media(self) -> Json:
        """The part of a Message that carries this file."""
        if self.kind == "photo":
            width, height = dimensions(self.content) or (0, 0)
            return {"photo": [{**self.as_reference(), "width": width, "height": height}]}
        if self.kind == "voice":
            return {"voice": {**self.as_reference(), "duration": 3, "mime_type": self.mime_type}}
        if self.kind == "sticker":
            return {"sticker": {**self.as_reference(), **_STICKER}}
        named = {"file_name": self.name} if self.name else {}
        return {"document": {**self.as_reference(), **named, "mime_type": self.mime_type}}


_STICKER = {
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}


class Files:
    """Kept in memory for the length of the rehearsal."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: str, content: bytes, *, name: str = "", mime_type: str = "") -> StoredFile:
        number = len(self._by_id) + 1
        suffix = f".{name.rpartition('.')[2]}" if "." in name else _suffix(kind)
        guessed = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        stored = StoredFile(
            file_id=f"Bf{number}-{secrets.token_urlsafe(18)}",
            unique_id=f"Uq{number}-{secrets.token_urlsafe(6)}",
            path=f"{FOLDERS.get(kind, 'documents')}/file_{number}{suffix}",
            kind=kind,
            name=name,
            mime_type=guessed,
            content=content,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def uploaded(self, kind: str, content: bytes, name: str) -> StoredFile:
        """What a bot uploads, within the limits on bots."""
        if not content:
            raise bad_request("File must be non-empty")
        if kind == "photo":
            if len(content) > MOST_PHOTO:
                raise bad_request("File is too big")
            if dimensions(content) is None:
                raise bad_request("IMAGE_PROCESS_FAILED")
        return self.keep(kind, content, name=name)

    def sent_again(self, kind: str, file_id: str) -> StoredFile:
        stored = self.find(file_id)
        if stored is None:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"Can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored


def _suffix(kind: str) -> str:
    return {"photo": ".jpg", "voice": ".oga", "sticker": ".webp"}.get(kind, "")
