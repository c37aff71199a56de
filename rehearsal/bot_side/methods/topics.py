"""Forum topics as the bot may make, close and delete them."""

from typing import Any

from rehearsal.bot_side.methods.access import chat_of, check_write, member_right
from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage.chats import Chat, Topic
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.topics import COLOUR, open_topic, remove_topic, set_closed
from rehearsal.stage.world import World

Json = dict[str, Any]

NO_RIGHT = "Not enough rights to {} the topic"


def create_forum_topic(world: World, given: Parameters) -> Json:
    chat = _forum(world, given)
    member_right(world, chat, "can_manage_topics", "Not enough rights to create a topic")
    name = given.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    topic = open_topic(world, chat, name[:128], world.bot.as_user())
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": COLOUR}


def edit_forum_topic(world: World, given: Parameters) -> bool:
    topic = _topic(world, given, "edit")
    topic.name = given.text("name").strip()[:128] or topic.name
    return True


def close_forum_topic(world: World, given: Parameters) -> bool:
    return _switched(world, given, is_closed=True)


def reopen_forum_topic(world: World, given: Parameters) -> bool:
    return _switched(world, given, is_closed=False)


def _switched(world: World, given: Parameters, *, is_closed: bool) -> bool:
    topic = _topic(world, given, "close or open")
    if topic.is_closed is is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    set_closed(world, chat_of(world, given), topic, world.bot.as_user(), is_closed=is_closed)
    return True


def delete_forum_topic(world: World, given: Parameters) -> bool:
    remove_topic(world, chat_of(world, given), _topic(world, given, "delete"))
    return True


def _topic(world: World, given: Parameters, act: str) -> Topic:
    chat = _forum(world, given)
    member_right(world, chat, "can_manage_topics", NO_RIGHT.format(act))
    topic = chat.topics.get(given.integer("message_thread_id"))
    if topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    return topic


def _forum(world: World, given: Parameters) -> Chat:
    chat = chat_of(world, given)
    check_write(world, chat)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat
