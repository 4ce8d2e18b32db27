"""The routes a search works on, with their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.columns import (
    BOUND,
    DEPART,
    FINISH,
    FIRST_BREAK,
    LENGTH,
    START,
    VEHICLE,
    VISITS,
    WORST,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import Problem

SPACIOUS = 128
"""Rows shorter than this are never worth saving on."""


class Board(NamedTuple):
    """Routes as rows of activities, and what timing them gave."""

    sequence: Ints
    """(vehicles, longest) activities: a visit, or the visit count plus a break"""
    routes: Ints
    """(vehicles, LENGTH .. WORST) the cost is without unserved jobs and worst lateness"""
    stops: Ints
    """(visits, VEHICLE .. BOUND) the vehicle is -1 where it is not served"""
    load: Ints
    """(vehicles, dimensions)"""
    stale: Bools
    """(vehicles,) changed since it was last remembered (`memo.py`)"""


def row_length(problem: Problem, routes: Sequence[Ints]) -> int:
    """How long a row must be: all visits, or where that is much, many times the mean route."""
    visits, vehicles = problem.visit_count, max(1, problem.vehicle_count)
    breaks = int(np.bincount(problem.breaks.vehicle, minlength=1).max(initial=0))
    given = max((len(route) for route in routes), default=0)
    return max(min(visits, SPACIOUS + 8 * visits // vehicles), 2 * given) + breaks + 1


@njit(cache=True)
def empty_board(model: Model, row_length: int) -> Board:
    """No visits; every vehicle's breaks stand in its row."""
    vehicles, visits = len(model.capacity), len(model.load)
    board = Board(
        sequence=np.zeros((vehicles, row_length), np.int64),
        routes=np.zeros((vehicles, WORST + 1), np.int64),
        stops=np.zeros((visits, 4), np.int64),
        load=np.zeros(model.capacity.shape, np.int64),
        stale=np.ones(vehicles, np.bool_),
    )
    board.routes[:, DEPART] = -1
    board.routes[:, FINISH] = -1
    board.stops[:, VEHICLE] = -1
    for vehicle in range(vehicles):
        for at in range(model.fleet[vehicle, FIRST_BREAK], model.fleet[vehicle + 1, FIRST_BREAK]):
            board.sequence[vehicle, board.routes[vehicle, LENGTH]] = visits + at
            board.routes[vehicle, LENGTH] += 1
    return board


@kernel
def insert(model: Model, board: Board, vehicle: int, position: int, visit: int) -> None:
    """Put ``visit`` at ``position`` of a row. Times are not updated."""
    row = board.sequence[vehicle]
    for at in range(board.routes[vehicle, LENGTH], position, -1):
        row[at] = row[at - 1]
    row[position] = visit
    board.routes[vehicle, LENGTH] += 1
    _count(model, board, vehicle, visit, 1)
    board.stops[visit, VEHICLE] = vehicle
    board.stale[vehicle] = True


@kernel
def remove(model: Model, board: Board, vehicle: int, position: int) -> None:
    """Take the visit at ``position`` off a row. Times are not updated."""
    row = board.sequence[vehicle]
    visit = row[position]
    for at in range(position, board.routes[vehicle, LENGTH] - 1):
        row[at] = row[at + 1]
    board.routes[vehicle, LENGTH] -= 1
    _count(model, board, vehicle, visit, -1)
    board.stops[visit, VEHICLE] = -1
    board.stale[vehicle] = True


@kernel
def _count(model: Model, board: Board, vehicle: int, visit: int, sign: int) -> None:
    board.routes[vehicle, VISITS] += sign
    for dimension in range(model.load.shape[1]):
        board.load[vehicle, dimension] += sign * model.load[visit, dimension]


@kernel
def copy_times(source: Board, target: Board) -> None:
    """Copy what timing writes; rows and loads stay."""
    for visit in range(len(source.stops)):
        for column in range(START, BOUND + 1):
            target.stops[visit, column] = source.stops[visit, column]
    for vehicle in range(len(source.routes)):
        for column in range(DEPART, WORST + 1):
            target.routes[vehicle, column] = source.routes[vehicle, column]


@kernel
def restore(times: Board, board: Board, touched: Bools) -> None:
    """Put back the times before a trial, whose routes may have been remembered meanwhile."""
    copy_times(times, board)
    for vehicle in range(len(touched)):
        if touched[vehicle]:
            board.stale[vehicle] = True


@njit(cache=True)
def scratch(board: Board) -> Board:
    """A board that shares rows and loads, with room for times of its own."""
    return Board(board.sequence, board.routes.copy(), board.stops.copy(), board.load, board.stale)


@njit(cache=True)
def full_copy(board: Board) -> Board:
    """A board that shares nothing."""
    return Board(
        board.sequence.copy(),
        board.routes.copy(),
        board.stops.copy(),
        board.load.copy(),
        board.stale.copy(),
    )
