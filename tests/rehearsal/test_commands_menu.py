"""Command menus: set by scope and language, shown to each person as Telegram would."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)

from rehearsal.people import Group, People, Person

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]


async def test_the_narrowest_menu_wins(bot: Bot, ann: Person, chen: Person, hall: Group) -> None:
    await bot.set_my_commands([("help", "帮助")])
    await bot.set_my_commands([("report", "填报")], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("rollcall", "点名")], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("bind", "绑定")], BotCommandScopeChatAdministrators(hall.id))
    assert await ann.menu() == ["report"]
    assert await ann.menu(hall) == ["rollcall"]
    assert await chen.menu(hall) == ["bind"]

    await bot.set_my_commands([("office", "调度")], BotCommandScopeChat(ann.id))
    await bot.set_my_commands([("mine", "我的")], BotCommandScopeChatMember(hall.id, ann.id))
    assert await ann.menu() == ["office"]
    assert await ann.menu(hall) == ["mine"]

    await bot.delete_my_commands(BotCommandScopeChat(ann.id))
    assert await ann.menu() == ["report"]


async def test_a_menu_in_ones_own_language_comes_first(bot: Bot, people: People) -> None:
    await bot.set_my_commands([("help", "帮助")])
    await bot.set_my_commands([("assist", "Help")], language_code="en")
    chinese = await people.person("安兰", language_code="zh-hans")
    english = await people.person("Ann", language_code="en")
    assert await chinese.menu() == ["help"]
    assert await english.menu() == ["assist"]
    assert [c.command for c in await bot.get_my_commands(language_code="en")] == ["assist"]


async def test_setting_nothing_takes_the_menu_away(bot: Bot, ann: Person) -> None:
    await bot.set_my_commands([("help", "帮助")])
    await bot.set_my_commands([])
    assert await ann.menu() == []
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        ([{"command": "a", "description": "b"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ([{"command": "填报", "description": "b"}], "BOT_COMMAND_INVALID"),
        ([{"command": "Report", "description": "b"}], "BOT_COMMAND_INVALID"),
        ([{"command": "", "description": "b"}], "command must be non-empty"),
        ([{"command": "a" * 33, "description": "b"}], "command length must not exceed 32"),
        ([{"command": "a", "description": " "}], "command description must be non-empty"),
        (
            [{"command": "a", "description": "长" * 257}],
            "command description length must not exceed 256",
        ),
        ([{"command": "a"}], "can't parse BotCommand: Can't find field \"description\""),
        ({"command": "a"}, "expected an Array of BotCommand"),
    ],
)
async def test_bad_menus_are_refused(ask: Ask, commands: object, sentence: str) -> None:
    answer = await ask("setMyCommands", commands=commands)
    assert answer["description"] == f"Bad Request: {sentence}"


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({"type": "planet"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat", "chat_id": 5}, "chat not found"),
        ([], "can't parse BotCommandScope: BotCommandScope must be an Object"),
    ],
)
async def test_bad_scopes_are_refused(ask: Ask, scope: object, sentence: str) -> None:
    answer = await ask("getMyCommands", scope=scope)
    assert answer["description"] == f"Bad Request: {sentence}"


async def test_a_bot_names_and_describes_itself(bot: Bot) -> None:
    await bot.set_my_name("莱芜调度")
    await bot.set_my_name("Dispatch", language_code="en")
    assert (await bot.get_my_name()).name == "莱芜调度"
    assert (await bot.get_my_name("en")).name == "Dispatch"
    assert (await bot.get_me()).first_name == "莱芜调度"
    await bot.set_my_description("例会调度")
    await bot.set_my_short_description("调度")
    assert (await bot.get_my_description("fr")).description == "例会调度"
    assert (await bot.get_my_short_description()).short_description == "调度"
    await bot.set_my_description("")
    assert (await bot.get_my_description()).description == ""
