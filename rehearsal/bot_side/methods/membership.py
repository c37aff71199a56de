"""Chats and the people in them: getChat, members, administrators, leaving."""

from typing import Any

from rehearsal.bot_side.methods.access import chat_of, check_read, check_write
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.chats import Chat, ChatKind, Membership, Status
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.world import World

Json = dict[str, Any]

_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def get_chat(world: World, given: Parameters) -> Json:
    """Telegram's ChatFullInfo."""
    chat = chat_of(world, given)
    check_read(world, chat)
    made: Json = {
        **chat.as_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }
    if chat.pinned:
        made["pinned_message"] = next(reversed(chat.pinned.values())).as_json(with_reply=False)
    if not chat.is_private:
        made["permissions"] = {
            "can_send_messages": not chat.bot_is_muted,
            "can_pin_messages": chat.members_may_pin,
        }
    return made


def get_chat_member(world: World, given: Parameters) -> Json:
    chat = chat_of(world, given)
    _check_members(world, chat)
    user_id = given.integer("user_id")
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    if chat.is_private:
        return _private_member(world, chat, user_id)
    if member := chat.members.get(user_id):
        return member.as_json()
    if person := world.people.get(user_id):
        return Membership(person.as_user()).as_json()
    raise bad_request("PARTICIPANT_ID_INVALID" if _is_super(chat) else "member not found")


def _private_member(world: World, chat: Chat, user_id: int) -> Json:
    if user_id == world.bot.id:
        return Membership(world.bot.as_user(), Status.MEMBER).as_json()
    if chat.person is not None and user_id == chat.person.id:
        return Membership(chat.person.as_user(), Status.MEMBER).as_json()
    raise bad_request("member not found")


def _is_super(chat: Chat) -> bool:
    return chat.kind is ChatKind.SUPERGROUP


def get_chat_member_count(world: World, given: Parameters) -> int:
    chat = chat_of(world, given)
    _check_members(world, chat)
    return 2 if chat.is_private else sum(1 for _ in chat.present())


def get_chat_administrators(world: World, given: Parameters) -> list[Json]:
    chat = chat_of(world, given)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    _check_members(world, chat)
    with_bots = given.flag("return_bots")
    return [
        member.as_json()
        for member in chat.present()
        if member.is_admin
        and (with_bots or not member.user["is_bot"] or member.user["id"] == world.bot.id)
    ]


def _check_members(world: World, chat: Chat) -> None:
    check_read(world, chat)
    if chat.kind is ChatKind.GROUP:
        check_write(world, chat)


def leave_chat(world: World, given: Parameters) -> bool:
    chat = chat_of(world, given)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    check_write(world, chat)
    me = world.bot.as_user()
    world.change_member(chat, Membership(me), me)
    world.post(world.new_message(chat, me, service={"left_chat_member": me}), to_bot=False)
    return True
