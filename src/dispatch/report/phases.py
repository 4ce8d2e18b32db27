"""A route cut into phases: on the way, waiting, setting up, working, resting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import Route


class PhaseKind(StrEnum):
    """What a technician does at a moment of a route."""

    TRAVEL = "travel"
    WAIT = "wait"
    SETUP = "setup"
    WORK = "work"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a route. Times are seconds from an origin, as in :func:`phases`."""

    kind: PhaseKind
    start_s: int
    end_s: int

    @property
    def duration_s(self) -> int:
        """Its length."""
        return self.end_s - self.start_s


def phases(route: Route, origin: datetime) -> tuple[Phase, ...]:
    """The phases of a route in order of time.

    Those of a sound route lie end to end from its departure to its finish; a break interrupts the
    travel it falls into, and whatever is nothing else is waiting. A route that contradicts itself
    may have phases that overlap: they are shown as they stand.

    Parameters
    ----------
    route
        The route.
    origin
        The moment from which seconds are counted.
    """
    breaks = [
        Phase(PhaseKind.BREAK, elapsed_s(origin, rest.start), elapsed_s(origin, rest.end))
        for rest in route.breaks
    ]
    busy = [*breaks, *_travel(route, origin, breaks), *_at_sites(route, origin)]
    busy.sort(key=lambda phase: (phase.start_s, phase.end_s))
    depart_s, finish_s = elapsed_s(origin, route.depart), elapsed_s(origin, route.finish)
    return tuple(_with_waiting(busy, depart_s, finish_s))


def _at_sites(route: Route, origin: datetime) -> Iterator[Phase]:
    for visit in route.visits:
        start_s, end_s = elapsed_s(origin, visit.start), elapsed_s(origin, visit.end)
        ready_s = min(start_s + visit.setup_s, end_s)
        if ready_s > start_s:
            yield Phase(PhaseKind.SETUP, start_s, ready_s)
        if end_s > ready_s:
            yield Phase(PhaseKind.WORK, ready_s, end_s)


def _travel(route: Route, origin: datetime, breaks: Iterable[Phase]) -> Iterator[Phase]:
    rests = sorted(breaks, key=lambda phase: phase.start_s)
    for leg in route.legs:
        now_s, arrive_s = elapsed_s(origin, leg.depart), elapsed_s(origin, leg.arrive)
        for rest in rests:
            if now_s < rest.end_s and rest.start_s < arrive_s:
                if rest.start_s > now_s:
                    yield Phase(PhaseKind.TRAVEL, now_s, rest.start_s)
                now_s = rest.end_s
        if arrive_s > now_s:
            yield Phase(PhaseKind.TRAVEL, now_s, arrive_s)


def _with_waiting(busy: Iterable[Phase], depart_s: int, finish_s: int) -> Iterator[Phase]:
    now_s = depart_s
    for phase in busy:
        if phase.start_s > now_s:
            yield Phase(PhaseKind.WAIT, now_s, phase.start_s)
        yield phase
        now_s = max(now_s, phase.end_s)
    if finish_s > now_s:
        yield Phase(PhaseKind.WAIT, now_s, finish_s)
