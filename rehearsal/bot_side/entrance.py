"""The ports: one for the bot that can be shut, one for people that stays open."""

import asyncio

from aiohttp import web

HOST = "127.0.0.1"


class Entrance:
    """Both sides answer at both ports; only the bot's port can refuse connections."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.people_port = 0
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._reopening: asyncio.Task[None] | None = None

    async def open(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.port, self.people_port = (address[1] for address in self._runner.addresses)

    async def close(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def refuse(self, seconds: float) -> None:
        """Shuts the bot's port at once, drops its connections, and opens it again later."""
        if self._reopening is not None:
            self._reopening.cancel()
        if self._site is not None:
            await self._site.stop()
            self._site = None
        self._hang_up()
        self._reopening = asyncio.get_running_loop().create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._listen()

    async def _listen(self) -> None:
        if self._runner is None:
            raise RuntimeError("the entrance is not open yet")
        self._site = web.TCPSite(self._runner, HOST, self.port, reuse_address=True)
        await self._site.start()

    def _hang_up(self) -> None:
        server = self._runner.server if self._runner else None
        for connection in server.connections if server else ():
            transport = connection.transport
            if transport and transport.get_extra_info("sockname")[1] == self.port:
                transport.abort()
