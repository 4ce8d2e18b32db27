"""Putting visits back, one group after another, each where it costs least."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, copy_times, insert, remove
from dispatch.solver.kernels.columns import (
    AFTER,
    ALLOWED,
    BEFORE,
    CLOSING,
    DURATION,
    FIRST_LINK,
    FIRST_VISIT,
    FIRST_WINDOW,
    GROUP,
    OPENING,
    UNSERVED_PRICE,
    VEHICLE,
)
from dispatch.solver.kernels.construct import worst_lateness
from dispatch.solver.kernels.crews import place_group
from dispatch.solver.kernels.insertion import Insertion, cheapest_insertion
from dispatch.solver.kernels.links import settle
from dispatch.solver.kernels.memo import Memo
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import FINE

BLINK = 0.01
"""How often a route is overlooked, so that not always the same plan comes back."""
ORDERS = 5


@njit(cache=True)
def recreate(
    model: Model,
    board: Board,
    spare: Board,
    inner: Board,
    memo: Memo,
    depth: Ints,
    rng: np.random.Generator,
    touched: Bools,
) -> None:
    """Place every group that is not served and worth its price. Times are up to date after."""
    waiting = _absent(model, board)
    sort_by(_keys(model, waiting, depth, int(rng.random() * ORDERS), rng), waiting)
    worst = worst_lateness(board)
    for group in waiting:
        first = model.groups[group, FIRST_VISIT]
        tied = model.groups[group + 1, FIRST_VISIT] - first > 1
        if tied or model.visits[first, FIRST_LINK] < model.visits[first + 1, FIRST_LINK]:
            if _partners_served(model, board, first):
                place_group(model, board, spare, inner, memo, group, touched)
        else:
            _place_single(model, board, spare, memo, group, worst, rng, touched)


@njit(cache=True)
def sort_by(keys: npt.NDArray[np.float64], values: Ints) -> None:
    """Sort both arrays by ``keys`` in place.

    Shell's sort: numba takes seconds to compile numpy's, and the lists are short.
    """
    gap = len(keys) // 2
    while gap > 0:
        for at in range(gap, len(keys)):
            key, value, to = keys[at], values[at], at
            while to >= gap and keys[to - gap] > key:
                keys[to], values[to] = keys[to - gap], values[to - gap]
                to -= gap
            keys[to], values[to] = key, value
        gap //= 2


@njit(cache=True)
def _absent(model: Model, board: Board) -> Ints:
    groups = len(model.groups) - 1
    found = np.empty(groups, np.int64)
    count = 0
    for group in range(groups):
        if board.stops[model.groups[group, FIRST_VISIT], VEHICLE] < 0:
            found[count] = group
            count += 1
    return found[:count]


@njit(cache=True)
def _keys(
    model: Model, waiting: Ints, depth: Ints, order: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Ascending: what others depend on first, then by one of five orders."""
    keys = np.empty(len(waiting))
    for at in range(len(waiting)):
        group = waiting[at]
        visit = model.groups[group, FIRST_VISIT]
        first, last = model.visits[visit, FIRST_WINDOW], model.visits[visit + 1, FIRST_WINDOW]
        key = rng.random()
        if order == 1:
            key = -model.groups[group, UNSERVED_PRICE] * 1.0
        elif order == 2:
            key = model.windows[last - 1, CLOSING] * 1.0
        elif order == 3:
            key = (model.windows[last - 1, CLOSING] - model.windows[first, OPENING]) * 1.0
        elif order == 4:
            key = -model.pairs[visit, :, DURATION].max() * 1.0
        keys[at] = key + depth[group] * 1e18
    return keys


@njit(cache=True)
def _partners_served(model: Model, board: Board, visit: int) -> bool:
    group = model.visits[visit, GROUP]
    for member in range(visit, model.groups[group + 1, FIRST_VISIT]):
        for at in range(model.visits[member, FIRST_LINK], model.visits[member + 1, FIRST_LINK]):
            link = model.link_of[at]
            before = model.links[link, BEFORE]
            if (
                model.links[link, AFTER] == member
                and model.visits[before, GROUP] != group
                and board.stops[before, VEHICLE] < 0
            ):
                return False
    return True


@njit(cache=True)
def _place_single(
    model: Model,
    board: Board,
    spare: Board,
    memo: Memo,
    group: int,
    worst: int,
    rng: np.random.Generator,
    touched: Bools,
) -> None:
    visit = model.groups[group, FIRST_VISIT]
    best = Insertion(model.groups[group, UNSERVED_PRICE], -1, 0)
    chosen = -1
    for vehicle in range(len(model.capacity)):
        if model.pairs[visit, vehicle, ALLOWED] == 0 or rng.random() < BLINK:
            continue
        found = cheapest_insertion(model, board, memo, vehicle, visit, 0, worst, best.delta)
        if found.delta < best.delta:
            best, chosen = found, vehicle
    if chosen < 0:
        return
    copy_times(board, spare)
    insert(model, board, chosen, best.position, visit)
    dirty = np.zeros(len(touched), np.bool_)
    dirty[chosen] = True
    if settle(model, board, dirty, touched) != FINE:
        remove(model, board, chosen, best.position)
        copy_times(spare, board)
