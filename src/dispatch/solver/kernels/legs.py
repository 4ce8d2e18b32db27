"""What is between the visits that one vehicle could serve, gathered for a search over pairs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import (
    ASSIGN_PRICE,
    CLOSING,
    DISTANCE_PRICE,
    DUE,
    DURATION,
    FIRST_PREFERRED,
    FIRST_WINDOW,
    LATENESS_PRICE,
    OPENING,
    PLACE,
    PREFERRED_PRICE,
    PROFILE,
    SETUP,
    START_PLACE,
    TIME_PRICE,
    TRAVEL_PRICE,
)
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import NEVER

STOP_OPENING, STOP_CLOSING, STOP_WINDOW, STOP_LAST_WINDOW = range(4)
STOP_DUE, STOP_LATE_PRICE, STOP_CHOSEN_UNTIL, STOP_CHOSEN_PRICE = range(4, 8)


class Legs(NamedTuple):
    """What a vehicle's candidates have to do with each other. The last row is the start place."""

    travel_s: Ints
    """(size + 1, size)"""
    occupied_s: Ints
    """(size + 1, size) set-up and work"""
    cost: Ints
    """(size + 1, size) cost units: way, work and assignment, less the worth"""
    stops: Ints
    """(size, 8) windows, lateness and preferences of the candidates, one cache line each"""


@njit(cache=True)
def shortest_step(model: Model, vehicle: int, candidates: Ints) -> int:
    """Seconds from the end of any candidate to the end of any other, at least; NEVER for one."""
    shortest = NEVER
    profile = model.fleet[vehicle, PROFILE]
    for there in candidates:
        takes = NEVER
        for here in candidates:
            if here != there:
                origin, target = model.visits[here, PLACE], model.visits[there, PLACE]
                setup = 0 if origin == target else model.visits[there, SETUP]
                takes = min(takes, setup + model.travel_s[profile, origin, target])
        shortest = min(shortest, takes + model.pairs[there, vehicle, DURATION])
    return shortest


@njit(cache=True)
def legs_of(model: Model, vehicle: int, candidates: Ints, worth: Ints) -> Legs:
    """Gathered once, since the search looks at each pair again and again."""
    size = len(candidates)
    legs = Legs(
        np.zeros((size + 1, size), np.int64),
        np.zeros((size + 1, size), np.int64),
        np.zeros((size + 1, size), np.int64),
        np.zeros((size, 8), np.int64),
    )
    for here in range(size + 1):
        visited = model.visits[candidates[here], PLACE] if here < size else -1
        origin = visited if here < size else model.fleet[vehicle, START_PLACE]
        for there in range(size):
            _leg(model, vehicle, legs, here, there, origin, visited, candidates[there])
            legs.cost[here, there] -= worth[candidates[there]]
    for there in range(size):
        _stop(model, legs.stops[there], candidates[there])
    return legs


@njit(cache=True)
def _leg(
    model: Model,
    vehicle: int,
    legs: Legs,
    here: int,
    there: int,
    origin: int,
    visited: int,
    visit: int,
) -> None:
    """The way from ``origin`` (anywhere at -1), after a visit at ``visited``."""
    profile, place = model.fleet[vehicle, PROFILE], model.visits[visit, PLACE]
    travel = distance = 0
    if origin >= 0:
        travel = model.travel_s[profile, origin, place]
        distance = model.distance_m[profile, origin, place]
    occupied = model.pairs[visit, vehicle, DURATION]
    if visited != place:
        occupied += model.visits[visit, SETUP]
    legs.travel_s[here, there] = travel
    legs.occupied_s[here, there] = occupied
    legs.cost[here, there] = (
        model.pairs[visit, vehicle, ASSIGN_PRICE]
        + model.fleet[vehicle, TRAVEL_PRICE] * travel
        + model.fleet[vehicle, DISTANCE_PRICE] * distance
        + model.fleet[vehicle, TIME_PRICE] * (travel + occupied)
    )


@njit(cache=True)
def _stop(model: Model, row: Ints, visit: int) -> None:
    first, end = model.visits[visit, FIRST_WINDOW], model.visits[visit + 1, FIRST_WINDOW]
    row[STOP_WINDOW], row[STOP_LAST_WINDOW] = first, end - 1
    row[STOP_OPENING] = model.windows[first, OPENING]
    row[STOP_CLOSING] = model.windows[first, CLOSING]
    row[STOP_DUE] = model.visits[visit, DUE]
    row[STOP_LATE_PRICE] = model.visits[visit, LATENESS_PRICE]
    row[STOP_CHOSEN_UNTIL] = NEVER
    chosen_end = model.visits[visit + 1, FIRST_PREFERRED]
    if model.visits[visit, FIRST_PREFERRED] < chosen_end:
        row[STOP_CHOSEN_UNTIL] = model.preferred[chosen_end - 1, CLOSING]
        row[STOP_CHOSEN_PRICE] = model.visits[visit, PREFERRED_PRICE]
