"""A small district with its bot at work: the real service over SQLite, at a simulated Telegram."""

import asyncio
import contextlib
import io
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, or_, select

from actions.desk import Desk
from actions.door import Door
from actions.invitations import first_office_code, invite
from actions.join import arrive, claim_as
from actions.ledger import apply_import, read_ledger
from actions.office import Office
from actions.schedule import due_now
from config import Settings
from installation import office_of
from models.database import Database
from models.edge import InboxState, OutState, inbox, outbox
from models.people import invitation, person
from models.project import project
from models.schema import bring_up_to_date
from rehearsal.people import People, Person
from rehearsal.simulator import Simulator
from rehearsal.stage.limits import Limits
from service import Service
from tests.district_book import APPROVER, HE, LI, OFFICE, RESPONSIBLE, SPONSOR, YANG, book

IMPORTED_AT = datetime.fromisoformat("2024-10-25T10:00:00+08:00")
START = datetime.fromisoformat("2024-10-29T10:00:00+08:00")
"""The Tuesday of the first week: it closes on Thursday, 31 October at 18:00."""
WEEK, NEXT_WEEK = "2024-W44", "2024-W45"

ACCOUNTS = {OFFICE: 501, APPROVER: 502, SPONSOR: 503, RESPONSIBLE: 504, LI: 505, YANG: 506, HE: 507}
"""Who has joined in a district that is at work, and their Telegram ids."""

PATIENCE = 20.0
_TOKEN = "7000000001:AAE-test-token-that-opens-nothing-00"


def settings_in(folder: Path, **sections: dict[str, Any]) -> Settings:
    """The defaults, but for the rehearsal's clock and a pace that tests need not wait for."""
    telegram = {"token": _TOKEN, "per_second": 1e4, "per_chat_second": 1e4, "chat_burst": 1000}
    telegram["per_group_minute"] = 1e6
    clock = {"file": "clock.json", "tick_seconds": 0.05}
    given = {name: dict(values) for name, values in sections.items()}
    given["telegram"] = telegram | given.get("telegram", {})
    given["clock"] = clock | given.get("clock", {})
    return Settings.model_validate({"folder": folder, **given})


class Templates:
    """Databases made once and copied for each test: empty, with the ledger, and at work."""

    def __init__(self, folder: Path) -> None:
        self.empty = folder / "empty.sqlite"
        self.imported = folder / "imported.sqlite"
        self.at_work = folder / "at_work.sqlite"
        office = office_of(settings_in(folder), "diaodu_bot")
        draft = read_ledger(book(), "台账.xlsx", office)
        database = _opened(self.empty)
        database.close()
        self.imported.write_bytes(self.empty.read_bytes())
        database = _opened(self.imported)
        door = Door(database, office, lambda: IMPORTED_AT)
        door.work_now(apply_import, None, draft)
        database.close()
        self.at_work.write_bytes(self.imported.read_bytes())
        database = _opened(self.at_work)
        _everybody_joins(Door(database, office, lambda: IMPORTED_AT))
        database.close()


