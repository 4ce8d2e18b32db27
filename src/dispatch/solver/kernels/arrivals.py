"""When visits are reached and breaks begin: not needed to search, wanted in a plan."""

from __future__ import annotations

from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    BREAK_DURATION,
    BREAK_EARLIEST,
    BREAK_LATEST,
    DEPART,
    EARLIEST,
    END,
    LENGTH,
    PLACE,
    PROFILE,
    START,
    START_PLACE,
    VISITS,
)
from dispatch.solver.kernels.driving import arrival, driven
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import last_visit, way_home
from dispatch.solver.problem import USUAL_PERCENT


@njit(cache=True)
def note_arrivals(model: Model, board: Board, arrive: Ints, break_start: Ints) -> None:
    """Fill ``arrive`` (visits,) and ``break_start`` (breaks,), in seconds; both begin as -1."""
    for vehicle in range(len(model.capacity)):
        if board.routes[vehicle, VISITS] > 0:
            _note_route(model, board, vehicle, arrive, break_start)


@njit(cache=True)
def _note_route(model: Model, board: Board, vehicle: int, arrive: Ints, break_start: Ints) -> None:
    visits, row, length = len(model.load), board.sequence[vehicle], board.routes[vehicle, LENGTH]
    last = last_visit(visits, row, length)
    before = -1
    pending = 0
    for position in range(last + 1):
        visit = row[position]
        if visit >= visits:
            pending += 1
            continue
        breaks = row[position - pending : position] - visits
        if before < 0:
            _rest_before_leaving(model, board, vehicle, breaks, break_start)
            arrive[visit] = _first_arrival(model, board, vehicle, visit)
        else:
            usual = model.travel_s[
                model.fleet[vehicle, PROFILE],
                model.visits[before, PLACE],
                model.visits[visit, PLACE],
            ]
            arrive[visit] = _rest_on_the_way(
                model, vehicle, board.stops[before, END], usual, breaks, break_start
            )
        before, pending = visit, 0
    _rest_on_the_way_home(
        model,
        vehicle,
        board.stops[before, END],
        way_home(model, vehicle, model.visits[before, PLACE])[0],
        row[last + 1 : length] - visits,
        break_start,
    )


@njit(cache=True)
def _first_arrival(model: Model, board: Board, vehicle: int, visit: int) -> int:
    """Just in time, but for the seconds that rounding costs where the speed varies."""
    start_place = model.fleet[vehicle, START_PLACE]
    if start_place < 0:
        return int(board.stops[visit, START])
    place = model.visits[visit, PLACE]
    usual = model.travel_s[model.fleet[vehicle, PROFILE], start_place, place]
    return arrival(model, vehicle, board.routes[vehicle, DEPART], usual * USUAL_PERCENT)


@njit(cache=True)
def _rest_before_leaving(
    model: Model, board: Board, vehicle: int, breaks: Ints, break_start: Ints
) -> None:
    """A route that begins after the latest moment of a break does not owe it."""
    chain = model.fleet[vehicle, EARLIEST]
    for at in breaks:
        begin = max(chain, model.breaks[at, BREAK_EARLIEST])
        chain = begin + model.breaks[at, BREAK_DURATION]
        if board.routes[vehicle, DEPART] <= model.breaks[at, BREAK_LATEST]:
            break_start[at] = begin


@njit(cache=True)
def _rest_on_the_way(
    model: Model, vehicle: int, chain: int, usual: int, breaks: Ints, break_start: Ints
) -> int:
    way = usual * USUAL_PERCENT
    reached = arrival(model, vehicle, chain, way)
    for at in breaks:
        break_start[at] = max(chain, model.breaks[at, BREAK_EARLIEST])
        on_the_way = break_start[at] < reached
        if on_the_way:
            way -= driven(model, vehicle, chain, break_start[at])
        chain = break_start[at] + model.breaks[at, BREAK_DURATION]
        if on_the_way:
            reached = arrival(model, vehicle, chain, way)
    return reached


@njit(cache=True)
def _rest_on_the_way_home(
    model: Model, vehicle: int, chain: int, usual: int, breaks: Ints, break_start: Ints
) -> None:
    way = usual * USUAL_PERCENT
    home = arrival(model, vehicle, chain, way)
    for at in breaks:
        if home <= model.breaks[at, BREAK_EARLIEST]:
            continue
        break_start[at] = max(chain, model.breaks[at, BREAK_EARLIEST])
        way -= driven(model, vehicle, chain, break_start[at])
        chain = break_start[at] + model.breaks[at, BREAK_DURATION]
        home = arrival(model, vehicle, chain, way)
