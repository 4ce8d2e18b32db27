"""The times of a visit: after its arrival, after the visit before, as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.technician import Technician
from dispatch.planning.verify.facts import Facts, Stop
from dispatch.planning.verify.fault import Fault

ROUNDING_S = Fraction(500_001, 1_000_000)
"""Factors are binary fractions: what they make of a half second may fall to either side."""


def one_after_the_other(facts: Facts) -> Iterator[Fault]:
    """A visit starts when the one before has ended."""
    for known in facts.routes:
        for before, stop in pairwise(known.stops):
            by_s = elapsed_s(stop.planned.start, before.planned.end)
            if by_s > 0:
                yield known.fault("visit.overlap", stop, before=before.job.id, by_s=by_s)


def after_arrival(facts: Facts) -> Iterator[Fault]:
    """A visit starts when the technician is there."""
    for known, stop in facts.stops():
        by_s = elapsed_s(stop.planned.start, stop.planned.arrive)
        if by_s > 0:
            yield known.fault("visit.before-arrival", stop, by_s=by_s)


def setup(facts: Facts) -> Iterator[Fault]:
    """Set-up is spent once, when the visit before was not at the same site."""
    for known in facts.routes:
        for stop, expected in zip(known.stops, _setups(known.stops), strict=True):
            found = stop.planned.setup_s
            if found != expected:
                yield known.fault("visit.setup", stop, expected_s=expected, found_s=found)


def duration(facts: Facts) -> Iterator[Fault]:
    """From start to end is the set-up and the work, which the technician's factors stretch."""
    for known in facts.routes:
        for stop, setup_s in zip(known.stops, _setups(known.stops), strict=True):
            exact = setup_s + exact_work_s(stop, known.technician)
            found = elapsed_s(stop.planned.start, stop.planned.end)
            if not ceil(exact - ROUNDING_S) <= found <= floor(exact + ROUNDING_S):
                yield known.fault("visit.duration", stop, expected_s=round(exact), found_s=found)


def lateness(facts: Facts) -> Iterator[Fault]:
    """The lateness that the plan states is that past the SLA due."""
    for known, stop in facts.stops():
        due = stop.job.sla_due
        expected = max(0, elapsed_s(due, stop.planned.end)) if due else 0
        found = stop.planned.lateness_s
        if found != expected:
            yield known.fault("visit.lateness", stop, expected_s=expected, found_s=found)


def in_the_horizon(facts: Facts) -> Iterator[Fault]:
    """Every visit lies in the planning window."""
    for known, stop in facts.stops():
        early_s = elapsed_s(stop.planned.start, facts.day.start)
        late_s = elapsed_s(facts.day.end, stop.planned.end)
        if max(early_s, late_s) > 0:
            yield known.fault("visit.horizon", stop, by_s=max(early_s, late_s))


def exact_work_s(stop: Stop, technician: Technician) -> Fraction:
    """The usual duration times every factor, not yet rounded."""
    level = _first_level(stop, technician)
    factors = (
        technician.duration_factor,
        technician.job_type_factors.get(stop.type.id, 1),
        stop.type.level_factors.get(level, 1) if level else 1,
    )
    exact = Fraction(stop.usual_s)
    for factor in factors:
        # The decimal number that somebody wrote, not the binary one nearest to it.
        exact *= Fraction(str(factor))
    return exact


def _first_level(stop: Stop, technician: Technician) -> int | None:
    """Their level in the first skill of all, or else in the first of some that is high enough."""
    for need in stop.all_of[:1] or (stop.choices[0] if stop.choices else ()):
        held = technician.held(need.skill)
        if held and held.level >= need.min_level:
            return held.level
    return None


def _setups(stops: tuple[Stop, ...]) -> Iterator[int]:
    before = None
    for stop in stops:
        yield 0 if stop.site.id == before else stop.site.setup_s
        before = stop.site.id
