"""/sim/groups: creating groups and forums, and what members and administrators do there."""

from typing import Any

from aiohttp import web

from rehearsal.people_side.doors import chat_of, door, number, person_named
from rehearsal.people_side.views import chat_listed, chat_seen
from rehearsal.stage import groups, topics
from rehearsal.stage.chats import Chat, ChatKind, Membership, Status
from rehearsal.stage.world import World

Json = dict[str, Any]


class GroupsApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        one = "/sim/groups/{group}"
        doing = {
            "joins": self.joins,
            "leaves": self.leaves,
            "adds-bot": self.adds_bot,
            "promotes-bot": self.promotes_bot,
            "demotes-bot": self.demotes_bot,
            "kicks-bot": self.kicks_bot,
            "migrates": self.migrates,
            "renames": self.renames,
            "rules": self.rules,
            "topics": self.opens_topic,
            "topics/{topic}/closes": self.closes_topic,
            "topics/{topic}/reopens": self.reopens_topic,
            "topics/{topic}/deletes": self.deletes_topic,
        }
        return [
            web.post("/sim/groups", door(self.create)),
            web.get("/sim/chats", door(self.listed)),
            web.get(f"{one}/sees", door(self.sees)),
            *(web.post(f"{one}/{verb}", door(act)) for verb, act in doing.items()),
        ]

    def create(self, _: web.Request, body: Json) -> Json:
        """kind: group, supergroup or forum; the creator is the owner."""
        kind = body.get("kind", "supergroup")
        is_forum = kind == "forum" or bool(body.get("topics"))
        chat = self._world.add_group(
            body["title"],
            ChatKind.GROUP if kind == "group" else ChatKind.SUPERGROUP,
            chat_id=body.get("id"),
            is_forum=is_forum,
        )
        owner = person_named(self._world, body, "creator")
        chat.members[owner.id] = Membership(owner.as_user(), Status.OWNER)
        owner.groups.add(chat.id)
        for person_id in body.get("members", []):
            groups.join(self._world, chat, person_named(self._world, {"by": person_id}))
        for name in body.get("topics", []):
            topics.open_topic(self._world, chat, name, owner.as_user())
        if username := body.get("username"):
            chat.username = username
            self._world.usernames[username.lower()] = chat.id
        return self._shown(chat)

    def _shown(self, chat: Chat) -> Json:
        topics_ = {topic.name: topic.id for topic in chat.topics.values() if not topic.is_deleted}
        return {**chat_listed(self._world, chat), "topics": topics_}

    def listed(self, _: web.Request, body: Json) -> list[Json]:
        return [chat_listed(self._world, chat) for chat in self._world.chats.values()]

    def sees(self, request: web.Request, _: Json) -> Json:
        count, thread = number(request, "limit", 50), number(request, "thread") or None
        return chat_seen(self._world, self._chat(request), None, count=count, thread=thread)

    def joins(self, request: web.Request, body: Json) -> Json:
        chat = self._chat(request)
        status = Status.ADMIN if body.get("admin") else Status.MEMBER
        groups.join(self._world, chat, person_named(self._world, body, "person"), status)
        return self._shown(chat)

    def leaves(self, request: web.Request, body: Json) -> Json:
        """With `by`, somebody else removes the person."""
        chat = self._chat(request)
        by = person_named(self._world, body) if body.get("by") else None
        groups.leave(self._world, chat, person_named(self._world, body, "person"), by)
        return self._shown(chat)

    def adds_bot(self, request: web.Request, body: Json) -> Json:
        chat, by = self._chat(request), person_named(self._world, body)
        rights = _rights(body) if body.get("admin") else None
        groups.add_bot(self._world, chat, by, rights)
        return self._shown(chat)

    def promotes_bot(self, request: web.Request, body: Json) -> Json:
        chat, by = self._chat(request), person_named(self._world, body)
        groups.promote_bot(self._world, chat, by, _rights(body))
        return self._shown(chat)

    def demotes_bot(self, request: web.Request, body: Json) -> Json:
        chat = self._chat(request)
        groups.demote_bot(self._world, chat, person_named(self._world, body))
        return self._shown(chat)

    def kicks_bot(self, request: web.Request, body: Json) -> Json:
        chat = self._chat(request)
        groups.kick_bot(self._world, chat, person_named(self._world, body))
        return self._shown(chat)

    def migrates(self, request: web.Request, body: Json) -> Json:
        chat, by = self._chat(request), person_named(self._world, body)
        return self._shown(groups.migrate(self._world, chat, by))

    def renames(self, request: web.Request, body: Json) -> Json:
        chat, by = self._chat(request), person_named(self._world, body)
        groups.rename(self._world, chat, by, body["title"])
        return self._shown(chat)

    def rules(self, request: web.Request, body: Json) -> Json:
        """What plain members may: members_may_pin, bot_is_muted; or that the group is deleted."""
        chat = self._chat(request)
        for name in ("members_may_pin", "bot_is_muted", "is_deleted"):
            if name in body:
                setattr(chat, name, bool(body[name]))
        return self._shown(chat)

    def opens_topic(self, request: web.Request, body: Json) -> Json:
        chat, by = self._chat(request), person_named(self._world, body)
        chat.is_forum = True
        topic = topics.open_topic(self._world, chat, body["name"], by.as_user())
        return {"id": topic.id, "name": topic.name}

    def closes_topic(self, request: web.Request, body: Json) -> Json:
        return self._switches_topic(request, body, is_closed=True)

    def reopens_topic(self, request: web.Request, body: Json) -> Json:
        return self._switches_topic(request, body, is_closed=False)

    def _switches_topic(self, request: web.Request, body: Json, *, is_closed: bool) -> Json:
        chat, by = self._chat(request), person_named(self._world, body).as_user()
        topic = chat.topics[int(request.match_info["topic"])]
        topics.set_closed(self._world, chat, topic, by, is_closed=is_closed)
        return self._shown(chat)

    def deletes_topic(self, request: web.Request, _: Json) -> Json:
        chat = self._chat(request)
        topics.remove_topic(self._world, chat, chat.topics[int(request.match_info["topic"])])
        return self._shown(chat)

    def _chat(self, request: web.Request) -> Chat:
        return chat_of(self._world, request.match_info["group"])


def _rights(body: Json) -> frozenset[str]:
    given = body.get("rights")
    return groups.USUAL_RIGHTS if given is None else frozenset(given)
