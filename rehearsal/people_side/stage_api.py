"""/sim: the stage itself: clock, faults, limits, waiting for things to happen, and the record."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from rehearsal.people_side.doors import door, number, seconds
from rehearsal.people_side.views import changed_messages
from rehearsal.stage.changes import ChangeKind
from rehearsal.stage.faults import FaultKind
from rehearsal.stage.world import World

Json = dict[str, Any]


class StageApi:
    def __init__(
        self,
        world: World,
        refuse: Callable[[float], Awaitable[None]],
        until_listening: Callable[[float], Awaitable[bool]],
    ) -> None:
        self._world = world
        self._refuse = refuse
        self._until_listening = until_listening

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/clock", door(self.clock)),
            web.post("/sim/clock", door(self.set_clock)),
            web.get("/sim/faults", door(self.faults)),
            web.post("/sim/faults", door(self.add_fault)),
            web.delete("/sim/faults", door(self.clear_faults)),
            web.get("/sim/limits", door(self.limits)),
            web.post("/sim/limits", door(self.set_limits)),
            web.get("/sim/bot", door(self.bot)),
            web.post("/sim/bot", door(self.set_bot)),
            web.get("/sim/pending", door(self.pending)),
            web.get("/sim/changes", door(self.changes)),
            web.get("/sim/wait", door(self.wait)),
            web.post("/sim/settle", door(self.settle)),
            web.get("/sim/calls", door(self.calls)),
            web.get("/sim/violations", door(self.violations)),
            web.get("/sim/files/{file_id}", door(self.file)),
        ]

    def clock(self, _: web.Request, body: Json) -> Json:
        clock = self._world.clock
        return {"now": clock.moment().isoformat(), "unix": clock.now(), "rate": clock.rate}

    def set_clock(self, request: web.Request, body: Json) -> Json:
        """now: ISO with its offset; rate: 0 frozen, 1 real, 600 ten minutes a second."""
        moment = datetime.fromisoformat(body["now"]) if "now" in body else None
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the moment needs its offset, as in 2024-10-18T08:00:00+08:00")
        rate = float(body["rate"]) if "rate" in body else None
        if rate is not None and rate < 0:
            raise ValueError("time does not run backwards")
        self._world.clock.set(moment, rate=rate)
        self._world.changes.add(ChangeKind.CLOCK)
        return self.clock(request, body)

    def faults(self, _: web.Request, body: Json) -> list[Json]:
        return [fault.as_json() for fault in self._world.faults.listed()]

    async def add_fault(self, _: web.Request, body: Json) -> Json:
        """A rule for later calls; only `refuse` happens now, for as many seconds as it says."""
        fault = self._world.faults.add(body)
        if fault.kind is FaultKind.REFUSE:
            self._world.faults.clear(fault.id)
            await self._refuse(fault.seconds)
        return fault.as_json()

    def clear_faults(self, request: web.Request, _: Json) -> Json:
        self._world.faults.clear(number(request, "id") or None)
        return {}

    def limits(self, _: web.Request, body: Json) -> Json:
        return self._world.gate.limits.as_json()

    def set_limits(self, request: web.Request, body: Json) -> Json:
        gate = self._world.gate
        gate.limits = gate.limits.changed(body)
        return self.limits(request, body)

    async def bot(self, request: web.Request, _: Json) -> Json:
        """With a timeout it waits until the bot listens."""
        return {
            **self._world.bot.as_user(),
            "has_privacy": self._world.bot.has_privacy,
            "is_listening": await self._until_listening(seconds(request, 0.0)),
        }

    async def set_bot(self, request: web.Request, body: Json) -> Json:
        self._world.bot.has_privacy = bool(body["has_privacy"])
        return await self.bot(request, body)

    def pending(self, _: web.Request, body: Json) -> Json:
        queue = self._world.queue
        kinds = [update.kind for update in queue.pending()]
        return {"count": len(kinds), "kinds": kinds, "forgotten": queue.forgotten}

    async def changes(self, request: web.Request, _: Json) -> Json:
        """after=N: what happened since; with a timeout it waits until something did."""
        after = number(request, "after")
        changes = self._world.changes
        deadline = asyncio.get_running_loop().time() + seconds(request, 0.0)
        while not (found := changes.after(after)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await changes.bell.listen(left)
        return {"last": changes.last, "changes": [change.as_json() for change in found]}

    async def wait(self, request: web.Request, _: Json) -> Json:
        """chat=ID, after=N, text=WORDS: until a message that contains the words came or changed."""
        chat_id, after = request.query["chat"], number(request, "after")
        words, bell = request.query.get("text", ""), self._world.changes.bell
        deadline = asyncio.get_running_loop().time() + seconds(request)
        while True:
            chat = self._world.chats.get(int(chat_id))
            changed = changed_messages(self._world, chat, after) if chat else []
            found = [message for message in changed if words in message.text]
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0:
                seen = [message.as_seen() for message in found]
                return {"messages": seen, "last": self._world.changes.last}
            after = self._world.changes.last
            await bell.listen(left)

    async def settle(self, _: web.Request, body: Json) -> Json:
        """Until every update is confirmed and the bot has asked nothing for quiet_ms."""
        quiet = float(body.get("quiet_ms", 50)) / 1000
        loop, log = asyncio.get_running_loop(), self._world.calls
        deadline = loop.time() + float(body.get("timeout", 10))
        while loop.time() < deadline:
            count = log.count
            await log.bell.listen(quiet)
            is_quiet = log.count == count and not log.running
            if is_quiet and self._world.queue.is_empty:
                return {"is_settled": True, "last": self._world.changes.last}
        return {"is_settled": False, "last": self._world.changes.last}

    def calls(self, request: web.Request, _: Json) -> list[Json]:
        found = self._world.calls.after(number(request, "after"), request.query.get("method", ""))
        return [call.as_json() for call in found]

    def violations(self, _: web.Request, body: Json) -> list[Json]:
        return list(self._world.calls.violations)

    def file(self, request: web.Request, _: Json) -> web.Response:
        stored = self._world.files.find(request.match_info["file_id"])
        if stored is None:
            raise ValueError("there is no such file")
        return web.Response(body=stored.content, content_type=stored.mime_type)
