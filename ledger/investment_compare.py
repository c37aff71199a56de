"""Money by month in a draft against what is known, where either side may be coarser."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from ledger.changes import InvestmentChange
from ledger.draft import InvestmentEntry, LedgerDraft
from ledger.facts import LedgerFacts

Found = tuple[tuple[InvestmentChange, ...], tuple[InvestmentChange, ...]]


def compare_investments(draft: LedgerDraft, facts: LedgerFacts, names: Mapping[str, str]) -> Found:
    """The changes, and those amounts that cannot be laid over what is known.

    `names` maps the file's names of known projects to the database's. A lump for January to N is
    set against the sum of the months known; what is more belongs to the months not yet known, else
    to the last one.
    """
    known: dict[str, list[InvestmentEntry]] = defaultdict(list)
    for entry in facts.investments:
        known[entry.project].append(entry)
    told: dict[str, list[InvestmentEntry]] = defaultdict(list)
    for entry in draft.investments:
        told[entry.project].append(entry)
    changes: list[InvestmentChange] = []
    unclear: list[InvestmentChange] = []
    for project in draft.projects:
        lump = project.year_to_date
        entries = told[project.name]
        if not entries and lump:
            entries = [InvestmentEntry(project.name, 1, lump.month, lump.amount, project.spot)]
        name = names.get(project.name, project.name)
        comparison = _Comparison(name, known[name])
        comparison.lay(entries)
        changes += comparison.changes
        unclear += comparison.unclear
    return tuple(changes), tuple(unclear)


class _Comparison:
    """One project's money."""

    def __init__(self, project: str, known: list[InvestmentEntry]) -> None:
        self.project = project
        self.known = sorted(known, key=lambda one: one.month)
        self.changes: list[InvestmentChange] = []
        self.unclear: list[InvestmentChange] = []

    def lay(self, entries: list[InvestmentEntry]) -> None:
        finer: dict[InvestmentEntry, list[InvestmentEntry]] = defaultdict(list)
        for entry in sorted(entries, key=lambda one: one.month):
            touching = [one for one in self.known if _overlap(one, entry)]
            inside = [one for one in touching if _holds(entry, one)]
            wider = [one for one in touching if one not in inside]
            if not wider:
                self._lay_over(entry, inside)
            elif len(wider) == 1 and not inside and _holds(wider[0], entry):
                finer[wider[0]].append(entry)
            else:
                self._add(self.unclear, entry.first_month, entry.month, None, entry.amount, entry)
        for coarse, parts in finer.items():
            self._split(coarse, parts)

    def _lay_over(self, entry: InvestmentEntry, inside: list[InvestmentEntry]) -> None:
        if not inside:
            self._add(self.changes, entry.first_month, entry.month, None, entry.amount, entry)
            return
        difference = entry.amount - sum((one.amount for one in inside), Decimal(0))
        last = inside[-1]
        if not difference:
            return
        if last.month < entry.month:
            self._add(self.changes, last.month + 1, entry.month, None, difference, entry)
            return
        new = last.amount + difference
        self._add(self.changes, last.first_month, last.month, last.amount, new, entry)

    def _split(self, coarse: InvestmentEntry, parts: list[InvestmentEntry]) -> None:
        """Months replace a lump when they fill it; a few of its months alone cannot."""
        months = {month for one in parts for month in range(one.first_month, one.month + 1)}
        fills = months == set(range(coarse.first_month, coarse.month + 1))
        equals = sum((one.amount for one in parts), Decimal(0)) == coarse.amount
        into = self.changes if fills or equals else self.unclear
        for one in parts:
            self._add(into, one.first_month, one.month, None, one.amount, one)

    def _add(
        self,
        into: list[InvestmentChange],
        first: int,
        last: int,
        old: Decimal | None,
        new: Decimal,
        entry: InvestmentEntry,
    ) -> None:
        into.append(InvestmentChange(self.project, first, last, old, new, entry.spot))


def _overlap(one: InvestmentEntry, other: InvestmentEntry) -> bool:
    return one.first_month <= other.month and other.first_month <= one.month


def _holds(outer: InvestmentEntry, inner: InvestmentEntry) -> bool:
    return outer.first_month <= inner.first_month and inner.month <= outer.month
