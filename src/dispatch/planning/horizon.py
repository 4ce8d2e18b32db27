"""Between aware date-times, outside, and whole seconds from the start of the day, inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.domain.clock import after, elapsed_s
from dispatch.domain.day import Day


class Span(NamedTuple):
    """Seconds from the start of the horizon, both ends included."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """The planning window of a day."""

    start: datetime
    end_s: int
    zone: ZoneInfo

    @staticmethod
    def of(day: Day) -> Horizon:
        """The horizon of ``day``."""
        return Horizon(day.start, elapsed_s(day.start, day.end), day.zone_info)

    def from_s(self, moment: datetime) -> int:
        """The first whole second that is not before ``moment``."""
        return -elapsed_s(moment, self.start)

    def until_s(self, moment: datetime) -> int:
        """The last whole second that is not after ``moment``."""
        return elapsed_s(self.start, moment)

    def moment(self, second: int) -> datetime:
        """The date-time of a second, with the offset of its zone at that moment."""
        return after(self.start, second, self.zone)

    def local_date(self, second: int) -> date:
        """The local date of a second."""
        return self.moment(second).date()


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same seconds as spans in order that do not touch; empty ones are left out."""
    result: list[Span] = []
    for span in sorted(span for span in spans if span.start_s <= span.end_s):
        if result and span.start_s <= result[-1].end_s:
            result[-1] = Span(result[-1].start_s, max(result[-1].end_s, span.end_s))
        else:
            result.append(span)
    return tuple(result)
