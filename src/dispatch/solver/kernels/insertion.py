"""What it costs to put one visit somewhere into one route."""

from __future__ import annotations

from typing import NamedTuple

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    ALLOWED,
    BOUND,
    CLOSING,
    COST,
    DEPART,
    DISTANCE,
    DISTANCE_PRICE,
    DURATION,
    EARLY,
    END_PLACE,
    FINISH,
    FIRST_VISIT,
    FIRST_WINDOW,
    FOLLOWING,
    GAPS,
    GROUP,
    LATEST,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    OVERTIME_PRICE,
    OWNER,
    PAUSE,
    PLACE,
    PROFILE,
    SETUP,
    SHIFT_END,
    STATE_CHAIN,
    STATE_COST,
    STATE_DISTANCE,
    STATE_FEASIBLE,
    STATE_FLOOR,
    STATE_FREE,
    STATE_ORDER,
    STATE_PLACE,
    STATE_RANK,
    STATE_START,
    STATE_TRAVEL,
    STATE_WORK,
    TIME_PRICE,
    TRAVEL,
    TRAVEL_PRICE,
    UNFAIRNESS_PRICE,
    USE_PRICE,
    VEHICLE,
    VISITS,
    WORK,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.driving import least_s, varies
from dispatch.solver.kernels.links import linked
from dispatch.solver.kernels.memo import Memo, latest_end, recall, state_at
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import go_home, route_cost, unfairness
from dispatch.solver.kernels.walk import State, pass_break, pass_visit
from dispatch.solver.problem import NEVER

IMPOSSIBLE = 2**62


class Insertion(NamedTuple):
    """A place for a visit in a route."""

    delta: int
    """cost units, or IMPOSSIBLE"""
    position: int
    moves_links: int
    """1 if linked visits of the route would start at another time, so that other routes may
    follow and the delta is only a lower bound"""


@kernel
def fits(model: Model, board: Board, vehicle: int, visit: int) -> bool:
    """The rules that do not depend on the position: skills, count, load, one seat an owner."""
    if model.pairs[visit, vehicle, ALLOWED] == 0:
        return False
    full = board.routes[vehicle, LENGTH] >= board.sequence.shape[1]
    if full or board.routes[vehicle, VISITS] >= model.fleet[vehicle, MAX_VISITS]:
        return False
    for dimension in range(model.capacity.shape[1]):
        needed = board.load[vehicle, dimension] + model.load[visit, dimension]
        if model.load[visit, dimension] > 0 and needed > model.capacity[vehicle, dimension]:
            return False
    group = model.visits[visit, GROUP]
    for other in range(model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]):
        taken_by = board.stops[other, VEHICLE]
        if (
            other != visit
            and taken_by >= 0
            and model.fleet[taken_by, OWNER] == model.fleet[vehicle, OWNER]
        ):
            return False
    return True


@kernel
def cheapest_insertion(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    visit: int,
    bound: int,
    worst: int,
    limit: int,
) -> Insertion:
    """The best position of ``visit`` in a timed route, if it costs less than ``limit``.

    ``bound`` is the earliest start its links allow, ``worst`` the largest lateness of the plan.
    """
    best = Insertion(IMPOSSIBLE, -1, 0)
    if not fits(model, board, vehicle, visit):
        return best
    recall(model, board, memo, vehicle)
    closing = model.windows[model.visits[visit + 1, FIRST_WINDOW] - 1, CLOSING]
    for position in range(board.routes[vehicle, LENGTH] + 1):
        if (
            memo.states[vehicle, position, STATE_FEASIBLE] == 0
            or memo.states[vehicle, position, STATE_FREE] > closing
        ):
            break
        ceiling = min(limit, best.delta)
        found = insertion_at(model, board, memo, vehicle, visit, bound, worst, position, ceiling)
        if found.delta < ceiling:
            best = found
    return best


