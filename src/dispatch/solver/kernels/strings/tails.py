"""Exchanging the tails of two routes, where an iteration has made new neighbours.

The move is 2-opt*: Potvin and Rousseau, Journal of the Operational Research Society 46(12), 1995.
"""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    COST,
    LENGTH,
    MAX_DURATION,
    PROFILE,
    VEHICLE,
    VISITS,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_PLACE,
    CAR_PROFILE,
    FORM,
    FREE,
    KIND,
    LATE_DEPART,
    LATEST_ARRIVAL,
    LOAD_BEFORE,
    MEASURED,
    METRES,
    PER_METRE,
    PER_SECOND,
    SECONDS,
    SOONEST_FINISH,
    STEP_M,
    STEP_S,
    VISIT_PLACE,
    WALKED,
    WORK_AFTER,
    WORK_BEFORE,
)
from dispatch.solver.kernels.strings.ground import Ground
from dispatch.solver.kernels.strings.segments import Tracks, refresh, spot_of
from dispatch.solver.kernels.strings.tally import FRESH, Tally, look_again, touch
from dispatch.solver.kernels.timing import FINE

MOST_EXCHANGES = 100
"""In one iteration."""


@kernel
def exchange_tails(
    ground: Ground, model: Model, board: Board, tracks: Tracks, tally: Tally, partners: int
) -> None:
    """Exchange tails as long as it saves something and there are visits with new neighbours.

    What a route is given for being used is not counted here, but when the iteration is judged.

    So many ``partners`` of a visit are tried as its new next, and as its new previous one.
    """
    done = at = 0
    while at < tally.counts[FRESH] and done < MOST_EXCHANGES:
        visit = tally.fresh[at]
        at += 1
        if tally.looked_at[visit] or board.stops[visit, VEHICLE] < 0:
            continue
        tally.looked_at[visit] = True
        if _improve(ground, model, board, tracks, tally, visit, partners):
            done += 1
    for step in range(tally.counts[FRESH]):
        tally.looked_at[tally.fresh[step]] = False


@inlined
def _improve(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    tally: Tally,
    visit: int,
    partners: int,
) -> bool:
    """Try to get a nearer previous, then a nearer next visit for this one.

    An exchange that saves way makes at least one of the two new ways shorter than one it replaces,
    so those that bring this visit nothing nearer are left to the others that they touch.
    """
    home, position = spot_of(tracks, visit)
    car = tracks.cars[home]
    if car[FORM] == WALKED:
        return False
    place, profile = ground.hot[visit, VISIT_PLACE], car[CAR_PROFILE]
    for forward in range(2):
        way = _step_price(tracks, home, position + forward, home)
        far = tracks.segments[home, position + 2 * forward, AT_PLACE]
        for at in range(min(partners, ground.after.shape[1])):
            other = ground.after[visit, at] if forward == 1 else ground.before[visit, at]
            if other < 0:
                break
            joint = _way_price(ground, car, profile, place, ground.hot[other, VISIT_PLACE], forward)
            vehicle, where = spot_of(tracks, other)
            if joint >= way or vehicle < 0 or vehicle == home:
                continue
            if tracks.cars[vehicle, FORM] == WALKED:
                continue
            saved = way + _step_price(tracks, vehicle, where + 1 - forward, home) - joint
            other_far = tracks.segments[vehicle, where + 2 * (1 - forward), AT_PLACE]
            if saved <= _way_price(ground, car, profile, far, other_far, 1 - forward):
                continue
            one, cut = (home, position + 1) if forward == 1 else (vehicle, where + 1)
            two, other_cut = (vehicle, where) if forward == 1 else (home, position)
            if (
                _joins(ground, model, board, tracks, one, cut, two, other_cut)
                and _joins(ground, model, board, tracks, two, other_cut, one, cut)
                and _try(ground, model, board, tracks, tally, one, cut, two, other_cut)
            ):
                return True
    return False


@inlined
def _way_price(
    ground: Ground, car: Ints, profile: int, place: int, other: int, forward: int
) -> int:
    """From a place to another, or from the other to it; always read in the row of the first."""
    way = ground.arcs[profile, place, other] if forward == 1 else ground.back[profile, place, other]
    return int(car[PER_SECOND] * way[SECONDS] + car[PER_METRE] * way[METRES])


@inlined
def _step_price(tracks: Tracks, vehicle: int, stop: int, payer: int) -> int:
    """Of the way from a stop to the next, at the prices of a vehicle."""
    step, car = tracks.segments[vehicle, stop], tracks.cars[payer]
    return int(car[PER_SECOND] * step[STEP_S] + car[PER_METRE] * step[STEP_M])


