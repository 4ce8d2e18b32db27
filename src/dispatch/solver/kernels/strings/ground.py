"""What ruin and recreate looks up most, laid out for it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.kernels.strings.columns import RICH, SIMPLE
from dispatch.solver.problem import Problem

Words: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]

FAR_S = 2**30
"""No time of a simple route is later; two of them fit into 32 bits."""


MOSTLY, FEW = 0.5, 0.1
"""Of vehicles whose routes are never simple; of visits that make any route one to be walked."""

ORDER_WEIGHTS = (4.0, 4.0, 2.0, 1.0, 2.0, 2.0, 2.0, 3.0)
"""At random; the large, the far, the near, the choosy, the early, the late first; and those that
are dear to leave out, where not all are equally so."""


class Ground(NamedTuple):
    """Never changed by the search."""

    arcs: Words
    """(profiles, places + 1, places + 1, SECONDS .. METRES) the last place is an open end"""
    back: Words
    """The same with from and to exchanged, so that the ways to one place are neighbours"""
    hot: Words
    """(visits, VISIT_PLACE .. MOVABLE)"""
    service: Words
    """(visits, kinds) s, set-up included, or -1 where the kind of vehicle may not"""
    fee: Ints
    """(visits, kinds) cost units"""
    cars: Ints
    """(vehicles, KIND .. RICH)"""
    by_type: Ints
    """(vehicles,) sorted by type"""
    first_of_type: Ints
    """(types + 1,) where in ``by_type``"""
    order_keys: Floats
    """(orders, visits) ascending; order 0 is drawn anew each time"""
    order_weights: Floats
    """(orders,) cumulated"""
    before: Words
    """(visits, near) which visits go well right before; -1 ends a row"""
    after: Words
    """(visits, near) the same for right after"""
    around: Words
    """(2, visits, wide) ruins spread along these: near in place, or in place and time"""


def ground_of(problem: Problem, before: Words, after: Words, around: Words) -> Ground:
    """Lay out a problem for the search; the last three are of `lns/neighbours.py`."""
    arcs = _arcs(problem)
    kind = _kinds(problem)
    kinds = int(kind.max(initial=-1)) + 1
    sample = np.zeros(kinds, np.int64)
    sample[kind] = np.arange(problem.vehicle_count)
    visits = problem.visits
    service = np.minimum(visits.duration_s[:, sample] + visits.setup_s[:, None], FAR_S)
    service = np.where(visits.allowed[:, sample], service, -1)
    type_of = _types(problem, kind)
    order = np.argsort(type_of, kind="stable")
    return Ground(
        arcs=arcs,
        back=_back(arcs),
        hot=_hot(problem),
        service=np.ascontiguousarray(service, dtype=np.int32),
        fee=np.ascontiguousarray(visits.assign_price[:, sample]),
        cars=_cars(problem, kind),
        by_type=order,
        first_of_type=np.searchsorted(type_of[order], np.arange(type_of.max(initial=-1) + 2)),
        order_keys=_order_keys(problem),
        order_weights=_order_weights(problem),
        before=before,
        after=after,
        around=around,
    )


def _arcs(problem: Problem) -> Words:
    places = problem.places
    arcs = np.zeros((len(problem.travel_s), places + 1, places + 1, 2), np.int32)
    arcs[:, :places, :places, 0] = np.minimum(problem.travel_s, FAR_S)
    arcs[:, :places, :places, 1] = np.minimum(problem.distance_m, FAR_S)
    return arcs


def _back(arcs: Words) -> Words:
    """(profiles, places + 1, places + 1, 2) the other way round; the same table where it can be."""
    back = np.ascontiguousarray(arcs.transpose(0, 2, 1, 3))
    return arcs if np.array_equal(arcs, back) else back


def _kinds(problem: Problem) -> Ints:
    """(vehicles,) equal where every visit is allowed, takes and costs the same."""
    visits = problem.visits
    rows = np.concatenate(
        (visits.allowed.T.astype(np.int64), visits.duration_s.T, visits.assign_price.T), axis=1
    )
    return _numbered(rows)


def _types(problem: Problem, kind: Ints) -> Ints:
    """(vehicles,) equal where an empty vehicle is as good as another."""
    vehicles = problem.vehicles
    alone = np.full(problem.vehicle_count, -1)
    with_breaks = np.unique(problem.breaks.vehicle)
    alone[with_breaks] = with_breaks
    columns = [
        getattr(vehicles, name) for name in vehicles.__slots__ if name not in {"owner", "capacity"}
    ]
    rows = np.column_stack((*columns, vehicles.capacity, kind, alone))
    return _numbered(rows)


def _numbered(rows: Ints) -> Ints:
    """Equal rows get equal numbers, in the order of their first appearance."""
    seen: dict[bytes, int] = {}
    data = np.ascontiguousarray(rows)
    return np.array([seen.setdefault(row.tobytes(), len(seen)) for row in data], dtype=np.int64)


def _hot(problem: Problem) -> Words:
    visits = problem.visits
    first, last = visits.windows.offset[:-1], visits.windows.offset[1:] - 1
    opening, closing = visits.windows.start_s[first], visits.windows.end_s[last]
    shared = np.bincount(visits.place, minlength=problem.places)[visits.place] > 1
    linked = np.zeros(problem.visit_count, np.bool_)
    linked[problem.links.before] = linked[problem.links.after] = True
    size = np.bincount(visits.group, minlength=problem.group_count)[visits.group]
    published = np.zeros(problem.visit_count, np.bool_)
    published[problem.published.visit] = True
    on_time = (visits.due_s >= NEVER) | (
        (visits.lateness_price == 0) & (problem.worst_lateness_price == 0)
    )
    movable = ~linked & (size == 1)
    simple = (
        movable
        & (first == last)
        & (np.diff(visits.preferred.offset) == 0)
        & on_time
        & (visits.rank < 0)
        & ~published
        & ~((visits.setup_s > 0) & shared)
        & (opening < FAR_S)
    )
    return np.column_stack(
        (visits.place, np.minimum(opening, FAR_S), np.minimum(closing, FAR_S), simple, movable)
    ).astype(np.int32)


def _cars(problem: Problem, kind: Ints) -> Ints:
    vehicles, places = problem.vehicles, problem.places
    return np.column_stack(
        (
            kind,
            np.where(vehicles.start_place < 0, places, vehicles.start_place),
            np.where(vehicles.end_place < 0, places, vehicles.end_place),
            vehicles.max_duration_s < NEVER,
            (vehicles.time_price > 0) | (vehicles.overtime_price > 0),
            np.isin(np.arange(problem.vehicle_count), problem.breaks.vehicle)
            | np.isin(vehicles.profile, problem.speeds.profile),
        )
    ).astype(np.int64)


def is_mostly_walked(problem: Problem) -> bool:
    """Whether most routes have to be walked, so that a search over them is slow."""
    rich = _cars(problem, np.zeros(problem.vehicle_count, np.int64))[:, RICH]
    simple = _hot(problem)[:, SIMPLE]
    return bool(rich.mean() > MOSTLY or simple.mean() < 1 - FEW)


def _order_keys(problem: Problem) -> Floats:
    visits, vehicles = problem.visits, problem.vehicles
    first, last = visits.windows.offset[:-1], visits.windows.offset[1:] - 1
    opening, closing = visits.windows.start_s[first], visits.windows.end_s[last]
    size = visits.load.sum(axis=1)
    if not size.any():
        size = visits.duration_s.max(axis=1, initial=0)
    starts = np.unique(vehicles.start_place[vehicles.start_place >= 0])
    away = np.zeros(problem.visit_count)
    if len(starts):
        away = problem.travel_s[0][starts][:, visits.place].mean(axis=0)
    price = problem.unserved_price[visits.group]
    keys = (np.zeros_like(away), -size, -away, away, closing - opening, opening, -closing, -price)
    return np.stack(keys).astype(np.float64)


def _order_weights(problem: Problem) -> Floats:
    weights = np.array(ORDER_WEIGHTS)
    price = problem.unserved_price
    if not len(price) or price.min() == price.max():
        weights[-1] = 0.0
    return np.cumsum(weights)


def alone_price(problem: Problem) -> Ints:
    """(visits,) cost units, about what a route with nothing else costs; of the cheapest vehicle."""
    visits, vehicles = problem.visits, problem.vehicles
    least = np.full(problem.visit_count, np.iinfo(np.int64).max // 4)
    kind = _kinds(problem)
    _, sample = np.unique(_types(problem, kind), return_index=True)
    for vehicle in sample:
        travel = np.zeros(problem.visit_count, np.int64)
        metres = np.zeros(problem.visit_count, np.int64)
        profile = vehicles.profile[vehicle]
        start, end = vehicles.start_place[vehicle], vehicles.end_place[vehicle]
        if start >= 0:
            travel += problem.travel_s[profile, start, visits.place]
            metres += problem.distance_m[profile, start, visits.place]
        if end >= 0:
            travel += problem.travel_s[profile, visits.place, end]
            metres += problem.distance_m[profile, visits.place, end]
        busy = travel + visits.duration_s[:, vehicle] + visits.setup_s
        price = (
            vehicles.use_price[vehicle]
            + vehicles.travel_price[vehicle] * travel
            + vehicles.distance_price[vehicle] * metres
            + vehicles.time_price[vehicle] * busy
            + visits.assign_price[:, vehicle]
        )
        can = visits.allowed[:, vehicle]
        least[can] = np.minimum(least[can], price[can])
    return least
