"""The office's weekly rhythm: on which weekday and at which wall time each thing happens."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

from rules.tidy import half_width

_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = "一二三四五六日"
_SLOT = re.compile(
    r"(?:(?P<english>[a-z]{3,9})\.?|(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天]))"
    r"[ ,]*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekday (0 = Monday) and a wall time in whole minutes."""

    weekday: int
    at: time

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"weekday must be 0 (Monday) to 6 (Sunday), not {self.weekday}")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError(f"a wall time has whole minutes and no zone: {self.at}")

    @classmethod
    def read(cls, words: str) -> Self:
        """`Thu 18:00`, `Thursday 18:00`, `周四 18:00`, `星期四 18:00`; ValueError for the rest."""
        plain = half_width(words).strip().lower()
        found = _SLOT.fullmatch(plain)
        if found is None:
            raise ValueError(f"write a weekday and a time such as 'Thu 18:00', not {words!r}")
        hour, minute = int(found["hour"]), int(found["minute"])
        if hour > 23 or minute > 59:
            raise ValueError(f"there is no {hour:02}:{minute:02} in {words!r}; use 00:00 to 23:59")
        return cls(_weekday(found["english"], found["chinese"], words), time(hour, minute))

    def __str__(self) -> str:
        return f"{_ENGLISH[self.weekday][:3].title()} {self.at:%H:%M}"

    @property
    def _minute(self) -> int:
        return self.weekday * _MINUTES_A_DAY + self.at.hour * 60 + self.at.minute

    def minutes_after(self, other: "Slot") -> int:
        """From `other` to this slot's next standing: 0 to a week less one minute."""
        return (self._minute - other._minute) % _MINUTES_A_WEEK

    def minutes_before(self, other: "Slot") -> int:
        """From this slot's last standing to `other`: 1 to a full week."""
        return other.minutes_after(self) or _MINUTES_A_WEEK

    def on_or_after(self, other: "Slot", day: date) -> date:
        """The day of this slot's first standing from `other` on, which stands on `day`."""
        return self._day(other, day, self.minutes_after(other))

    def before(self, other: "Slot", day: date) -> date:
        """The day of this slot's last standing before `other`, which stands on `day`."""
        return self._day(other, day, -self.minutes_before(other))

    @staticmethod
    def _day(other: "Slot", day: date, minutes: int) -> date:
        return (datetime.combine(day, other.at) + timedelta(minutes=minutes)).date()


def _weekday(english: str | None, chinese: str | None, words: str) -> int:
    if chinese:
        return _CHINESE.index("日" if chinese == "天" else chinese)
    for number, name in enumerate(_ENGLISH):
        if english and name.startswith(english):
            return number
    raise ValueError(f"no weekday is called {english!r} in {words!r}; write Mon, Tue … Sun or 周一")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One round, in order: opens, reminders, cut-off, bulletin and agenda, meeting.

    The opening and the reminders stand in the seven days before the cut-off, the rest in the
    seven days from it on. ValueError says which two slots contradict each other.
    """

    zone: ZoneInfo
    opens: Slot = Slot(4, time(9))
    reminders: tuple[Slot, ...] = (Slot(2, time(10)), Slot(3, time(10)))
    cutoff: Slot = Slot(3, time(18))
    bulletin: Slot = Slot(4, time(8, 30))
    agenda: Slot = Slot(4, time(10))
    meeting: Slot = Slot(0, time(15))

    def __post_init__(self) -> None:
        for reminder in self.reminders:
            if reminder.minutes_before(self.cutoff) > self.opens.minutes_before(self.cutoff):
                raise ValueError(
                    f"the reminder {reminder} must stand between the opening {self.opens}"
                    f" and the cut-off {self.cutoff}"
                )
        for name, slot in (("bulletin", self.bulletin), ("agenda", self.agenda)):
            if slot.minutes_after(self.cutoff) > self.meeting.minutes_after(self.cutoff):
                raise ValueError(
                    f"the {name} {slot} must stand between the cut-off {self.cutoff}"
                    f" and the meeting {self.meeting}"
                )


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """The wall time as an aware moment.

    A wall time that the clocks skip becomes the first minute that exists after it; one that they
    show twice is the first of the two.
    """
    wall = datetime.combine(day, at)
    while not _exists(wall, zone):
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=zone)


def _exists(wall: datetime, zone: tzinfo) -> bool:
    first = wall.replace(tzinfo=zone)
    second = wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    # PEP 495: in a gap fold 0 keeps the smaller offset of before the jump, in a fold the larger.
    return before is None or after is None or before >= after
