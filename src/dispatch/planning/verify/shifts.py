"""A route keeps to its shift: start, end, overtime, absences, most jobs, most travel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dispatch.domain.clock import elapsed_s
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def shift_start(facts: Facts) -> Iterator[Fault]:
    """Nobody leaves before the shift starts."""
    for known in facts.routes:
        by_s = elapsed_s(known.route.depart, known.shift.start)
        if by_s > 0:
            yield known.fault("shift.start", by_s=by_s)


def shift_end(facts: Facts) -> Iterator[Fault]:
    """The route is over when the overtime allowed ends."""
    for known in facts.routes:
        by_s = elapsed_s(known.shift.end, known.route.finish) - known.shift.overtime_s
        if by_s > 0:
            yield known.fault("shift.end", by_s=by_s)


def overtime(facts: Facts) -> Iterator[Fault]:
    """The overtime that the plan states is that past the end of the shift."""
    for known in facts.routes:
        expected = max(0, elapsed_s(known.shift.end, known.route.finish))
        found = known.route.overtime_s
        if found != expected:
            yield known.fault("shift.overtime", expected_s=expected, found_s=found)


def in_the_horizon(facts: Facts) -> Iterator[Fault]:
    """A route lies in the planning window."""
    for known in facts.routes:
        early_s = elapsed_s(known.route.depart, facts.day.start)
        late_s = elapsed_s(facts.day.end, known.route.finish)
        if max(early_s, late_s) > 0:
            yield known.fault("route.horizon", by_s=max(early_s, late_s))


def forwards(facts: Facts) -> Iterator[Fault]:
    """A route is over no sooner than it begins."""
    for known in facts.routes:
        by_s = elapsed_s(known.route.finish, known.route.depart)
        if by_s > 0:
            yield known.fault("route.reversed", by_s=by_s)


def one_route_at_a_time(facts: Facts) -> Iterator[Fault]:
    """A technician's routes do not overlap."""
    for one, other in combinations(facts.routes, 2):
        if one.technician.id != other.technician.id:
            continue
        by_s = min(
            elapsed_s(one.route.depart, other.route.finish),
            elapsed_s(other.route.depart, one.route.finish),
        )
        if by_s > 0:
            yield one.fault("route.overlap", other=other.shift.id, by_s=by_s)


def absences(facts: Facts) -> Iterator[Fault]:
    """Nobody works while they are away."""
    for known, stop in facts.stops():
        for absence in known.technician.absences:
            by_s = min(
                elapsed_s(stop.planned.start, absence.end),
                elapsed_s(absence.start, stop.planned.end),
            )
            if by_s > 0:
                yield known.fault("absence.worked", stop, by_s=by_s)


def most_jobs(facts: Facts) -> Iterator[Fault]:
    """No more jobs than the shift allows."""
    for known in facts.routes:
        most, found = known.shift.max_jobs, len(known.route.visits)
        if most is not None and found > most:
            yield known.fault("shift.max-jobs", most=most, found=found)


def most_travel(facts: Facts) -> Iterator[Fault]:
    """No more travel than the shift allows."""
    for known in facts.routes:
        most, found = known.shift.max_travel_s, sum(leg.travel_s for leg in known.route.legs)
        if most is not None and found > most:
            yield known.fault("shift.max-travel", most_s=most, found_s=found)
