"""Time in the model: windows, shifts, breaks, and what being late costs.

The library's time at a visit is when it is *ready*: set up, about to be worked on. So a set-up
that a visit before at the same place makes needless is left out exactly. Hard windows are moved
by the set-up; where the start does without it, they are wider by it.

Each time is the earliest that the constraints allow, as in the exact timing. Whatever makes the
library look for other times (a price on the span of a route, a price on being early, breaks that
float while lateness is paid) makes it refuse nearly every neighbour, or improve the same routes
second by second. So time is paid by its parts, being early is free, and breaks stay where the
start has them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.solution import ABSENT

TIME = "time"


def add_times(model: RoutingModel) -> list[Any]:
    """Add the dimension of time; answers the interval of each break."""
    longest = model.horizon_s + int(model.problem.visits.setup_s.max(initial=0))
    model.routing.AddDimensionWithVehicleTransitAndCapacity(
        _evaluators(model), longest, [longest] * model.problem.vehicle_count, False, TIME
    )
    dimension = model.routing.GetDimensionOrDie(TIME)
    _set_windows(model, dimension)
    _price_starts(model, dimension)
    _set_shifts(model, dimension)
    return _set_breaks(model, dimension)


def _evaluators(model: RoutingModel) -> list[int]:
    """For each vehicle its matrix of work at one node and the way to, and set-up at, the next."""
    problem, nodes = model.problem, model.nodes
    setups = nodes.setups(problem.visits.setup_s)
    legs: dict[int, Ints] = {}
    matrix_of: dict[tuple[int, bytes], int] = {}
    evaluators = []
    for vehicle, profile in enumerate(problem.vehicles.profile.tolist()):
        durations = nodes.padded(model.durations[:, vehicle])
        key = (profile, durations.tobytes())
        if key not in matrix_of:
            if profile not in legs:
                legs[profile] = nodes.legs(problem.travel_s[profile]) + setups
            matrix = legs[profile] + durations[:, None]
            np.fill_diagonal(matrix, 0)  # or 9.15 finds a visit that is left out infeasible
            matrix_of[key] = model.routing.RegisterTransitMatrix(matrix.tolist())
        evaluators.append(matrix_of[key])
    return evaluators


def _set_windows(model: RoutingModel, dimension: Any) -> None:
    visits = model.problem.visits
    setups = zip(visits.setup_s.tolist(), model.sure_setup_s.tolist(), strict=True)
    for visit, (setup_s, sure_s) in enumerate(setups):
        windows = slice(*visits.windows.offset[visit : visit + 2])
        starts = visits.windows.start_s[windows].tolist()
        ends = np.minimum(visits.windows.end_s[windows], model.horizon_s).tolist()
        if starts[0] > model.horizon_s:
            model.vehicle(visit).SetValue(-1)
            continue
        ready = dimension.CumulVar(model.index(visit))
        ready.SetRange(starts[0] + sure_s, ends[-1] + setup_s)
        for closing, opening in zip(ends, starts[1:], strict=False):
            if opening <= model.horizon_s and closing + setup_s + 1 < opening + sure_s:
                ready.RemoveInterval(closing + setup_s + 1, opening + sure_s - 1)


def _price_starts(model: RoutingModel, dimension: Any) -> None:
    """Lateness, preferred windows and promises; the library has room for one bound at a visit."""
    visits = model.problem.visits
    due = visits.due_s - _typical_durations(model)
    prices = model.prices.scaled(visits.lateness_price)
    preferred_prices = model.prices.scaled(visits.preferred_price)
    promises = _promises(model)
    for visit, setup_s in enumerate(visits.setup_s.tolist()):
        bounds = [(price, end + setup_s) for price, end in promises.get(visit, ())]
        if visits.due_s[visit] < NEVER and prices[visit]:
            bounds.append((int(prices[visit]), max(setup_s, int(due[visit]))))
        preferred = slice(*visits.preferred.offset[visit : visit + 2])
        if preferred.start < preferred.stop and preferred_prices[visit]:
            last = int(visits.preferred.end_s[preferred][-1])
            bounds.append((int(preferred_prices[visit]), last + setup_s))
        if bounds:
            price, latest = max(bounds)
            dimension.SetCumulVarSoftUpperBound(model.index(visit), latest, price)


def _promises(model: RoutingModel) -> dict[int, list[tuple[int, int]]]:
    """By visit, the price of a second past what was promised, and until when that is."""
    published = model.problem.published
    prices = model.prices.scaled(published.moved_second_price)
    rows = zip(
        published.visit.tolist(), prices.tolist(), published.promised_end_s.tolist(), strict=True
    )
    return {visit: [(price, end)] for visit, price, end in rows if price and end <= model.horizon_s}


def _typical_durations(model: RoutingModel) -> Ints:
    """(visits,) the mean over the vehicles that may: the bound must not depend on the vehicle."""
    allowed = model.problem.visits.allowed
    totals = np.where(allowed, model.durations, 0).sum(axis=1)
    means: Ints = totals // np.maximum(allowed.sum(axis=1), 1)
    return means


def _set_shifts(model: RoutingModel, dimension: Any) -> None:
    vehicles = model.problem.vehicles
    overtime = model.prices.scaled(vehicles.overtime_price).tolist()
    latest = np.minimum(vehicles.latest_s, model.horizon_s).tolist()
    for vehicle, earliest in enumerate(vehicles.earliest_s.tolist()):
        start, end = model.routing.Start(vehicle), model.routing.End(vehicle)
        for index in (start, end):
            dimension.CumulVar(index).SetRange(earliest, max(earliest, latest[vehicle]))
        if overtime[vehicle] and vehicles.end_s[vehicle] < latest[vehicle]:
            bound = int(vehicles.end_s[vehicle])
            dimension.SetCumulVarSoftUpperBound(end, bound, overtime[vehicle])
        if vehicles.max_duration_s[vehicle] < model.horizon_s:
            longest = int(vehicles.max_duration_s[vehicle])
            dimension.SetSpanUpperBoundForVehicle(longest, vehicle)
            model.routing.AddVariableMinimizedByFinalizer(dimension.CumulVar(end))
            model.routing.AddVariableMaximizedByFinalizer(dimension.CumulVar(start))


def _set_breaks(model: RoutingModel, dimension: Any) -> list[Any]:
    intervals = _break_intervals(model)
    leading = leading_breaks(model)
    owner = model.problem.breaks.vehicle
    for at in leading:
        # In the model it might interrupt the way to the first visit; in truth it comes before.
        leaving = dimension.CumulVar(model.routing.Start(int(owner[at])))
        leaving.SetMin(min(intervals[at].EndMin(), leaving.Max()))
    for vehicle in np.unique(owner).tolist():
        mine = [at for at in np.flatnonzero(owner == vehicle).tolist() if at not in leading]
        durations = [0] * model.routing.Size()
        for visit, duration in enumerate(model.durations[:, vehicle].tolist()):
            durations[model.index(visit)] = duration
        if mine:
            kept = [intervals[at] for at in mine]
            dimension.SetBreakIntervalsOfVehicle(kept, vehicle, durations)
    return intervals


def _break_intervals(model: RoutingModel) -> list[Any]:
    breaks, start = model.problem.breaks, model.start
    earliest, latest = breaks.earliest_s, breaks.latest_s
    if start is not None:
        owed = start.break_start_s != ABSENT
        earliest = latest = np.where(owed, start.break_start_s, earliest)
    return [
        model.solver.FixedDurationIntervalVar(low, high, duration, False, f"break-{index}")
        for index, (low, high, duration) in enumerate(
            zip(earliest.tolist(), latest.tolist(), breaks.duration_s.tolist(), strict=True)
        )
    ]


def leading_breaks(model: RoutingModel) -> set[int]:
    """Breaks that the start has before any visit of their route."""
    leading: set[int] = set()
    for route in model.start.routes if model.start is not None else ():
        is_break = route >= model.problem.visit_count
        count = len(route) if is_break.all() else int(np.argmin(is_break))
        leading.update((route[:count] - model.problem.visit_count).tolist())
    return leading
