"""What a visit costs at a place in a route, and where it costs least."""

from __future__ import annotations

from typing import NamedTuple

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.chance import Chance, gap
from dispatch.solver.kernels.columns import (
    DEPART,
    FINISH,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    OVERTIME_PRICE,
    SHIFT_END,
    TIME_PRICE,
    TRAVEL,
    USE_PRICE,
    VISITS,
    WORK,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.insertion import IMPOSSIBLE, insertion_at
from dispatch.solver.kernels.memo import Memo, recall
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_PLACE,
    CAR_KIND,
    CAR_PROFILE,
    FORM,
    FREE,
    LATE_DEPART,
    LATEST_ARRIVAL,
    LOAD_ROOM,
    MEASURED,
    METRES,
    PAID,
    PER_METRE,
    PER_SECOND,
    ROOM,
    SECONDS,
    SIMPLE,
    SOONEST_FINISH,
    STEP_M,
    STEP_S,
    TIMED,
    USED,
    VISIT_CLOSING,
    VISIT_OPENING,
    VISIT_PLACE,
    WALKED,
    WORK_AFTER,
    WORK_BEFORE,
)
from dispatch.solver.kernels.strings.ground import Ground
from dispatch.solver.kernels.strings.segments import Tracks, spot_of
from dispatch.solver.kernels.strings.tally import TOUCHED, Tally
from dispatch.solver.kernels.timing import unfairness


class Place(NamedTuple):
    """Where a visit could go."""

    delta: int
    """cost units"""
    vehicle: int
    """-1 for nowhere"""
    position: int


@inlined
def delta_at(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    vehicle: int,
    position: int,
    visit: int,
    worst: int,
    limit: int,
) -> int:
    """Of a visit at a position of any route; IMPOSSIBLE also if ``limit`` or more."""
    if tracks.cars[vehicle, FORM] != WALKED and ground.hot[visit, SIMPLE] == 1:
        return simple_delta(ground, model, board, tracks, vehicle, position, visit, limit)
    return rich_delta(ground, model, board, memo, tracks, vehicle, position, visit, worst, limit)


@inlined
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
    car = tracks.cars[vehicle]
    before, after = tracks.segments[vehicle, stop], tracks.segments[vehicle, stop + 1]
    place, profile, kind = ground.hot[visit, VISIT_PLACE], car[CAR_PROFILE], car[CAR_KIND]
    there = ground.back[profile, place, before[AT_PLACE]]
    onward = ground.arcs[profile, place, after[AT_PLACE]]
    longer_s = there[SECONDS] + onward[SECONDS]
    longer_m = there[METRES] + onward[METRES]
    delta = ground.fee[visit, kind]
    if car[USED] == 1:
        longer_s -= before[STEP_S]
        longer_m -= before[STEP_M]
    else:
        delta += model.fleet[vehicle, USE_PRICE]
    delta += car[PER_SECOND] * longer_s + car[PER_METRE] * longer_m
    if delta >= limit and (car[FORM] != TIMED or _only_longer(ground, vehicle, stop)):
        return IMPOSSIBLE
    arrival = before[FREE] + there[SECONDS]
    if arrival > ground.hot[visit, VISIT_CLOSING]:
        return IMPOSSIBLE
    service = ground.service[visit, kind]
    start = max(arrival, ground.hot[visit, VISIT_OPENING])
    next_arrival = start + service + onward[SECONDS]
    if next_arrival > after[LATEST_ARRIVAL] or not _may_join(
        ground, model, board, tracks, vehicle, visit
    ):
        return IMPOSSIBLE
    if car[FORM] == TIMED:
        if board.routes[vehicle, TRAVEL] + longer_s > model.fleet[vehicle, MAX_TRAVEL]:
            return IMPOSSIBLE
        time_delta = _time_delta(
            ground, model, board, tracks, vehicle, stop, visit, start, there[SECONDS], next_arrival
        )
        if time_delta == IMPOSSIBLE:
            return IMPOSSIBLE
        delta += time_delta
    return int(delta)


@inlined
def _only_longer(ground: Ground, vehicle: int, stop: int) -> bool:
    """Whether a visit more can only cost more time: leaving later may make a route shorter."""
    unpaid = ground.cars[vehicle, PAID] == 0
    return bool(unpaid or (stop > 0 and ground.cars[vehicle, MEASURED] == 0))


@inlined
def _may_join(
    ground: Ground, model: Model, board: Board, tracks: Tracks, vehicle: int, visit: int
) -> bool:
    """The rules that do not depend on the position: skills, count, load."""
    car = tracks.cars[vehicle]
    if ground.service[visit, car[CAR_KIND]] < 0 or car[ROOM] <= 0:
        return False
    for dimension in range(model.capacity.shape[1]):
        extra = model.load[visit, dimension]
        room = car[LOAD_ROOM]
        if dimension > 0:
            room = model.capacity[vehicle, dimension] - board.load[vehicle, dimension]
        if extra > 0 and extra > room:
            return False
    return True