@inlined
def _joins(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    vehicle: int,
    cut: int,
    giver: int,
    other_cut: int,
) -> bool:
    """Whether the head of a route can be followed by another's tail, as far as is known.

    A cut is the number of stops of a row that stay. What is known of the tail is with the end, the
    shift and the durations of the vehicle that has it now: where another's are wider, a good
    exchange may be refused. None is made that does not hold.
    """
    head = tracks.segments[vehicle, cut, AT_PLACE]
    tail = tracks.segments[giver, other_cut + 1, AT_PLACE]
    step_s = ground.arcs[model.fleet[vehicle, PROFILE], head, tail, SECONDS]
    arrival = tracks.segments[vehicle, cut, FREE] + step_s
    if arrival > tracks.segments[giver, other_cut + 1, LATEST_ARRIVAL]:
        return False
    if model.load.shape[1] > 0:
        load = (
            tracks.segments[vehicle, cut, LOAD_BEFORE]
            - tracks.segments[giver, other_cut, LOAD_BEFORE]
        )
        if load + board.load[giver, 0] > model.capacity[vehicle, 0]:
            return False
    if ground.cars[vehicle, MEASURED] == 0:
        return True
    work, work_after = (
        tracks.segments[vehicle, cut, WORK_BEFORE] + step_s,
        tracks.segments[giver, other_cut + 1, WORK_AFTER],
    )
    late_depart = min(
        tracks.segments[vehicle, cut, LATE_DEPART],
        tracks.segments[giver, other_cut + 1, LATEST_ARRIVAL] - work,
    )
    finish = max(tracks.segments[giver, other_cut + 1, SOONEST_FINISH], arrival + work_after)
    duration = max(work + work_after, finish - late_depart)
    return bool(duration <= model.fleet[vehicle, MAX_DURATION])


@kernel
def _try(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    tally: Tally,
    one: int,
    cut: int,
    two: int,
    other_cut: int,
) -> bool:
    """Exchange the tails; undo it unless both routes hold and cost less together."""
    if not _takes(ground, board, one, cut, two, other_cut):
        return False
    if not _takes(ground, board, two, other_cut, one, cut):
        return False
    cost = board.routes[one, COST] + board.routes[two, COST]
    touch(tally, one)
    touch(tally, two)
    swap_tails(model, board, one, cut, two, other_cut)
    holds = (
        refresh(ground, model, board, tracks, one) == FINE
        and refresh(ground, model, board, tracks, two) == FINE
    )
    if holds and board.routes[one, COST] + board.routes[two, COST] < cost:
        _note_joints(board, tally, one, cut)
        _note_joints(board, tally, two, other_cut)
        return True
    swap_tails(model, board, one, cut, two, other_cut)
    refresh(ground, model, board, tracks, one)
    refresh(ground, model, board, tracks, two)
    return False


@kernel
def _takes(ground: Ground, board: Board, vehicle: int, kept: int, giver: int, cut: int) -> bool:
    """Whether a vehicle may do all that follows the cut of another's row, and has room for it."""
    tail = board.routes[giver, LENGTH] - cut
    if kept + tail > board.sequence.shape[1]:
        return False
    kind = ground.cars[vehicle, KIND]
    if kind != ground.cars[giver, KIND]:
        for position in range(cut, board.routes[giver, LENGTH]):
            visit = board.sequence[giver, position]
            if ground.service[visit, kind] < 0:
                return False
    return True


@kernel
def swap_tails(model: Model, board: Board, one: int, cut: int, two: int, other_cut: int) -> None:
    """Exchange what follows the cuts of two rows. Times are not updated."""
    sequence = board.sequence
    length, other_length = board.routes[one, LENGTH], board.routes[two, LENGTH]
    for step in range(max(length - cut, other_length - other_cut)):
        mine, theirs = sequence[one, cut + step], sequence[two, other_cut + step]
        if step < length - cut:
            sequence[two, other_cut + step] = mine
            _move(model, board, mine, one, two)
        if step < other_length - other_cut:
            sequence[one, cut + step] = theirs
            _move(model, board, theirs, two, one)
    board.routes[one, LENGTH] = cut + other_length - other_cut
    board.routes[two, LENGTH] = other_cut + length - cut


@inlined
def _move(model: Model, board: Board, visit: int, giver: int, taker: int) -> None:
    board.stops[visit, VEHICLE] = taker
    board.routes[giver, VISITS] -= 1
    board.routes[taker, VISITS] += 1
    for dimension in range(model.load.shape[1]):
        board.load[giver, dimension] -= model.load[visit, dimension]
        board.load[taker, dimension] += model.load[visit, dimension]


@kernel
def _note_joints(board: Board, tally: Tally, vehicle: int, cut: int) -> None:
    for position in range(max(0, cut - 1), min(board.routes[vehicle, LENGTH], cut + 1)):
        visit = board.sequence[vehicle, position]
        tally.looked_at[visit] = False
        look_again(tally, visit)
