"""The routes a search works on, with their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import Problem

SPACIOUS = 128
"""Rows shorter than this are never worth saving on."""


class Board(NamedTuple):
    """Routes as rows of activities, and what timing them gave. All int64."""

    sequence: Ints
    """(vehicles, longest) activities: a visit, or the visit count plus a break"""
    length: Ints
    """(vehicles,)"""
    vehicle: Ints
    """(visits,) or -1"""
    start: Ints
    """(visits,) s"""
    end: Ints
    """(visits,) s"""
    bound: Ints
    """(visits,) s, what links demand of the start"""
    load: Ints
    """(vehicles, dimensions)"""
    visits: Ints
    """(vehicles,) how many visits"""
    depart: Ints
    """(vehicles,) s"""
    finish: Ints
    """(vehicles,) s"""
    travel: Ints
    """(vehicles,) s"""
    distance: Ints
    """(vehicles,) m"""
    cost: Ints
    """(vehicles,) cost units, without unserved and worst lateness"""
    worst: Ints
    """(vehicles,) s, the largest lateness"""
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
    vehicles, visits = len(model.owner), len(model.place)
    board = Board(
        sequence=np.zeros((vehicles, row_length), np.int64),
        length=np.zeros(vehicles, np.int64),
        vehicle=np.full(visits, -1, np.int64),
        start=np.zeros(visits, np.int64),
        end=np.zeros(visits, np.int64),
        bound=np.zeros(visits, np.int64),
        load=np.zeros(model.capacity.shape, np.int64),
        visits=np.zeros(vehicles, np.int64),
        depart=np.full(vehicles, -1, np.int64),
        finish=np.full(vehicles, -1, np.int64),
        travel=np.zeros(vehicles, np.int64),
        distance=np.zeros(vehicles, np.int64),
        cost=np.zeros(vehicles, np.int64),
        worst=np.zeros(vehicles, np.int64),
        stale=np.ones(vehicles, np.bool_),
    )
    for vehicle in range(vehicles):
        for at in range(model.break_offset[vehicle], model.break_offset[vehicle + 1]):
            board.sequence[vehicle, board.length[vehicle]] = visits + at
            board.length[vehicle] += 1
    return board


@njit(cache=True)
def insert(model: Model, board: Board, vehicle: int, position: int, visit: int) -> None:
    """Put ``visit`` at ``position`` of a row. Times are not updated."""
    row = board.sequence[vehicle]
    for at in range(board.length[vehicle], position, -1):
        row[at] = row[at - 1]
    row[position] = visit
    board.length[vehicle] += 1
    _count(model, board, vehicle, visit, 1)
    board.vehicle[visit] = vehicle
    board.stale[vehicle] = True


@njit(cache=True)
def remove(model: Model, board: Board, vehicle: int, position: int) -> None:
    """Take the visit at ``position`` off a row. Times are not updated."""
    row = board.sequence[vehicle]
    visit = row[position]
    for at in range(position, board.length[vehicle] - 1):
        row[at] = row[at + 1]
    board.length[vehicle] -= 1
    _count(model, board, vehicle, visit, -1)
    board.vehicle[visit] = -1
    board.stale[vehicle] = True


@njit(cache=True)
def _count(model: Model, board: Board, vehicle: int, visit: int, sign: int) -> None:
    board.visits[vehicle] += sign
    for dimension in range(model.load.shape[1]):
        board.load[vehicle, dimension] += sign * model.load[visit, dimension]


@njit(cache=True)
def copy_times(source: Board, target: Board) -> None:
    """Copy what timing writes; rows and loads stay."""
    target.start[:] = source.start
    target.end[:] = source.end
    target.bound[:] = source.bound
    target.depart[:] = source.depart
    target.finish[:] = source.finish
    target.travel[:] = source.travel
    target.distance[:] = source.distance
    target.cost[:] = source.cost
    target.worst[:] = source.worst


@njit(cache=True)
def restore(times: Board, board: Board, touched: Bools) -> None:
    """Put back the times before a trial, whose routes may have been remembered meanwhile."""
    copy_times(times, board)
    for vehicle in range(len(touched)):
        if touched[vehicle]:
            board.stale[vehicle] = True


@njit(cache=True)
def same_times(board: Board) -> Board:
    """A board that shares rows and loads, with times of its own, to copy from and to."""
    return Board(
        board.sequence,
        board.length,
        board.vehicle,
        board.start.copy(),
        board.end.copy(),
        board.bound.copy(),
        board.load,
        board.visits,
        board.depart.copy(),
        board.finish.copy(),
        board.travel.copy(),
        board.distance.copy(),
        board.cost.copy(),
        board.worst.copy(),
        board.stale,
    )


@njit(cache=True)
def full_copy(board: Board) -> Board:
    """A board that shares nothing."""
    times = same_times(board)
    return Board(
        board.sequence.copy(),
        board.length.copy(),
        board.vehicle.copy(),
        times.start,
        times.end,
        times.bound,
        board.load.copy(),
        board.visits.copy(),
        times.depart,
        times.finish,
        times.travel,
        times.distance,
        times.cost,
        times.worst,
        board.stale.copy(),
    )


@njit(cache=True)
def copy_board(source: Board, target: Board, vehicles: Bools) -> None:
    """Make ``target`` the same, where only the rows of ``vehicles`` may differ."""
    copy_times(source, target)
    target.vehicle[:] = source.vehicle
    for vehicle in range(len(vehicles)):
        if vehicles[vehicle]:
            length = source.length[vehicle]
            target.sequence[vehicle, :length] = source.sequence[vehicle, :length]
            target.length[vehicle] = length
            target.visits[vehicle] = source.visits[vehicle]
            target.load[vehicle] = source.load[vehicle]
            target.stale[vehicle] = True