def _opened(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    bring_up_to_date(database.engine)
    return database


def _everybody_joins(door: Door) -> None:
    """By the real codes and links; what they were sent then is no part of the tests."""
    ids = dict(
        door.work_now(lambda desk: list(desk.tx.execute(select(person.c.name, person.c.id))))
    )
    code = door.work_now(first_office_code)
    assert code is not None
    door.work_now(arrive, ACCOUNTS[OFFICE], OFFICE, code)
    number = door.work_now(lambda desk: desk.tx.execute(select(invitation.c.id)).scalar_one())
    door.work_now(claim_as, ACCOUNTS[OFFICE], number, ids[OFFICE], OFFICE)
    for each in door.work_now(invite, None):
        if each.name in ACCOUNTS:
            code = each.link.partition("start=")[2]
            door.work_now(arrive, ACCOUNTS[each.name], each.name, code)
    door.work_now(lambda desk: desk.tx.execute(outbox.delete()))


class District:
    """`async with District(folder, template) as district:` runs bot and Telegram in one loop.

    The clock stands still until `turns_to`. At the end nothing may have gone wrong unseen: no
    update may have failed, no message may have been refused, no call may break the contract.
    """

    def __init__(
        self,
        folder: Path,
        template: Path,
        *,
        start: datetime = START,
        **sections: dict[str, Any],
    ) -> None:
        self.folder = folder
        (folder / "diaodu.sqlite").write_bytes(template.read_bytes())
        self._settings = sections
        self.sim = Simulator(
            token=_TOKEN,
            start=start,
            rate=0.0,
            clock_file=folder / "clock.json",
            limits=Limits(is_on=False),
            holds_repeats=False,
        )
        self.people: People
        self.printed = ""
        self.expects_trouble = False
        self._cast: dict[str, Person] = {}
        self._everything = AsyncExitStack()
        self._service: Service | None = None
        self._running: asyncio.Task[None] | None = None
        self._database: Database | None = None

    async def __aenter__(self) -> Self:
        await self._everything.enter_async_context(self.sim)
        self.people = await self._everything.enter_async_context(People(self.sim.url))
        self._database = Database(f"sqlite:///{self.folder / 'diaodu.sqlite'}")
        joined = select(person.c.telegram_id).where(person.c.telegram_id.is_not(None))
        accounts = {row.telegram_id for row in self.rows(joined)}
        for name, number in ACCOUNTS.items():
            if number in accounts:
                self._cast[name] = self._joined_before(name, number)
        await self.bot_starts()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                await self.rests()
        finally:
            await self.bot_stops()
            await self._everything.aclose()
            unseen = [] if error is not None or self.expects_trouble else self._gone_wrong()
            assert self._database is not None
            self._database.close()
        assert not unseen, "\n".join(unseen)

    # The bot

    async def bot_starts(self) -> None:
        """Returns when it polls."""
        settings = settings_in(
            self.folder,
            **{**self._settings, "telegram": {"base_url": self.sim.url, **self._telegram}},
        )
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self._service = Service(settings)
            self._running = asyncio.create_task(self._service.run_until_stopped())
            started = asyncio.create_task(self._service.started.wait())
            await asyncio.wait({started, self._running}, return_when=asyncio.FIRST_COMPLETED)
        self.printed += said.getvalue()
        if self._running.done():
            started.cancel()
            await self._running

    @property
    def _telegram(self) -> dict[str, Any]:
        return self._settings.get("telegram", {})

    async def bot_stops(self) -> None:
        if self._service is None or self._running is None:
            return
        self._service.stop()
        running, self._running = self._running, None
        await running

    async def bot_restarts(self) -> None:
        await self.bot_stops()
        await self.bot_starts()

    async def rests(self) -> None:
        """Until the bot has fetched everything, done it all, and said what it had to say."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.people.settle(quiet=0.03)
                if not self._is_busy():
                    return

    @cached_property
    def _office(self) -> Office:
        return office_of(settings_in(self.folder, **self._settings), "diaodu_bot")

    def _is_busy(self) -> bool:
        """Something waits to be handled, to be sent now, or to be looked at by the schedule."""
        now = self.sim.world.clock.moment()
        new = select(inbox.c.update_id).where(inbox.c.state == InboxState.NEW)
        held = select(outbox.c.group_id).where(outbox.c.state == OutState.HELD)
        owed = select(outbox.c.id).where(
            outbox.c.state.in_((OutState.READY, OutState.SENDING)),
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now),
            # What stands behind a part that a person has to decide about waits as well.
            or_(outbox.c.after_id.is_(None), outbox.c.group_id.not_in(held)),
        )

        def look(tx: Connection) -> bool:
            waiting = [*tx.execute(new), *tx.execute(owed)]
            return bool(waiting or due_now(Desk(tx, now, self._office)))

        assert self._database is not None
        return self._database.work_now(look)

    async def turns_to(self, moment: str) -> None:
        """The wall clock in the office's zone, such as `2024-10-30 10:00`; what is due is done."""
        await self.people.clock.set(f"{moment.replace(' ', 'T')}:00+08:00")
        await self.rests()

    def office_code(self) -> str:
        """The newest one-time code that the operator was shown."""
        return self.printed.split("?start=")[-1].split()[0]

    # The people

    async def person(self, name: str) -> Person:
        """One of the cast, joined before the curtain rose, or an account nobody knows."""
        if name not in self._cast:
            self._cast[name] = await self.people.person(name)
        return self._cast[name]

    def _joined_before(self, name: str, number: int) -> Person:
        account = self.sim.world.add_person(name, person_id=number)
        account.has_started = True
        self.sim.world.private_chat(account)
        return Person(self.people.line, {"name": name, "id": number})

    async def stranger(self, name: str = "陌生人") -> Person:
        return await self.person(name)

    # The books

    def rows(self, statement: Any) -> list[Any]:
        assert self._database is not None
        return self._database.work_now(lambda tx: list(tx.execute(statement).all()))

    def value(self, statement: Any) -> Any:
        [[found]] = self.rows(statement)
        return found

    def id_of(self, name: str) -> int:
        """A project's."""
        return int(self.value(select(project.c.id).where(project.c.name == name)))

    def data_on(self, who: Person) -> list[str]:
        """What the buttons on somebody's screen carry."""
        chat = self.sim.world.chats[who.id]
        keyboards = [
            (message.markup or {}).get("inline_keyboard", []) for message in chat.messages.values()
        ]
        buttons = [button for rows in keyboards for row in rows for button in row]
        return [button["callback_data"] for button in buttons if "callback_data" in button]

    def sent_to(self, who: Person, kind: str = "reply") -> list[str]:
        """What the bot has put out for a chat, oldest first."""
        query = select(outbox.c.payload).where(outbox.c.chat_id == who.id, outbox.c.kind == kind)
        return [row.payload.get("text", "") for row in self.rows(query.order_by(outbox.c.id))]

    def _gone_wrong(self) -> Iterable[str]:
        failed = select(inbox.c.raw, inbox.c.reason).where(
            (inbox.c.tries > 0) | (inbox.c.state != InboxState.DONE)
        )
        refused = select(outbox.c.payload, outbox.c.reason).where(
            outbox.c.state.in_((OutState.DEAD, OutState.UNKNOWN, OutState.HELD))
        )
        return [
            *(f"not handled: {row.reason} {row.raw}" for row in self.rows(failed)),
            *(f"not sent: {row.reason} {row.payload}" for row in self.rows(refused)),
            *(f"against the contract: {each}" for each in self.sim.world.calls.violations),
        ]
