"""How the people's side answers: JSON in, JSON out, and what is not possible as a sentence."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from rehearsal.stage.acts import NotPossible
from rehearsal.stage.chats import Chat, Person
from rehearsal.stage.wire import packed
from rehearsal.stage.world import World

Json = dict[str, Any]
Act = Callable[[web.Request, Json], object | Awaitable[object]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def door(act: Act) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if not _is_local(request):
            return _sorry(403, "the people's side is for this machine only")
        try:
            done = act(request, await _body(request))
            if isinstance(done, Awaitable):
                done = await done
        except NotPossible as reason:
            return _sorry(409, str(reason))
        except KeyError as missing:
            return _sorry(400, f"missing: {missing.args[0]}")
        except (ValueError, TypeError) as reason:
            return _sorry(400, str(reason))
        if isinstance(done, web.StreamResponse):
            return done
        return web.Response(body=packed(done), content_type="application/json")

    return handle


def _is_local(request: web.Request) -> bool:
    """A page from elsewhere must not drive the rehearsal through somebody's browser."""
    origin = urlsplit(request.headers.get("Origin") or "http://localhost").hostname
    host = urlsplit(f"//{request.host}").hostname
    return host in LOOPBACK and origin in LOOPBACK


async def _body(request: web.Request) -> Json:
    if not request.can_read_body or request.content_type != "application/json":
        return {}
    value = json.loads(await request.read())
    if not isinstance(value, dict):
        raise ValueError("a JSON object is expected")
    return value


def _sorry(status: int, sentence: str) -> web.Response:
    body = packed({"error": sentence})
    return web.Response(body=body, status=status, content_type="application/json")


def person_of(world: World, request: web.Request) -> Person:
    person_id = int(request.match_info["person"])
    if person_id not in world.people:
        raise NotPossible(f"there is no person {person_id}")
    return world.people[person_id]


def person_named(world: World, body: Json, key: str = "by") -> Person:
    person_id = int(body[key])
    if person_id not in world.people:
        raise NotPossible(f"there is no person {person_id}")
    return world.people[person_id]


def chat_of(world: World, chat_id: object) -> Chat:
    chat = world.chats.get(int(str(chat_id)))
    if chat is None:
        raise NotPossible(f"there is no chat {chat_id}")
    return chat


def chat_in(world: World, body: Json) -> Chat | None:
    """The chat a body names; None is the private one."""
    wanted = body.get("chat")
    return None if wanted in (None, "") else chat_of(world, wanted)


def number(request: web.Request, name: str, default: int = 0) -> int:
    return int(request.query.get(name) or default)


def seconds(request: web.Request, default: float = 10.0, most: float = 120.0) -> float:
    return min(float(request.query.get("timeout") or default), most)
