"""Placing the visits of a crew, or of a job that others depend on, with exact times.

The first visit is tried in its best routes; for each, the others follow one by one, each where
the whole costs least when all tied routes have been timed again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, copy_times, insert, remove, restore
from dispatch.solver.kernels.columns import (
    AFTER,
    BEFORE,
    BOUND,
    END,
    FIRST_LINK,
    FIRST_VISIT,
    FROM_END,
    LENGTH,
    MAX_DELAY,
    MIN_DELAY,
    START,
    STATE_FEASIBLE,
    UNSERVED_PRICE,
    VEHICLE,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.construct import total_cost, worst_lateness
from dispatch.solver.kernels.insertion import IMPOSSIBLE, fits, insertion_at
from dispatch.solver.kernels.links import settle
from dispatch.solver.kernels.memo import Memo, recall
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import NEVER

FIRST_TRIES = 16
"""Places tried for the first visit."""
NEXT_TRIES = 5
"""Places timed exactly for each further visit."""


@njit(cache=True)
def place_group(
    model: Model,
    board: Board,
    spare: Board,
    inner: Board,
    memo: Memo,
    group: int,
    touched: Bools,
) -> bool:
    """Place all visits of a group as cheaply as found, or none; settled afterwards.

    ``spare`` and ``inner`` are scratch room; ``touched`` (vehicles,) gains the routes that changed.
    """
    first, last = model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]
    price = model.groups[group, UNSERVED_PRICE]
    dirty = np.zeros(len(model.capacity), np.bool_)
    best_cost = IMPOSSIBLE
    best = np.full((last - first, 2), -1, np.int64)
    found = np.full((last - first, 2), -1, np.int64)
    copy_times(board, spare)
    before = total_cost(model, board)
    tries = candidates(model, board, memo, first, FIRST_TRIES)
    for at in range(len(tries)):
        if tries[at, 2] >= min(price, best_cost):
            break
        found[0] = tries[at, :2]
        trial = np.zeros(len(dirty), np.bool_)
        if _put(model, board, found[0], first, dirty, trial):
            complete = True
            for visit in range(first + 1, last):
                place = _cheapest_exact(model, board, inner, memo, visit, dirty)
                found[visit - first] = place
                if place[0] < 0 or not _put(model, board, place, visit, dirty, trial):
                    complete = False
                    break
            cost = total_cost(model, board) - before
            if complete and cost < min(price, best_cost):
                best_cost = cost
                best[:] = found
        _take_back(model, board, found, first, last)
        restore(spare, board, trial)
    if best_cost == IMPOSSIBLE:
        return False
    for visit in range(first, last):
        _put(model, board, best[visit - first], visit, dirty, touched)
    return True


@kernel
def _put(model: Model, board: Board, place: Ints, visit: int, dirty: Bools, touched: Bools) -> bool:
    insert(model, board, place[0], place[1], visit)
    board.stops[visit, BOUND] = link_bound(model, board, visit)
    dirty[place[0]] = True
    return settle(model, board, dirty, touched) == FINE


@kernel
def link_bound(model: Model, board: Board, visit: int) -> int:
    """The earliest start of an unplaced visit that its placed partners allow."""
    bound = 0
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        if visit == after and board.stops[before, VEHICLE] >= 0:
            base = (
                board.stops[before, END]
                if model.links[link, FROM_END]
                else board.stops[before, START]
            )
            bound = max(bound, base + model.links[link, MIN_DELAY])
        # How long this visit will take is not known yet: a delay from its end says nothing.
        limited = model.links[link, MAX_DELAY] < NEVER and not model.links[link, FROM_END]
        if visit == before and limited and board.stops[after, VEHICLE] >= 0:
            bound = max(bound, board.stops[after, START] - model.links[link, MAX_DELAY])
    return bound


@kernel
def _take_back(model: Model, board: Board, found: Ints, first: int, last: int) -> None:
    for visit in range(last - 1, first - 1, -1):
        if board.stops[visit, VEHICLE] >= 0:
            remove(model, board, found[visit - first, 0], found[visit - first, 1])


@njit(cache=True)
def _cheapest_exact(
    model: Model, board: Board, inner: Board, memo: Memo, visit: int, dirty: Bools
) -> Ints:
    """The vehicle and position where all costs least, or -1."""
    best = np.full(2, -1, np.int64)
    least = IMPOSSIBLE
    trial = np.zeros(len(dirty), np.bool_)
    copy_times(board, inner)
    tries = candidates(model, board, memo, visit, NEXT_TRIES)
    for at in range(len(tries)):
        if _put(model, board, tries[at, :2], visit, dirty, trial):
            cost = total_cost(model, board)
            if cost < least:
                least = cost
                best[:] = tries[at, :2]
        remove(model, board, tries[at, 0], tries[at, 1])
        restore(inner, board, trial)
    return best


@njit(cache=True)
def candidates(model: Model, board: Board, memo: Memo, visit: int, most: int) -> Ints:
    """The cheapest places by their own route alone: (up to most, 3) vehicle, position, delta."""
    found = np.full((most, 3), IMPOSSIBLE, np.int64)
    count = 0
    bound = link_bound(model, board, visit)
    worst = worst_lateness(board)
    for vehicle in range(len(model.capacity)):
        if not fits(model, board, vehicle, visit):
            continue
        recall(model, board, memo, vehicle)
        for position in range(board.routes[vehicle, LENGTH] + 1):
            if memo.states[vehicle, position, STATE_FEASIBLE] == 0:
                break
            limit = found[most - 1, 2]
            delta = insertion_at(
                model, board, memo, vehicle, visit, bound, worst, position, limit
            ).delta
            if delta < limit:
                count = min(most, count + 1)
                _keep(found, vehicle, position, delta)
    return found[:count]


@kernel
def _keep(found: Ints, vehicle: int, position: int, delta: int) -> None:
    at = len(found) - 1
    while at > 0 and found[at - 1, 2] > delta:
        for column in range(3):
            found[at, column] = found[at - 1, column]
        at -= 1
    found[at, 0], found[at, 1], found[at, 2] = vehicle, position, delta
