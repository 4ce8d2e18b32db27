"""A problem as kernels see it: few arrays, a row for each thing (see `columns.py`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solver.arrays import AnyInts, Ints
from dispatch.solver.problem import USUAL_PERCENT, Problem


class Model(NamedTuple):
    """All int64 but the matrices, which are the problem's own.

    Offsets have a row more than there are things, so that row i + 1 ends row i.
    """

    travel_s: AnyInts
    """(profiles, places, places) int32"""
    distance_m: AnyInts
    """(profiles, places, places) int32"""
    fleet: Ints
    """(vehicles + 1, OWNER .. FIRST_BREAK)"""
    capacity: Ints
    """(vehicles, dimensions)"""
    visits: Ints
    """(visits + 1, PLACE .. PUBLISHED); the last is a row of ``published``, or -1"""
    pairs: Ints
    """(visits, vehicles, DURATION .. ALLOWED)"""
    load: Ints
    """(visits, dimensions)"""
    windows: Ints
    """(windows, OPENING .. CLOSING)"""
    preferred: Ints
    """(preferred windows, OPENING .. CLOSING)"""
    groups: Ints
    """(groups + 1, UNSERVED_PRICE .. FIRST_VISIT)"""
    links: Ints
    """(links, BEFORE .. MAX_DELAY)"""
    link_of: Ints
    """(2 * links,) the links of each visit, on either side"""
    breaks: Ints
    """(breaks, BREAK_EARLIEST .. BREAK_BY_HOUR); the last is 1 where its vehicle's speed varies"""
    published: Ints
    """(published, PROMISED_START .. ORDER_PRICE)"""
    speeds: Ints
    """(steps, STEP_FROM .. STEP_PERCENT); a vehicle's are those of its profile"""
    worst_price: int


def model_of(problem: Problem) -> Model:
    """The kernels' view of a problem; only the matrices are shared with it."""
    vehicles, visits = problem.vehicles, problem.visits
    links, breaks, published = problem.links, problem.breaks, problem.published
    first_link, link_of = _links_by_visit(problem)
    return Model(
        travel_s=problem.travel_s,
        distance_m=problem.distance_m,
        fleet=_rows(
            problem.vehicle_count + 1,
            vehicles.owner,
            vehicles.profile,
            vehicles.start_place,
            vehicles.end_place,
            vehicles.earliest_s,
            vehicles.end_s,
            vehicles.latest_s,
            vehicles.max_duration_s,
            vehicles.max_travel_s,
            vehicles.max_visits,
            vehicles.use_price,
            vehicles.travel_price,
            vehicles.distance_price,
            vehicles.time_price,
            vehicles.overtime_price,
            vehicles.fair_share_s,
            vehicles.unfairness_price,
            *_steps(problem),
            np.searchsorted(breaks.vehicle, np.arange(problem.vehicle_count + 1)),
        ),
        capacity=vehicles.capacity,
        visits=_rows(
            problem.visit_count + 1,
            visits.place,
            visits.group,
            visits.setup_s,
            visits.due_s,
            visits.lateness_price,
            visits.preferred_price,
            visits.rank,
            visits.windows.offset,
            visits.preferred.offset,
            first_link,
            _row_of_visit(problem),
        ),
        pairs=_pairs(problem),
        load=visits.load,
        windows=_rows(len(visits.windows.start_s), visits.windows.start_s, visits.windows.end_s),
        preferred=_rows(
            len(visits.preferred.start_s), visits.preferred.start_s, visits.preferred.end_s
        ),
        groups=_rows(
            problem.group_count + 1,
            problem.unserved_price,
            np.searchsorted(visits.group, np.arange(problem.group_count + 1)),
        ),
        links=_rows(
            len(links.before),
            links.before,
            links.after,
            links.from_end,
            links.min_delay_s,
            links.max_delay_s,
        ),
        link_of=link_of,
        breaks=_rows(
            problem.break_count,
            breaks.earliest_s,
            breaks.latest_s,
            breaks.duration_s,
            np.isin(vehicles.profile[breaks.vehicle], problem.speeds.profile),
        ),
        published=_rows(
            len(published.visit),
            published.promised_start_s,
            published.promised_end_s,
            published.moved_price,
            published.moved_second_price,
            published.vehicle,
            published.rank,
            published.order_price,
        ),
        speeds=_rows(len(problem.speeds.from_s), problem.speeds.from_s, problem.speeds.percent),
        worst_price=problem.worst_lateness_price,
    )


def _pairs(problem: Problem) -> Ints:
    visits = problem.visits
    table = np.empty((*visits.allowed.shape, 3), dtype=np.int64)
    for column, values in enumerate((visits.duration_s, visits.assign_price, visits.allowed)):
        table[:, :, column] = values
    return _read_only(table)


def _rows(count: int, *columns: np.ndarray[tuple[int], np.dtype[np.generic]] | Ints) -> Ints:
    """Columns side by side; a shorter one ends in zeros."""
    table = np.zeros((count, len(columns)), dtype=np.int64)
    for at, column in enumerate(columns):
        table[: len(column), at] = column
    return _read_only(table)


def _links_by_visit(problem: Problem) -> tuple[Ints, Ints]:
    links = problem.links
    visit = np.concatenate((links.before, links.after))
    link = np.tile(np.arange(len(links.before)), 2)
    order = np.argsort(visit, kind="stable")
    offset = np.searchsorted(visit[order], np.arange(problem.visit_count + 1))
    return _read_only(offset), _read_only(link[order])


def _steps(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Of each vehicle the first step of its speed, the one behind its last, and the fastest."""
    profile, speeds = problem.vehicles.profile, problem.speeds
    fastest = np.full(len(problem.travel_s), USUAL_PERCENT, dtype=np.int64)
    np.maximum.at(fastest, speeds.profile, speeds.percent)
    return (
        np.searchsorted(speeds.profile, profile, side="left"),
        np.searchsorted(speeds.profile, profile, side="right"),
        fastest[profile],
    )


def _row_of_visit(problem: Problem) -> Ints:
    row = np.full(problem.visit_count, -1, dtype=np.int64)
    row[problem.published.visit] = np.arange(len(problem.published.visit))
    return row


def _read_only(array: Ints) -> Ints:
    result = np.ascontiguousarray(array, dtype=np.int64)
    result.setflags(write=False)
    return result
