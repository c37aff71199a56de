"""An outgoing row on its way: everything that one call to Telegram needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.edge import OutClass


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row in state `sending`. `files` maps a parameter to (file name, content).

    `target_id` and `replaces_id` name outgoing rows whose messages are meant; their ids are
    looked up when the call is made.
    """

    id: int
    out_class: OutClass
    kind: str
    method: str
    chat_id: int
    payload: Mapping[str, Any]
    tries: int = 1
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    group_id: int | None = None
    bulletin_id: int | None = None
    target_id: int | None = None
    replaces_id: int | None = None
