"""What is known of a simple route's beginnings and ends, so that a change is judged at once.

A route is *simple* if it has no breaks, travels as fast at any hour, and its visits have one window
each and no wish about when: then everything about its times follows from sums and bounds of the
part before and the part after a change (Vidal, Crainic, Gendreau and Prins, EJOR 231(1), 2013).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    BOUND,
    COST,
    DEPART,
    DISTANCE,
    DISTANCE_PRICE,
    EARLIEST,
    FINISH,
    LATEST,
    LENGTH,
    MAX_DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    PROFILE,
    START,
    TRAVEL,
    TRAVEL_PRICE,
    UNFAIRNESS_PRICE,
    VISITS,
    WORK,
    WORST,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.links import linked
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_OPENING,
    AT_PLACE,
    AT_POSITION,
    AT_VEHICLE,
    AT_VISIT,
    CAR_KIND,
    CAR_PROFILE,
    FORM,
    FREE,
    FROM,
    KIND,
    LATE_DEPART,
    LATEST_ARRIVAL,
    LOAD_BEFORE,
    LOAD_ROOM,
    MEASURED,
    METRES,
    PAID,
    PER_METRE,
    PER_SECOND,
    RICH,
    ROOM,
    SECONDS,
    SEGMENT_FIELDS,
    SIMPLE,
    SOONEST_FINISH,
    STEP_M,
    STEP_S,
    SUMMED,
    TIMED,
    TO,
    USED,
    VISIT_CLOSING,
    VISIT_OPENING,
    VISIT_PLACE,
    WALKED,
    WORK_AFTER,
    WORK_BEFORE,
)
from dispatch.solver.kernels.strings.ground import FAR_S, Ground, Words
from dispatch.solver.kernels.timing import (
    BROKEN_CAPACITY,
    BROKEN_LINK,
    BROKEN_MAX_DURATION,
    BROKEN_MAX_TRAVEL,
    BROKEN_MAX_VISITS,
    BROKEN_SHIFT_END,
    BROKEN_WINDOW,
    FINE,
    over_longest,
    route_cost,
    time_route,
)


class Tracks(NamedTuple):
    """Beside a board; true of every route that was refreshed after its last change."""

    segments: Words
    """(vehicles, row + 2, AT_VISIT .. AT_OPENING) s, and m; of simple routes only"""
    spots: Words
    """(visits + breaks, AT_VEHICLE .. AT_POSITION) which row, -1 for none, and where in it"""
    cars: Ints
    """(vehicles, FORM .. PER_METRE) the form is WALKED unless the route is simple; SUMMED if then
    only ways and fees cost anything and no limit but windows and load is there; else TIMED"""
    spare_s: Ints
    """(vehicles,) s, no more work than this fits in, unless it shortens the way; NEVER if walked"""


def empty_tracks(board: Board, activities: int) -> Tracks:
    """Nothing refreshed yet."""
    vehicles, row = board.sequence.shape
    return Tracks(
        np.zeros((vehicles, row + 2, SEGMENT_FIELDS), np.int32),
        np.full((activities, 2), -1, np.int32),
        np.zeros((vehicles, 8), np.int64),
        np.full(vehicles, NEVER),
    )


def copied(tracks: Tracks) -> Tracks:
    """The same, sharing nothing."""
    return Tracks(
        tracks.segments.copy(),
        tracks.spots.copy(),
        tracks.cars.copy(),
        tracks.spare_s.copy(),
    )


@inlined
def spot_of(tracks: Tracks, activity: int) -> tuple[int, int]:
    """The vehicle, and the position on its row.

    In 64 bits, as everywhere else: what they are handed to would be compiled again for 32.
    """
    spot = tracks.spots[activity]
    return int(np.int64(spot[AT_VEHICLE])), int(np.int64(spot[AT_POSITION]))


@kernel
def refresh(ground: Ground, model: Model, board: Board, tracks: Tracks, vehicle: int) -> int:
    """Time and price a route, whatever it is, and note what is known of it; a broken rule or FINE.

    How long it may be is judged here, since no other route moves this one; for the same reason a
    tied visit may not start later than its bound, which is where its mates expect it.
    """
    length, visits = board.routes[vehicle, LENGTH], len(model.load)
    board.stale[vehicle] = True
    simple = ground.cars[vehicle, RICH] == 0
    for position in range(length):
        activity = board.sequence[vehicle, position]
        tracks.spots[activity, AT_VEHICLE] = vehicle
        tracks.spots[activity, AT_POSITION] = position
        if activity < visits:
            simple = simple and ground.hot[activity, SIMPLE] == 1
    _refresh_car(ground, model, board, tracks, vehicle, simple)
    tracks.spare_s[vehicle] = NEVER
    if simple:
        failed = refresh_simple(ground, model, board, tracks, vehicle)
        tracks.spare_s[vehicle] = _spare_s(model, board, vehicle)
        return failed
    failed = time_route(model, board, vehicle)
    if failed == FINE:
        failed = over_longest(model, board, vehicle)
    if failed == FINE and len(model.links) > 0 and _delays_tied(model, board, vehicle):
        return BROKEN_LINK
    return int(failed)


@inlined
def _spare_s(model: Model, board: Board, vehicle: int) -> int:
    car, route = model.fleet[vehicle], board.routes[vehicle]
    longest = min(car[MAX_DURATION], car[LATEST] - car[EARLIEST])
    return int(longest - route[TRAVEL] - route[WORK])


@kernel
def _delays_tied(model: Model, board: Board, vehicle: int) -> bool:
    for position in range(board.routes[vehicle, LENGTH]):
        activity = board.sequence[vehicle, position]
        tied = activity < len(model.load) and linked(model, activity)
        if tied and board.stops[activity, START] > board.stops[activity, BOUND]:
            return True
    return False


@inlined
def _refresh_car(
    ground: Ground, model: Model, board: Board, tracks: Tracks, vehicle: int, simple: bool
) -> None:
    car, row = model.fleet[vehicle], tracks.cars[vehicle]
    timed = (
        ground.cars[vehicle, PAID] == 1
        or ground.cars[vehicle, MEASURED] == 1
        or car[UNFAIRNESS_PRICE] > 0
        or car[MAX_TRAVEL] < NEVER
    )
    row[FORM] = WALKED
    if simple:
        row[FORM] = TIMED if timed else SUMMED
    visits = board.routes[vehicle, VISITS]
    row[ROOM] = min(
        car[MAX_VISITS] - visits, board.sequence.shape[1] - board.routes[vehicle, LENGTH]
    )
    row[LOAD_ROOM] = NEVER
    if model.capacity.shape[1] > 0:
        row[LOAD_ROOM] = model.capacity[vehicle, 0] - board.load[vehicle, 0]
    row[USED] = int(visits > 0)
    row[CAR_KIND] = ground.cars[vehicle, KIND]
    row[CAR_PROFILE] = car[PROFILE]
    row[PER_SECOND] = car[TRAVEL_PRICE]
    row[PER_METRE] = car[DISTANCE_PRICE]


@inlined
def refresh_simple(ground: Ground, model: Model, board: Board, tracks: Tracks, vehicle: int) -> int:
    """`refresh` for a simple route."""
    route, car, known = board.routes[vehicle], model.fleet[vehicle], tracks.segments[vehicle]
    length, latest = route[LENGTH], min(FAR_S, car[LATEST])
    if not _look_ahead(ground, model, board, known, vehicle, latest):
        return BROKEN_WINDOW
    _look_back(ground, known, length, ground.cars[vehicle, KIND], latest)
    route[WORST] = 0
    if length == 0:
        route[DEPART] = route[FINISH] = -1
        route[TRAVEL] = route[DISTANCE] = route[WORK] = route[COST] = 0
        return FINE
    finish = known[length, FREE] + known[length, STEP_S]
    if ground.cars[vehicle, MEASURED] == 1:
        work = known[length, WORK_BEFORE] + known[length, STEP_S]
        late_depart = min(known[length, LATE_DEPART], latest - work)
        route[DEPART] = finish - max(work, finish - late_depart)
    else:
        first = max(known[1, AT_OPENING], known[0, FREE] + known[0, STEP_S])
        route[DEPART] = first - known[0, STEP_S]
    route[FINISH] = finish
    route[COST] += route_cost(
        model, vehicle, route[DEPART], finish, route[TRAVEL], route[DISTANCE], route[WORK]
    )
    return _limits(model, board, vehicle)


@inlined
def _look_ahead(
    ground: Ground, model: Model, board: Board, known: Words, vehicle: int, latest: int
) -> bool:
    """From the start to the end: when each stop is done; False if one is reached too late."""
    route, kind = board.routes[vehicle], ground.cars[vehicle, KIND]
    arcs = ground.arcs[model.fleet[vehicle, PROFILE]]
    place, free = ground.cars[vehicle, FROM], model.fleet[vehicle, EARLIEST]
    work = service_s = load = travel = distance = fees = 0
    late_depart = latest
    _write_ahead(known, 0, -1, place, free, work, late_depart, load)
    for stop in range(1, route[LENGTH] + 1):
        visit = board.sequence[vehicle, stop - 1]
        hot, service = ground.hot[visit], ground.service[visit, kind]
        step = arcs[place, hot[VISIT_PLACE]]
        known[stop - 1, STEP_S], known[stop - 1, STEP_M] = step[SECONDS], step[METRES]
        travel, distance = travel + step[SECONDS], distance + step[METRES]
        arrival = free + step[SECONDS]
        if arrival > hot[VISIT_CLOSING]:
            return False
        late_depart = min(late_depart, hot[VISIT_CLOSING] - work - step[SECONDS])
        free = max(arrival, hot[VISIT_OPENING]) + service
        work += step[SECONDS] + service
        service_s += service
        fees += ground.fee[visit, kind]
        if model.load.shape[1] > 0:
            load = min(FAR_S, load + model.load[visit, 0])
        place = hot[VISIT_PLACE]
        known[stop, AT_OPENING] = hot[VISIT_OPENING]
        _write_ahead(known, stop, visit, place, free, work, late_depart, load)
    end = ground.cars[vehicle, TO]
    last = route[LENGTH]
    known[last, STEP_S], known[last, STEP_M] = arcs[place, end, SECONDS], arcs[place, end, METRES]
    known[last + 1, AT_VISIT], known[last + 1, AT_PLACE] = -1, end
    route[TRAVEL] = travel + known[last, STEP_S]
    route[DISTANCE] = distance + known[last, STEP_M]
    route[WORK] = service_s
    route[COST] = fees
    return True


@inlined
def _write_ahead(
    known: Words,
    stop: int,
    visit: int,
    place: int,
    free: int,
    work: int,
    late_depart: int,
    load: int,
) -> None:
    known[stop, AT_VISIT] = visit
    known[stop, AT_PLACE] = place
    known[stop, FREE] = free
    known[stop, WORK_BEFORE] = work
    known[stop, LATE_DEPART] = late_depart
    known[stop, LOAD_BEFORE] = load


@inlined
def _look_back(ground: Ground, known: Words, length: int, kind: int, latest: int) -> None:
    """From the end to the start: by when to be there, and when it is over then."""
    latest_arrival, soonest_finish, work = latest, 0, 0
    known[length + 1, LATEST_ARRIVAL] = latest
    known[length + 1, SOONEST_FINISH] = 0
    known[length + 1, WORK_AFTER] = 0
    for stop in range(length, 0, -1):
        hot = ground.hot[known[stop, AT_VISIT]]
        busy = ground.service[known[stop, AT_VISIT], kind] + known[stop, STEP_S]
        work += busy
        latest_arrival = min(hot[VISIT_CLOSING], latest_arrival - busy)
        soonest_finish = max(soonest_finish, hot[VISIT_OPENING] + work)
        known[stop, LATEST_ARRIVAL] = latest_arrival
        known[stop, SOONEST_FINISH] = soonest_finish
        known[stop, WORK_AFTER] = work


@inlined
def _limits(model: Model, board: Board, vehicle: int) -> int:
    if board.routes[vehicle, FINISH] > model.fleet[vehicle, LATEST]:
        return BROKEN_SHIFT_END
    if board.routes[vehicle, TRAVEL] > model.fleet[vehicle, MAX_TRAVEL]:
        return BROKEN_MAX_TRAVEL
    if board.routes[vehicle, VISITS] > model.fleet[vehicle, MAX_VISITS]:
        return BROKEN_MAX_VISITS
    longest = model.fleet[vehicle, MAX_DURATION]
    if longest < NEVER and board.routes[vehicle, FINISH] - board.routes[vehicle, DEPART] > longest:
        return BROKEN_MAX_DURATION
    for dimension in range(model.capacity.shape[1]):
        if board.load[vehicle, dimension] > model.capacity[vehicle, dimension]:
            return BROKEN_CAPACITY
    return FINE
