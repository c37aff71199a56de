"""The bot's command menus by scope and language, and which one a person is shown."""

from typing import Any

from rehearsal.stage.refusals import bad_request

Json = dict[str, Any]
Scope = tuple[str, int, int]

MOST_COMMANDS = 100
DEFAULT: Scope = ("default", 0, 0)
CHATLESS = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
WITH_CHAT = ("chat", "chat_administrators", "chat_member")


class Menus:
    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Json]] = {}

    def put(self, scope: Scope, language: str, commands: list[Json]) -> None:
        self._lists[scope, language] = commands

    def drop(self, scope: Scope, language: str) -> None:
        self._lists.pop((scope, language), None)

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Exactly this list: what getMyCommands answers."""
        return self._lists.get((scope, language), [])

    def shown(self, scopes: list[Scope], language: str) -> list[Json]:
        """The first list that was set, the narrowest scope first, its own language first."""
        for scope in scopes:
            for code in dict.fromkeys((language[:2], "")):
                if (scope, code) in self._lists:
                    return self._lists[scope, code]
        return []


def scopes_in(chat_id: int, person_id: int, *, is_private: bool, is_admin: bool) -> list[Scope]:
    """From the narrowest to the widest, as the documentation orders them."""
    if is_private:
        return [("chat", chat_id, 0), ("all_private_chats", 0, 0), DEFAULT]
    wide: list[Scope] = [("chat", chat_id, 0), ("all_group_chats", 0, 0), DEFAULT]
    if is_admin:
        wide.insert(0, ("chat_administrators", chat_id, 0))
        wide.insert(2, ("all_chat_administrators", 0, 0))
    return [("chat_member", chat_id, person_id), *wide]


def checked(commands: object) -> list[Json]:
    """A list of commands within the server's rules."""
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_checked(command) for command in commands]


def _checked(command: object) -> Json:
    cannot = "Can't parse BotCommand: "
    if not isinstance(command, dict):
        raise bad_request(f"{cannot}expected an Object")
    for key in ("command", "description"):
        if key not in command:
            raise bad_request(f'{cannot}Can\'t find field "{key}"')
    name = str(command["command"]).strip().removeprefix("/")
    description = str(command["description"]).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > 32:
        raise bad_request("Command length must not exceed 32")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise bad_request("Command description length must not exceed 256")
    if not (name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
