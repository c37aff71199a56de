"""The bot's own account: token, name, descriptions, privacy mode."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class BotAccount:
    token: str
    username: str = "diaodu_bot"
    name: str = "调度"
    has_privacy: bool = True
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        digits = self.token.partition(":")[0]
        return int(digits) if digits.isdigit() else 42

    def as_user(self) -> Json:
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.names.get("", self.name),
            "username": self.username,
        }
