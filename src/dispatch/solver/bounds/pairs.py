"""What any plan pays and needs at least where a vehicle serves a visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.solver.arrays import LONGEST, AnyInts, Bools, Ints
from dispatch.solver.problem import OPEN, Problem

ROWS = 512
"""Rows of a matrix looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """A column for each of some vehicles."""

    vehicles: Ints
    """(columns,) indices of the problem"""
    possible: Bools
    """(visits, columns)"""
    price: Ints
    """(visits, columns) cost units: assignment, the way there, time paid, sure lateness"""
    time_s: Ints
    """(visits, columns) the way there, set-up and work"""


def pairs_of(problem: Problem, vehicles: Ints) -> Pairs:
    """Least prices and times: every visit is reached from the start place or from another visit.

    Nothing is assumed of the travel matrix: a way round may be shorter than the way.
    """
    shift, visits = problem.vehicles, problem.visits
    allowed, duration = visits.allowed[:, vehicles], visits.duration_s[:, vehicles]
    travel_s, distance_m = _ways_there(problem, vehicles)
    setup_s = np.where(_alone(problem), visits.setup_s, 0)[:, None]
    time_s = travel_s + setup_s + duration
    opening = visits.windows.start_s[visits.windows.offset[:-1]][:, None]
    closing = visits.windows.end_s[visits.windows.offset[1:] - 1][:, None]
    reached = shift.earliest_s[vehicles] + travel_s
    end_s = np.maximum(reached, opening) + setup_s + duration
    late_s = np.maximum(0, end_s - visits.due_s[:, None])
    fits = (visits.load[:, None, :] <= shift.capacity[None, vehicles]).all(axis=2)
    paid = (
        visits.assign_price[:, vehicles]
        + shift.time_price[vehicles] * time_s
        + shift.travel_price[vehicles] * travel_s
        + shift.distance_price[vehicles] * distance_m
        + visits.lateness_price[:, None] * late_s
    )
    possible = allowed & fits & (reached <= closing) & (end_s <= shift.latest_s[vehicles])
    return Pairs(vehicles, possible, np.where(possible, paid, 0), np.where(possible, time_s, 0))


def _alone(problem: Problem) -> Bools:
    """(visits,) whether no other visit is at the same place, which would save the set-up."""
    place = problem.visits.place
    alone: Bools = np.bincount(place, minlength=problem.places)[place] == 1
    return alone


def _ways_there(problem: Problem, vehicles: Ints) -> tuple[Ints, Ints]:
    """(visits, vehicles) the least seconds and the least metres to each visit."""
    shift, place = problem.vehicles, problem.visits.place
    size = (problem.visit_count, len(vehicles))
    travel_s, distance_m = np.empty(size, np.int64), np.empty(size, np.int64)
    profiles = shift.profile[vehicles]
    for profile in np.unique(profiles):
        columns = np.flatnonzero(profiles == profile)
        starts = shift.start_place[vehicles[columns]]
        for matrix, ways in ((problem.travel_s, travel_s), (problem.distance_m, distance_m)):
            straight = np.where(starts == OPEN, 0, matrix[profile][starts][:, place].T)
            nearest = _nearest(matrix[profile], place)
            ways[:, columns] = np.minimum(straight, nearest[:, None])
    return travel_s, distance_m


def _nearest(matrix: AnyInts, place: Ints) -> Ints:
    """(visits,) the least entry from another visit; LONGEST where there is none."""
    nearest = np.full(len(place), LONGEST, np.int64)
    for first in range(0, len(place), ROWS):
        rows = np.arange(first, min(first + ROWS, len(place)))
        ways = matrix[place[rows]][:, place]
        ways[np.arange(len(rows)), rows] = LONGEST
        np.minimum(nearest, ways.min(axis=0), out=nearest)
    return nearest
