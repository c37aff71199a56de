"""What every action may know about the office: its settings, rhythm, calendar, texts and keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.texts import LANGUAGES, Texts, load_texts
from rules.calendar import Calendar
from rules.duty import Preparation
from rules.reminder import Quiet
from rules.week import Rhythm, Week, current_week, week_before, week_of


@dataclass(frozen=True, slots=True)
class Office:
    """Frozen for the life of the process; nothing here is a secret but `button_keys`."""

    name: str
    district: str
    rhythm: Rhythm
    calendar: Calendar
    language: str
    button_keys: tuple[bytes, ...]
    bot_name: str = ""
    sponsor_verb: str = "包推"
    time_progress_word: str = "时间进度"
    decimals: int = 1
    keep_zeros: bool = False
    unit_order: tuple[str, ...] = ()
    unit_aliases: Mapping[str, str] | None = None
    preparation: Preparation = "fortnight"
    asks_money: bool = False
    quiet: Quiet = field(default_factory=Quiet)
    reminders_per_week: int = 4
    nudges_per_week: int = 1
    needs_approval: bool = True
    first_number: int = 1
    pins: bool = True
    late_bulletin: timedelta = timedelta(hours=36)
    templates: Path | None = None
    ledger_year: int | None = None
    ledger_bytes: int = 5 * 1024 * 1024
    invitation_life: timedelta = timedelta(days=14)
    weeks: dict[str, Week] = field(default_factory=dict, repr=False, compare=False)
    """Weeks worked out before: each walks the calendar, and every step asks for one."""

    @property
    def zone(self) -> ZoneInfo:
        return self.rhythm.zone

    def texts(self, language: str = "") -> Texts:
        return load_texts(language if language in LANGUAGES else self.language)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def week(self, period: str) -> Week:
        known = self.weeks.get(period)
        if known is None:
            known = self.weeks[period] = week_of(period, self.rhythm, self.calendar)
        return known

    def current_week(self, now: datetime) -> Week:
        year, number, _ = now.astimezone(self.zone).isocalendar()
        week = self.week(f"{year:04}-W{number:02}")
        before = self.week(week_before(week.period))
        if before.cutoff_at <= now < week.cutoff_at:
            return week
        return self.week(current_week(now, self.rhythm, self.calendar).period)

    def link(self, code: str) -> str:
        return f"https://t.me/{self.bot_name}?start={code}"


@cache
def official_workday(on: date) -> bool | None:
    """The State Council's list as the library knows it; None for a year it does not know."""
    import chinese_calendar  # 40 ms: loaded when first asked

    try:
        return bool(chinese_calendar.is_workday(on))  # type: ignore[no-untyped-call]  # untyped library
    except NotImplementedError:
        return None
