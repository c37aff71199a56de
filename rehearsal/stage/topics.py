"""Forum topics: opened, closed and deleted, whoever does it."""

from typing import Any

from rehearsal.stage.chats import Chat, Topic
from rehearsal.stage.world import World

Json = dict[str, Any]

COLOUR = 7322096


def open_topic(world: World, chat: Chat, name: str, by: Json) -> Topic:
    """A topic's id is the id of the service message that opens it."""
    created = {"forum_topic_created": {"name": name, "icon_color": COLOUR}}
    message = world.new_message(chat, by, service=created)
    message.thread = message.id
    topic = chat.topics[message.id] = Topic(message.id, name)
    world.post(message, to_bot=world.bot_in(chat).is_present)
    return topic


def set_closed(world: World, chat: Chat, topic: Topic, by: Json, *, is_closed: bool) -> None:
    topic.is_closed = is_closed
    service: Json = {"forum_topic_closed" if is_closed else "forum_topic_reopened": {}}
    message = world.new_message(chat, by, service=service, thread=topic.id)
    world.post(message, to_bot=world.bot_in(chat).is_present)


def remove_topic(world: World, chat: Chat, topic: Topic) -> None:
    topic.is_deleted = True
    for message in [m for m in chat.messages.values() if m.thread == topic.id]:
        world.remove(message)
