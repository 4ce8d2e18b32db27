"""Times that follow one another across routes."""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import FINE, LINK, MAX_DURATION, time_route
from dispatch.solver.problem import NEVER

ROUNDS = 50
"""Times that go round in a circle never settle; so many timings for each link say so."""


@njit(cache=True)
def linked(model: Model, visit: int) -> bool:
    """Whether a visit's time is tied to another's."""
    return bool(model.link_offset[visit] < model.link_offset[visit + 1])


@njit(cache=True)
def settle(model: Model, board: Board, dirty: Bools, touched: Bools) -> int:
    """Time the dirty routes, and those that links make follow, until nothing changes.

    ``dirty`` and ``touched`` are (vehicles,); the first is empty afterwards, the second gains
    every route that was timed. Bounds only grow, so the result is the least fixed point over the
    bounds that were there. Answers the first rule that fails; times are then half done.
    """
    budget = len(dirty) + ROUNDS * (len(model.link_before) + 1)
    failed = FINE
    again = True
    while again:
        again = False
        for vehicle in range(len(dirty)):
            if not dirty[vehicle]:
                continue
            dirty[vehicle] = False
            if failed != FINE:
                continue
            touched[vehicle] = True
            budget -= 1
            failed = time_route(model, board, vehicle) if budget >= 0 else LINK
            if failed == FINE and push_bounds(model, board, vehicle, dirty):
                again = True
    if failed == FINE and _too_long(model, board, touched):
        failed = MAX_DURATION
    return failed


@njit(cache=True)
def settle_all(model: Model, board: Board) -> int:
    """Time everything from scratch: first each route alone, since links ask how long visits take.

    Answers the first rule that fails.
    """
    board.bound[:] = 0
    for vehicle in range(len(model.owner)):
        failed = time_route(model, board, vehicle)
        if failed != FINE:
            return failed
    everywhere = np.ones(len(model.owner), np.bool_)
    return settle(model, board, everywhere, everywhere.copy())


@njit(cache=True)
def _too_long(model: Model, board: Board, touched: Bools) -> bool:
    for vehicle in range(len(touched)):
        duration = board.finish[vehicle] - board.depart[vehicle]
        if touched[vehicle] and duration > model.max_duration_s[vehicle]:
            return True
    return False


@njit(cache=True)
def push_bounds(model: Model, board: Board, vehicle: int, dirty: Bools) -> bool:
    """Raise what the visits of a route demand of others; answers whether any route must follow."""
    if len(model.link_before) == 0:
        return False
    follows = False
    visits = len(model.place)
    for position in range(board.length[vehicle]):
        visit = board.sequence[vehicle, position]
        if visit >= visits:
            continue
        for at in range(model.link_offset[visit], model.link_offset[visit + 1]):
            if _push(model, board, visit, model.link_of[at], dirty):
                follows = True
    return follows


@njit(cache=True)
def _push(model: Model, board: Board, visit: int, link: int, dirty: Bools) -> bool:
    before, after = model.link_before[link], model.link_after[link]
    if board.vehicle[before] < 0 or board.vehicle[after] < 0:
        return False
    if visit == before:
        base = board.end[before] if model.link_from_end[link] else board.start[before]
        return _raise(board, after, base + model.link_min[link], dirty)
    if model.link_max[link] >= NEVER:
        return False
    needed = board.start[after] - model.link_max[link]
    if model.link_from_end[link]:
        needed -= board.end[before] - board.start[before]
    return _raise(board, before, needed, dirty)


@njit(cache=True)
def _raise(board: Board, visit: int, needed: int, dirty: Bools) -> bool:
    if needed <= board.bound[visit]:
        return False
    board.bound[visit] = needed
    if needed <= board.start[visit]:
        return False
    dirty[board.vehicle[visit]] = True
    return True
