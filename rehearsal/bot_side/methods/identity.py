"""Who the bot says it is: getMe, its names and descriptions, its command menus."""

from typing import Any

from rehearsal.bot_side.methods.access import chat_of
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.menus import CHATLESS, WITH_CHAT, Scope, checked
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.world import World

Json = dict[str, Any]


def get_me(world: World, _: Parameters) -> Json:
    return {
        **world.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.bot.has_privacy,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def set_my_name(world: World, given: Parameters) -> bool:
    return _put(world.bot.names, given, "name", 64)


def get_my_name(world: World, given: Parameters) -> Json:
    names = world.bot.names
    return {"name": names.get(given.text("language_code")) or names.get("", world.bot.name)}


def set_my_description(world: World, given: Parameters) -> bool:
    return _put(world.bot.descriptions, given, "description", 512)


def get_my_description(world: World, given: Parameters) -> Json:
    return {"description": _get(world.bot.descriptions, given)}


def set_my_short_description(world: World, given: Parameters) -> bool:
    return _put(world.bot.short_descriptions, given, "short_description", 120)


def get_my_short_description(world: World, given: Parameters) -> Json:
    return {"short_description": _get(world.bot.short_descriptions, given)}


def _put(shelf: dict[str, str], given: Parameters, field: str, most: int) -> bool:
    text = given.text(field)
    if len(text) > most:
        raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
    shelf[given.text("language_code")] = text
    if not text:
        del shelf[given.text("language_code")]
    return True


def _get(shelf: dict[str, str], given: Parameters) -> str:
    return shelf.get(given.text("language_code")) or shelf.get("", "")


def set_my_commands(world: World, given: Parameters) -> bool:
    commands = checked(given.structure("commands", "commands") or [])
    scope, language = _scope(world, given), _language(given)
    if commands:
        world.menus.put(scope, language, commands)
    else:
        world.menus.drop(scope, language)
    world.changes.add(ChangeKind.MENU)
    return True


def get_my_commands(world: World, given: Parameters) -> list[Json]:
    return world.menus.get(_scope(world, given), _language(given))


def delete_my_commands(world: World, given: Parameters) -> bool:
    world.menus.drop(_scope(world, given), _language(given))
    world.changes.add(ChangeKind.MENU)
    return True


def _language(given: Parameters) -> str:
    code = given.text("language_code")
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.islower()):
        raise bad_request("Invalid language code specified")
    return code


def _scope(world: World, given: Parameters) -> Scope:
    wish = given.structure("scope", "BotCommandScope")
    if wish is None:
        return ("default", 0, 0)
    cannot = "Can't parse BotCommandScope: "
    if not isinstance(wish, dict):
        raise bad_request(f"{cannot}BotCommandScope must be an Object")
    kind = str(wish.get("type", ""))
    if kind in CHATLESS:
        return (kind, 0, 0)
    if kind not in WITH_CHAT:
        raise bad_request(f"{cannot}Unsupported type specified")
    chat = chat_of(world, Parameters({"chat_id": wish.get("chat_id")}))
    if kind != "chat_member":
        return (kind, chat.id, 0)
    user_id = Parameters(wish).integer("user_id")
    if user_id <= 0:
        raise bad_request(f"{cannot}Invalid user_id specified")
    return (kind, chat.id, user_id)