@kernel
def insertion_at(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    visit: int,
    bound: int,
    worst: int,
    position: int,
    limit: int,
) -> Insertion:
    """What ``visit`` costs at ``position``; IMPOSSIBLE also if certainly ``limit`` or more.

    A higher worst lateness is charged; a lower one is not credited. The route's memo is true.
    """
    state = pass_visit(model, vehicle, state_at(memo, vehicle, position), visit, bound)
    if state.feasible == 0:
        return Insertion(IMPOSSIBLE, position, 0)
    following = memo.ahead[vehicle, position, FOLLOWING]
    pause = memo.ahead[vehicle, position, PAUSE]
    if state.free > latest_end(model, board, memo, vehicle, state.place, following, pause):
        return Insertion(IMPOSSIBLE, position, 0)
    if least_delta(model, board, memo, vehicle, position, state) >= limit:
        return Insertion(IMPOSSIBLE, position, 0)
    return walk_on(model, board, memo, vehicle, position, worst, state)


@kernel
def least_delta(
    model: Model, board: Board, memo: Memo, vehicle: int, position: int, state: State
) -> int:
    """No insertion costs less: its way and its own step are exact, what follows is bounded."""
    following = memo.ahead[vehicle, position, FOLLOWING]
    if board.routes[vehicle, VISITS] == 0:
        following = -1
    way, travel, distance = _detour(model, board, memo, vehicle, position, following, state)
    delta = (
        state.cost
        - memo.states[vehicle, position, STATE_COST]
        - memo.ahead[vehicle, position, EARLY]
        + model.fleet[vehicle, TRAVEL_PRICE] * travel
        + model.fleet[vehicle, DISTANCE_PRICE] * distance
    )
    if model.fleet[vehicle, UNFAIRNESS_PRICE] > 0:
        before = board.routes[vehicle, WORK]
        more = _more_work(model, board, memo, vehicle, position, following, state)
        delta += unfairness(model, vehicle, before + more) - unfairness(model, vehicle, before)
    if board.routes[vehicle, VISITS] == 0:
        return int(
            delta
            + model.fleet[vehicle, USE_PRICE]
            + model.fleet[vehicle, TIME_PRICE] * (state.free + way - state.depart)
        )
    finish = state.free + way
    if following >= 0:
        delay = _least_delay(model, board, memo, vehicle, position, following, way, state)
        if delay == NEVER:
            return -IMPOSSIBLE
        finish = board.routes[vehicle, FINISH] + delay
    longer = board.routes[vehicle, DEPART] - board.routes[vehicle, FINISH]
    if model.fleet[vehicle, MAX_DURATION] < NEVER:
        longer += _shortest(model, board, memo, vehicle, position, following, travel, state)
    else:
        longer += finish - state.depart
    over = max(0, finish - model.fleet[vehicle, SHIFT_END])
    was_over = max(0, board.routes[vehicle, FINISH] - model.fleet[vehicle, SHIFT_END])
    return int(
        delta
        + model.fleet[vehicle, TIME_PRICE] * longer
        + model.fleet[vehicle, OVERTIME_PRICE] * (over - was_over)
    )


@kernel
def _detour(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    following: int,
    state: State,
) -> tuple[int, int, int]:
    """The least seconds to the next place, and at least how many more s and m there are to go."""
    place = memo.states[vehicle, position, STATE_PLACE]
    travel = state.travel - memo.states[vehicle, position, STATE_TRAVEL]
    distance = state.distance - memo.states[vehicle, position, STATE_DISTANCE]
    target = model.fleet[vehicle, END_PLACE]
    if following >= 0:
        target = model.visits[board.sequence[vehicle, following], PLACE]
    if target < 0:
        return 0, travel, distance
    profile = model.fleet[vehicle, PROFILE]
    way = least_s(model, vehicle, model.travel_s[profile, state.place, target])
    travel, distance = travel + way, distance + model.distance_m[profile, state.place, target]
    if place >= 0 and board.routes[vehicle, VISITS] > 0:
        former = model.travel_s[profile, place, target]
        if varies(model, vehicle):
            former = _former_way(board, memo, vehicle, position, following)
        travel, distance = travel - former, distance - model.distance_m[profile, place, target]
    return way, travel, distance


@kernel
def _former_way(board: Board, memo: Memo, vehicle: int, position: int, following: int) -> int:
    """Seconds of the way that an insertion replaces, as long as it took."""
    before = memo.states[vehicle, position, STATE_TRAVEL]
    if following < 0:
        return int(board.routes[vehicle, TRAVEL] - before)
    return int(memo.states[vehicle, following + 1, STATE_TRAVEL] - before)


