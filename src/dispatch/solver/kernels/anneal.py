"""Ruin and recreate under simulated annealing."""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, copy_board
from dispatch.solver.kernels.columns import BOUND, FIRST_VISIT, UNSERVED_PRICE, VEHICLE
from dispatch.solver.kernels.construct import total_cost
from dispatch.solver.kernels.links import linked, settle
from dispatch.solver.kernels.memo import Memo
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.recreate import recreate
from dispatch.solver.kernels.ruin import ruin
from dispatch.solver.kernels.timing import FINE


@njit(cache=True)
def full_cost(model: Model, board: Board) -> int:
    """The cost of all routes and of what is left out."""
    cost = total_cost(model, board)
    for group in range(len(model.groups) - 1):
        if board.stops[model.groups[group, FIRST_VISIT], VEHICLE] < 0:
            cost += model.groups[group, UNSERVED_PRICE]
    return cost


@njit(cache=True)
def anneal(
    model: Model,
    boards: tuple[Board, Board, Board, Board, Board],
    neighbours: Ints,
    memo: Memo,
    depth: Ints,
    temperature: float,
    removal: tuple[float, float],
    iterations: int,
    rng: np.random.Generator,
) -> int:
    """Run some iterations at one temperature.

    ``boards`` are the working board, the current plan, the best plan and two scratch boards that
    share the working one's rows; ``removal`` is the mean number of visits to take off and the
    longest string. Answers how often a new best was found.
    """
    board, current, best, spare, inner = boards
    touched = np.zeros(len(model.capacity), np.bool_)
    everything = np.ones(len(model.capacity), np.bool_)
    cost, best_cost = full_cost(model, current), full_cost(model, best)
    improved = 0
    for _ in range(iterations):
        touched[:] = False
        ruin(model, board, neighbours, removal[0], removal[1], rng, touched)
        feasible = time_again(model, board, touched)
        if feasible:
            recreate(model, board, spare, inner, memo, depth, rng, touched)
        new_cost = full_cost(model, board) if feasible else cost
        if feasible and new_cost < cost - temperature * np.log(rng.random()):
            copy_board(board, current, touched)
            cost = new_cost
            if cost < best_cost:
                copy_board(board, best, everything)
                best_cost = cost
                improved += 1
        else:
            copy_board(current, board, touched)
    return improved


@njit(cache=True)
def time_again(model: Model, board: Board, touched: Bools) -> bool:
    """Time routes that lost visits, and every route whose times hang on others."""
    dirty = touched.copy()
    if len(model.links) > 0:
        for visit in range(len(model.load)):
            if linked(model, visit):
                board.stops[visit, BOUND] = 0
                if board.stops[visit, VEHICLE] >= 0:
                    dirty[board.stops[visit, VEHICLE]] = True
    return bool(settle(model, board, dirty, touched) == FINE)
