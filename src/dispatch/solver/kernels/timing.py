"""Timing whole routes, alone and tied to one another."""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    BOUND,
    BREAK_DURATION,
    BREAK_EARLIEST,
    BREAK_LATEST,
    COST,
    DEPART,
    DISTANCE,
    DISTANCE_PRICE,
    END,
    END_PLACE,
    FAIR_SHARE,
    FINISH,
    LATEST,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    OVERTIME_PRICE,
    PLACE,
    PROFILE,
    RANK,
    SHIFT_END,
    START,
    TIME_PRICE,
    TRAVEL,
    TRAVEL_PRICE,
    UNFAIRNESS_PRICE,
    USE_PRICE,
    VISITS,
    WORK,
    WORST,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.driving import arrival, driven, varies
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.walk import (
    State,
    pass_break,
    pass_visit,
    setting_out,
)
from dispatch.solver.problem import NEVER, USUAL_PERCENT

(
    FINE,
    BROKEN_WINDOW,
    BROKEN_BREAK,
    BROKEN_RANK,
    BROKEN_SHIFT_END,
    BROKEN_MAX_TRAVEL,
    BROKEN_MAX_DURATION,
    BROKEN_MAX_VISITS,
    BROKEN_CAPACITY,
    BROKEN_LINK,
) = range(10)
"""The first rule a route breaks."""


@kernel
def last_visit(visits: int, row: Ints, length: int) -> int:
    """The position of the last visit of a row, or -1."""
    for position in range(length - 1, -1, -1):
        if row[position] < visits:
            return position
    return -1


@kernel
def way_home(model: Model, vehicle: int, place: int) -> tuple[int, int]:
    """The usual seconds and the metres from the last visit's place to the end place."""
    end_place = model.fleet[vehicle, END_PLACE]
    if end_place < 0 or place < 0:
        return 0, 0
    profile = model.fleet[vehicle, PROFILE]
    return model.travel_s[profile, place, end_place], model.distance_m[profile, place, end_place]


@kernel
def go_home(
    model: Model, vehicle: int, state: State, row: Ints, trailing: int, length: int
) -> tuple[int, int, int]:
    """When the route is over, and the seconds and metres home.

    ``state`` is that after the last visit; of the breaks from ``trailing`` on those are taken that
    are owed. If one cannot be, the route is over at -1.
    """
    visits = len(model.load)
    usual, metres = way_home(model, vehicle, state.place)
    way, chain, rested = usual * USUAL_PERCENT, state.free, 0
    finish = arrival(model, vehicle, chain, way)
    for position in range(trailing, length):
        at = row[position] - visits
        if finish <= model.breaks[at, BREAK_EARLIEST]:
            continue
        begin = max(chain, model.breaks[at, BREAK_EARLIEST])
        if begin > model.breaks[at, BREAK_LATEST]:
            return -1, usual, metres
        way -= driven(model, vehicle, chain, begin)
        chain = begin + model.breaks[at, BREAK_DURATION]
        rested += model.breaks[at, BREAK_DURATION]
        finish = arrival(model, vehicle, chain, way)
    return finish, finish - state.free - rested, metres


@kernel
def time_route(model: Model, board: Board, vehicle: int) -> int:
    """Time one route from its bounds on and write it down. Answers the first rule that fails.

    What a higher bound may still shorten is not asked for, see `over_longest`.
    """
    visits = len(model.load)
    row, length = board.sequence[vehicle], board.routes[vehicle, LENGTH]
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
                return BROKEN_BREAK
            continue
        rank = state.rank
        state = pass_visit(model, vehicle, state, activity, board.stops[activity, BOUND])
        if state.feasible == 0:
            return BROKEN_RANK if 0 <= model.visits[activity, RANK] < rank else BROKEN_WINDOW
        board.stops[activity, START] = state.start
        board.stops[activity, END] = state.free
    finish, home_s, home_m = go_home(model, vehicle, state, row, last + 1, length)
    if finish < 0:
        return BROKEN_BREAK
    board.routes[vehicle, TRAVEL] = state.travel + home_s
    board.routes[vehicle, DISTANCE] = state.distance + home_m
    board.routes[vehicle, DEPART] = state.depart
    board.routes[vehicle, FINISH] = finish
    board.routes[vehicle, WORK] = state.work
    board.routes[vehicle, WORST] = state.worst
    if model.fleet[vehicle, MAX_DURATION] < NEVER:
        _move_late(model, board, vehicle, last, min(state.slack, state.waited))
    board.routes[vehicle, COST] = state.cost + route_cost(
        model,
        vehicle,
        board.routes[vehicle, DEPART],
        finish,
        board.routes[vehicle, TRAVEL],
        board.routes[vehicle, DISTANCE],
        state.work,
    )
    return _limits(model, board, vehicle)


