"""Breaks: every one that is owed is taken, in its time, long enough, and in peace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import PlannedBreak
from dispatch.domain.shift import Absence, Break
from dispatch.planning.verify.facts import Facts, KnownRoute
from dispatch.planning.verify.fault import Fault


def taken_as_owed(facts: Facts) -> Iterator[Fault]:
    """Each planned break is one of the shift's, and each of those that is owed is taken."""
    for known in facts.routes:
        owed, taken = _unmatched(known)
        owed = [rest for rest in owed if _is_owed(rest, known)]
        taken = [rest for rest in taken if not _is_absence(rest, known)]
        for rest, found in zip(owed, taken, strict=False):
            yield from _misfits(known, rest, found)
        for rest in owed[len(taken) :]:
            yield known.fault("break.missing", expected_s=rest.duration_s)
        for found in taken[len(owed) :]:
            yield known.fault("break.unknown", found_s=elapsed_s(found.start, found.end))


def in_peace(facts: Facts) -> Iterator[Fault]:
    """Nobody works during a break."""
    for known, stop in facts.stops():
        for rest in known.route.breaks:
            by_s = min(
                elapsed_s(stop.planned.start, rest.end),
                elapsed_s(rest.start, stop.planned.end),
                elapsed_s(rest.start, rest.end),
                elapsed_s(stop.planned.start, stop.planned.end),
            )
            if by_s > 0:
                yield known.fault("break.worked", stop, by_s=by_s)


def one_at_a_time(facts: Facts) -> Iterator[Fault]:
    """Two breaks are not taken at once."""
    for known in facts.routes:
        rests = sorted(known.route.breaks, key=lambda rest: elapsed_s(facts.day.start, rest.start))
        for before, rest in pairwise(rests):
            by_s = elapsed_s(rest.start, before.end)
            if by_s > 0:
                yield known.fault("break.overlap", by_s=by_s)


def in_the_shift(facts: Facts) -> Iterator[Fault]:
    """A break lies between the start of the shift, travel or not, and the end of the route."""
    for known in facts.routes:
        for rest in known.route.breaks:
            early_s = elapsed_s(rest.start, known.shift.start)
            late_s = elapsed_s(known.route.finish, rest.end)
            if max(early_s, late_s) > 0:
                yield known.fault("break.outside", by_s=max(early_s, late_s))


def _unmatched(known: KnownRoute) -> tuple[list[Break], list[PlannedBreak]]:
    """Breaks not taken, and breaks taken that are none of them."""
    shift = known.shift
    by_latest = sorted(shift.breaks, key=lambda rest: elapsed_s(shift.start, rest.latest))
    taken, owed = list(known.route.breaks), []
    for rest in by_latest:
        found = next((candidate for candidate in taken if _fits(rest, candidate)), None)
        if found is None:
            owed.append(rest)
        else:
            taken.remove(found)
    return owed, taken


def _fits(rest: Break, found: PlannedBreak) -> bool:
    return _outside_s(rest, found) == 0 and elapsed_s(found.start, found.end) == rest.duration_s


def _misfits(known: KnownRoute, rest: Break, found: PlannedBreak) -> Iterator[Fault]:
    by_s, length_s = _outside_s(rest, found), elapsed_s(found.start, found.end)
    if by_s:
        yield known.fault("break.window", by_s=by_s)
    if length_s != rest.duration_s:
        yield known.fault("break.duration", expected_s=rest.duration_s, found_s=length_s)


def _outside_s(rest: Break, found: PlannedBreak) -> int:
    """Seconds from the break's start to the time in which it has to start."""
    return max(0, elapsed_s(found.start, rest.earliest), elapsed_s(rest.latest, found.start))


def _is_owed(rest: Break, known: KnownRoute) -> bool:
    """Not by a route that is over by its earliest start or begins after its latest.

    A break for which absences leave no room has been taken during them.
    """
    route = known.route
    over = elapsed_s(route.finish, rest.earliest) >= 0
    not_begun = elapsed_s(rest.latest, route.depart) > 0
    return bool(rest.duration_s) and not over and not not_begun and _has_room(rest, known)


def _has_room(rest: Break, known: KnownRoute) -> bool:
    absences = known.technician.absences
    starts = [rest.earliest, known.shift.start, *(absence.end for absence in absences)]
    return any(
        elapsed_s(rest.earliest, start) >= 0
        and elapsed_s(known.shift.start, start) >= 0
        and elapsed_s(start, rest.latest) >= 0
        and not any(_meets(absence, start, rest.duration_s) for absence in absences)
        for start in starts
    )


def _meets(absence: Absence, start: datetime, duration_s: int) -> bool:
    return elapsed_s(start, absence.end) > 0 and elapsed_s(start, absence.start) < duration_s


def _is_absence(found: PlannedBreak, known: KnownRoute) -> bool:
    """Whether they are away all the while anyway."""
    return any(
        elapsed_s(absence.start, found.start) >= 0 and elapsed_s(found.end, absence.end) >= 0
        for absence in known.technician.absences
    )
