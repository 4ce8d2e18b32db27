"""Timing whole routes, alone and tied to one another."""

from __future__ import annotations

from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.walk import (
    State,
    pass_break,
    pass_visit,
    setting_out,
)
from dispatch.solver.problem import NEVER

FINE, WINDOW, BREAK, RANK, SHIFT_END, MAX_TRAVEL, MAX_DURATION, MAX_VISITS, CAPACITY, LINK = range(
    10
)
"""The first rule a route breaks."""


@njit(cache=True)
def last_visit(visits: int, row: Ints, length: int) -> int:
    """The position of the last visit of a row, or -1."""
    for position in range(length - 1, -1, -1):
        if row[position] < visits:
            return position
    return -1


@njit(cache=True)
def way_home(model: Model, vehicle: int, place: int) -> tuple[int, int]:
    """Seconds and metres from the last visit's place to the end place."""
    end_place = model.end_place[vehicle]
    if end_place < 0 or place < 0:
        return 0, 0
    profile = model.profile[vehicle]
    return model.travel_s[profile, place, end_place], model.distance_m[profile, place, end_place]


@njit(cache=True)
def finish_time(
    model: Model, vehicle: int, state: State, row: Ints, trailing: int, length: int
) -> int:
    """When the route is over, with the breaks from ``trailing`` on that are owed; -1 if one fails.

    ``state`` is that after the last visit.
    """
    visits = len(model.place)
    finish = state.free + way_home(model, vehicle, state.place)[0]
    chain = state.free
    for position in range(trailing, length):
        at = row[position] - visits
        if finish <= model.break_earliest[at]:
            continue
        begin = max(chain, model.break_earliest[at])
        if begin > model.break_latest[at]:
            return -1
        chain = begin + model.break_duration[at]
        finish += model.break_duration[at]
    return finish


@njit(cache=True)
def time_route(model: Model, board: Board, vehicle: int) -> int:
    """Time one route from its bounds on and write it down. Answers the first rule that fails.

    The longest duration is not asked for: a higher bound may still shorten a route.
    """
    visits = len(model.place)
    row, length = board.sequence[vehicle], board.length[vehicle]
    board.stale[vehicle] = True
    last = last_visit(visits, row, length)
    if last < 0:
        _stay_at_home(board, vehicle)
        return FINE
    state = setting_out(model, vehicle)
    for position in range(last + 1):
        activity = row[position]
        if activity >= visits:
            state = pass_break(model, state, activity - visits)
            if state.feasible == 0:
                return BREAK
            continue
        rank = state.rank
        state = pass_visit(model, vehicle, state, activity, board.bound[activity])
        if state.feasible == 0:
            return RANK if 0 <= model.rank[activity] < rank else WINDOW
        board.start[activity] = state.start
        board.end[activity] = state.free
    finish = finish_time(model, vehicle, state, row, last + 1, length)
    if finish < 0:
        return BREAK
    home_s, home_m = way_home(model, vehicle, state.place)
    board.travel[vehicle] = state.travel + home_s
    board.distance[vehicle] = state.distance + home_m
    board.depart[vehicle] = state.depart
    board.finish[vehicle] = finish
    board.worst[vehicle] = state.worst
    if model.max_duration_s[vehicle] < NEVER:
        _move_late(model, board, vehicle, last, min(state.slack, state.waited))
    board.cost[vehicle] = state.cost + route_cost(
        model,
        vehicle,
        board.depart[vehicle],
        finish,
        board.travel[vehicle],
        board.distance[vehicle],
    )
    return _limits(model, board, vehicle)


@njit(cache=True)
def _stay_at_home(board: Board, vehicle: int) -> None:
    board.depart[vehicle] = board.finish[vehicle] = -1
    board.travel[vehicle] = board.distance[vehicle] = 0
    board.cost[vehicle] = board.worst[vehicle] = 0


@njit(cache=True)
def route_cost(
    model: Model, vehicle: int, depart: int, finish: int, travel: int, distance: int
) -> int:
    """What a used route costs beside its visits, in cost units."""
    return int(
        model.use_price[vehicle]
        + model.travel_price[vehicle] * travel
        + model.distance_price[vehicle] * distance
        + model.time_price[vehicle] * (finish - depart)
        + model.overtime_price[vehicle] * max(0, finish - model.shift_end_s[vehicle])
    )


@njit(cache=True)
def _limits(model: Model, board: Board, vehicle: int) -> int:
    if board.finish[vehicle] > model.latest_s[vehicle]:
        return SHIFT_END
    if board.travel[vehicle] > model.max_travel_s[vehicle]:
        return MAX_TRAVEL
    if board.visits[vehicle] > model.max_visits[vehicle]:
        return MAX_VISITS
    for dimension in range(model.capacity.shape[1]):
        if board.load[vehicle, dimension] > model.capacity[vehicle, dimension]:
            return CAPACITY
    return FINE


@njit(cache=True)
def _move_late(model: Model, board: Board, vehicle: int, last: int, later: int) -> None:
    """Leave ``later`` seconds later; each visit moves by what waiting before it does not take up.

    This is the forward time slack of Savelsbergh, ORSA Journal on Computing 4(2), 1992.
    """
    visits, row = len(model.place), board.sequence[vehicle]
    board.depart[vehicle] += later
    before = -1
    for position in range(last + 1):
        visit = row[position]
        if visit >= visits:
            continue
        if before >= 0:
            # Behind a break nothing moves: its slack is what was waited before it.
            travel = model.travel_s[model.profile[vehicle], model.place[before], model.place[visit]]
            later = max(0, min(later, board.end[before] + travel - board.start[visit]))
        board.start[visit] += later
        board.end[visit] += later
        before = visit
