"""Everything the ledger can say has its words in both languages, and no words are orphaned."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import ledger
from actions.ledger import told
from flows.texts import LANGUAGES, Texts, load_texts
from ledger.changes_told import tell_changes
from ledger.compare import compare
from ledger.draft import LedgerDraft
from ledger.facts import LedgerFacts
from ledger.remarks import remarks
from ledger.sentence import Sentence
from ledger.summary import summarise
from rules.terms import Level, Phase, ProjectClass, Role
from tests.ledger_cast import demo, narrow, understood, workbook

FOLDER = Path(ledger.__file__ or "").parent
SOURCES = [*FOLDER.glob("*.py"), *FOLDER.parent.glob("actions/ledger*.py")]
HEADINGS = ["项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]


def _spoken_of(pattern: str) -> set[str]:
    return {
        match
        for source in SOURCES
        for match in re.findall(pattern, source.read_text(encoding="utf-8"))
    }


def _needed() -> set[str]:
    """Keys that the code names; those built from an enumeration are listed by it."""
    told_of = r"\.(?:error|warn|note|block|fail)\(\s*(?:line, Field\.\w+, |\w+, )?\"(\w+)\""
    needed = {f"finding.{key}" for key in _spoken_of(told_of)}
    needed |= {f"finding.{key}" for key in _spoken_of(r"Unusable\(\"(\w+)\"")}
    needed |= {f"finding.{key}" for key in _spoken_of(r"key = \"(\w+)\" if first")}
    needed |= {f"finding.{key}" for key in _spoken_of(r"else \"(code_twice)\"")}
    refused = _spoken_of(r"(?:LedgerUnreadable|RefusedError)\(\s*\"(\w+)\"")
    refused |= _spoken_of(r"LedgerUnreadable\(\"\w+\" if [^\n]* else \"(\w+)\"")
    needed |= {f"unreadable.{key}" for key in refused}
    needed |= {f"refused.{key}" for key in _spoken_of(r"\"ledger\.refused\.(\w+)\"")}
    needed |= _spoken_of(r"Sentence\(\s*\"([\w.]+)\"")
    needed |= {f"where.{key}" for key in ("cell", "bare_cell", "column", "sheet")}
    needed |= {"changes.investment", "changes.investment_span"}
    needed |= {"applied.done", "applied.nothing"}
    for name, words in (
        ("level", Level),
        ("class", ProjectClass),
        ("phase", Phase),
        ("role", Role),
    ):
        needed |= {f"{name}.{word}" for word in words}
    return needed


KEYS = {language: load_texts(language).keys() for language in LANGUAGES}


def _texts(language: str) -> Texts:
    return load_texts(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_its_words(language: str) -> None:
    texts = _texts(language)
    assert len(_needed()) > 100
    assert not {key for key in _needed() if not texts.has(f"ledger.{key}")}


def test_no_words_are_orphaned() -> None:
    built = (
        "field.",
        "summary.sheet_",
        "summary.named_",
        "remarks.",
        "unreadable.too_many_columns",
    )
    mine = {key.removeprefix("ledger.") for key in KEYS["zh-CN"] if key.startswith("ledger.")}
    unused = {key for key in mine - _needed() if not key.startswith(built)}
    assert not unused


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    chinese, english = (_texts(language) for language in LANGUAGES)
    mine = {key for key in KEYS["zh-CN"] if key.startswith("ledger.")}
    assert mine == {key for key in KEYS["en"] if key.startswith("ledger.")}
    assert not {key for key in mine if not english.fields(key) <= chinese.fields(key)}


def _everything_said(draft: LedgerDraft) -> Iterable[Sentence]:
    yield from summarise(draft)
    yield from remarks(draft.findings, most=1000)
    for held in (LedgerFacts(draft.year, date(2024, 10, 31)), _other_facts()):
        yield from tell_changes(compare(draft, held))


def _other_facts() -> LedgerFacts:
    """The demo ledger as if every second project had been told otherwise."""
    draft = demo()
    projects = tuple(
        replace(
            one,
            total=Decimal(1),
            progress="别的进度",
            phase=Phase.PAUSED,
            start_on=None,
            sponsors=("别人",),
            memberships=tuple(replace(m, plan=Decimal(2)) for m in one.memberships),
        )
        for one in draft.projects[::2]
    )
    people = tuple(replace(one, post="", roles=frozenset()) for one in draft.people[::2])
    milestones = tuple(replace(one, due_on=None) for one in draft.milestones[::2])
    money = tuple(replace(one, amount=Decimal(3)) for one in draft.investments[::2])
    return LedgerFacts(2024, date(2024, 10, 31), 10, projects, money, milestones, people)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dry_run_reads_without_a_gap_in_either_language(language: str) -> None:
    broken = understood(
        workbook(
            台账=[
                [*HEADINGS, "形象进度", "开工时间", "土地情况"],
                ["合计", "9个", None, 1, 1],
                ["城东水厂", "区级", "续建", "待核实", -1, "已停工", "2024-13", "已供地"],
                ["城西学校", "国级", "扩建", 5000, 9000, "已停工", 2024.1, None],
                ["城西学校", "区级", "续建", 5000, 900, "已停工", "尽快", None],
                [None, "区级", "续建", 1e15, 900, "x", None, None],
            ],
            说明=[["说明"]],
        )
    )
    for draft in (demo(), broken):
        lines = told(_texts(language), _everything_said(draft))
        assert lines
        assert not [line for line in lines if re.search(r"[{}]|Sentence|Decimal|None", line)]


def test_a_remark_names_sheet_row_column_and_what_to_do() -> None:
    draft = understood(workbook(台账=[HEADINGS, ["城东水厂", "区级", "续建", "待核实", 3000]]))
    said = [narrow(line) for line in told(_texts("zh-CN"), remarks(draft.findings))]
    assert said == [
        "必须改正的问题1处(所在行不导入):",
        "《台账》第2行D列“总投资(万元)”:“待核实”不是金额。请填数字,没有就留空。",
    ]


def test_of_one_mistake_in_a_whole_column_the_first_rows_are_told() -> None:
    rows = [[f"项目{number}", "区级", "续建", "待定价", 1] for number in range(40)]
    draft = understood(workbook(台账=[HEADINGS, *rows]))
    said = told(_texts("zh-CN"), remarks(draft.findings))
    assert len(said) == 7
    assert said[-1] == "……同样的还有35处"
