"""Which rows are one project: the same code or the same name; on two levels it has two lists."""

from dataclasses import replace

from ledger.draft import ProjectEntry
from ledger.findings import Findings
from ledger.sentence import Sentence

MERGED_ATTRIBUTES = ("total", "prior", "units", "sponsors", "start_on", "finish_on", "year_to_date")


def merge_projects(
    entries: list[ProjectEntry], held: set[str], findings: Findings
) -> tuple[ProjectEntry, ...]:
    """One entry per project in the order of first appearance.

    A second row on the same list is an error and left out; one on another list adds a membership.
    """
    merged: dict[str, ProjectEntry] = {}
    name_by_code: dict[str, str] = {}
    for entry in entries:
        name = entry.name if entry.name in merged else name_by_code.get(entry.code, "")
        if not name:
            merged[entry.name] = entry
            if entry.code:
                name_by_code[entry.code] = entry.name
            continue
        first = merged[name]
        if not _may_join(first, entry):
            _refuse(first, entry, findings)
            held.update({entry.name} - {first.name})
            continue
        _compare(first, entry, findings)
        merged[name] = replace(first, memberships=(*first.memberships, *entry.memberships))
    return tuple(merged.values())


def _may_join(first: ProjectEntry, entry: ProjectEntry) -> bool:
    taken = {one.level for one in first.memberships}
    codes_differ = first.code and entry.code and first.code != entry.code
    return not codes_differ and not any(one.level in taken for one in entry.memberships)


def _refuse(first: ProjectEntry, entry: ProjectEntry, findings: Findings) -> None:
    key = "project_twice" if first.name == entry.name else "code_twice"
    facts = {"name": entry.name, "first": first.name, "code": entry.code}
    findings.error(key, entry.spot, first_row=first.spot.row, **facts)


def _compare(first: ProjectEntry, entry: ProjectEntry, findings: Findings) -> None:
    if first.name != entry.name:
        findings.warn("names_of_one_code", entry.spot, name=entry.name, first=first.name)
    for attribute in MERGED_ATTRIBUTES:
        new = getattr(entry, attribute)
        if new and new != getattr(first, attribute):
            said = Sentence(f"field.{attribute}")
            findings.warn("rows_differ", entry.spot, name=entry.name, field=said)
