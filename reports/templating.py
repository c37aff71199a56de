"""Bulletins out of templates: the office's own where they hold, else those of the house."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from reports.environment import house_environment
from reports.layout import read_layout
from reports.markup import Malformed, call_nobody, check
from reports.messages import compose
from reports.overrides import Faulty, Finding, read_sources, render_apart

_log = logging.getLogger(__name__)


def log_finding(finding: Finding) -> None:
    """Without `what`, which may quote a report."""
    _log.warning("the office's template %s is passed over, line %s", finding.file, finding.line)


class Templates:
    """One language's templates. `found` hears of an override that was passed over, and why."""

    def __init__(
        self,
        language: str = "zh-CN",
        overrides: Path | None = None,
        found: Callable[[Finding], None] = log_finding,
    ) -> None:
        self.language = language
        self._overrides = overrides
        self._found = found

    def messages(
        self, name: str, context: Mapping[str, object], most: int | None = None
    ) -> tuple[str, ...]:
        """The bulletin as Telegram's HTML in parts; an office's override never stops it."""
        try:
            parts = self._of_the_office(name, context, most)
        except Faulty as fault:
            self._found(fault.finding)
            parts = ()
        return parts or self._of_the_house(name, context, most)

    def _of_the_house(
        self, name: str, context: Mapping[str, object], most: int | None
    ) -> tuple[str, ...]:
        rendered = house_environment(self.language).get_template(name).render(context)
        return parts_of(rendered, most)

    def _of_the_office(
        self, name: str, context: Mapping[str, object], most: int | None
    ) -> tuple[str, ...]:
        if self._overrides is None:
            return ()
        sources = read_sources(self._overrides, self.language)
        if not sources:
            return ()
        (rendered,) = render_apart(self.language, sources, name, [context])
        try:
            return parts_of(rendered, most)
        except Malformed as fault:
            raise Faulty(Finding(name, None, str(fault))) from fault


def parts_of(rendered: str, most: int | None = None) -> tuple[str, ...]:
    """Raises Malformed for what Telegram would refuse."""
    parts = compose(read_layout(call_nobody(rendered)), most=most)
    for part in parts:
        check(part)
    return parts
