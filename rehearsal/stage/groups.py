"""What happens to groups: who joins and leaves, what the bot may there, how a group moves house."""

from typing import Any

from rehearsal.stage.acts import NotPossible
from rehearsal.stage.chats import RIGHTS, Chat, ChatKind, Membership, Person, Status
from rehearsal.stage.messages import Message
from rehearsal.stage.world import World

Json = dict[str, Any]

USUAL_RIGHTS = frozenset({"can_manage_chat", "can_pin_messages", "can_delete_messages"})


def join(world: World, chat: Chat, person: Person, status: Status = Status.MEMBER) -> None:
    if (member := chat.members.get(person.id)) and member.is_present:
        return
    user = person.as_user()
    rights = frozenset(RIGHTS) if status is Status.ADMIN else frozenset()
    world.change_member(chat, Membership(user, status, rights), user)
    person.groups.add(chat.id)
    world.post(world.new_message(chat, user, service={"new_chat_members": [user]}))


def leave(world: World, chat: Chat, person: Person, by: Person | None = None) -> None:
    status = Status.LEFT if by is None else Status.KICKED
    user = person.as_user()
    actor = user if by is None else by.as_user()
    world.change_member(chat, Membership(user, status), actor)
    person.groups.discard(chat.id)
    world.post(world.new_message(chat, actor, service={"left_chat_member": user}))


def add_bot(world: World, chat: Chat, by: Person, rights: frozenset[str] | None = None) -> None:
    """Any member may add it; rights make it an administrator at once, which needs one."""
    if rights is not None:
        _need_admin(chat, by)
    me = world.bot.as_user()
    status = Status.MEMBER if rights is None else Status.ADMIN
    world.change_member(chat, Membership(me, status, rights or frozenset()), by.as_user())
    world.post(world.new_message(chat, by.as_user(), service={"new_chat_members": [me]}))


def promote_bot(world: World, chat: Chat, by: Person, rights: frozenset[str]) -> None:
    _need_bot(world, chat)
    _need_admin(chat, by)
    made = Membership(world.bot.as_user(), Status.ADMIN, rights)
    world.change_member(chat, made, by.as_user())


def demote_bot(world: World, chat: Chat, by: Person) -> None:
    _need_bot(world, chat)
    _need_admin(chat, by)
    world.change_member(chat, Membership(world.bot.as_user(), Status.MEMBER), by.as_user())


def kick_bot(world: World, chat: Chat, by: Person) -> None:
    _need_bot(world, chat)
    _need_admin(chat, by)
    me = world.bot.as_user()
    world.change_member(chat, Membership(me, Status.KICKED), by.as_user())
    gone = world.new_message(chat, by.as_user(), service={"left_chat_member": me})
    world.post(gone, to_bot=chat.kind is ChatKind.GROUP)


def migrate(world: World, chat: Chat, by: Person) -> Chat:
    """The group becomes a supergroup under a new id; both ends say so in a service message."""
    if chat.kind is not ChatKind.GROUP or chat.migrated_to is not None:
        raise NotPossible("only a living basic group can become a supergroup")
    new = world.add_group(chat.title, ChatKind.SUPERGROUP)
    new.members = dict(chat.members)
    for person in world.people.values():
        if person.id in chat.members and chat.id in person.groups:
            person.groups.add(new.id)
    actor = by.as_user()
    is_here = world.bot_in(chat).is_present
    farewell = world.new_message(chat, actor, service={"migrate_to_chat_id": new.id})
    world.post(farewell, to_bot=is_here)
    chat.migrated_to = new.id
    welcome: Message = world.new_message(new, actor, service={"migrate_from_chat_id": chat.id})
    world.post(welcome, to_bot=is_here)
    return new


def rename(world: World, chat: Chat, by: Person, title: str) -> None:
    chat.title = title
    world.post(world.new_message(chat, by.as_user(), service={"new_chat_title": title}))


def _need_bot(world: World, chat: Chat) -> None:
    if not world.bot_in(chat).is_present:
        raise NotPossible(f"the bot is not in {chat.title}")


def _need_admin(chat: Chat, person: Person) -> None:
    member = chat.members.get(person.id)
    if member is None or not member.is_admin:
        raise NotPossible(f"{person.name} is no administrator of {chat.title}")
