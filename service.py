"""The running bot: the parts joined, started in order, stopped in the reverse."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from actions import schedule
from actions.desk import Popup
from actions.door import Door
from actions.invitations import first_office_code
from actions.join import general_menus
from actions.settings import keep_setting, setting_of
from actions.troubles import apologise
from config import Settings
from gateway import inbox
from gateway.api import Api
from gateway.deliver import Deliverer
from gateway.inbox import Arrived
from gateway.lanes import Lanes, Unreadable, is_away
from gateway.limits import Limits
from gateway.receive import Receiver
from gateway.request import AiohttpRequest
from gateway.webhook import Webhook
from handlers.wiring import Bot, handle, wired
from installation import (
    CannotStart,
    clock_of,
    database_of,
    listening_at,
    lock_of,
    migrate,
    office_of,
)

T = TypeVar("T")
log = logging.getLogger(__name__)

STOP_SECONDS = 20.0


class Service:
    """One bot over one database."""

    def __init__(self, settings: Settings) -> None:
        if not settings.token:
            raise CannotStart(
                "no token: set DIAODU_TELEGRAM__TOKEN, or try it without one: make demo"
            )
        self._settings = settings
        self._clock = clock_of(settings)
        self._request = AiohttpRequest(settings.telegram.proxy)
        self._api = Api(self._request, settings.telegram.base_url, settings.token)
        self._database = database_of(settings)
        self._stop = asyncio.Event()
        self.started = asyncio.Event()
        self._ticking = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._settled: Callable[[], None] = lambda: None
        self._look_out: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Until SIGINT or SIGTERM. CannotStart for what the operator has to mend first."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.stop)
        await self.run_until_stopped()

    def stop(self) -> None:
        """What is under way is put down in order; `run` returns after that."""
        self._stop.set()

    async def run_until_stopped(self) -> None:
        """As `run`, in a process whose signals belong to somebody else."""
        held = lock_of(self._settings)
        try:
            migrate(self._database)
            await self._request.initialize()
            await self._serve()
        finally:
            await self._request.shutdown()
            self._database.close()
            if held is not None:
                held.close()

    async def _serve(self) -> None:
        office = office_of(self._settings, await self._who_am_i())
        deliverer = self._deliverer()
        door = Door(self._database, office, self._clock.now, deliverer.take)
        application = wired(self._bot())
        await application.initialize()
        lanes = Lanes(self._database, self._clock, self._handling(application, door))
        receiver = Receiver(self._api, self._database, self._clock, lanes)
        await self._greet_operator(door)
        # What fell due while the bot was away is taken care of before anybody is heard.
        await self._tick(door)
        scheduler = self._ticker(door)
        await deliverer.recover()
        sending = asyncio.create_task(deliverer.run())
        self._settled = lambda: self._soon(self._tick(door))
        # What waits for its hour is also looked at by the clock, which a rehearsal may turn on.
        self._look_out = lambda: deliverer.take((), True)
        try:
            await receiver.resume()
            receiving = await self._start_receiving(receiver, lanes)
        except CannotStart:
            scheduler.shutdown(wait=False)
            await deliverer.stop()
            await sending
            raise
        self.started.set()
        await self._wait(receiver, deliverer, receiving, sending)
        self.stop()
        async with self._ticking:  # a tick under way is not cut off in the middle
            scheduler.shutdown(wait=False)
        await receiving_stopped(receiving)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await lanes.drain()
                await deliverer.stop()
                await sending
        except TimeoutError:
            # What is left is on disk; the next start takes it up.
            log.warning("stopped with work under way")
        await application.shutdown()
        if receiver.fatal is not None or not deliverer.has_token:
            raise CannotStart("Telegram says that the token is not valid; look at it again")

    async def _who_am_i(self) -> str:
        """The bot's user name; refuses a database that belongs to another bot."""
        try:
            me = await self._api.call("getMe", {})
        except InvalidToken as fault:
            raise CannotStart("Telegram does not know this token; look at it again") from fault
        except TelegramError as fault:
            raise CannotStart(
                f"Telegram cannot be reached ({fault.message}); look at telegram.base_url and proxy"
            ) from fault
        known = self._database.work_now(lambda tx: _own(tx, str(me["id"]), me["username"]))
        if known != str(me["id"]):
            raise CannotStart(
                f"this database belongs to the bot {known}, the token to {me['id']}; "
                "use that bot's token or another database"
            )
        return str(me["username"])

    def _deliverer(self) -> Deliverer:
        telegram = self._settings.telegram
        limits = Limits(
            telegram.per_second,
            telegram.per_chat_second,
            telegram.chat_burst,
            telegram.per_group_minute,
        )
        return Deliverer(self._api, self._database, self._clock, limits, lambda: self._settled())

    def _bot(self) -> ExtBot[Any]:
        base = self._settings.telegram.base_url
        return ExtBot(
            self._settings.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    def _handling(self, application: Bot, door: Door) -> Any:
        async def handle_one(arrived: Arrived) -> None:
            try:
                update = Update.de_json(arrived.raw, application.bot)
            except Exception as fault:
                raise Unreadable(type(fault).__name__) from fault

            def finish(tx: Connection, now: Any) -> bool:
                return inbox.finish(tx, arrived, now)

            source = f"u:{arrived.epoch}-{arrived.update_id}"
            await handle(application, door, self._answer, source, finish, update)

        async def handle_or_apologise(arrived: Arrived) -> None:
            try:
                await handle_one(arrived)
            except Exception as fault:
                is_last = isinstance(fault, Unreadable) or arrived.tries + 1 >= inbox.MOST_TRIES
                if is_last and arrived.lane > 0 and not is_away(fault):
                    number = f"{arrived.epoch}-{arrived.update_id}"
                    await door.work(apologise, arrived.lane, number)
                raise

        return handle_or_apologise

    async def _answer(self, press_id: str, popup: Popup | None) -> None:
        """Presses live 150 seconds, so their answers are not kept: late is the same as never."""
        parameters: dict[str, Any] = {"callback_query_id": press_id}
        if popup is not None:
            parameters |= {"text": popup.words, "show_alert": popup.is_alert}
        self._soon(self._try_answer(parameters))

    async def _try_answer(self, parameters: dict[str, Any]) -> None:
        try:
            await self._api.call("answerCallbackQuery", parameters)
        except TelegramError as fault:
            log.info("a press was not answered: %s", type(fault).__name__)

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _greet_operator(self, door: Door) -> None:
        code = await door.work(first_office_code)
        if code is not None:
            words = door.office.texts().plain("check.first_start", link=door.office.link(code))
            print(words, flush=True)
        for menu in general_menus():
            try:
                await self._api.call("setMyCommands", menu)
            except TelegramError as fault:
                log.warning("the command menu was not set: %s", type(fault).__name__)

    def _ticker(self, door: Door) -> Any:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone=door.office.zone)
        scheduler.add_job(
            self._tick,
            "interval",
            args=(door,),
            seconds=self._settings.clock.tick_seconds,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        scheduler.start()
        return scheduler

    async def _tick(self, door: Door) -> None:
        """Look at what is due. The scheduler holds no truth: the rows of occasions do."""
        if self._ticking.locked() or self._stop.is_set():
            return
        async with self._ticking:
            for due in await self._try(door.work(schedule.due_now)) or ():
                await self._try(door.work(schedule.take_care, due))
            await self._try(door.work(schedule.settle))
            self._look_out()

    async def _try(self, work: Awaitable[T]) -> T | None:
        """One occasion that fails is tried again at the next tick and stops none of the others."""
        try:
            return await work
        except Exception as fault:
            log.error("tick failed: %s", type(fault).__name__, exc_info=fault)
            return None

    async def _start_receiving(self, receiver: Receiver, lanes: Lanes) -> Any:
        try:
            if self._settings.telegram.receive == "webhook":
                return await self._start_webhook(lanes)
            await self._api.call("deleteWebhook", {})
        except TelegramError as fault:
            raise CannotStart(
                f"Telegram does not agree with telegram.receive and its keys: {fault.message}"
            ) from fault
        return asyncio.create_task(receiver.run())

    async def _start_webhook(self, lanes: Lanes) -> Webhook:
        telegram = self._settings.telegram
        if not telegram.webhook_url:
            raise CannotStart("telegram.webhook_url is empty; write the https address of this bot")
        host, port = listening_at(telegram.webhook_listen)
        secret = telegram.webhook_secret.get_secret_value()
        try:
            webhook = Webhook(self._api, self._database, self._clock, lanes, secret)
            await webhook.start(telegram.webhook_url, host, port)
        except ValueError as fault:
            raise CannotStart(str(fault)) from fault
        except OSError as fault:
            raise CannotStart(
                f"telegram.webhook_listen: nothing can listen at {host}:{port} ({fault.strerror})"
            ) from fault
        return webhook

    async def _wait(
        self, receiver: Receiver, deliverer: Deliverer, receiving: Any, sending: asyncio.Task[None]
    ) -> None:
        stopping = asyncio.create_task(self._stop.wait())
        watched: set[asyncio.Task[Any]] = {stopping, sending}
        if isinstance(receiving, asyncio.Task):
            watched.add(receiving)
        await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()


async def receiving_stopped(receiving: Any) -> None:
    if isinstance(receiving, Webhook):
        await receiving.stop()
        return
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)


def _own(tx: Connection, bot_id: str, bot_name: str) -> str:
    """The bot that this database belongs to; the first to open it becomes its owner."""
    known = setting_of(tx, "bot_id")
    if known is None:
        keep_setting(tx, "bot_id", bot_id)
        known = bot_id
    if known == bot_id:
        keep_setting(tx, "bot_name", bot_name)
    return known
