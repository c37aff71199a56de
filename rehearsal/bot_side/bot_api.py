"""Telegram's side over HTTP: tokens, bodies, faults, answers, and the log of what was asked."""

import asyncio
import time
from typing import Any

from aiohttp import web

from rehearsal.bot_side.bodies import TooLarge, read_body
from rehearsal.bot_side.contract import violations
from rehearsal.bot_side.methods import METHODS, SPELLING
from rehearsal.bot_side.parameters import Parameters
from rehearsal.bot_side.polling import Poller
from rehearsal.bot_side.webhook import Webhook
from rehearsal.stage.faults import Fault, FaultKind
from rehearsal.stage.refusals import Refusal
from rehearsal.stage.wire import packed
from rehearsal.stage.world import World

Json = dict[str, Any]

UNAUTHORIZED = Refusal(401, "Unauthorized")
NOT_FOUND = Refusal(404, "Not Found: method not found")
TOO_LARGE = Refusal(413, "Request Entity Too Large")


class BotApi:
    def __init__(self, world: World, *, holds_repeats: bool = True) -> None:
        self._world = world
        self._poller = Poller(world.queue, holds_repeats=holds_repeats)
        self._webhook = Webhook(world, self._poller)
        self._late: set[asyncio.Task[bytes]] = set()

    async def until_listening(self, seconds: float) -> bool:
        """True once the bot is up: it waits for updates, or has set a webhook."""
        return self._webhook.is_on or await self._poller.until_waiting(seconds)

    async def close(self) -> None:
        for task in self._late:
            task.cancel()
        self._poller.abort()
        await self._webhook.close()

    async def call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._world.bot.token:
            return _refused(UNAUTHORIZED)
        asked = request.match_info["method"]
        method = SPELLING.get(asked.lower())
        if method is None:
            self._world.calls.violated(asked, "unknown method")
            return _refused(NOT_FOUND)
        if method == "getUpdates":
            return await self._call(request, method)
        with self._world.calls.busy():
            return await self._call(request, method)

    async def _call(self, request: web.Request, method: str) -> web.StreamResponse:
        try:
            given = await read_body(request)
        except TooLarge:
            return _refused(TOO_LARGE)
        for what in violations(method, given):
            self._world.calls.violated(method, what)
        fault = self._world.faults.struck(method, given.text("chat_id") or None)
        if fault is not None:
            return await self._go_wrong(request, fault, method, given)
        return _answer(await self._act(method, given))

    async def download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self._world.bot.token:
            return _refused(UNAUTHORIZED)
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _act(self, method: str, given: Parameters, fault: str = "") -> bytes:
        """The whole call: its effect, its line in the log, its answer as bytes."""
        if method == "getUpdates":
            return await self._poll(given, again=fault == FaultKind.DUPLICATE_UPDATE)
        log, clock = self._world.calls, self._world.clock
        started, at = time.perf_counter(), clock.now()
        result: object = None
        error: Json | None = None
        try:
            result = await self._result(method, given)
        except Refusal as refusal:
            error = refusal.as_json()
        log.add(
            method,
            given.as_logged(),
            at=at,
            seconds=time.perf_counter() - started,
            error=error,
            result=result,
            fault=fault,
        )
        return packed(error or {"ok": True, "result": result})

    async def _result(self, method: str, given: Parameters) -> object:
        if act := METHODS.get(method):
            return act(self._world, given)
        if method == "setWebhook":
            return await self._webhook.put(given)
        if method == "deleteWebhook":
            return await self._webhook.drop(given)
        return self._webhook.as_json()

    async def _poll(self, given: Parameters, *, again: bool) -> bytes:
        try:
            self._webhook.check_off()
            batch = await self._poller.take(given)
        except Refusal as refusal:
            return packed(refusal.as_json())
        if again:
            self._world.queue.hand_again(batch)
        return b'{"ok":true,"result":[%s]}' % b",".join(update.body for update in batch)

    async def _go_wrong(
        self, request: web.Request, fault: Fault, method: str, given: Parameters
    ) -> web.StreamResponse:
        match fault.kind:
            case FaultKind.ERROR:
                return _refused(self._denied(fault, method, given))
            case FaultKind.DELAY:
                await asyncio.sleep(fault.seconds)
            case FaultKind.RESET_BEFORE:
                self._unheard(fault, method, given)
                return _reset(request)
            case FaultKind.LATE:
                self._act_later(fault, method, given)
                return _reset(request)
        answer = await self._act(method, given, fault.kind.value)
        if fault.kind is FaultKind.RESET_AFTER:
            return _reset(request)
        if fault.kind is FaultKind.BAD_JSON:
            return web.Response(body=answer[:-1] + b'"<', content_type="application/json")
        return _answer(answer)

    def _denied(self, fault: Fault, method: str, given: Parameters) -> Refusal:
        refusal = Refusal(fault.code, fault.description, fault.parameters)
        self._unheard(fault, method, given, refusal.as_json())
        return refusal

    def _unheard(
        self, fault: Fault, method: str, given: Parameters, error: Json | None = None
    ) -> None:
        self._world.calls.add(
            method,
            given.as_logged(),
            at=self._world.clock.now(),
            seconds=0.0,
            error=error or {"ok": False, "description": "connection reset"},
            fault=fault.kind.value,
        )

    def _act_later(self, fault: Fault, method: str, given: Parameters) -> None:
        async def act() -> bytes:
            with self._world.calls.busy():
                await asyncio.sleep(fault.seconds)
                return await self._act(method, given, fault.kind.value)

        task = asyncio.get_running_loop().create_task(act())
        self._late.add(task)
        task.add_done_callback(self._late.discard)


def _answer(body: bytes) -> web.Response:
    """Telegram repeats an error's code as the HTTP status."""
    status = 200
    if body.startswith(b'{"ok":false'):
        status = int(body.partition(b'"error_code":')[2][:3])
    return web.Response(body=body, status=status, content_type="application/json")


def _refused(refusal: Refusal) -> web.Response:
    return _answer(packed(refusal.as_json()))


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
