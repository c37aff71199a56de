"""The office's ledger as an Excel file: what the database holds, in the form it was given."""

import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal

from xlsxwriter import Workbook

from ledger.draft import InvestmentEntry
from ledger.facts import LedgerFacts
from ledger.people import People
from reports.ledger_columns import LEVELS, BookColumn, ListedProject, book_columns, share
from reports.sheet_page import Page, Styles
from rules.terms import Duty, Level, Role

PROJECTS, MONTHS, MILESTONES, PEOPLE = "重点项目台账", "月度完成投资", "关键节点", "人员"
NOTE = "注:投资数据为调度数,非统计数;责任单位有多个的,列第一位的为牵头单位。"
NUMERALS = "一二三"
HEADING_ROWS = (2, 3)
FIRST_BODY_ROW = 4
FEWEST_MONTHS = 2  # one month alone would not be known as a monthly sheet again
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
ROLE_WORDS = {Role.OFFICE: "调度员", Role.APPROVER: "审签人", Role.SPONSOR: "包推领导"}


def ledger_book(
    facts: LedgerFacts, district: str, sponsor_verb: str = "包推", *, with_phones: bool
) -> bytes:
    """An .xlsx file; importing it again changes nothing.

    Telephone numbers only for the dispatch office (`with_phones`). `sponsor_verb` is the office's
    word for 包推领导.
    """
    facts = facts.listed()
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as workbook:
        created = datetime.combine(facts.as_of, time(), UTC).replace(tzinfo=None)
        workbook.set_properties({"created": created, "title": _title(facts, district)})
        styles = Styles(workbook)
        month = _last_month(facts)
        columns = book_columns(facts, month, sponsor_verb, with_phones=with_phones)
        _ProjectSheet(Page(workbook, PROJECTS, styles), facts, district, columns).write()
        _write_months(Page(workbook, MONTHS, styles), facts)
        _write_milestones(Page(workbook, MILESTONES, styles), facts)
        _write_people(Page(workbook, PEOPLE, styles), facts, with_phones)
    return buffer.getvalue()


def _title(facts: LedgerFacts, district: str) -> str:
    return f"{district}{facts.year}年重点项目台账"


def _last_month(facts: LedgerFacts) -> int:
    return max([facts.month, *(one.month for one in facts.investments)])


class _ProjectSheet:
    """Title, unit line, two heading rows, 合计, one section per level, a note."""

    def __init__(
        self, page: Page, facts: LedgerFacts, district: str, columns: tuple[BookColumn, ...]
    ) -> None:
        self.page = page
        self.facts = facts
        self.district = district
        self.columns = columns
        done: dict[str, Decimal] = defaultdict(Decimal)
        for entry in facts.investments:
            done[entry.project] += entry.amount
        self.rows = [
            ListedProject(project, one, done.get(project.name))
            for level in Level
            for project in facts.projects
            for one in project.memberships
            if one.level is level
        ]

    def write(self) -> None:
        self._write_top()
        self._write_headings()
        self._write_sums(FIRST_BODY_ROW, "合计", self.rows)
        row, number = FIRST_BODY_ROW + 1, 0
        sections = [level for level in Level if self._listed(level)]
        for at, level in enumerate(sections):
            listed = self._listed(level)
            self._write_sums(row, f"{NUMERALS[at]}、{LEVELS[level]}重点项目", listed)
            row += 1
            for one in listed:
                number += 1
                self._write_row(row, number, one)
                row += 1
        self.page.words(row, 1, NOTE, "line")

    def _listed(self, level: Level) -> list[ListedProject]:
        return [one for one in self.rows if one.membership.level is level]

    def _write_top(self) -> None:
        last = len(self.columns)
        title = _title(self.facts, self.district)
        self.page.merged((0, 0), (0, last), title, "title")
        as_of = self.facts.as_of
        words = f"截至{as_of.year}年{as_of.month}月{as_of.day}日"
        self.page.words(1, 0, words, "line")
        self.page.words(1, last - 1, "计量单位:万元", "right")
        self.page.sheet.set_row(0, 28)
        self.page.sheet.freeze_panes(FIRST_BODY_ROW, 2)
        self.page.printed_on(HEADING_ROWS)

    def _write_headings(self) -> None:
        top, bottom = HEADING_ROWS
        self.page.merged((top, 0), (bottom, 0), "序号")
        self.page.sheet.set_column(0, 0, 6)
        at = 1
        while at <= len(self.columns):
            column = self.columns[at - 1]
            members = [one for one in self.columns if one.group and one.group == column.group]
            if not members:
                self.page.merged((top, at), (bottom, at), column.title)
                members = [column]
            else:
                self.page.merged((top, at), (top, at + len(members) - 1), column.group)
                for offset, one in enumerate(members):
                    self.page.words(bottom, at + offset, one.title, "heading")
            for offset, one in enumerate(members):
                self.page.sheet.set_column(at + offset, at + offset, one.width)
            at += len(members)

    def _write_row(self, row: int, number: int, listed: ListedProject) -> None:
        self.page.sheet.write_number(row, 0, number, self.page.styles["number"])
        for at, column in enumerate(self.columns, start=1):
            value = column.value(listed)
            if isinstance(value, str):
                self.page.words(row, at, value)
            else:
                self.page.amount(row, at, value, column.style)

    def _write_sums(self, row: int, label: str, rows: list[ListedProject]) -> None:
        """A project on two lists is one project: 合计 counts it and its money once."""
        once = list({one.project.name: one for one in reversed(rows)}.values())
        self.page.words(row, 0, "", "bold")
        for at, column in enumerate(self.columns, start=1):
            if column.summed or column.style == "rate":
                self.page.amount(row, at, self._sum(column, once), f"bold_{column.style}")
            else:
                words = {1: label, 2: f"{len(once)}个"}.get(at, "")
                self.page.words(row, at, words, "bold")

    def _sum(self, column: BookColumn, rows: list[ListedProject]) -> Decimal | None:
        if column.style == "rate":
            done = _total(one.done for one in rows)
            return share(done, _total(one.membership.plan for one in rows))
        amounts = (column.value(one) for one in rows)
        return _total(one for one in amounts if isinstance(one, Decimal))


