"""/sim/people: creating persons, and everything a person can do."""

from typing import Any

from aiohttp import BodyPartReader, web

from rehearsal.people_side.doors import chat_in, chat_of, door, number, person_of
from rehearsal.people_side.views import chat_seen, menu_of
from rehearsal.stage import acts, buttons
from rehearsal.stage.chats import Person
from rehearsal.stage.messages import Message
from rehearsal.stage.world import World

Json = dict[str, Any]


class PeopleApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        one = "/sim/people/{person}"
        doing = {
            "says": self.says,
            "presses": self.presses,
            "edits": self.edits,
            "deletes": self.deletes,
            "sends": self.sends,
            "shares": self.shares,
            "forwards": self.forwards,
            "blocks": self.blocks,
            "unblocks": self.unblocks,
            "opens": self.opens,
            "deletes-account": self.deletes_account,
        }
        return [
            web.post("/sim/people", door(self.create)),
            web.get("/sim/people", door(self.listed)),
            web.get(f"{one}/sees", door(self.sees)),
            web.get(f"{one}/menu", door(self.menu)),
            *(web.post(f"{one}/{verb}", door(act)) for verb, act in doing.items()),
        ]

    def create(self, _: web.Request, body: Json) -> Json:
        person = self._world.add_person(
            body["name"],
            last_name=body.get("last_name", ""),
            username=body.get("username") or "",
            language_code=body.get("language_code", "zh-hans"),
            person_id=body.get("id"),
        )
        return self._shown(person)

    def listed(self, _: web.Request, body: Json) -> list[Json]:
        return [self._shown(person) for person in self._world.people.values()]

    def _shown(self, person: Person) -> Json:
        return {
            **person.as_user(),
            "name": person.name,
            "has_started": person.has_started,
            "has_blocked": person.has_blocked,
            "is_deleted": person.is_deleted,
            "groups": sorted(person.groups),
        }

    def says(self, request: web.Request, body: Json) -> Json:
        said = acts.say(
            self._world,
            person_of(self._world, request),
            body["text"],
            chat=chat_in(self._world, body),
            reply_to=body.get("reply_to"),
            thread=body.get("thread"),
        )
        return _done(*said)

    def presses(self, request: web.Request, body: Json) -> Json:
        """By words, by message and words, by message and place, or with forged data."""
        person, chat = person_of(self._world, request), chat_in(self._world, body)
        before = self._world.changes.last
        place = chat or self._world.private_chat(person)
        if "data" in body:
            press = acts.forge_press(self._world, person, body["message_id"], body["data"], chat)
            done: Json = {"callback_query_id": press.id, "message_id": press.message.id}
        elif "message_id" not in body:
            done = buttons.press_words(self._world, person, body["text"], chat)
        elif "text" in body:
            message = acts.find(place, body["message_id"])
            done = buttons.press_on(self._world, person, message, body["text"])
        else:
            message = acts.find(place, body["message_id"])
            row, col = int(body["row"]), int(body.get("col", 0))
            done = buttons.press_at(self._world, person, message, row, col)
        return {**done, "sequence": before}

    def edits(self, request: web.Request, body: Json) -> Json:
        person, chat = person_of(self._world, request), chat_in(self._world, body)
        return _done(acts.edit(self._world, person, body["message_id"], body["text"], chat))

    def deletes(self, request: web.Request, body: Json) -> Json:
        person, chat = person_of(self._world, request), chat_in(self._world, body)
        acts.delete(self._world, person, body["message_id"], chat)
        return {"sequence": self._world.changes.last}

    async def sends(self, request: web.Request, _: Json) -> Json:
        """multipart: kind (document, photo, voice, sticker), file, caption, chat, reply_to."""
        fields: Json = {}
        content, name = b"", ""
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "file":
                content, name = bytes(await part.read()), part.filename or ""
            else:
                fields[part.name or ""] = await part.text()
        stored = self._world.files.keep(fields.get("kind", "document"), content, name=name)
        message = acts.send_file(
            self._world,
            person_of(self._world, request),
            stored,
            chat_in(self._world, fields),
            fields.get("caption", ""),
            thread=int(fields["thread"]) if fields.get("thread") else None,
            reply_to=int(fields["reply_to"]) if fields.get("reply_to") else None,
        )
        return _done(message)

    def shares(self, request: web.Request, body: Json) -> Json:
        """A contact or a location, as Telegram writes them."""
        media: Json = {key: body[key] for key in ("contact", "location") if key in body}
        if not media:
            raise ValueError("give a contact or a location")
        person, chat = person_of(self._world, request), chat_in(self._world, body)
        return _done(acts.write(self._world, person, chat, media=media))

    def forwards(self, request: web.Request, body: Json) -> Json:
        person = person_of(self._world, request)
        home = chat_of(self._world, body.get("from_chat", person.id))
        original = acts.find(home, body["message_id"])
        return _done(acts.forward(self._world, person, original, chat_in(self._world, body)))

    def blocks(self, request: web.Request, _: Json) -> Json:
        acts.block(self._world, person_of(self._world, request))
        return {"sequence": self._world.changes.last}

    def unblocks(self, request: web.Request, _: Json) -> Json:
        acts.unblock(self._world, person_of(self._world, request))
        return {"sequence": self._world.changes.last}

    def opens(self, request: web.Request, body: Json) -> Json:
        person = person_of(self._world, request)
        return _done(acts.open_link(self._world, person, body.get("code", "")))

    def deletes_account(self, request: web.Request, _: Json) -> Json:
        acts.delete_account(person_of(self._world, request))
        return {"sequence": self._world.changes.last}

    def sees(self, request: web.Request, _: Json) -> Json:
        person = person_of(self._world, request)
        wanted = request.query.get("chat")
        chat = chat_of(self._world, wanted) if wanted else self._world.private_chat(person)
        count = number(request, "limit", 50)
        thread = number(request, "thread") or None
        return chat_seen(self._world, chat, person, count=count, thread=thread)

    def menu(self, request: web.Request, _: Json) -> list[Json]:
        person = person_of(self._world, request)
        wanted = request.query.get("chat")
        chat = chat_of(self._world, wanted) if wanted else self._world.private_chat(person)
        return menu_of(self._world, chat, person)


def _done(*messages: Message) -> Json:
    """`sequence` is what had happened before; wait for anything after it."""
    return {
        "message_id": messages[-1].id,
        "message_ids": [message.id for message in messages],
        "sequence": messages[0].sequence,
    }
