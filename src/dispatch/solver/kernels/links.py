"""Times that follow one another across routes."""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    AFTER,
    BEFORE,
    BOUND,
    END,
    FIRST_LINK,
    FROM_END,
    LENGTH,
    MAX_DELAY,
    MIN_DELAY,
    START,
    VEHICLE,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import BROKEN_LINK, FINE, over_longest, time_route
from dispatch.solver.problem import NEVER

ROUNDS = 50
"""Times that go round in a circle never settle; so many timings for each link say so."""


@kernel
def linked(model: Model, visit: int) -> bool:
    """Whether a visit's time is tied to another's."""
    return bool(model.visits[visit, FIRST_LINK] < model.visits[visit + 1, FIRST_LINK])


@kernel
def settle(model: Model, board: Board, dirty: Bools, touched: Bools) -> int:
    """Time the dirty routes, and those that links make follow, until nothing changes.

    ``dirty`` and ``touched`` are (vehicles,); the first is empty afterwards, the second gains
    every route that was timed. Bounds only grow, so the result is the least fixed point over the
    bounds that were there. Answers the first rule that fails; times are then half done.
    """
    budget = len(dirty) + ROUNDS * (len(model.links) + 1)
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
            failed = time_route(model, board, vehicle) if budget >= 0 else BROKEN_LINK
            if failed == FINE and push_bounds(model, board, vehicle, dirty):
                again = True
    for vehicle in range(len(touched)):
        if failed == FINE and touched[vehicle]:
            failed = over_longest(model, board, vehicle)
    return failed


@njit(cache=True)
def settle_all(model: Model, board: Board) -> int:
    """Time everything from scratch: first each route alone, since links ask how long visits take.

    Answers the first rule that fails.
    """
    dirty = np.zeros(len(model.capacity), np.bool_)
    return settle_anew(model, board, dirty, dirty.copy())


@kernel
def settle_anew(model: Model, board: Board, dirty: Bools, touched: Bools) -> int:
    """`settle_all` in the room of a caller: nothing is dirty, before and afterwards."""
    board.stops[:, BOUND] = 0
    for vehicle in range(len(dirty)):
        failed = time_route(model, board, vehicle)
        if failed != FINE:
            return failed
    dirty[:] = True
    return settle(model, board, dirty, touched)


@kernel
def push_bounds(model: Model, board: Board, vehicle: int, dirty: Bools) -> bool:
    """Raise what the visits of a route demand of others; answers whether any route must follow."""
    if len(model.links) == 0:
        return False
    follows = False
    visits = len(model.load)
    for position in range(board.routes[vehicle, LENGTH]):
        visit = board.sequence[vehicle, position]
        if visit >= visits:
            continue
        for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
            if _push(model, board, visit, model.link_of[at], dirty):
                follows = True
    return follows


@kernel
def _push(model: Model, board: Board, visit: int, link: int, dirty: Bools) -> bool:
    before, after = model.links[link, BEFORE], model.links[link, AFTER]
    if board.stops[before, VEHICLE] < 0 or board.stops[after, VEHICLE] < 0:
        return False
    if visit == before:
        base = (
            board.stops[before, END] if model.links[link, FROM_END] else board.stops[before, START]
        )
        return _raise(board, after, base + model.links[link, MIN_DELAY], dirty)
    if model.links[link, MAX_DELAY] >= NEVER:
        return False
    needed = board.stops[after, START] - model.links[link, MAX_DELAY]
    if model.links[link, FROM_END]:
        needed -= board.stops[before, END] - board.stops[before, START]
    return _raise(board, before, needed, dirty)


@kernel
def _raise(board: Board, visit: int, needed: int, dirty: Bools) -> bool:
    if needed <= board.stops[visit, BOUND]:
        return False
    board.stops[visit, BOUND] = needed
    if needed <= board.stops[visit, START]:
        return False
    dirty[board.stops[visit, VEHICLE]] = True
    return True
