"""The changes of an import as sentences: what is new, what differs, what the file no longer has."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby

from ledger.changes import Changes, FieldChange, InvestmentChange, PersonChange, PlanChange
from ledger.sentence import Sentence
from ledger.summary import names_and_more
from rules.amount import show_amount
from rules.terms import Phase, Role

MOST_CHANGES = 30


def tell_changes(changes: Changes, most: int = MOST_CHANGES) -> tuple[Sentence, ...]:
    """What applying would do; of each kind the first `most` lines."""
    return tuple(_sentences(changes, most))


def _sentences(changes: Changes, most: int) -> Iterator[Sentence]:
    if changes.is_empty:
        yield Sentence("changes.none", {"count": changes.unchanged})
        return
    if changes.new:
        names = names_and_more([one.name for one in changes.new])
        yield Sentence("changes.new", {"count": len(changes.new), "names": names})
    for one in changes.joined[:most]:
        level = Sentence(f"level.{one.membership.level}")
        yield Sentence("changes.joined", {"name": one.project, "level": level})
    yield from _limited(map(_plan, changes.plans), len(changes.plans), most)
    for change in changes.classes[:most]:
        facts = {"old": Sentence(f"class.{change.old}"), "new": Sentence(f"class.{change.new}")}
        yield Sentence("changes.class", {"name": change.project, **facts})
    yield from _limited(map(_field, changes.changed), len(changes.changed), most)
    yield from _investments(changes)
    yield from _milestones(changes, most)
    yield from _people(changes, most)
    yield from _gone(changes, most)
    if changes.unchanged:
        yield Sentence("changes.unchanged", {"count": changes.unchanged})


def _limited(lines: Iterable[Sentence], count: int, most: int) -> Iterator[Sentence]:
    for at, line in enumerate(lines):
        if at == most:
            yield Sentence("remarks.more", {"count": count - most})
            return
        yield line


def _plan(change: PlanChange) -> Sentence:
    facts = {"name": change.project, "level": Sentence(f"level.{change.level}")}
    if change.old is None:
        return Sentence("changes.plan_set", facts | {"new": show_amount(change.new)})
    amounts = {"old": show_amount(change.old), "new": show_amount(change.new)}
    return Sentence("changes.plan", facts | amounts)


def _field(change: FieldChange) -> Sentence:
    field = change.of if change.field == "extra" else Sentence(f"field.{change.field}")
    values = {"old": _value(change.old), "new": _value(change.new)}
    return Sentence("changes.field", {"name": change.project, "field": field, **values})


def _value(value: object) -> object:
    """A value as people write it; nothing is 无."""
    if isinstance(value, Decimal):
        return show_amount(value)
    if isinstance(value, Phase):
        return Sentence(f"phase.{value}")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return "、".join(sorted(str(one) for one in value))
    if isinstance(value, tuple):
        value = "、".join(value)
    return value or Sentence("nothing")


def _investments(changes: Changes) -> Iterator[Sentence]:
    fresh = [one for one in changes.investments if one.old is None]
    if fresh:
        total = sum((one.new for one in fresh), Decimal(0))
        facts = {"count": len(fresh), "amount": show_amount(total, "亿元", 2, keep_zeros=True)}
        yield Sentence("changes.investments_new", facts)
    revised = [one for one in changes.investments if one.old is not None]
    yield from _limited(map(_investment, revised), len(revised), MOST_CHANGES)
    for one in changes.unclear[:MOST_CHANGES]:
        facts = {"name": one.project, "first": one.first_month, "last": one.month}
        yield Sentence("changes.investment_unclear", facts | {"amount": show_amount(one.new)})


def _investment(change: InvestmentChange) -> Sentence:
    assert change.old is not None
    facts = {"name": change.project, "first": change.first_month, "last": change.month}
    amounts = {"old": show_amount(change.old), "new": show_amount(change.new)}
    key = "investment" if change.first_month == change.month else "investment_span"
    return Sentence(f"changes.{key}", facts | amounts)


def _milestones(changes: Changes, most: int) -> Iterator[Sentence]:
    if changes.new_milestones:
        yield Sentence("changes.milestones_new", {"count": len(changes.new_milestones)})
    for one in changes.milestones[:most]:
        values = {"old": _value(one.old), "new": _value(one.new)}
        facts = {"name": one.project, "milestone": one.of, "field": Sentence(f"field.{one.field}")}
        yield Sentence("changes.milestone", facts | values)
    for gone in changes.gone_milestones[:most]:
        facts = {"name": gone.project, "milestone": gone.milestone}
        yield Sentence("changes.milestone_gone", facts)


def _people(changes: Changes, most: int) -> Iterator[Sentence]:
    if changes.new_people:
        yield Sentence("changes.people_new", {"count": len(changes.new_people)})
    lines = (line for one in changes.people for line in _person(one))
    yield from _limited(lines, len(changes.people), most)
    for name, unit in changes.gone_people[:most]:
        yield Sentence("changes.person_gone", {"name": name, "unit": unit or Sentence("nothing")})


def _person(change: PersonChange) -> Iterator[Sentence]:
    facts: dict[str, object] = {"name": change.name, "unit": change.unit or Sentence("nothing")}
    if change.field != "roles":
        values = {"old": _value(change.old), "new": _value(change.new)}
        yield Sentence(
            "changes.person", facts | {"field": Sentence(f"field.{change.field}"), **values}
        )
        return
    assert isinstance(change.old, frozenset) and isinstance(change.new, frozenset)
    for role in sorted(change.new - change.old):
        yield Sentence("changes.role", facts | {"role": Sentence(f"role.{Role(role)}")})


def _gone(changes: Changes, most: int) -> Iterator[Sentence]:
    by_project = groupby(changes.gone, key=lambda one: one.project)
    gone = [(name, [one.level for one in lists]) for name, lists in by_project]
    for name, levels in gone[:most]:
        for level in levels:
            yield Sentence("changes.gone", {"name": name, "level": Sentence(f"level.{level}")})
    if gone:
        yield Sentence("changes.gone_question", {"count": len(gone)})
