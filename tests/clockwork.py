"""A district's office without Telegram: its books, its rules and a clock that the test turns."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from actions.desk import Desk
from actions.door import Door
from actions.office import Office
from actions.people import Sayer, sayer_of
from actions.schedule import Due, due_now, settle, take_care
from actions.submission import Submission, Written, write_report
from flows.report_facts import ReportContent
from gateway.outbox import claim, ready
from gateway.outcome import Outcome, Verdict
from gateway.record import record
from installation import office_of
from models.bulletin import GroupState, bulletin, group
from models.database import Database, insert_row
from models.edge import OutState, outbox, trouble
from models.project import project
from tests.district import ACCOUNTS, START, settings_in

P = ParamSpec("P")
T = TypeVar("T")

HALL = -1_000_000_000_501


class Clockwork:
    """The same actions, in the same transactions, that a running bot would call at these times."""

    def __init__(self, folder: Path, template: Path, **sections: dict[str, Any]) -> None:
        path = folder / "diaodu.sqlite"
        path.write_bytes(template.read_bytes())
        self.database = Database(f"sqlite:///{path}")
        self.office: Office = office_of(settings_in(folder, **sections), "diaodu_bot")
        self.now = START
        self._messages = itertools.count(1)

    def closes(self) -> None:
        self.database.close()

    # Time

    def turns_to(self, moment: str) -> None:
        """The wall clock in the office's zone, such as `2024-10-30 10:00`."""
        self.now = datetime.fromisoformat(f"{moment.replace(' ', 'T')}:00+08:00")

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)

    def ticks(self) -> list[Due]:
        """What was due is taken care of, once; returns what that was."""
        done = [due for due in self.does(due_now) if self.does(take_care, due)]
        self.does(settle)
        return done

    def ticks_until(self, moment: str, step: timedelta = timedelta(minutes=30)) -> list[Due]:
        """Tick after tick; everything that may go is delivered in between."""
        until = datetime.fromisoformat(f"{moment.replace(' ', 'T')}:00+08:00")
        done: list[Due] = []
        while self.now < until:
            self.now = min(self.now + step, until)
            done += self.ticks()
            self.delivers()
        return done

    def changes(self, **settings: Any) -> None:
        """The office decides otherwise; as after a restart with another config."""
        self.office = replace(self.office, **settings)

    # Doing

    def does(
        self, action: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return Door(self.database, self.office, lambda: self.now).work_now(action, *args, **kwargs)

    def sayer(self, name: str) -> Sayer:
        found = self.does(lambda desk: sayer_of(desk.tx, ACCOUNTS[name]))
        assert found is not None, name
        return found

    def reports(self, name: str, project_name: str, period: str, **words: Any) -> Written:
        content: dict[str, Any] = {"progress": "主体三层", "milestones": (), "done": "浇筑三层"}
        content |= {"plan": "砌体施工", "obstacles": ()}
        given = Submission(
            self.id_of(project_name),
            period,
            ReportContent(**(content | words)),
            {"progress": "主体三层"},
            way="steps",
        )
        return self.does(write_report, self.sayer(name), given)

    def binds(self, chat_id: int = HALL, **columns: Any) -> int:
        values: dict[str, Any] = {"chat_id": chat_id, "audience": "weekly", "title": "调度群"}
        values |= {"state": GroupState.BOUND, "asked_at": self.now, "confirmed_at": self.now}
        return self.does(lambda desk: insert_row(desk.tx, group, **(values | columns)))

    def delivers(self) -> list[Any]:
        """Everything that may go is sent, as by a Telegram that takes it all; returns the rows."""
        sent: list[Any] = []
        while True:
            gone = self.database.work_now(lambda tx: self._delivered(tx))
            if not gone:
                return sent
            sent += gone

    def _delivered(self, tx: Any) -> list[Any]:
        gone = []
        for row in ready(tx):
            waits = row.not_before is not None and row.not_before > self.now
            if waits or row.before_state not in (None, OutState.SENT):
                continue
            parcel = claim(tx, row, self.now)
            if parcel is None:
                continue
            outcome = Outcome(Verdict.SENT, message_id=next(self._messages))
            record(tx, parcel, outcome, self.now)
            gone.append(row)
        return gone

    # Looking

    def rows(self, statement: Any) -> list[Any]:
        return self.database.work_now(lambda tx: list(tx.execute(statement).all()))

    def id_of(self, project_name: str) -> int:
        return int(self.rows(select(project.c.id).where(project.c.name == project_name))[0].id)

    def owed(self, kind: str = "", to: str = "") -> list[Any]:
        """What was put out, oldest first, of a kind and to one of the cast."""
        query = select(outbox).order_by(outbox.c.id)
        if kind:
            query = query.where(outbox.c.kind == kind)
        if to:
            query = query.where(outbox.c.chat_id == ACCOUNTS[to])
        return self.rows(query)

    def words(self, kind: str = "", to: str = "") -> list[str]:
        return [row.payload.get("text", "") for row in self.owed(kind, to)]

    def posted(self) -> list[str]:
        """The parts that stand in groups, or are on their way there."""
        query = select(outbox.c.payload).where(outbox.c.kind == "bulletin").order_by(outbox.c.id)
        return [row.payload["text"] for row in self.rows(query)]

    def troubles(self) -> list[str]:
        query = select(trouble.c.kind).where(trouble.c.healed_at.is_(None)).order_by(trouble.c.id)
        return [row.kind for row in self.rows(query)]

    def bulletin(self, period: str) -> Any:
        [row] = self.rows(select(bulletin).where(bulletin.c.period == period))
        return row
