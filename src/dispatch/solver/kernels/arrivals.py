"""When visits are reached and breaks begin: not needed to search, wanted in a plan."""

from __future__ import annotations

from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import last_visit, way_home


@njit(cache=True)
def note_arrivals(model: Model, board: Board, arrive: Ints, break_start: Ints) -> None:
    """Fill ``arrive`` (visits,) and ``break_start`` (breaks,), in seconds; both begin as -1."""
    for vehicle in range(len(model.owner)):
        if board.visits[vehicle] > 0:
            _note_route(model, board, vehicle, arrive, break_start)


@njit(cache=True)
def _note_route(model: Model, board: Board, vehicle: int, arrive: Ints, break_start: Ints) -> None:
    visits, row, length = len(model.place), board.sequence[vehicle], board.length[vehicle]
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
            arrive[visit] = board.start[visit]
        else:
            travel = model.travel_s[model.profile[vehicle], model.place[before], model.place[visit]]
            reached = board.end[before] + travel
            arrive[visit] = _rest_on_the_way(model, board.end[before], reached, breaks, break_start)
        before, pending = visit, 0
    home = board.end[before] + way_home(model, vehicle, model.place[before])[0]
    _rest_on_the_way_home(
        model, board.end[before], home, row[last + 1 : length] - visits, break_start
    )


@njit(cache=True)
def _rest_before_leaving(
    model: Model, board: Board, vehicle: int, breaks: Ints, break_start: Ints
) -> None:
    """A route that begins after the latest moment of a break does not owe it."""
    chain = model.earliest_s[vehicle]
    for at in breaks:
        begin = max(chain, model.break_earliest[at])
        chain = begin + model.break_duration[at]
        if board.depart[vehicle] <= model.break_latest[at]:
            break_start[at] = begin


@njit(cache=True)
def _rest_on_the_way(
    model: Model, chain: int, reached: int, breaks: Ints, break_start: Ints
) -> int:
    for at in breaks:
        break_start[at] = max(chain, model.break_earliest[at])
        chain = break_start[at] + model.break_duration[at]
        if break_start[at] < reached:
            reached += model.break_duration[at]
    return reached


@njit(cache=True)
def _rest_on_the_way_home(
    model: Model, chain: int, home: int, breaks: Ints, break_start: Ints
) -> None:
    for at in breaks:
        if home <= model.break_earliest[at]:
            continue
        break_start[at] = max(chain, model.break_earliest[at])
        chain = break_start[at] + model.break_duration[at]
        home += model.break_duration[at]
