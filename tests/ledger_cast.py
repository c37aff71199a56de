"""A small district's ledger in many layouts, for the tests of reading, exporting and importing."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from ledger import reading
from ledger.draft import (
    InvestmentEntry,
    LedgerDraft,
    MembershipEntry,
    MilestoneEntry,
    PersonEntry,
    ProjectEntry,
)
from ledger.facts import LedgerFacts
from ledger.hints import Hints
from ledger.recognition import recognise
from ledger.sheet import Limits, book_of, read_book
from rules.terms import Level, Phase, ProjectClass, Role

openpyxl: Any = import_module("openpyxl")  # untyped
DEMO = Path(__file__).parent.parent / "rehearsal" / "laiwu-2024.xlsx"
Rows = Sequence[Any]


def workbook(**sheets: Rows) -> bytes:
    """An .xlsx file with these sheets; `None` leaves a cell empty."""
    return merged_workbook(sheets, {})


def merged_workbook(sheets: dict[str, Rows], merges: dict[str, Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    cell = sheet.cell(number, column)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"
        for merge in merges.get(name, ()):
            sheet.merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def understood(content: bytes, name: str = "台账.xlsx", hints: Hints | None = None) -> LedgerDraft:
    """What is made of a file, through the guard and the child process."""
    return recognise(read_book(content, name), hints)


def understood_here(content: bytes) -> LedgerDraft:
    """The same for .xlsx without guard and child process: for properties with many examples."""
    return recognise(book_of(reading.read_book(content, Limits().for_the_child())))


def wide(words: str) -> str:
    """As a Chinese keyboard types it: digits, letters and marks in their full-width forms."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in words)


def narrow(words: str) -> str:
    """Full-width marks made plain, so that a test can be typed on any keyboard."""
    return unicodedata.normalize("NFKC", words)


def demo() -> LedgerDraft:
    return understood(DEMO.read_bytes())


def keys(draft: LedgerDraft) -> list[str]:
    """The keys of all findings, in the order in which they were met."""
    return [finding.key for finding in draft.findings]


def membership(
    level: Level = Level.DISTRICT,
    project_class: ProjectClass = ProjectClass.CONTINUING,
    plan: str | None = "1000",
) -> MembershipEntry:
    return MembershipEntry(level, project_class, Decimal(plan) if plan is not None else None)


def project(name: str, *lists: MembershipEntry, **known: Any) -> ProjectEntry:
    values: dict[str, Any] = {"phase": Phase.BUILDING, "total": Decimal("20000"), **known}
    return ProjectEntry(name=name, memberships=lists or (membership(),), **values)


def facts(*projects: ProjectEntry, **known: Any) -> LedgerFacts:
    values: dict[str, Any] = {"month": 10, **known}
    return LedgerFacts(year=2024, as_of=date(2024, 10, 31), projects=projects, **values)


def money(name: str, first: int, last: int, amount: str) -> InvestmentEntry:
    return InvestmentEntry(name, first, last, Decimal(amount))


def milestone(project_name: str, name: str, **known: Any) -> MilestoneEntry:
    return MilestoneEntry(project_name, name, **known)


def person(name: str, unit: str = "", *roles: Role, **known: Any) -> PersonEntry:
    return PersonEntry(name, unit, roles=frozenset(roles), **known)