@kernel
def _more_work(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    following: int,
    state: State,
) -> int:
    """Seconds of work that an insertion brings; it may bring or save the next visit's set-up."""
    more = state.work - memo.states[vehicle, position, STATE_WORK]
    if following >= 0:
        visit = board.sequence[vehicle, following]
        work = memo.states[vehicle, following + 1, STATE_WORK]
        more = state.work + model.pairs[visit, vehicle, DURATION] - work
        if state.place != model.visits[visit, PLACE]:
            more += model.visits[visit, SETUP]
    return int(more)


@kernel
def _shortest(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    following: int,
    travel: int,
    state: State,
) -> int:
    """No less time passes with a visit more: what leaving later can save is waiting alone."""
    more = _more_work(model, board, memo, vehicle, position, following, state)
    shortest = board.routes[vehicle, WORK] + more
    if not varies(model, vehicle):  # else the ways behind it may have become quicker
        shortest += board.routes[vehicle, TRAVEL] + travel
    return int(shortest)


@kernel
def _least_delay(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    following: int,
    way: int,
    state: State,
) -> int:
    """How much later the route is over at least, or NEVER if the rest might move earlier."""
    visits, row = len(model.load), board.sequence[vehicle]
    for at in range(position, following):
        state = pass_break(model, state, row[at] - visits)
    late = max(state.free + way, state.floor) - memo.states[vehicle, following + 1, STATE_START]
    if state.place == model.visits[row[following], PLACE]:
        late -= model.visits[row[following], SETUP]
    if varies(model, vehicle):
        # What it is late may be made up on the way, but nobody arrives earlier for leaving later.
        return 0 if late >= 0 else NEVER
    return int(max(0, late - memo.ahead[vehicle, following, GAPS]) if late >= 0 else NEVER)


@kernel
def walk_on(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    worst: int,
    state: State,
) -> Insertion:
    """Follow the route from ``position`` on until it is as it was, or to its end."""
    visits, row, last = len(model.load), board.sequence[vehicle], memo.last[vehicle]
    states = memo.states[vehicle]
    measured = model.fleet[vehicle, MAX_DURATION] < NEVER
    moves_links = 0
    at = position
    rejoined = False
    while at <= last and state.feasible == 1 and not rejoined:
        activity = row[at]
        if activity >= visits:
            state = pass_break(model, state, activity - visits)
        else:
            state = pass_visit(model, vehicle, state, activity, board.stops[activity, BOUND])
            if state.start != states[at + 1, STATE_START] and linked(model, activity):
                moves_links = 1
        at += 1
        rejoined = not measured and (
            state.free == states[at, STATE_FREE]
            and state.floor == states[at, STATE_FLOOR]
            and state.chain == states[at, STATE_CHAIN]
            and state.rank == states[at, STATE_RANK]
            and state.order == states[at, STATE_ORDER]
        )
    if state.feasible == 0:
        return Insertion(IMPOSSIBLE, position, 0)
    finish = board.routes[vehicle, FINISH]
    travel, distance, cost, work = state.travel, state.distance, state.cost, state.work
    if rejoined and at <= last:
        travel += board.routes[vehicle, TRAVEL] - states[at, STATE_TRAVEL]
        distance += board.routes[vehicle, DISTANCE] - states[at, STATE_DISTANCE]
        cost += states[last + 1, STATE_COST] - states[at, STATE_COST]
        work += board.routes[vehicle, WORK] - states[at, STATE_WORK]
    else:
        finish, home_s, home_m = go_home(
            model, vehicle, state, row, max(at, last + 1), board.routes[vehicle, LENGTH]
        )
        travel, distance = travel + home_s, distance + home_m
    depart = state.depart + (min(state.slack, state.waited) if measured else 0)
    if (
        finish < 0
        or finish > model.fleet[vehicle, LATEST]
        or travel > model.fleet[vehicle, MAX_TRAVEL]
        or finish - depart > model.fleet[vehicle, MAX_DURATION]
    ):
        return Insertion(IMPOSSIBLE, position, 0)
    cost += route_cost(model, vehicle, depart, finish, travel, distance, work)
    cost += max(0, state.worst - worst) * model.worst_price
    return Insertion(cost - board.routes[vehicle, COST], position, moves_links)
