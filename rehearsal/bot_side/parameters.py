"""What came with one call: values from a form, JSON or multipart, and uploaded files."""

import json
from dataclasses import dataclass, field
from typing import Any

from rehearsal.stage.refusals import bad_request

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


@dataclass(slots=True)
class Parameters:
    """Like the server: a missing parameter is an empty string, a bad number is 0."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        if value in (None, ""):
            return default
        try:
            return int(str(value).strip())
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in _TRUE

    def structure(self, name: str, words: str) -> Any:
        """A JSON value; None when it was not given. `words` names it in the refusal."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"Can't parse {words} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, directly or as attach://other-name."""
        if name in self.uploads:
            return self.uploads[name]
        value = self.text(name)
        if value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return None

    def as_logged(self) -> dict[str, Any]:
        if not self.uploads:
            return self.values
        files = {
            name: {"file_name": upload.name, "bytes": len(upload.content)}
            for name, upload in self.uploads.items()
        }
        return {**self.values, **files}
