"""What a visit costs at a place in a route, and where it costs least."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.chance import Chance, uniform
from dispatch.solver.kernels.columns import (
    DEPART,
    DISTANCE_PRICE,
    FINISH,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    OVERTIME_PRICE,
    PROFILE,
    SHIFT_END,
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
from dispatch.solver.kernels.insertion import IMPOSSIBLE, insertion_at
from dispatch.solver.kernels.memo import Memo, recall
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_PLACE,
    FREE,
    KIND,
    LATE_DEPART,
    LATEST_ARRIVAL,
    MEASURED,
    METRES,
    PAID,
    SECONDS,
    SIMPLE,
    SOONEST_FINISH,
    STEP_M,
    STEP_S,
    VISIT_CLOSING,
    VISIT_OPENING,
    VISIT_PLACE,
    WORK_AFTER,
    WORK_BEFORE,
)
from dispatch.solver.kernels.strings.ground import Ground
from dispatch.solver.kernels.strings.segments import Tracks
from dispatch.solver.kernels.timing import unfairness


class Place(NamedTuple):
    """Where a visit could go."""

    delta: int
    """cost units"""
    vehicle: int
    """-1 for nowhere"""
    position: int


@njit(cache=True, inline="always")
def may_join(ground: Ground, model: Model, board: Board, vehicle: int, visit: int) -> bool:
    """The rules that do not depend on the position: skills, count, load."""
    if ground.service[visit, ground.cars[vehicle, KIND]] < 0:
        return False
    if board.routes[vehicle, VISITS] >= model.fleet[vehicle, MAX_VISITS]:
        return False
    if board.routes[vehicle, LENGTH] >= board.sequence.shape[1]:
        return False
    for dimension in range(model.capacity.shape[1]):
        extra = model.load[visit, dimension]
        if (
            extra > 0
            and board.load[vehicle, dimension] + extra > model.capacity[vehicle, dimension]
        ):
            return False
    return True


@njit(cache=True, inline="always")
def simple_delta(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    vehicle: int,
    stop: int,
    visit: int,
    limit: int,
) -> int:
    """Of a simple visit after ``stop`` of a simple route; IMPOSSIBLE also if ``limit`` or more."""
    profile, kind = model.fleet[vehicle, PROFILE], ground.cars[vehicle, KIND]
    place = ground.hot[visit, VISIT_PLACE]
    there = ground.back[profile, place, tracks.segments[vehicle, stop, AT_PLACE]]
    onward = ground.arcs[profile, place, tracks.segments[vehicle, stop + 1, AT_PLACE]]
    longer_s = there[SECONDS] + onward[SECONDS]
    longer_m = there[METRES] + onward[METRES]
    delta = ground.fee[visit, kind]
    if board.routes[vehicle, VISITS] > 0:
        longer_s -= tracks.segments[vehicle, stop, STEP_S]
        longer_m -= tracks.segments[vehicle, stop, STEP_M]
    else:
        delta += model.fleet[vehicle, USE_PRICE]
    delta += model.fleet[vehicle, TRAVEL_PRICE] * longer_s
    delta += model.fleet[vehicle, DISTANCE_PRICE] * longer_m
    if model.fleet[vehicle, UNFAIRNESS_PRICE] > 0:
        work = board.routes[vehicle, WORK]
        delta += unfairness(model, vehicle, work + ground.service[visit, kind])
        delta -= unfairness(model, vehicle, work)
    timed = ground.cars[vehicle, PAID] == 1 or ground.cars[vehicle, MEASURED] == 1
    if delta >= limit and (not timed or _only_longer(ground, vehicle, stop)):
        return IMPOSSIBLE
    arrival = tracks.segments[vehicle, stop, FREE] + there[SECONDS]
    if arrival > ground.hot[visit, VISIT_CLOSING]:
        return IMPOSSIBLE
    start = max(arrival, ground.hot[visit, VISIT_OPENING])
    next_arrival = start + ground.service[visit, kind] + onward[SECONDS]
    if next_arrival > tracks.segments[vehicle, stop + 1, LATEST_ARRIVAL]:
        return IMPOSSIBLE
    if board.routes[vehicle, TRAVEL] + longer_s > model.fleet[vehicle, MAX_TRAVEL]:
        return IMPOSSIBLE
    if not timed:
        return int(delta)
    return int(
        delta
        + _time_delta(
            ground, model, board, tracks, vehicle, stop, visit, start, there[SECONDS], next_arrival
        )
    )


@njit(cache=True, inline="always")
def _only_longer(ground: Ground, vehicle: int, stop: int) -> bool:
    """Whether a visit more can only cost more time: leaving later may make a route shorter."""
    unpaid = ground.cars[vehicle, PAID] == 0
    return bool(unpaid or (stop > 0 and ground.cars[vehicle, MEASURED] == 0))


@kernel
def _time_delta(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    vehicle: int,
    stop: int,
    visit: int,
    start: int,
    there_s: int,
    next_arrival: int,
) -> int:
    """The price of the time that the route takes more; IMPOSSIBLE if that is too long."""
    route, car = board.routes[vehicle], model.fleet[vehicle]
    before, after = tracks.segments[vehicle, stop], tracks.segments[vehicle, stop + 1]
    finish = max(after[SOONEST_FINISH], next_arrival + after[WORK_AFTER])
    depart = route[DEPART]
    if ground.cars[vehicle, MEASURED] == 1:
        work_there = before[WORK_BEFORE] + there_s
        work = work_there + next_arrival - start
        late_depart = min(
            before[LATE_DEPART],
            ground.hot[visit, VISIT_CLOSING] - work_there,
            after[LATEST_ARRIVAL] - work,
        )
        duration = max(work + after[WORK_AFTER], finish - late_depart)
        if duration > car[MAX_DURATION]:
            return IMPOSSIBLE
        depart = finish - duration
    elif stop == 0:
        depart = start - there_s
    was = was_over = 0
    if route[VISITS] > 0:
        was = route[FINISH] - route[DEPART]
        was_over = max(0, route[FINISH] - car[SHIFT_END])
    over = max(0, finish - car[SHIFT_END])
    return int(car[TIME_PRICE] * (finish - depart - was) + car[OVERTIME_PRICE] * (over - was_over))


@kernel
def cheapest_of(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    visit: int,
    worst: int,
    spots: Ints,
    count: int,
    limit: int,
) -> Place:
    """The best of some spots, (vehicle, position), if it costs less than ``limit``."""
    least, best_vehicle, best_position = limit, -1, -1
    simple = ground.hot[visit, SIMPLE] == 1
    for at in range(count):
        vehicle, position = spots[at, 0], spots[at, 1]
        if not may_join(ground, model, board, vehicle, visit):
            continue
        if simple and tracks.simple[vehicle]:
            delta = simple_delta(ground, model, board, tracks, vehicle, position, visit, least)
        else:
            delta = rich_delta(model, board, memo, vehicle, position, visit, worst, least)
        if delta < least:
            least, best_vehicle, best_position = delta, vehicle, position
    return Place(least, best_vehicle, best_position)


@kernel
def rich_delta(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    position: int,
    visit: int,
    worst: int,
    limit: int,
) -> int:
    """Of any visit in any route; IMPOSSIBLE also if ``limit`` or more."""
    recall(model, board, memo, vehicle)
    found = insertion_at(model, board, memo, vehicle, visit, 0, worst, position, limit)
    # A tied visit stays where it is in time: its mates are on routes that are not looked at.
    return int(IMPOSSIBLE if found.moves_links == 1 else found.delta)


@kernel
def near_spots(
    ground: Ground,
    board: Board,
    tracks: Tracks,
    visit: int,
    spots: Ints,
    blink: float,
    luck: Chance,
) -> int:
    """Right after and right before visits that go well with this one; answers how many.

    A part ``blink`` of them is overlooked, so that not always the same plan comes back.
    """
    count = 0
    for after in range(2):
        for at in range(ground.after.shape[1]):
            other = ground.after[visit, at] if after == 1 else ground.before[visit, at]
            if other < 0:
                break
            vehicle = board.stops[other, VEHICLE]
            if vehicle < 0 or uniform(luck) < blink:
                continue
            spots[count, 0] = vehicle
            spots[count, 1] = tracks.where[other] + (1 - after)
            count += 1
    return count


@kernel
def all_spots(
    ground: Ground, board: Board, tracks: Tracks, visit: int, vehicle: int, spots: Ints
) -> int:
    """Every position of one route that the visit can be reached at; answers how many."""
    length = board.routes[vehicle, LENGTH]
    simple = tracks.simple[vehicle]
    count = 0
    for position in range(min(length + 1, len(spots))):
        if simple and tracks.segments[vehicle, position, FREE] > ground.hot[visit, VISIT_CLOSING]:
            break
        spots[count, 0] = vehicle
        spots[count, 1] = position
        count += 1
    return count


@kernel
def empty_spots(ground: Ground, board: Board, spots: Ints) -> int:
    """One empty vehicle of each type; answers how many."""
    count = 0
    for kind in range(len(ground.first_of_type) - 1):
        for at in range(ground.first_of_type[kind], ground.first_of_type[kind + 1]):
            vehicle = ground.by_type[at]
            if board.routes[vehicle, VISITS] == 0:
                spots[count, 0] = vehicle
                spots[count, 1] = 0
                count += 1
                break
    return count
