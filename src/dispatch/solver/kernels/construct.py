"""Regret insertion: the job that would lose most by waiting is placed next.

Potvin and Rousseau, European Journal of Operational Research 66(3), 1993. The alternative to the
best route is the second best or leaving the job out, whichever is cheaper.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, copy_times, insert, remove, restore
from dispatch.solver.kernels.columns import (
    COST,
    FIRST_LINK,
    FIRST_VISIT,
    LENGTH,
    UNSERVED_PRICE,
    VEHICLE,
    WORST,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.insertion import IMPOSSIBLE, cheapest_insertion, insertion_at
from dispatch.solver.kernels.links import settle
from dispatch.solver.kernels.memo import Memo, recall
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import NEVER


class Table(NamedTuple):
    """What inserting each single visit into each route would cost."""

    waiting: Bools
    """(groups,) not placed yet and of one visit without links"""
    delta: Ints
    """(groups, vehicles) cost units, or IMPOSSIBLE"""
    position: Ints
    """(groups, vehicles)"""
    bounded: Bools
    """(groups, vehicles) the delta is only a lower bound"""
    best: Ints
    """(groups,) the cheapest vehicle, or -1"""
    second: Ints
    """(groups,) the next cheapest, or -1"""


@njit(cache=True)
def empty_table(model: Model, board: Board) -> Table:
    """Everything still to be looked at."""
    groups, vehicles = len(model.groups) - 1, len(model.capacity)
    table = Table(
        np.zeros(groups, np.bool_),
        np.full((groups, vehicles), IMPOSSIBLE, np.int64),
        np.zeros((groups, vehicles), np.int64),
        np.zeros((groups, vehicles), np.bool_),
        np.full(groups, -1, np.int64),
        np.full(groups, -1, np.int64),
    )
    for group in range(groups):
        visit = model.groups[group, FIRST_VISIT]
        alone = model.groups[group + 1, FIRST_VISIT] - visit == 1
        free = model.visits[visit, FIRST_LINK] == model.visits[visit + 1, FIRST_LINK]
        table.waiting[group] = alone and free and board.stops[visit, VEHICLE] < 0
    return table


@kernel
def refresh(model: Model, board: Board, memo: Memo, table: Table, touched: Bools) -> None:
    """Look again at the touched routes, and forget that they were touched."""
    worst = worst_lateness(board)
    for vehicle in range(len(touched)):
        if not touched[vehicle]:
            continue
        for group in range(len(table.waiting)):
            if table.waiting[group]:
                visit = model.groups[group, FIRST_VISIT]
                found = cheapest_insertion(model, board, memo, vehicle, visit, 0, worst, IMPOSSIBLE)
                table.delta[group, vehicle] = found.delta
                table.position[group, vehicle] = found.position
                table.bounded[group, vehicle] = found.moves_links == 1
    for group in range(len(table.waiting)):
        if table.waiting[group]:
            _rank_again(table, group, touched)
    touched[:] = False


@kernel
def _rank_again(table: Table, group: int, touched: Bools) -> None:
    best, second = table.best[group], table.second[group]
    if best < 0 or touched[best] or second < 0 or touched[second]:
        _rank(table, group)
        return
    delta = table.delta[group]
    for vehicle in range(len(touched)):
        if touched[vehicle] and delta[vehicle] < delta[table.second[group]]:
            _rank(table, group)
            return


@kernel
def _rank(table: Table, group: int) -> None:
    best = second = -1
    delta = table.delta[group]
    for vehicle in range(len(delta)):
        if delta[vehicle] == IMPOSSIBLE:
            continue
        if best < 0 or delta[vehicle] < delta[best]:
            best, second = vehicle, best
        elif second < 0 or delta[vehicle] < delta[second]:
            second = vehicle
    table.best[group], table.second[group] = best, second


@kernel
def most_regretted(model: Model, table: Table) -> int:
    """The group to place next, or -1 if none is worth its price."""
    chosen, most, least = -1, -1, IMPOSSIBLE
    for group in range(len(table.waiting)):
        best = table.best[group]
        if not table.waiting[group] or best < 0:
            continue
        cost, price = table.delta[group, best], model.groups[group, UNSERVED_PRICE]
        if cost >= price:
            continue
        other = price
        if table.second[group] >= 0:
            other = min(price, table.delta[group, table.second[group]])
        if other - cost > most or (other - cost == most and cost < least):
            chosen, most, least = group, other - cost, cost
    return chosen


@njit(cache=True)
def place_singles(
    model: Model, board: Board, spare: Board, memo: Memo, table: Table, touched: Bools, most: int
) -> int:
    """Place up to ``most`` groups; answers how many could be. ``spare`` is scratch room."""
    placed = 0
    dirty = np.zeros(len(touched), np.bool_)
    while placed < most:
        refresh(model, board, memo, table, touched)
        group = most_regretted(model, table)
        if group < 0:
            break
        if _try_placing(model, board, spare, memo, table, group, dirty, touched):
            table.waiting[group] = False
            placed += 1
    return placed


@kernel
def _try_placing(
    model: Model,
    board: Board,
    spare: Board,
    memo: Memo,
    table: Table,
    group: int,
    dirty: Bools,
    touched: Bools,
) -> bool:
    vehicle, visit = table.best[group], model.groups[group, FIRST_VISIT]
    position = table.position[group, vehicle]
    copy_times(board, spare)
    delta = _placed_delta(model, board, vehicle, position, visit, dirty, touched)
    bounded = table.bounded[group, vehicle]
    if delta < IMPOSSIBLE and (not bounded or delta <= table.delta[group, vehicle]):
        return True
    # The bound was too good. Look at every position with exact times, and choose again.
    _take_back(model, board, spare, vehicle, position, touched)
    delta = IMPOSSIBLE
    if bounded:
        delta, position = _cheapest_by_trial(
            model, board, spare, memo, vehicle, visit, dirty, touched
        )
    table.delta[group, vehicle], table.position[group, vehicle] = delta, position
    table.bounded[group, vehicle] = False
    _rank(table, group)
    return False


@kernel
def _placed_delta(
    model: Model,
    board: Board,
    vehicle: int,
    position: int,
    visit: int,
    dirty: Bools,
    touched: Bools,
) -> int:
    """Place a visit, settle, and answer what it cost: IMPOSSIBLE if a rule is broken."""
    before = total_cost(model, board)
    insert(model, board, vehicle, position, visit)
    dirty[vehicle] = True
    if settle(model, board, dirty, touched) != FINE:
        return IMPOSSIBLE
    return total_cost(model, board) - before


@kernel
def _take_back(
    model: Model, board: Board, times: Board, vehicle: int, position: int, touched: Bools
) -> None:
    remove(model, board, vehicle, position)
    restore(times, board, touched)
    touched[:] = False


@kernel
def _cheapest_by_trial(
    model: Model,
    board: Board,
    spare: Board,
    memo: Memo,
    vehicle: int,
    visit: int,
    dirty: Bools,
    touched: Bools,
) -> tuple[int, int]:
    """The exact delta and position where a visit costs least in a route tied to others.

    Nothing is dirty or touched, before and afterwards.
    """
    least, best = IMPOSSIBLE, 0
    for position in range(board.routes[vehicle, LENGTH] + 1):
        recall(model, board, memo, vehicle)
        found = insertion_at(model, board, memo, vehicle, visit, 0, NEVER, position, least)
        delta = found.delta
        if found.delta < least and found.moves_links == 1:
            delta = _placed_delta(model, board, vehicle, position, visit, dirty, touched)
            _take_back(model, board, spare, vehicle, position, touched)
        if delta < least:
            least, best = delta, position
    return least, best


@kernel
def total_cost(model: Model, board: Board) -> int:
    """The cost of all routes with the worst lateness, without what is left out."""
    cost = 0
    for vehicle in range(len(board.routes)):
        cost += board.routes[vehicle, COST]
    return int(cost + model.worst_price * worst_lateness(board))


@kernel
def worst_lateness(board: Board) -> int:
    """The largest lateness of the plan, in seconds."""
    worst = 0
    for vehicle in range(len(board.routes)):
        worst = max(worst, board.routes[vehicle, WORST])
    return int(worst)


@kernel
def full_cost(model: Model, board: Board) -> int:
    """The cost of all routes and of what is left out."""
    cost = total_cost(model, board)
    for group in range(len(model.groups) - 1):
        if board.stops[model.groups[group, FIRST_VISIT], VEHICLE] < 0:
            cost += model.groups[group, UNSERVED_PRICE]
    return int(cost)
