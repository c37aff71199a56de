"""The simulator as a whole: one world, two sides over HTTP, and the command that starts it."""

import argparse
import asyncio
import json
import os
import signal
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from rehearsal.bot_side.bot_api import BotApi
from rehearsal.bot_side.entrance import HOST, Entrance
from rehearsal.people_side.doors import door
from rehearsal.people_side.groups_api import GroupsApi
from rehearsal.people_side.people_api import PeopleApi
from rehearsal.people_side.stage_api import StageApi
from rehearsal.stage.account import BotAccount
from rehearsal.stage.clock import Clock
from rehearsal.stage.limits import Limits
from rehearsal.stage.world import World

TOKEN = "4242:REHEARSAL-TOKEN"
MOST_BODY = 64 * 1024 * 1024


class Simulator:
    """`async with Simulator() as sim:` serves until the block ends; `sim.world` is the inside."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        start: datetime | None = None,
        rate: float = 1.0,
        clock_file: Path | None = None,
        limits: Limits | None = None,
        username: str = "diaodu_bot",
        holds_repeats: bool = True,
    ) -> None:
        self.token = token
        clock = Clock(start, rate=rate, file=clock_file)
        self.world = World(BotAccount(token, username), clock, limits=limits)
        self._bot_api = BotApi(self.world, holds_repeats=holds_repeats)
        self._entrance = Entrance(port)

    @property
    def port(self) -> int:
        return self._entrance.port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def people_url(self) -> str:
        """The people's side where no fault can shut it; a client of `url` finds it by itself."""
        return f"http://{HOST}:{self._entrance.people_port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url: the token follows at once."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._bot_api.call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._bot_api.download)
        app.router.add_get("/sim", door(lambda *_: self.whereabouts()))
        stage = StageApi(self.world, self._entrance.refuse, self._bot_api.until_listening)
        for side in (PeopleApi(self.world), GroupsApi(self.world), stage):
            app.add_routes(side.routes())
        return app

    async def __aenter__(self) -> Self:
        await self._entrance.open(self._app())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._bot_api.close()
        await self._entrance.close()

    def whereabouts(self) -> dict[str, object]:
        """What a ready file says."""
        return {
            "url": self.url,
            "port": self.port,
            "people_url": self.people_url,
            "base_url": self.base_url,
            "base_file_url": self.base_file_url,
            "pid": os.getpid(),
        }


async def serve(simulator: Simulator, ready_file: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with simulator:
        written = json.dumps(simulator.whereabouts())
        if ready_file is not None:
            draft = ready_file.with_name(f"{ready_file.name}.new")
            draft.write_text(written, "utf-8")
            draft.replace(ready_file)
        print(written, flush=True)
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal.simulator", description="A Telegram of one's own, on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default="diaodu_bot", help="the bot's, without @")
    parser.add_argument("--clock-file", type=Path, help="where the bot reads the simulated time")
    parser.add_argument("--ready-file", type=Path, help="written with the port once serving")
    parser.add_argument("--start", type=datetime.fromisoformat, help="2024-10-18T08:00:00+08:00")
    parser.add_argument("--rate", type=float, default=1.0, help="0 frozen, 1 real, 600 fast")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    wish = parser.parse_args()
    if wish.start is not None and wish.start.tzinfo is None:
        parser.error("--start needs its offset, as in 2024-10-18T08:00:00+08:00")
    simulator = Simulator(
        token=wish.token,
        port=wish.port,
        start=wish.start,
        rate=wish.rate,
        clock_file=wish.clock_file,
        limits=Limits(is_on=not wish.no_limits),
        username=wish.username,
    )
    asyncio.run(serve(simulator, wish.ready_file))


if __name__ == "__main__":
    main()
