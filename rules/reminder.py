"""Who is reminded of what, and when a person must be left alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from rules.rhythm import moment


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours by the wall clock, `until` not included; they may span midnight.

    Two equal times mean that there are none.
    """

    from_: time = time(21)
    until: time = time(8)

    def is_quiet(self, now: datetime) -> bool:
        """`now` in the office's zone."""
        at = now.time()
        if self.from_ <= self.until:
            return self.from_ <= at < self.until
        return at >= self.from_ or at < self.until

    def quiet_ends(self, now: datetime) -> datetime:
        """`now` itself outside quiet hours. `now` is aware and in the office's zone."""
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        if not self.is_quiet(now):
            return now
        days = 0 if now.time() < self.until else 1
        ends_at = moment(now.date() + timedelta(days=days), self.until, now.tzinfo)
        if ends_at.astimezone(UTC) > now.astimezone(UTC):
            return ends_at
        # The clock was set back during the night and `until` comes a second time.
        return ends_at.replace(fold=1)


@dataclass(frozen=True, slots=True)
class Reachable:
    """What matters about a person before they are written to."""

    joined: bool
    on_leave: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """A project and its people, each list in the ledger's order."""

    project_id: int
    contacts: tuple[int, ...]
    responsible: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Owing:
    """One person and all the projects they are asked about, in one message."""

    person_id: int
    project_ids: tuple[int, ...]


def who_answers(project: Answering, people: Mapping[int, Reachable]) -> int | None:
    """The first contact who can be reached, else the first responsible person; None: nobody.

    Somebody on leave is stood in for by their deputy, who must have joined and be there: a
    deputy's own deputy was never asked to answer for this project.
    """
    for person_id in (*project.contacts, *project.responsible):
        answering_id = _present(person_id, people)
        if answering_id is not None:
            return answering_id
    return None


def owings(projects: Iterable[Answering], people: Mapping[int, Reachable]) -> tuple[Owing, ...]:
    """Each person once and each project once, in the order of the projects."""
    owed: dict[int, dict[int, None]] = {}
    for project in projects:
        person_id = who_answers(project, people)
        if person_id is not None:
            owed.setdefault(person_id, {})[project.project_id] = None
    return tuple(Owing(person_id, tuple(project_ids)) for person_id, project_ids in owed.items())


def unanswered(projects: Iterable[Answering], people: Mapping[int, Reachable]) -> tuple[int, ...]:
    """The projects for which nobody can be reached; the office asks by other means."""
    return tuple(each.project_id for each in projects if who_answers(each, people) is None)


def is_capped(sent_this_week: int, cap: int) -> bool:
    """The person has had as many reminders this week as the office allows; 0 allows none."""
    return sent_this_week >= cap


def _present(person_id: int, people: Mapping[int, Reachable]) -> int | None:
    person = people.get(person_id)
    if person is None:
        return None
    if not person.on_leave:
        return person_id if person.joined else None
    deputy_id = person.deputy_id
    deputy = people.get(deputy_id) if deputy_id is not None else None
    return deputy_id if deputy and deputy.joined and not deputy.on_leave else None
