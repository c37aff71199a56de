"""Webhook: Telegram calls us; 200 is answered only after the update is on disk."""

import hmac
import json
import logging

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from gateway.api import Api
from gateway.clock import Clock
from gateway.inbox import keep
from gateway.lanes import Lanes
from gateway.receive import ALLOWED
from models.database import Database

log = logging.getLogger(__name__)

LARGEST_UPDATE = 1 << 20
PATH = "/telegram"


class Webhook:
    """Refuses callers without the secret; listens on plain HTTP behind the operator's proxy."""

    def __init__(
        self, api: Api, database: Database, clock: Clock, lanes: Lanes, secret: str
    ) -> None:
        if not secret:
            raise ValueError("a webhook needs its secret: set DIAODU_TELEGRAM__WEBHOOK_SECRET")
        self._api = api
        self._database = database
        self._clock = clock
        self._lanes = lanes
        self._secret = secret.encode()
        self._runner: web.AppRunner | None = None

    async def start(self, url: str, host: str, port: int) -> None:
        app = web.Application(client_max_size=LARGEST_UPDATE)
        app.router.add_post(PATH, self._receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        await self._api.call(
            "setWebhook",
            {"url": url, "secret_token": self._secret.decode(), "allowed_updates": ALLOWED},
        )

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            return web.Response(status=403)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            # Not JSON at all: nothing to keep, and asking Telegram again would not help.
            return web.Response(status=200)
        if not isinstance(raw, dict):
            return web.Response(status=200)
        try:
            now = self._clock.now()
            fresh = await self._database.work(lambda tx: keep(tx, [raw], now))
        except DBAPIError as fault:
            log.error("update not kept, Telegram will repeat it: %s", type(fault).__name__)
            return web.Response(status=503)
        self._lanes.put(fresh)
        return web.Response(status=200)
