"""Findings of a dry run as sentences, each naming where in the file it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledger.draft import Finding, Severity, Spot
from ledger.sentence import Sentence
from rules.amount import show_amount

MOST_PER_KIND = 5  # a mistake that fills a column is understood after a few rows


def remarks(findings: Sequence[Finding], most: int = MOST_PER_KIND) -> tuple[Sentence, ...]:
    """Errors first, then warnings, then notes; of each kind the first few rows."""
    told: list[Sentence] = []
    for severity in Severity:
        chosen = [one for one in findings if one.severity is severity]
        if chosen:
            told.append(Sentence(f"remarks.{severity}", {"count": len(chosen)}))
        by_key: dict[str, list[Finding]] = defaultdict(list)
        for one in chosen:
            by_key[one.key].append(one)
        for alike in by_key.values():
            told += [_remark(one) for one in alike[:most]]
            if len(alike) > most:
                told.append(Sentence("remarks.more", {"count": len(alike) - most}))
    return tuple(told)


def _remark(finding: Finding) -> Sentence:
    said = Sentence(f"finding.{finding.key}", _written(finding.facts))
    return Sentence("remarks.line", {"where": where(finding.spot), "said": said})


def where(spot: Spot) -> Sentence:
    """《sheet》第7行J列(计划总投资), as far as it is known."""
    facts = {"sheet": spot.sheet, "row": spot.row, "column": spot.column, "title": spot.title}
    if not spot.sheet:
        return Sentence("where.file")
    if spot.row and spot.column:
        return Sentence("where.cell" if spot.title else "where.bare_cell", facts)
    if spot.row:
        return Sentence("where.row", facts)
    return Sentence("where.column" if spot.column else "where.sheet", facts)


def _written(facts: Mapping[str, object]) -> dict[str, object]:
    """Amounts get their unit."""
    return {
        name: show_amount(fact) if isinstance(fact, Decimal) else fact
        for name, fact in facts.items()
    }
