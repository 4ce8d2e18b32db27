"""How fast people get along at some times of day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dispatch.domain import checks
from dispatch.errors import InvalidValue

DAY_MIN = 24 * 60
SLOWEST, FASTEST = 10, 300
"""Percent of the usual speed."""
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """The speed while the wall clock shows a time from ``start`` to before ``end``, every day.

    At all other times the speed is the usual one, 100. Where ``end`` is not after ``start`` it is
    on the next day.
    """

    start: str
    """Such as ``07:30``."""
    end: str
    """At most ``24:00``."""
    percent: int
    """Of the usual speed, by which the travel times were made."""
    profile: str = "car"
    """Whose: a profile of the travel times."""

    def __post_init__(self) -> None:
        checks.within("speed.percent", self.percent, SLOWEST, FASTEST)
        if minute_of(self.start) == minute_of(self.end):
            raise InvalidValue("speed.empty", start=self.start, end=self.end)

    def holds_at(self, minute: int) -> bool:
        """Whether it is so in a minute since midnight, 0 to 1,439, by the wall clock."""
        start, end = minute_of(self.start), minute_of(self.end)
        if start < end:
            return start <= minute < end
        return minute >= start or minute < end


def minute_of(clock: str) -> int:
    """Minutes since midnight of a time such as ``07:30``.

    Raises
    ------
    InvalidValue
        ``speed.clock``.
    """
    found = _CLOCK.fullmatch(clock)
    minute = int(found[1]) * 60 + int(found[2]) if found else DAY_MIN + 1
    if minute > DAY_MIN:
        raise InvalidValue("speed.clock", value=clock[:20])
    return minute
