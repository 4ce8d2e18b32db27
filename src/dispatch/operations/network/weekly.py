"""Shifts that come again every week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.clock import localise
from dispatch.domain.shift import HOME, Anchor, Break, Shift
from dispatch.domain.speed import minute_of
from dispatch.errors import Refused
from dispatch.operations.network.shifts import held_technician, put_shift
from dispatch.store.board import touch_days, zone_of
from dispatch.store.database import Database

MOST_DAYS = 400
"""From the first to the last: a year, and some weeks of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyBreak:
    """Time off, by the wall clock; it starts from ``earliest`` to ``latest``."""

    earliest: str
    """Such as ``11:30``."""
    latest: str
    duration_s: int

    def __post_init__(self) -> None:
        for clock in (self.earliest, self.latest):
            minute_of(clock)
        checks.duration("break.duration_s", self.duration_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyPattern:
    """On which days of the week somebody works, from when to when."""

    key: str
    """What each of the shifts is called."""
    weekdays: tuple[int, ...]
    """1 is Monday, 7 Sunday."""
    first: date
    last: date
    """The last day itself is one of them."""
    start: str
    """By the wall clock: ``08:00``."""
    end: str
    """On the next day, where it is not after ``start``."""
    start_at: Anchor = HOME
    end_at: Anchor = HOME
    breaks: tuple[WeeklyBreak, ...] = ()
    overtime_s: int = 0
    max_jobs: int | None = None
    max_travel_s: int | None = None
    but: tuple[date, ...] = ()
    """Not on these days: holidays."""

    def __post_init__(self) -> None:
        checks.identifier("shift.id", self.key)
        checks.within("pattern.weekdays", len(self.weekdays), 1, 7)
        checks.distinct("pattern.weekdays", (str(day) for day in self.weekdays))
        for day in self.weekdays:
            checks.within("pattern.weekdays", day, 1, 7)
        for end in (self.first, self.last):
            checks.within("pattern.day", end.year, checks.EARLIEST_YEAR, checks.LATEST_YEAR - 1)
        checks.within("pattern.last", (self.last - self.first).days, 0, MOST_DAYS)
        checks.within("pattern.breaks", len(self.breaks), 0, checks.MOST_BREAKS)
        checks.within("pattern.but", len(self.but), 0, MOST_DAYS)
        for clock in (self.start, self.end):
            minute_of(clock)

    def days(self) -> Iterator[date]:
        """The days that it names."""
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            if day.isoweekday() in self.weekdays and day not in self.but:
                yield day

    def shift(self, day: date, zone: ZoneInfo) -> Shift:
        """The one of a day.

        Raises
        ------
        InvalidValue
            ``time.gap``, ``time.fold``: the clocks change then, and the time is none, or two.
        """
        start = _moment(day, self.start, zone)
        return Shift(
            id=self.key,
            start=start,
            end=_moment(day, self.end, zone, since=minute_of(self.start) + 1),
            start_at=self.start_at,
            end_at=self.end_at,
            breaks=tuple(
                Break(
                    earliest=_moment(day, rest.earliest, zone, since=minute_of(self.start)),
                    latest=_moment(day, rest.latest, zone, since=minute_of(self.start)),
                    duration_s=rest.duration_s,
                )
                for rest in self.breaks
            ),
            overtime_s=self.overtime_s,
            max_jobs=self.max_jobs,
            max_travel_s=self.max_travel_s,
        )


def add_weekly_shifts(
    database: Database, actor: Actor, technician_id: UUID, pattern: WeeklyPattern
) -> list[UUID]:
    """Let somebody work every week; all of the shifts are written down, or none.

    Raises
    ------
    InvalidValue
        A shift or a break would begin or end at a time that the clocks skip or show twice.
    Missing
        There is no such technician, or no such place to start from or end at.
    Refused
        ``shift.no-day``: the pattern names no day; ``shift.overlap``, ``technician.no-home``,
        ``technician.ended``; ``organisation.missing``.
    """
    with database.work(actor) as work:
        technician = held_technician(work, technician_id)
        zone = zone_of(work.session)
        days = list(pattern.days())
        if not days:
            raise Refused("shift.no-day")
        rows = [put_shift(work, technician, pattern.shift(day, zone)) for day in days]
        technician.version += 1
        touch_days(work.session, days)
        return work.commit([row.id for row in rows])


def _moment(day: date, clock: str, zone: ZoneInfo, *, since: int = 0) -> datetime:
    """A wall-clock time of a day, or of the next where it comes before ``since``."""
    minute = minute_of(clock)
    days, minute = divmod(minute, 24 * 60)
    if minute + days * 24 * 60 < since:
        days += 1
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60))
    return localise(wall, zone)
