"""Turns a day of home care into a solver problem, and the solver's answer into a plan."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dispatch.formats.benchmarks.hhcrsp.model import (
    OFFICE,
    CareDay,
    CarePlan,
    CareRoute,
    CareVisit,
    Patient,
    Service,
)
from dispatch.formats.benchmarks.problem_parts import (
    no_breaks,
    no_windows,
    numbers,
    one_window_each,
)
from dispatch.solver.arrays import Ints
from dispatch.solver.problem import NEVER, Links, Problem, Vehicles, Visits
from dispatch.solver.solution import Solution


def to_problem(day: CareDay) -> Problem:
    """State a day for the solver; a patient is a group of one or two visits.

    The solver wants another carer for each visit of a group, as all published plans have it; the
    set does not say whether one carer may give both services of a sequential pair. A
    cost unit is one of travel, of tardiness or of the largest tardiness, so that the set's cost
    is the solver's divided by three times :func:`units_per_minute`.
    """
    travel = _ceiling(day.travel_min, units_per_minute(day))
    # More than any plan in which each visit waits for all others before it.
    most = 2 * _horizon(day) * (len(_wanted(day)) + 1)
    return Problem(
        travel_s=travel[None],
        distance_m=np.zeros_like(travel)[None],
        vehicles=_vehicles(day),
        visits=_visits(day),
        unserved_price=numbers(len(day.patients), of=most),
        links=_links(day),
        breaks=no_breaks(),
        worst_lateness_price=1,
    )


def from_solution(day: CareDay, solution: Solution) -> CarePlan:
    """The routes with their times, in minutes."""
    wanted, units = _wanted(day), units_per_minute(day)
    routes = []
    for carer, route in zip(day.carers, solution.routes, strict=True):
        visits = []
        for visit in route:
            patient, service = wanted[visit]
            start_min = int(solution.start_s[visit]) / units
            visits.append(
                CareVisit(patient.id, service.id, start_min, start_min + service.duration_min)
            )
        routes.append(CareRoute(carer.id, tuple(visits)))
    return CarePlan(tuple(routes))


def units_per_minute(day: CareDay) -> int:
    """The solver's seconds in a minute: true seconds, or thousandths where there are fractions.

    Travel and durations are rounded up to them, so that what the solver plans can be kept.
    """
    return 60 if day.tolerance_min == 0 else 60_000


def _wanted(day: CareDay) -> list[tuple[Patient, Service]]:
    """What each visit of the problem is, in order."""
    return [(patient, service) for patient in day.patients for service in patient.services]


def _horizon(day: CareDay) -> int:
    """When every plan is over: each visit after all others, at the far end of the matrix."""
    latest = max((max(each.earliest_min, each.latest_min) for each in day.patients), default=0)
    wanted = _wanted(day)
    busy = sum(service.duration_min for _, service in wanted)
    waiting = sum(each.delay_min[1] for each in day.patients)
    moving = (len(wanted) + 1) * float(day.travel_min.max(initial=0.0))
    return int(np.ceil((latest + busy + waiting + moving) * units_per_minute(day)))


def _vehicles(day: CareDay) -> Vehicles:
    count = len(day.carers)
    over = numbers(count, of=_horizon(day))
    return Vehicles(
        owner=np.arange(count),
        profile=numbers(count),
        start_place=numbers(count, of=OFFICE),
        end_place=numbers(count, of=OFFICE),
        earliest_s=numbers(count),
        end_s=over,
        latest_s=over,
        max_duration_s=numbers(count, of=NEVER),
        max_travel_s=numbers(count, of=NEVER),
        max_visits=numbers(count, of=NEVER),
        capacity=numbers(count, 0),
        use_price=numbers(count),
        travel_price=numbers(count, of=1),
        distance_price=numbers(count),
        time_price=numbers(count),
        overtime_price=numbers(count),
        fair_share_s=numbers(count, of=NEVER),
        unfairness_price=numbers(count),
    )


def _visits(day: CareDay) -> Visits:
    wanted, carers, units = _wanted(day), len(day.carers), units_per_minute(day)
    count = len(wanted)
    rows = {patient.id: row for row, patient in enumerate(day.patients)}
    group = np.array([rows[patient.id] for patient, _ in wanted], dtype=np.int64)
    earliest = np.array([patient.earliest_min for patient, _ in wanted], dtype=np.int64) * units
    latest = np.array([patient.latest_min for patient, _ in wanted], dtype=np.int64) * units
    duration = _ceiling([service.duration_min for _, service in wanted], units)
    able = [[service.id in carer.abilities for carer in day.carers] for _, service in wanted]
    return Visits(
        place=group + OFFICE + 1,
        group=group,
        setup_s=numbers(count),
        duration_s=np.repeat(duration[:, None], carers, axis=1),
        allowed=np.array(able, dtype=np.bool_).reshape(count, carers),
        assign_price=numbers(count, carers),
        load=numbers(count, 0),
        windows=one_window_each(earliest, numbers(count, of=_horizon(day))),
        preferred=no_windows(count),
        preferred_price=numbers(count),
        due_s=latest + duration,
        lateness_price=numbers(count, of=1),
        rank=numbers(count, of=-1),
    )


def _links(day: CareDay) -> Links:
    units = units_per_minute(day)
    firsts = np.cumsum([0, *(len(patient.services) for patient in day.patients)])
    pairs = [
        (int(first), patient)
        for first, patient in zip(firsts, day.patients, strict=False)
        if len(patient.services) == 2
    ]
    before = np.array([first for first, _ in pairs], dtype=np.int64)
    least = _ceiling([patient.delay_min[0] for _, patient in pairs], units)
    most = -_ceiling([-patient.delay_min[1] for _, patient in pairs], units)
    return Links(
        before=before,
        after=before + 1,
        from_end=np.zeros(len(pairs), dtype=np.bool_),
        min_delay_s=least,
        # A delay that is exact, and finer than a unit, has no whole number: the next one is tried.
        max_delay_s=np.maximum(least, most),
    )


def _ceiling(minutes: npt.ArrayLike, units: int) -> Ints:
    # What binary sums leave behind the sixth decimal of a unit is no reason to round up.
    exact = np.round(np.asarray(minutes, dtype=np.float64) * units, 6)
    whole: Ints = np.ceil(exact).astype(np.int64)
    return whole
