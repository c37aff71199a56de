"""The question for the money invested in the week, and once more when the amount looks wrong."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flows.choice import Choice
from flows.flow import Said, Step
from flows.phrase import Phrase
from flows.report_facts import ReportFacts
from rules.amount import doubts, read_amount, show_amount
from rules.refusal import Unusable

AMOUNT, SURE = "invested", "invested.sure"
_NOTHING = frozenset({"无", "没有", "暂无", "none", "nothing"})


def steps(facts: ReportFacts, said: Said) -> Iterator[Step[Any]]:
    yield Step(
        name=AMOUNT,
        key="report.invested",
        facts={"unit": facts.money_unit},
        read=lambda words: read_invested(words, facts.money_unit),
        show=_shown,
    )
    amount = _amount_said(facts, said)
    if amount is None:
        return
    found = doubts(
        amount,
        last=None,
        plan=facts.year_plan / 12 if facts.year_plan else None,
        total=facts.total,
        ytd_before=facts.year_to_date,
    )
    if not found:
        return
    yield _sure_step(amount, Phrase(found[0].key, found[0].facts))


def read_invested(words: str, unit: str) -> Decimal:
    """万元; 无 is zero."""
    if words.strip("。. ").casefold() in _NOTHING:
        return Decimal(0)
    return read_amount(words, unit)


def _sure_step(amount: Decimal, doubt: Phrase) -> Step[str]:
    # The answer names its amount, so that it does not vouch for one that is put in later.
    yes = f"yes:{amount.normalize():f}"

    def read(words: str) -> str:
        if words != yes:
            raise Unusable("report.confirm_amount")
        return words

    return Step(
        name=SURE,
        key="report.invested_sure",
        facts={"amount": _shown(amount), "doubt": doubt},
        read=read,
        show=lambda _: Phrase("report.sure"),
        choices=(
            Choice(
                yes, Phrase("report.sure"), also=("是", "对", "是的", "没错", "确认", "yes", "y")
            ),
            Choice("redo", Phrase("report.redo"), also=("不是", "不对", "否", "no"), redo=AMOUNT),
        ),
        quiet=True,
        instead=AMOUNT,
    )


def _amount_said(facts: ReportFacts, said: Said) -> Decimal | None:
    words = said.get(AMOUNT)
    if words is None:
        return None
    try:
        return read_invested(words, facts.money_unit)
    except Unusable:
        return None


def _shown(amount: Decimal) -> str:
    return show_amount(amount, "万元")
