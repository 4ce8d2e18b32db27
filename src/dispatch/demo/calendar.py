"""The date, the zone and the wall clock of every sample day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.domain.clock import localise
from dispatch.domain.window import Window, WindowKind

ZONE = "Europe/Stockholm"
DATE = date(2026, 3, 3)
"""A Tuesday without a change of the clocks."""


def at(wall: float) -> datetime:
    """The moment of a wall-clock hour of the day: 13.5 is half past one."""
    minutes = round(wall * 60)
    return localise(datetime.combine(DATE, time(minutes // 60, minutes % 60)), ZoneInfo(ZONE))


def midnight_after() -> datetime:
    """The end of the day."""
    return localise(datetime.combine(DATE + timedelta(days=1), time()), ZoneInfo(ZONE))


def window(start: float, end: float, kind: WindowKind = WindowKind.HARD) -> Window:
    """A window between two wall-clock hours."""
    return Window(start=at(start), end=at(end), kind=kind)
