"""Every command once: its Latin name, who sees it in the menu, and where it may be used."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.texts import LANGUAGES, load_texts
from rules.rights import Right, may
from rules.terms import Role
from rules.tidy import half_width


@dataclass(frozen=True, slots=True)
class Command:
    """Its words, menu line and help stand in the texts under `commands.<name>`."""

    name: str
    right: Right | None
    in_groups: bool = False


COMMANDS = (
    Command("report", Right.REPORT),
    Command("mine", Right.SEE_OWN_PROJECTS),
    Command("status", Right.SEE_OWN_PROJECTS),
    Command("rollcall", Right.ROLLCALL),
    Command("bulletin", Right.EDIT_BULLETIN),
    Command("people", Right.SEE_PEOPLE),
    Command("invite", Right.INVITE),
    Command("leave", Right.SET_LEAVE),
    Command("groups", Right.BIND_GROUP),
    Command("ledger", Right.IMPORT),
    Command("export", Right.EXPORT),
    Command("language", None),
    Command("help", None),
    Command("cancel", None),
    Command("bind", Right.BIND_GROUP, in_groups=True),
)


def menu(roles: frozenset[Role]) -> tuple[Command, ...]:
    """What a person with these roles finds in the private menu. The menu is no authority."""
    return tuple(
        command
        for command in COMMANDS
        if not command.in_groups and (command.right is None or may(roles, command.right))
    )


def command_of(words: str) -> tuple[str, str] | None:
    """The command that typed words mean, and what follows it: 填报, 我的, 点名, 项目 精品钢 …"""
    # A Chinese word behind a slash is no command to Telegram, and its space may be a wide one.
    head, *rest = half_width(words).removeprefix("/").split(None, 1) or [""]
    name = _BY_WORDS.get(head.lower())
    return None if name is None else (name, "".join(rest).strip())


def _words(commands: Iterable[Command]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        texts = load_texts(language)
        for command in commands:
            for word in texts.plain(f"commands.{command.name}.words").split():
                found[word.lower()] = command.name
    return found


_BY_WORDS = _words(COMMANDS)