@kernel
def _stay_at_home(board: Board, vehicle: int) -> None:
    board.routes[vehicle, DEPART] = board.routes[vehicle, FINISH] = -1
    board.routes[vehicle, TRAVEL] = board.routes[vehicle, DISTANCE] = 0
    board.routes[vehicle, WORK] = 0
    board.routes[vehicle, COST] = board.routes[vehicle, WORST] = 0


@kernel
def route_cost(
    model: Model, vehicle: int, depart: int, finish: int, travel: int, distance: int, work: int
) -> int:
    """What a used route costs beside its visits, in cost units."""
    return int(
        model.fleet[vehicle, USE_PRICE]
        + model.fleet[vehicle, TRAVEL_PRICE] * travel
        + model.fleet[vehicle, DISTANCE_PRICE] * distance
        + model.fleet[vehicle, TIME_PRICE] * (finish - depart)
        + model.fleet[vehicle, OVERTIME_PRICE] * max(0, finish - model.fleet[vehicle, SHIFT_END])
        + unfairness(model, vehicle, work)
    )


@kernel
def unfairness(model: Model, vehicle: int, work: int) -> int:
    """What so many seconds on visits cost past the fair share."""
    beyond = max(0, work - model.fleet[vehicle, FAIR_SHARE])
    return int(model.fleet[vehicle, UNFAIRNESS_PRICE] * beyond)


@kernel
def _limits(model: Model, board: Board, vehicle: int) -> int:
    if board.routes[vehicle, FINISH] > model.fleet[vehicle, LATEST]:
        return BROKEN_SHIFT_END
    if not varies(model, vehicle) and _too_far(model, board, vehicle):
        return BROKEN_MAX_TRAVEL
    if board.routes[vehicle, VISITS] > model.fleet[vehicle, MAX_VISITS]:
        return BROKEN_MAX_VISITS
    for dimension in range(model.capacity.shape[1]):
        if board.load[vehicle, dimension] > model.capacity[vehicle, dimension]:
            return BROKEN_CAPACITY
    return FINE


@kernel
def over_longest(model: Model, board: Board, vehicle: int) -> int:
    """Whether a route is longer than it may be, once no bound grows any more: a rule or FINE.

    A route that begins later waits less and, where the speed varies, may drive faster.
    """
    if _too_far(model, board, vehicle):
        return BROKEN_MAX_TRAVEL
    duration = board.routes[vehicle, FINISH] - board.routes[vehicle, DEPART]
    if duration > model.fleet[vehicle, MAX_DURATION]:
        return BROKEN_MAX_DURATION
    return FINE


@kernel
def _too_far(model: Model, board: Board, vehicle: int) -> bool:
    return bool(board.routes[vehicle, TRAVEL] > model.fleet[vehicle, MAX_TRAVEL])


@kernel
def _move_late(model: Model, board: Board, vehicle: int, last: int, later: int) -> None:
    """Leave ``later`` seconds later; each visit moves by what waiting before it does not take up.

    This is the forward time slack of Savelsbergh, ORSA Journal on Computing 4(2), 1992.
    """
    visits, row = len(model.load), board.sequence[vehicle]
    board.routes[vehicle, DEPART] += later
    before = -1
    for position in range(last + 1):
        visit = row[position]
        if visit >= visits:
            continue
        if before >= 0:
            # Behind a break nothing moves: its slack is what was waited before it.
            travel = model.travel_s[
                model.fleet[vehicle, PROFILE],
                model.visits[before, PLACE],
                model.visits[visit, PLACE],
            ]
            later = max(
                0, min(later, board.stops[before, END] + travel - board.stops[visit, START])
            )
        board.stops[visit, START] += later
        board.stops[visit, END] += later
        before = visit
