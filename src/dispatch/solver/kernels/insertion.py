"""What it costs to put one visit somewhere into one route."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.links import linked
from dispatch.solver.kernels.memo import Memo, latest_end, recall, state_at
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import finish_time, route_cost, way_home
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


@njit(cache=True)
def fits(model: Model, board: Board, vehicle: int, visit: int) -> bool:
    """The rules that do not depend on the position: skills, count, load, one seat an owner."""
    if not model.allowed[visit, vehicle]:
        return False
    full = board.length[vehicle] >= board.sequence.shape[1]
    if full or board.visits[vehicle] >= model.max_visits[vehicle]:
        return False
    for dimension in range(model.capacity.shape[1]):
        needed = board.load[vehicle, dimension] + model.load[visit, dimension]
        if model.load[visit, dimension] > 0 and needed > model.capacity[vehicle, dimension]:
            return False
    group = model.group[visit]
    for other in range(model.group_offset[group], model.group_offset[group + 1]):
        taken_by = board.vehicle[other]
        if other != visit and taken_by >= 0 and model.owner[taken_by] == model.owner[vehicle]:
            return False
    return True


@njit(cache=True)
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
    closing = model.window_end[model.window_offset[visit + 1] - 1]
    for position in range(board.length[vehicle] + 1):
        if memo.states[vehicle, position, 0] == 0 or memo.states[vehicle, position, 2] > closing:
            break
        ceiling = min(limit, best.delta)
        found = insertion_at(model, board, memo, vehicle, visit, bound, worst, position, ceiling)
        if found.delta < ceiling:
            best = found
    return best


@njit(cache=True)
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
    following = memo.following[vehicle, position]
    pause = memo.pause[vehicle, position]
    if state.free > latest_end(model, board, memo, vehicle, state.place, following, pause):
        return Insertion(IMPOSSIBLE, position, 0)
    if least_delta(model, board, memo, vehicle, position, state) >= limit:
        return Insertion(IMPOSSIBLE, position, 0)
    return _walk_on(model, board, memo, vehicle, position, worst, state)


@njit(cache=True)
def least_delta(
    model: Model, board: Board, memo: Memo, vehicle: int, position: int, state: State
) -> int:
    """No insertion costs less: its way and its own step are exact, what follows is bounded."""
    profile = model.profile[vehicle]
    before = memo.states[vehicle, position]
    following = memo.following[vehicle, position]
    if board.visits[vehicle] == 0:
        following = -1
    delta = state.cost - before[9] - memo.early[vehicle, position]
    travel, distance = state.travel - before[6], state.distance - before[7]
    target = model.end_place[vehicle]
    if following >= 0:
        target = model.place[board.sequence[vehicle, following]]
    way = 0
    if target >= 0:
        way = model.travel_s[profile, state.place, target]
        travel, distance = travel + way, distance + model.distance_m[profile, state.place, target]
        if before[1] >= 0 and board.visits[vehicle] > 0:
            travel -= model.travel_s[profile, before[1], target]
            distance -= model.distance_m[profile, before[1], target]
    delta += model.travel_price[vehicle] * travel + model.distance_price[vehicle] * distance
    if board.visits[vehicle] == 0:
        return int(
            delta
            + model.use_price[vehicle]
            + model.time_price[vehicle] * (state.free + way - state.depart)
        )
    if model.max_duration_s[vehicle] < NEVER:
        return int(delta)
    finish = state.free + way
    if following >= 0:
        delay = _least_delay(model, board, memo, vehicle, position, following, way, state)
        if delay == NEVER:
            return -IMPOSSIBLE
        finish = board.finish[vehicle] + delay
    longer = finish - board.finish[vehicle] + board.depart[vehicle] - state.depart
    over = max(0, finish - model.shift_end_s[vehicle])
    was_over = max(0, board.finish[vehicle] - model.shift_end_s[vehicle])
    return int(
        delta
        + model.time_price[vehicle] * longer
        + model.overtime_price[vehicle] * (over - was_over)
    )


@njit(cache=True)
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
    visits, row = len(model.place), board.sequence[vehicle]
    for at in range(position, following):
        state = pass_break(model, state, row[at] - visits)
    late = max(state.free + way, state.floor) - memo.states[vehicle, following + 1, 11]
    if state.place == model.place[row[following]]:
        late -= model.setup_s[row[following]]
    return int(max(0, late - memo.gaps[vehicle, following]) if late >= 0 else NEVER)


@njit(cache=True)
def _walk_on(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    worst: int,
    state: State,
) -> Insertion:
    """Follow the route from ``position`` on until it is as it was, or to its end."""
    visits, row, last = len(model.place), board.sequence[vehicle], memo.last[vehicle]
    states = memo.states[vehicle]
    measured = model.max_duration_s[vehicle] < NEVER
    moves_links = 0
    at = position
    rejoined = False
    while at <= last and state.feasible == 1 and not rejoined:
        activity = row[at]
        if activity >= visits:
            state = pass_break(model, state, activity - visits)
        else:
            state = pass_visit(model, vehicle, state, activity, board.bound[activity])
            if state.start != states[at + 1, 11] and linked(model, activity):
                moves_links = 1
        at += 1
        rejoined = not measured and (
            state.free == states[at, 2]
            and state.floor == states[at, 3]
            and state.chain == states[at, 4]
            and state.rank == states[at, 8]
        )
    if state.feasible == 0:
        return Insertion(IMPOSSIBLE, position, 0)
    finish = board.finish[vehicle]
    travel, distance, cost = state.travel, state.distance, state.cost
    if rejoined and at <= last:
        travel += board.travel[vehicle] - states[at, 6]
        distance += board.distance[vehicle] - states[at, 7]
        cost += states[last + 1, 9] - states[at, 9]
    else:
        finish = finish_time(model, vehicle, state, row, max(at, last + 1), board.length[vehicle])
        home_s, home_m = way_home(model, vehicle, state.place)
        travel, distance = travel + home_s, distance + home_m
    depart = state.depart + (min(state.slack, state.waited) if measured else 0)
    if (
        finish < 0
        or finish > model.latest_s[vehicle]
        or travel > model.max_travel_s[vehicle]
        or finish - depart > model.max_duration_s[vehicle]
    ):
        return Insertion(IMPOSSIBLE, position, 0)
    cost += route_cost(model, vehicle, depart, finish, travel, distance)
    cost += max(0, state.worst - worst) * model.worst_price
    return Insertion(cost - board.cost[vehicle], position, moves_links)
