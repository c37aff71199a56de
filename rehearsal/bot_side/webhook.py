"""Webhooks: updates pushed to the bot, each lane in order, repeated until it answers 2xx."""

import asyncio
import ipaddress
import re
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from rehearsal.bot_side.parameters import Parameters
from rehearsal.bot_side.polling import Poller, allow
from rehearsal.stage.faults import FaultKind
from rehearsal.stage.refusals import WEBHOOK_ACTIVE, Refusal, bad_request
from rehearsal.stage.updates import DEFAULT_KINDS, Update
from rehearsal.stage.world import World

Json = dict[str, Any]

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 60.0
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


class Webhook:
    """One feeder hands updates out to lanes; every lane is a task that lives while it has work."""

    def __init__(self, world: World, poller: Poller) -> None:
        self._world = world
        self._poller = poller
        self._url = ""
        self._secret = ""
        self._session: ClientSession | None = None
        self._feeder: asyncio.Task[None] | None = None
        self._lanes: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen = 0
        self._last_error: Json = {}
        self._connections = 40

    @property
    def is_on(self) -> bool:
        return bool(self._url)

    def check_off(self) -> None:
        if self._url:
            raise Refusal(409, WEBHOOK_ACTIVE)

    def as_json(self) -> Json:
        """Telegram's WebhookInfo."""
        queue = self._world.queue
        made: Json = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(queue.pending()),
            **self._last_error,
        }
        if self._url:
            made |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if queue.allowed != DEFAULT_KINDS:
            made["allowed_updates"] = sorted(queue.allowed)
        return made

    async def put(self, given: Parameters) -> bool:
        url, secret = given.text("url"), given.text("secret_token")
        if not url:
            return await self.drop(given)
        _check_url(url)
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.drop(given)
        allow(self._world.queue, given)
        self._poller.abort()
        self._url, self._secret = url, secret
        self._connections = min(max(given.integer("max_connections", 40), 1), 100)
        self._session = ClientSession(timeout=ClientTimeout(total=60))
        self._feeder = asyncio.get_running_loop().create_task(self._feed())
        return True

    async def drop(self, given: Parameters) -> bool:
        if given.flag("drop_pending_updates"):
            self._world.queue.clear()
        await self.close()
        self._last_error = {}
        return True

    async def close(self) -> None:
        self._url = ""
        tasks = [*self._tasks, *([self._feeder] if self._feeder else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        self._seen = 0
        if self._session is not None:
            await self._session.close()
        self._session = self._feeder = None

    async def _feed(self) -> None:
        queue = self._world.queue
        while True:
            ring = queue.bell.next_ring()
            for update in queue.pending():
                if update.id > self._seen:
                    self._seen = update.id
                    self._line_up(update)
            await asyncio.wait({ring})

    def _line_up(self, update: Update) -> None:
        if lane := self._lanes.get(update.lane):
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0])
            self._world.queue.drop(lane.popleft())
            self._world.calls.bell.ring()
        del self._lanes[name]

    async def _deliver(self, update: Update) -> None:
        """Until it is taken or Telegram would have forgotten it."""
        pause = FIRST_PAUSE
        copies = 2 if self._is_doubled() else 1
        while copies and update.expires_at > self._world.clock.now():
            if problem := await self._push(update):
                now = int(self._world.clock.now())
                self._last_error = {"last_error_date": now, "last_error_message": problem}
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                copies -= 1

    def _is_doubled(self) -> bool:
        fault = self._world.faults.struck("getUpdates", None)
        return fault is not None and fault.kind is FaultKind.DUPLICATE_UPDATE

    async def _push(self, update: Update) -> str:
        """The problem in Telegram's words, or nothing when it was delivered."""
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        if self._session is None:
            return "Connection closed"
        try:
            async with self._session.post(self._url, data=update.body, headers=headers) as answer:
                await answer.read()
                is_taken = 200 <= answer.status < 300
                said = f"{answer.status} {answer.reason}"
                return "" if is_taken else f"Wrong response from the webhook: {said}"
        except (ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}"


def _check_url(url: str) -> None:
    """HTTPS as on the server; plain HTTP is allowed to a bot on this machine only."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
