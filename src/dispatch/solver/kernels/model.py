"""A problem as kernels see it: one flat tuple of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.problem import Problem


class Model(NamedTuple):
    """The arrays of a :class:`Problem`, with links and breaks by visit and vehicle."""

    travel_s: Ints
    """(profiles, places, places)"""
    distance_m: Ints
    """(profiles, places, places)"""
    owner: Ints
    """(vehicles,) and so are all up to overtime_price"""
    profile: Ints
    start_place: Ints
    end_place: Ints
    earliest_s: Ints
    shift_end_s: Ints
    latest_s: Ints
    max_duration_s: Ints
    max_travel_s: Ints
    max_visits: Ints
    use_price: Ints
    travel_price: Ints
    distance_price: Ints
    time_price: Ints
    overtime_price: Ints
    capacity: Ints
    """(vehicles, dimensions)"""
    place: Ints
    """(visits,)"""
    group: Ints
    """(visits,)"""
    setup_s: Ints
    """(visits,)"""
    duration_s: Ints
    """(visits, vehicles)"""
    allowed: Bools
    """(visits, vehicles)"""
    assign_price: Ints
    """(visits, vehicles)"""
    load: Ints
    """(visits, dimensions)"""
    window_offset: Ints
    """(visits + 1,)"""
    window_start: Ints
    window_end: Ints
    preferred_offset: Ints
    """(visits + 1,)"""
    preferred_start: Ints
    preferred_end: Ints
    preferred_price: Ints
    """(visits,)"""
    due_s: Ints
    """(visits,)"""
    lateness_price: Ints
    """(visits,)"""
    rank: Ints
    """(visits,)"""
    unserved_price: Ints
    """(groups,)"""
    group_offset: Ints
    """(groups + 1,) the visits of group g are group_offset[g] to group_offset[g + 1]"""
    link_before: Ints
    """(links,)"""
    link_after: Ints
    link_from_end: Bools
    link_min: Ints
    link_max: Ints
    link_offset: Ints
    """(visits + 1,) into link_of"""
    link_of: Ints
    """(2 * links,) the links of each visit, on either side"""
    break_offset: Ints
    """(vehicles + 1,) the breaks of vehicle v are break_offset[v] to break_offset[v + 1]"""
    break_earliest: Ints
    """(breaks,)"""
    break_latest: Ints
    break_duration: Ints
    worst_price: int


def model_of(problem: Problem) -> Model:
    """The kernels' view of a problem; arrays are shared, not copied."""
    vehicles, visits = problem.vehicles, problem.visits
    links, breaks = problem.links, problem.breaks
    link_offset, link_of = _links_by_visit(problem)
    return Model(
        travel_s=problem.travel_s,
        distance_m=problem.distance_m,
        owner=vehicles.owner,
        profile=vehicles.profile,
        start_place=vehicles.start_place,
        end_place=vehicles.end_place,
        earliest_s=vehicles.earliest_s,
        shift_end_s=vehicles.end_s,
        latest_s=vehicles.latest_s,
        max_duration_s=vehicles.max_duration_s,
        max_travel_s=vehicles.max_travel_s,
        max_visits=vehicles.max_visits,
        use_price=vehicles.use_price,
        travel_price=vehicles.travel_price,
        distance_price=vehicles.distance_price,
        time_price=vehicles.time_price,
        overtime_price=vehicles.overtime_price,
        capacity=vehicles.capacity,
        place=visits.place,
        group=visits.group,
        setup_s=visits.setup_s,
        duration_s=visits.duration_s,
        allowed=visits.allowed,
        assign_price=visits.assign_price,
        load=visits.load,
        window_offset=visits.windows.offset,
        window_start=visits.windows.start_s,
        window_end=visits.windows.end_s,
        preferred_offset=visits.preferred.offset,
        preferred_start=visits.preferred.start_s,
        preferred_end=visits.preferred.end_s,
        preferred_price=visits.preferred_price,
        due_s=visits.due_s,
        lateness_price=visits.lateness_price,
        rank=visits.rank,
        unserved_price=problem.unserved_price,
        group_offset=_read_only(np.searchsorted(visits.group, np.arange(problem.group_count + 1))),
        link_before=links.before,
        link_after=links.after,
        link_from_end=links.from_end,
        link_min=links.min_delay_s,
        link_max=links.max_delay_s,
        link_offset=link_offset,
        link_of=link_of,
        break_offset=_read_only(
            np.searchsorted(breaks.vehicle, np.arange(problem.vehicle_count + 1))
        ),
        break_earliest=breaks.earliest_s,
        break_latest=breaks.latest_s,
        break_duration=breaks.duration_s,
        worst_price=problem.worst_lateness_price,
    )


def _links_by_visit(problem: Problem) -> tuple[Ints, Ints]:
    links = problem.links
    visit = np.concatenate((links.before, links.after))
    link = np.tile(np.arange(len(links.before)), 2)
    order = np.argsort(visit, kind="stable")
    offset = np.searchsorted(visit[order], np.arange(problem.visit_count + 1))
    return _read_only(offset), _read_only(link[order])


def _read_only(array: Ints) -> Ints:
    result = np.ascontiguousarray(array, dtype=np.int64)
    result.setflags(write=False)
    return result