def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal(0))


def _write_months(page: Page, facts: LedgerFacts) -> None:
    """A column per month, and one per span where only a lump for several months is known."""
    months = max(_last_month(facts), FEWEST_MONTHS)
    spans = {(month, month) for month in range(1, months + 1)}
    spans |= {(one.first_month, one.month) for one in facts.investments}
    columns = sorted(spans, key=lambda span: (span[1], -span[0]))
    titles = [f"{last}月" if first == last else f"{first}-{last}月" for first, last in columns]
    _write_headings(page, ["序号", "项目名称", *titles, "合计"], [6, 34, *([12] * len(titles)), 14])
    told: dict[str, dict[tuple[int, int], InvestmentEntry]] = defaultdict(dict)
    for entry in facts.investments:
        told[entry.project][entry.first_month, entry.month] = entry
    for row, project in enumerate(facts.projects, start=1):
        entries = told[project.name]
        page.sheet.write_number(row, 0, row, page.styles["number"])
        page.words(row, 1, project.name)
        for at, span in enumerate(columns, start=2):
            page.amount(row, at, entries[span].amount if span in entries else None)
        total = _total(one.amount for one in entries.values())
        page.amount(row, len(columns) + 2, total if entries else None)
    page.sheet.freeze_panes(1, 2)


def _write_milestones(page: Page, facts: LedgerFacts) -> None:
    titles = ["项目名称", "节点", "完成时限", "责任单位", "责任人", "实际完成"]
    _write_headings(page, titles, [34, 18, 14, 24, 14, 14])
    for row, one in enumerate(facts.milestones, start=1):
        due = one.due_on.isoformat() if one.due_on else ""
        done = one.done_on.isoformat() if one.done_on else ""
        cells = (one.project, one.name, due, one.unit, one.responsible, done)
        for column, words in enumerate(cells):
            page.words(row, column, words)
    page.sheet.freeze_panes(1, 2)


def _write_people(page: Page, facts: LedgerFacts, with_phones: bool) -> None:
    titles = ["姓名", "职务", "单位", "角色", *(["电话"] if with_phones else [])]
    _write_headings(page, titles, [12, 24, 24, 18, 18])
    duties = _duties(facts)
    for row, one in enumerate(facts.people, start=1):
        roles = [ROLE_WORDS[role] for role in ROLE_WORDS if role in one.roles]
        if Role.REPORTER in one.roles:
            roles += duties.get(one.key) or ["填报人"]
        cells = (one.name, one.post, one.unit, "、".join(roles), one.phone)
        for column, words in enumerate(cells[: len(titles)]):
            page.words(row, column, words)
    page.sheet.freeze_panes(1, 1)


def _duties(facts: LedgerFacts) -> dict[tuple[str, str], list[str]]:
    """Who is somewhere 责任人 and who 联系人: both report, but the sheet tells them apart."""
    people = People(facts.people)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for project in facts.projects:
        named = [(name, Duty.RESPONSIBLE, "责任人") for name in project.responsible]
        named += [(name, Duty.CONTACT, "联系人") for name in project.contacts]
        for name, duty, words in named:
            known = found[people.tied(name, duty, project.units)]
            if words not in known:
                known.append(words)
    return found


def _write_headings(page: Page, titles: list[str], widths: list[int]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=False)):
        page.words(0, column, title, "heading")
        page.sheet.set_column(column, column, width)
