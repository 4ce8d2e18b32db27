"""Going along a route, one activity at a time. How times arise is told in `solver/problem.py`."""

from __future__ import annotations

from typing import NamedTuple

from dispatch.solver.kernels.columns import (
    ASSIGN_PRICE,
    BREAK_BY_HOUR,
    BREAK_DURATION,
    BREAK_EARLIEST,
    BREAK_LATEST,
    CLOSING,
    DUE,
    DURATION,
    EARLIEST,
    FIRST_LINK,
    FIRST_PREFERRED,
    FIRST_WINDOW,
    LATENESS_PRICE,
    MOVED_PRICE,
    MOVED_SECOND_PRICE,
    OPENING,
    ORDER_PRICE,
    PLACE,
    PREFERRED_PRICE,
    PROFILE,
    PROMISED_END,
    PROMISED_START,
    PUBLISHED,
    PUBLISHED_RANK,
    PUBLISHED_VEHICLE,
    RANK,
    SETUP,
    START_PLACE,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.driving import arrival, departure, driven, varies
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import NEVER, USUAL_PERCENT


class State(NamedTuple):
    """A technician between two activities. All int64."""

    feasible: int
    """1, or 0 after the first rule that fails"""
    place: int
    """where they are, -1 before the first visit after an open start"""
    free: int
    """s, when they could travel on, breaks since the last visit included"""
    floor: int
    """s, nothing starts earlier: a break was waited for"""
    chain: int
    """s, when the next break may start"""
    depart: int
    """s, when they left, -1 before the first visit"""
    travel: int
    """s"""
    distance: int
    """m"""
    rank: int
    """the last order pin passed"""
    cost: int
    """cost units: assignments, lateness, preferred windows and changes of the visits so far"""
    worst: int
    """s, the largest lateness so far"""
    start: int
    """s, of the last visit"""
    waited: int
    """s, all waiting after the first visit"""
    slack: int
    """s, how much later all could have begun, if waiting takes up the rest"""
    order: int
    """the highest rank passed of those published on this route"""
    work: int
    """s, set-up and duration of the visits so far"""
    first_rest: int
    """the first break since the last visit"""
    rests: int
    """how many there were: neighbours, where the speed varies"""


@inlined
def setting_out(model: Model, vehicle: int) -> State:
    """At the start place when the shift begins."""
    at = model.fleet[vehicle, EARLIEST]
    return State(
        1,
        model.fleet[vehicle, START_PLACE],
        at,
        0,
        at,
        -1,
        0,
        0,
        -1,
        0,
        0,
        0,
        0,
        NEVER,
        -1,
        0,
        0,
        0,
    )


@inlined
def pass_break(model: Model, state: State, at: int) -> State:
    """Take break ``at``."""
    begin = max(state.chain, model.breaks[at, BREAK_EARLIEST])
    feasible = state.feasible
    if begin > model.breaks[at, BREAK_LATEST]:
        feasible = 0
    done = begin + model.breaks[at, BREAK_DURATION]
    free, floor, rests = done, state.floor, 0
    if state.depart >= 0:
        rests = state.rests + 1
        if state.rests > 0 and at != state.first_rest + state.rests:
            # Where the speed varies, what is driven before each break could not be told again.
            feasible = 0 if model.breaks[at, BREAK_BY_HOUR] > 0 else feasible
        free = state.free + model.breaks[at, BREAK_DURATION]
        floor = (
            max(state.floor, model.breaks[at, BREAK_EARLIEST]) + model.breaks[at, BREAK_DURATION]
        )
    return State(
        feasible,
        state.place,
        free,
        floor,
        done,
        state.depart,
        state.travel,
        state.distance,
        state.rank,
        state.cost,
        state.worst,
        state.start,
        state.waited,
        state.slack if state.depart < 0 else min(state.slack, state.waited),
        state.order,
        state.work,
        at if state.rests == 0 else state.first_rest,
        rests,
    )


@inlined
def pass_visit(model: Model, vehicle: int, state: State, visit: int, bound: int) -> State:
    """Travel to ``visit``, wait, set up and do it."""
    profile, place = model.fleet[vehicle, PROFILE], model.visits[visit, PLACE]
    travel = distance = 0
    if state.place >= 0:
        travel = model.travel_s[profile, state.place, place]
        distance = model.distance_m[profile, state.place, place]
    ready = max(state.free + travel, state.floor)
    usual, hourly = travel, varies(model, vehicle)
    if hourly:
        ready, travel = drive(model, vehicle, state, usual)
    start = first_start(model, visit, max(ready, bound))
    feasible = state.feasible
    if start < 0:
        feasible, start = 0, state.free
    rank = model.visits[visit, RANK]
    if rank >= 0 and rank < state.rank:
        feasible = 0
    end = start + model.pairs[visit, vehicle, DURATION]
    first = state.depart < 0
    depart = state.depart
    if first:
        depart = start - travel
        if hourly:
            depart = departure(model, vehicle, start, usual * USUAL_PERCENT)
            travel = arrival(model, vehicle, depart, usual * USUAL_PERCENT) - depart
    if first or state.place != place:
        end += model.visits[visit, SETUP]
    late = max(0, end - model.visits[visit, DUE])
    waited = state.waited if first else state.waited + start - ready
    changed, order = 0, state.order
    if model.visits[visit, PUBLISHED] >= 0:
        changed = promise_price(model, visit, start)
        published = published_rank(model, vehicle, visit)
        if 0 <= published < order:
            changed += model.published[model.visits[visit, PUBLISHED], ORDER_PRICE]
        order = max(order, published)
    return State(
        feasible,
        place,
        end,
        0,
        end,
        depart,
        state.travel + travel,
        state.distance + distance,
        max(rank, state.rank),
        state.cost
        + model.pairs[visit, vehicle, ASSIGN_PRICE]
        + late * model.visits[visit, LATENESS_PRICE]
        + preferred_miss_s(model, visit, start) * model.visits[visit, PREFERRED_PRICE]
        + changed,
        max(state.worst, late),
        start,
        waited,
        0 if hourly else min(state.slack, waited + delayable_s(model, visit, start, end)),
        order,
        state.work + end - start,
        0,
        0,
    )


@kernel
def drive(model: Model, vehicle: int, state: State, usual: int) -> tuple[int, int]:
    """When a place so many usual seconds off is reached and all breaks are over; s of driving."""
    first, last = state.first_rest, state.first_rest + state.rests
    clock = state.free
    for at in range(first, last):
        clock -= model.breaks[at, BREAK_DURATION]
    way, driving = usual * USUAL_PERCENT, 0
    for at in range(first, last):
        begin = max(clock, model.breaks[at, BREAK_EARLIEST])
        part = driven(model, vehicle, clock, begin)
        if part >= way:
            return state.chain, driving + arrival(model, vehicle, clock, way) - clock
        way, driving = way - part, driving + begin - clock
        clock = begin + model.breaks[at, BREAK_DURATION]
    reached = arrival(model, vehicle, clock, way)
    return reached, driving + reached - clock


@kernel
def first_start(model: Model, visit: int, ready: int) -> int:
    """The first moment of the hard windows from ``ready`` on, or -1."""
    for at in range(model.visits[visit, FIRST_WINDOW], model.visits[visit + 1, FIRST_WINDOW]):
        if ready <= model.windows[at, CLOSING]:
            return int(max(ready, model.windows[at, OPENING]))
    return -1


@kernel
def delayable_s(model: Model, visit: int, start: int, end: int) -> int:
    """How much later a visit could start in the same window, at no cost and no link's peril."""
    linked = model.visits[visit, FIRST_LINK] < model.visits[visit + 1, FIRST_LINK]
    choosy = model.visits[visit, FIRST_PREFERRED] < model.visits[visit + 1, FIRST_PREFERRED]
    if linked or choosy or model.visits[visit, PUBLISHED] >= 0:
        return 0
    for at in range(model.visits[visit, FIRST_WINDOW], model.visits[visit + 1, FIRST_WINDOW]):
        if start <= model.windows[at, CLOSING]:
            return int(
                min(model.windows[at, CLOSING] - start, max(0, model.visits[visit, DUE] - end))
            )
    return 0


@kernel
def preferred_miss_s(model: Model, visit: int, start: int) -> int:
    """Seconds from ``start`` to the nearest preferred window; 0 without one."""
    first, last = model.visits[visit, FIRST_PREFERRED], model.visits[visit + 1, FIRST_PREFERRED]
    if first == last:
        return 0
    nearest = NEVER
    for at in range(first, last):
        miss = max(0, model.preferred[at, OPENING] - start, start - model.preferred[at, CLOSING])
        nearest = min(nearest, miss)
    return nearest


@kernel
def promise_price(model: Model, visit: int, start: int) -> int:
    """What a published visit costs that starts at another time than was promised."""
    at = model.visits[visit, PUBLISHED]
    miss = max(
        model.published[at, PROMISED_START] - start, start - model.published[at, PROMISED_END]
    )
    if miss <= 0:
        return 0
    return int(model.published[at, MOVED_PRICE] + miss * model.published[at, MOVED_SECOND_PRICE])


@kernel
def published_rank(model: Model, vehicle: int, visit: int) -> int:
    """The place of a published visit on the route on which it was published; -1 elsewhere."""
    at = model.visits[visit, PUBLISHED]
    if model.published[at, PUBLISHED_VEHICLE] != vehicle:
        return -1
    return int(model.published[at, PUBLISHED_RANK])
