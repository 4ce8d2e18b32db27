"""What a search over moves asks of a problem again and again, worked out once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import NEVER, Problem


class Setting(NamedTuple):
    """All int64 and read only; offsets have a row more than there are things.

    A *component* is a set of visits that longest delays tie to one another, by way of others too:
    they can only be timed together. *Mates* of a visit start at the same moment as it does.
    """

    visits: Ints
    """(visits + 1, COMPONENT .. CLOSES) component or -1, the next of its ring of mates (its own
    index if it has none), its place among the members, where its able vehicles begin; whether it
    is plain, with one hard window and no wish or promise about when, and that window"""
    components: Ints
    """(components + 1, FIRST_MEMBER .. FIRST_TIE)"""
    members: Ints
    """(visits in components,) by component"""
    ties: Ints
    """(links,) links with both ends in one component, by component"""
    able: Ints
    """(allowed pairs,) the vehicles that may serve each visit"""
    fleet: Ints
    """(vehicles, CAREFREE .. STEADY) whether nothing but its end limits a route and only the way
    costs anything; vehicles of one kind have the same prices, ways and durations; whether the
    speed is the same all day"""
    whole: Ints
    """(TRACEABLE,) whether lateness is all that times cost, so that `late.py` can tell where each
    late visit has it from"""


def setting_of(problem: Problem) -> Setting:
    """The setting of a problem."""
    count, links = problem.visit_count, problem.links
    bounded = links.max_delay_s < NEVER
    step = (links.min_delay_s == 0) & (links.max_delay_s == 0) & ~links.from_end
    root = _roots(count, links.before[bounded], links.after[bounded])
    sizes = np.bincount(root, minlength=count)
    tied_roots = np.flatnonzero(sizes > 1)
    component = np.full(count, -1, np.int64)
    for number, each in enumerate(tied_roots):
        component[root == each] = number
    order = np.argsort(component, kind="stable")
    members = order[component[order] >= 0]
    place = np.zeros(count, np.int64)
    first_member = np.searchsorted(component[members], np.arange(len(tied_roots) + 1))
    place[members] = np.arange(len(members)) - first_member[component[members]]
    ties, first_tie = _ties(problem, component, len(tied_roots))
    able_visit, able = np.nonzero(problem.visits.allowed)
    visits = np.zeros((count + 1, 7), np.int64)
    visits[:count, 0] = component
    visits[:count, 1] = _rings(_roots(count, links.before[step], links.after[step]))
    visits[:count, 2] = place
    visits[:, 3] = np.searchsorted(able_visit, np.arange(count + 1))
    visits[:count, 4:] = _plain(problem)
    fleet = np.stack((_carefree(problem), _kinds(problem), _steady(problem)), axis=-1)
    return Setting(
        visits=_read_only(visits),
        components=_read_only(np.stack((first_member, first_tie), axis=-1)),
        members=_read_only(members),
        ties=_read_only(ties),
        able=_read_only(able),
        fleet=_read_only(fleet),
        whole=_read_only(np.array([_traceable(problem, visits, fleet)])),
    )


def _roots(count: int, one: Ints, other: Ints) -> Ints:
    """For each visit the lowest visit that pairs connect it with."""
    root = np.arange(count)
    while True:
        lowest = root.copy()
        np.minimum.at(lowest, one, root[other])
        np.minimum.at(lowest, other, root[one])
        lowest = lowest[lowest]
        if (lowest == root).all():
            return root
        root = lowest


def _rings(root: Ints) -> Ints:
    """The next visit with the same root, round and round."""
    order = np.argsort(root, kind="stable")
    following = np.empty_like(root)
    for each in np.split(order, np.flatnonzero(np.diff(root[order])) + 1):
        following[each] = np.roll(each, -1)
    return following


def _ties(problem: Problem, component: Ints, components: int) -> tuple[Ints, Ints]:
    links = problem.links
    of_link = component[links.before]
    inside = np.flatnonzero((of_link >= 0) & (of_link == component[links.after]))
    ties = inside[np.argsort(of_link[inside], kind="stable")]
    return ties, np.searchsorted(of_link[ties], np.arange(components + 1))


def _carefree(problem: Problem) -> Ints:
    vehicles, visits = problem.vehicles, problem.visits
    in_order = (visits.rank < 0).all() and not problem.published.order_price.any()
    carefree: Ints = (
        (vehicles.time_price == 0)
        & (vehicles.unfairness_price == 0)
        & (vehicles.max_duration_s >= NEVER)
        & (vehicles.max_travel_s >= NEVER)
        & (vehicles.max_visits >= problem.visit_count)
        & (vehicles.capacity >= visits.load.sum(axis=0)).all(axis=1)
        & bool(in_order)
        & ~np.isin(vehicles.profile, problem.speeds.profile)
    ).astype(np.int64)
    return carefree


def _plain(problem: Problem) -> Ints:
    """(visits, 3) whether it is plain, and the first and the last moment it may start."""
    visits = problem.visits
    first, last = visits.windows.offset[:-1], visits.windows.offset[1:] - 1
    plain = (first == last) & (np.diff(visits.preferred.offset) == 0)
    plain[problem.published.visit] = False
    return np.stack((plain, visits.windows.start_s[first], visits.windows.end_s[last]), axis=-1)


def _traceable(problem: Problem, visits: Ints, fleet: Ints) -> bool:
    return bool(
        visits[:-1, 4].all()
        and fleet[:, 0].all()
        and problem.break_count == 0
        and not problem.vehicles.overtime_price.any()
    )


def _steady(problem: Problem) -> Ints:
    return (~np.isin(problem.vehicles.profile, problem.speeds.profile)).astype(np.int64)


def _kinds(problem: Problem) -> Ints:
    vehicles, visits = problem.vehicles, problem.visits
    columns = np.column_stack(
        (
            vehicles.profile,
            vehicles.use_price,
            vehicles.travel_price,
            vehicles.distance_price,
            vehicles.time_price,
            visits.duration_s.T,
            visits.assign_price.T,
        )
    )
    kinds: Ints = np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return kinds


def _read_only(array: Ints) -> Ints:
    result = np.ascontiguousarray(array, dtype=np.int64)
    result.setflags(write=False)
    return result
