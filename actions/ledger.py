"""The ledger's import, its dry run and its export, each in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from actions.desk import Desk
from actions.ledger_desk import LedgerDesk
from actions.ledger_facts import ledger_facts
from actions.ledger_lists import write_lists
from actions.ledger_milestones import write_milestones
from actions.ledger_money import write_money
from actions.ledger_people import write_people
from actions.ledger_projects import write_projects
from actions.office import Office
from actions.people import Sayer
from actions.settings import start_dispatching
from flows.phrase import Phrase, spoken
from flows.texts import Texts
from ledger.changes import Changes, Gone
from ledger.changes_told import tell_changes
from ledger.compare import compare
from ledger.draft import LedgerDraft
from ledger.hints import Hints
from ledger.money import MoneyUnit
from ledger.recognition import recognise
from ledger.remarks import remarks
from ledger.sentence import Sentence
from ledger.sheet import Limits, read_book
from ledger.summary import summarise
from models.project import membership, project
from reports.ledger_book import ledger_book
from rules.refusal import Refusal
from rules.rights import Right
from rules.terms import Level


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The dry run: what the file says, what is wrong with it, what applying would change."""

    summary: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]
    changes: tuple[Sentence, ...]
    is_blocked: bool
    is_empty: bool
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """How much an import wrote; `changed` counts projects that were known."""

    new: int = 0
    changed: int = 0
    investments: int = 0
    milestones: int = 0
    people: int = 0

    @property
    def sentence(self) -> Sentence:
        counts = {name: getattr(self, name) for name in self.__slots__}
        return Sentence("applied.done" if any(counts.values()) else "applied.nothing", counts)


def read_ledger(
    content: bytes,
    file_name: str,
    office: Office,
    year: int | None = None,
    units: Mapping[str, MoneyUnit] | None = None,
) -> LedgerDraft:
    """Read and recognise a file. Takes up to ten seconds and needs no transaction: never call it
    inside one. `units` overrides a column's unit by its title or letter. Raises LedgerUnreadable
    (a Refusal)."""
    hints = Hints(
        year=year or office.ledger_year,
        units=dict(units or {}),
        unit_aliases=dict(office.unit_aliases or {}),
    )
    limits = Limits(file_bytes=office.ledger_bytes)
    return recognise(read_book(content, file_name, limits), hints)


def rehearse_import(desk: Desk, sayer: Sayer | None, draft: LedgerDraft) -> Rehearsal:
    """Nothing is written. `sayer` is None on the command line; Refusal: may not import."""
    if sayer is not None:
        sayer.must(Right.IMPORT)
    changes = _changes(desk, draft)
    return Rehearsal(
        summary=summarise(draft),
        remarks=remarks(draft.findings),
        changes=() if draft.is_blocked else tell_changes(changes),
        is_blocked=draft.is_blocked,
        is_empty=changes.is_empty,
        needs_reason=changes.needs_reason,
    )


def apply_import(desk: Desk, sayer: Sayer | None, draft: LedgerDraft, reason: str = "") -> Applied:
    """Write what differs; what is gone stays. The first import starts the weekly dispatch.

    Refusal: may not import, a blocking error, a plan changes and `reason` is empty.
    """
    if sayer is not None:
        sayer.must(Right.IMPORT)
    if draft.is_blocked:
        raise Refusal("ledger.refused.blocked")
    changes = _changes(desk, draft)
    if changes.needs_reason and not reason.strip():
        raise Refusal("ledger.refused.reason_needed")
    page = LedgerDesk(desk, draft.year, sayer.id if sayer else None, reason.strip())
    ids = write_projects(page, changes)
    write_lists(page, changes, ids)
    write_money(page, changes, ids)
    write_milestones(page, changes, ids)
    write_people(page, changes, ids)
    applied = _applied(changes)
    if any(getattr(applied, name) for name in applied.__slots__):
        counts = {name: getattr(applied, name) for name in applied.__slots__}
        actor = sayer.id if sayer else None
        desk.record(actor, "import", f"ledger {draft.year}", reason=reason.strip(), **counts)
    start_dispatching(desk)
    return applied


def gone_from(desk: Desk, draft: LedgerDraft) -> tuple[Gone, ...]:
    """What is on a list and not in the file; asked about, never taken off by an import."""
    return _changes(desk, draft).gone


def export_ledger(desk: Desk, sayer: Sayer | None, year: int | None = None) -> bytes:
    """The ledger of a year, by default the latest one imported, as an .xlsx file.

    Telephone numbers go only to someone who may see the people. Refusal: may not export.
    """
    if sayer is not None:
        sayer.must(Right.EXPORT)
    today = desk.office.today(desk.now)
    facts = ledger_facts(desk.tx, year or _latest_year(desk, today), today)
    with_phones = sayer is None or sayer.may(Right.SEE_PEOPLE)
    office = desk.office
    return ledger_book(facts, office.district, office.sponsor_verb, with_phones=with_phones)


def leave_list(
    desk: Desk, sayer: Sayer | None, name: str, year: int, level: Level, reason: str
) -> None:
    """A project that an import no longer had leaves a list for good; its history stays.

    One that is on no list of the year any more owes no reports. Refusal: may not import, no
    reason, not on that list.
    """
    if sayer is not None:
        sayer.must(Right.IMPORT)
    if not reason.strip():
        raise Refusal("ledger.refused.leaving_needs_reason")
    today = desk.office.today(desk.now)
    found = desk.tx.execute(
        select(membership.c.id, project.c.id.label("project_id"))
        .join(project, project.c.id == membership.c.project_id)
        .where(
            project.c.name == name,
            membership.c.year == year,
            membership.c.level == level,
            membership.c.left_on.is_(None),
        )
    ).first()
    if found is None:
        raise Refusal("ledger.refused.not_on_list", name=name)
    desk.tx.execute(
        membership.update()
        .where(membership.c.id == found.id)
        .values(left_on=today, reason=reason.strip())
    )
    others = desk.tx.execute(
        select(membership.c.id).where(
            membership.c.project_id == found.project_id,
            membership.c.year == year,
            membership.c.left_on.is_(None),
        )
    ).first()
    if others is None:
        gone = project.update().where(project.c.id == found.project_id).values(gone_on=today)
        desk.tx.execute(gone)
    actor = sayer.id if sayer else None
    desk.record(actor, "leave_list", f"project {found.project_id}", level=level, reason=reason)


def told(texts: Texts, sentences: Iterable[Sentence]) -> list[str]:
    """The sentences of a dry run in a reader's language, plain."""
    return [spoken(texts, _phrase(one)) for one in sentences]


def _phrase(sentence: Sentence) -> Phrase:
    facts = {
        name: _phrase(fact) if isinstance(fact, Sentence) else fact
        for name, fact in sentence.facts.items()
    }
    return Phrase(f"ledger.{sentence.key}", facts)


def _changes(desk: Desk, draft: LedgerDraft) -> Changes:
    today = desk.office.today(desk.now)
    return compare(draft, ledger_facts(desk.tx, draft.year, draft.as_of or today))


def _applied(changes: Changes) -> Applied:
    touched = {one.project for one in changes.changed}
    for others in (changes.classes, changes.plans, changes.joined):
        touched |= {one.project for one in others}
    return Applied(
        new=len(changes.new),
        changed=len(touched),
        investments=len(changes.investments),
        milestones=len(changes.new_milestones) + len(changes.milestones),
        people=len(changes.new_people) + len(changes.people),
    )


def _latest_year(desk: Desk, today: date) -> int:
    years = select(membership.c.year).order_by(membership.c.year.desc()).limit(1)
    return desk.tx.scalar(years) or today.year
