"""The columns of the exported project sheet: their headings, widths and what stands in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.aliases import phase_from
from ledger.columns import Field, fields_named
from ledger.draft import MembershipEntry, ProjectEntry
from ledger.facts import LedgerFacts
from ledger.heading import read_heading
from rules.terms import Level, Phase, ProjectClass

LEVELS = {Level.PROVINCIAL: "省级", Level.CITY: "市级", Level.DISTRICT: "区级"}
CLASSES = {
    ProjectClass.CONTINUING: "续建",
    ProjectClass.NEW_START: "新开工",
    ProjectClass.COMPLETION: "竣工",
    ProjectClass.PREPARATION: "前期",
}
PHASES = {
    Phase.BUILDING: "在建",
    Phase.PREPARATION: "前期",
    Phase.COMPLETED: "竣工",
    Phase.PAUSED: "暂停",
}
PHONE_WORDS = ("电话", "手机", "联系方式", "微信")
OWNER = "项目业主单位"
OUTSIDE_WIDTH = 16


@dataclass(frozen=True, slots=True)
class ListedProject:
    """One row: a project on one level's list, with what the year has completed (万元)."""

    project: ProjectEntry
    membership: MembershipEntry
    done: Decimal | None


Value = str | Decimal | None


@dataclass(frozen=True, slots=True)
class BookColumn:
    """`style` is text, amount or rate; `summed` columns are added up in section rows."""

    title: str
    width: float
    value: Callable[[ListedProject], Value]
    style: str = "text"
    group: str = ""
    summed: bool = False
    is_phone: bool = False


def book_columns(
    facts: LedgerFacts, month: int, sponsor_verb: str, *, with_phones: bool
) -> tuple[BookColumn, ...]:
    """The demo ledger's columns, then what this ledger has beside them."""
    people = _people(_sponsor_title(sponsor_verb))
    columns = (*_description(), *_money(facts.year, month), *_state(), *people)
    chosen = [*columns, *_stated_phase(facts), *_unknown(facts)]
    return tuple(one for one in chosen if with_phones or not one.is_phone)


def _description() -> tuple[BookColumn, ...]:
    return (
        BookColumn("项目名称", 30, lambda one: one.project.name),
        BookColumn("项目代码", 26, lambda one: one.project.code),
        BookColumn("级别", 8, lambda one: LEVELS[one.membership.level]),
        BookColumn("建设性质", 9, lambda one: CLASSES[one.membership.project_class]),
        BookColumn("产业类别", 16, lambda one: one.project.industry),
        BookColumn("载体", 18, lambda one: one.project.carrier),
        BookColumn("建设内容及规模", 36, lambda one: one.project.content),
        BookColumn("建设起止年月", 18, lambda one: _span(one.project)),
    )


def _money(year: int, month: int) -> tuple[BookColumn, ...]:
    return (
        BookColumn("计划总投资", 16, lambda one: one.project.total, "amount", summed=True),
        BookColumn(
            f"至{year - 1}年底累计完成投资",
            16,
            lambda one: one.project.prior,
            "amount",
            summed=True,
        ),
        BookColumn(f"{year}年计划投资", 16, lambda one: one.membership.plan, "amount", summed=True),
        BookColumn(year_to_date_title(month), 16, lambda one: one.done, "amount", summed=True),
        BookColumn("占年计划%", 10, lambda one: share(one.done, one.membership.plan), "rate"),
    )


def _state() -> tuple[BookColumn, ...]:
    return (
        BookColumn("形象进度", 24, lambda one: one.project.progress),
        BookColumn("存在问题", 24, lambda one: one.project.problem),
    )


def _people(sponsor_title: str) -> tuple[BookColumn, ...]:
    return (
        BookColumn("名称", 26, lambda one: one.project.owner_name, group=OWNER),
        BookColumn("负责人", 10, lambda one: one.project.owner_head, group=OWNER),
        BookColumn("电话", 16, lambda one: one.project.owner_phone, group=OWNER, is_phone=True),
        BookColumn(sponsor_title, 12, lambda one: "、".join(one.project.sponsors)),
        BookColumn("责任单位", 24, lambda one: "、".join(one.project.units)),
        BookColumn("责任人", 12, lambda one: "、".join(one.project.responsible)),
        BookColumn("联系人", 12, lambda one: "、".join(one.project.contacts)),
        BookColumn("联系电话", 16, lambda one: one.project.phone, is_phone=True),
        BookColumn("专班", 24, lambda one: one.project.task_force),
        BookColumn("备注", 20, lambda one: one.project.note),
    )


def _stated_phase(facts: LedgerFacts) -> tuple[BookColumn, ...]:
    """The state needs a column only where class and progress would tell another one."""
    if all(one.phase is _implied_phase(one) for one in facts.projects):
        return ()
    return (BookColumn("项目状态", 10, lambda one: PHASES[one.project.phase]),)


def _implied_phase(project: ProjectEntry) -> Phase:
    classes = tuple(one.project_class for one in project.memberships)
    return phase_from(classes, project.progress)


def _unknown(facts: LedgerFacts) -> tuple[BookColumn, ...]:
    titles = dict.fromkeys(title for one in facts.projects for title, _ in one.extra)
    return tuple(_unknown_column(title) for title in titles)


def _unknown_column(title: str) -> BookColumn:
    is_phone = any(word in read_heading(title).plain for word in PHONE_WORDS)
    return BookColumn(
        title, OUTSIDE_WIDTH, lambda one: dict(one.project.extra).get(title, ""), is_phone=is_phone
    )


def _sponsor_title(verb: str) -> str:
    """The office's verb, unless the import would not know it again."""
    title = f"{verb}领导"
    return title if Field.SPONSOR in fields_named(read_heading(title).plain) else "包推领导"


def year_to_date_title(month: int) -> str:
    if not month:
        return "本年完成投资"
    return f"1-{month}月完成投资" if month > 1 else "1月完成投资"


def share(done: Decimal | None, plan: Decimal | None) -> Decimal | None:
    """Completed over planned; nothing where there is no plan."""
    return done / plan if done is not None and plan else None


def _span(project: ProjectEntry) -> str:
    start, finish = _month(project.start_on), _month(project.finish_on)
    return f"{start}至{finish}" if finish else start


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""
