"""What it costs to put one visit somewhere into one route."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.links import linked
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import finish_time, last_visit, route_cost, way_home
from dispatch.solver.kernels.walk import State, pass_break, pass_visit, setting_out
from dispatch.solver.problem import NEVER

IMPOSSIBLE = 2**62
STATE_FIELDS = 14


class Insertion(NamedTuple):
    """The cheapest place for a visit in a route."""

    delta: int
    """cost units, or IMPOSSIBLE"""
    position: int
    moves_links: int
    """1 if linked visits of the route would start at another time, so that other routes may
    follow and the delta is only a lower bound"""


@njit(cache=True)
def remember(model: Model, board: Board, vehicle: int, states: Ints) -> None:
    """Write the state before each position of a route into ``states`` (longest + 1, fields)."""
    visits = len(model.place)
    state = setting_out(model, vehicle)
    _write(states, 0, state)
    for position in range(board.length[vehicle]):
        activity = board.sequence[vehicle, position]
        if activity >= visits:
            state = pass_break(model, state, activity - visits)
        else:
            state = pass_visit(model, vehicle, state, activity, board.bound[activity])
        _write(states, position + 1, state)


@njit(cache=True, inline="always")
def _write(states: Ints, position: int, state: State) -> None:
    for field in range(STATE_FIELDS):
        states[position, field] = state[field]


@njit(cache=True, inline="always")
def _read(states: Ints, position: int) -> State:
    s = states[position]
    return State(
        s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12], s[13]
    )


@njit(cache=True)
def fits(model: Model, board: Board, vehicle: int, visit: int) -> bool:
    """The rules that do not depend on the position: skills, count, load, one seat an owner."""
    if not model.allowed[visit, vehicle]:
        return False
    if board.visits[vehicle] >= model.max_visits[vehicle]:
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
    model: Model, board: Board, vehicle: int, states: Ints, visit: int, bound: int, worst: int
) -> Insertion:
    """The best position of ``visit`` in a route whose ``states`` were remembered.

    ``bound`` is the earliest start its links allow, ``worst`` the largest lateness of the plan.
    """
    best = Insertion(IMPOSSIBLE, -1, 0)
    if not fits(model, board, vehicle, visit):
        return best
    last = last_visit(len(model.place), board.sequence[vehicle], board.length[vehicle])
    closing = model.window_end[model.window_offset[visit + 1] - 1]
    for position in range(board.length[vehicle] + 1):
        if states[position, 0] == 0 or states[position, 2] > closing:
            break
        found = insertion_at(model, board, vehicle, states, visit, bound, worst, position, last)
        if found.delta < best.delta:
            best = found
    return best


@njit(cache=True)
def insertion_at(
    model: Model,
    board: Board,
    vehicle: int,
    states: Ints,
    visit: int,
    bound: int,
    worst: int,
    position: int,
    last: int,
) -> Insertion:
    """What ``visit`` costs at ``position``; ``last`` is the position of the last visit.

    A higher worst lateness is charged; a lower one is not credited.
    """
    visits, row, length = len(model.place), board.sequence[vehicle], board.length[vehicle]
    impossible = Insertion(IMPOSSIBLE, position, 0)
    measured = model.max_duration_s[vehicle] < NEVER
    moves_links = 0
    state = pass_visit(model, vehicle, _read(states, position), visit, bound)
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
        return impossible
    finish = board.finish[vehicle]
    travel, distance, cost, lateness = state.travel, state.distance, state.cost, state.worst
    if rejoined and at <= last:
        travel += board.travel[vehicle] - states[at, 6]
        distance += board.distance[vehicle] - states[at, 7]
        cost += states[last + 1, 9] - states[at, 9]
    else:
        finish = finish_time(model, vehicle, state, row, max(at, last + 1), length)
        home_s, home_m = way_home(model, vehicle, state.place)
        travel, distance = travel + home_s, distance + home_m
    depart = state.depart + (min(state.slack, state.waited) if measured else 0)
    if (
        finish < 0
        or finish > model.latest_s[vehicle]
        or travel > model.max_travel_s[vehicle]
        or finish - depart > model.max_duration_s[vehicle]
    ):
        return impossible
    cost += route_cost(model, vehicle, depart, finish, travel, distance)
    cost += max(0, lateness - worst) * model.worst_price
    return Insertion(cost - board.cost[vehicle], position, moves_links)