@inlined
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
    service = ground.service[visit, tracks.cars[vehicle, CAR_KIND]]
    return int(
        car[TIME_PRICE] * (finish - depart - was)
        + car[OVERTIME_PRICE] * (over - was_over)
        + unfairness(model, vehicle, route[WORK] + service)
        - unfairness(model, vehicle, route[WORK])
    )


@kernel
def rich_delta(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    vehicle: int,
    position: int,
    visit: int,
    worst: int,
    limit: int,
) -> int:
    """Of any visit in any route; IMPOSSIBLE also if ``limit`` or more."""
    if not _may_join(ground, model, board, tracks, vehicle, visit):
        return IMPOSSIBLE
    recall(model, board, memo, vehicle)
    found = insertion_at(model, board, memo, vehicle, visit, 0, worst, position, limit)
    # A tied visit stays where it is in time: its mates are on routes that are not looked at.
    return int(IMPOSSIBLE if found.moves_links == 1 else found.delta)


@inlined
def near(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    visit: int,
    worst: int,
    limit: int,
    blink: float,
    luck: Chance,
) -> Place:
    """The best place beside a visit it goes well with, if it costs less than ``limit``.

    A part ``blink`` of them is overlooked, so that not always the same plan comes back.
    """
    least, best_vehicle, best_position = limit, -1, -1
    width = ground.after.shape[1]
    seen = gap(luck, blink)
    for at in range(2 * width):
        earlier = at < width
        other = ground.before[visit, at] if earlier else ground.after[visit, at - width]
        if other < 0:
            continue
        vehicle, stop = spot_of(tracks, other)
        if vehicle < 0:
            continue
        seen -= 1
        if seen < 0:
            seen = gap(luck, blink)
            continue
        position = stop + int(earlier)
        delta = delta_at(ground, model, board, memo, tracks, vehicle, position, visit, worst, least)
        if delta < least:
            least, best_vehicle, best_position = delta, vehicle, position
    return Place(least, best_vehicle, best_position)


@kernel
def anywhere(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    visit: int,
    worst: int,
    limit: int,
) -> Place:
    """The best place in any used route, if it costs less than ``limit``."""
    best = Place(limit, -1, -1)
    for vehicle in range(len(model.capacity)):
        if tracks.cars[vehicle, USED] == 1:
            best = _within(ground, model, board, memo, tracks, visit, worst, vehicle, best)
    return best


@kernel
def on_touched(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    tally: Tally,
    visit: int,
    worst: int,
    limit: int,
) -> Place:
    """The best place in any used route that this iteration has changed, if below ``limit``."""
    best = Place(limit, -1, -1)
    for at in range(tally.counts[TOUCHED]):
        vehicle = tally.routes[at]
        if tracks.cars[vehicle, USED] == 1:
            best = _within(ground, model, board, memo, tracks, visit, worst, vehicle, best)
    return best


@inlined
def _within(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    visit: int,
    worst: int,
    vehicle: int,
    best: Place,
) -> Place:
    """The best place in a used route, if it is better than the best one so far.

    A simple route is passed over where no time is left for the visit, even without a detour.
    """
    if not _may_join(ground, model, board, tracks, vehicle, visit):
        return best
    least, position_of_least = best.delta, -1
    opening, closing = ground.hot[visit, VISIT_OPENING], ground.hot[visit, VISIT_CLOSING]
    simple = ground.hot[visit, SIMPLE] == 1
    service = ground.service[visit, tracks.cars[vehicle, CAR_KIND]]
    if simple and service > tracks.spare_s[vehicle]:
        return best
    walked, over = tracks.cars[vehicle, FORM] == WALKED or not simple, opening + service
    for position in range(board.routes[vehicle, LENGTH] + 1):
        if not walked and tracks.segments[vehicle, position, FREE] > closing:
            break
        if not walked and tracks.segments[vehicle, position + 1, LATEST_ARRIVAL] < over:
            continue
        delta = delta_at(ground, model, board, memo, tracks, vehicle, position, visit, worst, least)
        if delta < least:
            least, position_of_least = delta, position
    return Place(least, vehicle, position_of_least) if position_of_least >= 0 else best


@kernel
def unused(
    ground: Ground,
    model: Model,
    board: Board,
    memo: Memo,
    tracks: Tracks,
    visit: int,
    worst: int,
    limit: int,
) -> Place:
    """The best unused vehicle, if it costs less than ``limit``; one of each type is asked."""
    least, best_vehicle, best_position = limit, -1, -1
    for kind in range(len(ground.first_of_type) - 1):
        for at in range(ground.first_of_type[kind], ground.first_of_type[kind + 1]):
            vehicle = ground.by_type[at]
            if tracks.cars[vehicle, USED] == 1:
                continue
            for position in range(board.routes[vehicle, LENGTH] + 1):
                delta = delta_at(
                    ground, model, board, memo, tracks, vehicle, position, visit, worst, least
                )
                if delta < least:
                    least, best_vehicle, best_position = delta, vehicle, position
            break
    return Place(least, best_vehicle, best_position)
