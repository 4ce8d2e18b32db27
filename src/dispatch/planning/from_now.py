"""A day that has begun: nobody starts in the past, or from where they are no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.shift import Anchor, AnchorKind, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a technician was seen last."""

    site: str
    under_way: datetime | None
    """When the visit was to start that they are at, or on the way to; None if they are done."""


def from_now(day: Day, now: datetime, seen: Mapping[str, Whereabouts]) -> Day:
    """What is left of a day.

    A shift that has begun starts now, where its technician was seen last; one with a visit under
    way starts with that visit, so that nothing is put before it. A shift that is over is gone. Who
    has not been seen starts now as their shift says.
    """
    technicians = tuple(
        replace(technician, shifts=tuple(_left(technician.shifts, now, seen.get(technician.id))))
        for technician in day.technicians
    )
    return replace(day, technicians=technicians)


def _left(shifts: tuple[Shift, ...], now: datetime, seen: Whereabouts | None) -> Iterator[Shift]:
    for shift in shifts:
        start = now
        if seen is not None and seen.under_way is not None and _holds(shift, seen.under_way):
            start = min(now, seen.under_way)
        if elapsed_s(shift.start, start) <= 0:
            yield shift
        elif elapsed_s(start, shift.end) > 0:
            where = shift.start_at if seen is None else Anchor(kind=AnchorKind.SITE, id=seen.site)
            breaks = tuple(rest for rest in shift.breaks if elapsed_s(start, rest.latest) >= 0)
            yield replace(shift, start=start, start_at=where, breaks=breaks)


def _holds(shift: Shift, moment: datetime) -> bool:
    return elapsed_s(shift.start, moment) >= 0 and elapsed_s(moment, shift.end) >= 0
