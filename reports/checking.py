"""Trying an office's templates on invented weeks, before a real bulletin meets them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from reports.environment import HOUSE_FOLDER
from reports.markup import Malformed
from reports.overrides import Faulty, Finding, read_sources, render_apart
from reports.sample import weekly_samples
from reports.templating import parts_of
from reports.weekly import TEMPLATE as WEEKLY
from reports.wording import FILTERS

SAMPLES: Mapping[str, Callable[[], list[Mapping[str, object]]]] = {WEEKLY: weekly_samples}
"""Every bulletin, by its template, with what it is tried on."""

_HELPER_MARK = "_"


def check_templates(folder: Path) -> tuple[Finding, ...]:
    """What is wrong in an office's folder (`zh-CN/weekly.html`, …); nothing means all is well."""
    if not folder.is_dir():
        return (Finding(folder.name, None, "there is no such folder"),)
    return tuple(finding for path in sorted(folder.iterdir()) for finding in _check(path))


def _check(path: Path) -> Iterator[Finding]:
    language = path.name
    if language.startswith(".") or not path.is_dir():
        return
    if language not in FILTERS:
        yield Finding(language, None, f"no such language; there are {', '.join(FILTERS)}")
        return
    try:
        sources = read_sources(path.parent, language)
    except Faulty as fault:
        yield fault.finding
        return
    for name in sources:
        if not name.startswith(_HELPER_MARK) and not (HOUSE_FOLDER / language / name).is_file():
            yield Finding(name, None, "no bulletin uses it; a helper's name begins with _")
    if sources:
        yield from _tried(language, sources)


def _tried(language: str, sources: Mapping[str, str]) -> Iterator[Finding]:
    seen = set()
    for name, samples in SAMPLES.items():
        try:
            for rendered in render_apart(language, sources, name, samples()):
                parts_of(rendered)
        except Faulty as fault:
            if fault.finding not in seen:
                yield fault.finding
            seen.add(fault.finding)
        except Malformed as fault:
            yield Finding(name, None, str(fault))
