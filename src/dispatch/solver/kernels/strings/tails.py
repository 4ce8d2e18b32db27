"""Exchanging the tails of two routes, where an iteration has made new neighbours.

The move is 2-opt*: Potvin and Rousseau, Journal of the Operational Research Society 46(12), 1995.
"""

from __future__ import annotations

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    COST,
    DISTANCE_PRICE,
    LENGTH,
    MAX_DURATION,
    PROFILE,
    TRAVEL_PRICE,
    VEHICLE,
    VISITS,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_PLACE,
    FORM,
    FREE,
    KIND,
    LATE_DEPART,
    LATEST_ARRIVAL,
    LOAD_BEFORE,
    MEASURED,
    METRES,
    SECONDS,
    SOONEST_FINISH,
    STEP_M,
    STEP_S,
    WALKED,
    WORK_AFTER,
    WORK_BEFORE,
)
from dispatch.solver.kernels.strings.ground import Ground
from dispatch.solver.kernels.strings.segments import Tracks, refresh
from dispatch.solver.kernels.strings.tally import FRESH, Tally, look_again, touch
from dispatch.solver.kernels.timing import FINE

MOST_EXCHANGES = 100
"""In one iteration."""


@kernel
def exchange_tails(
    ground: Ground, model: Model, board: Board, tracks: Tracks, tally: Tally, partners: int
) -> None:
    """Exchange tails as long as it saves something and there are visits with new neighbours.

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
    """Try to get a better next, then a better previous visit for this one."""
    for forward in range(2):
        for at in range(min(partners, ground.after.shape[1])):
            other = ground.after[visit, at] if forward == 1 else ground.before[visit, at]
            if other < 0:
                break
            first = visit if forward == 1 else other
            second = other if forward == 1 else visit
            one, two = board.stops[first, VEHICLE], board.stops[second, VEHICLE]
            if one < 0 or two < 0 or one == two:
                continue
            cut, other_cut = tracks.where[first] + 1, tracks.where[second]
            if _promising(ground, model, board, tracks, one, cut, two, other_cut) and _try(
                ground, model, board, tracks, tally, one, cut, two, other_cut
            ):
                return True
    return False


@inlined
def _promising(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    one: int,
    cut: int,
    two: int,
    other_cut: int,
) -> bool:
    """Whether exchanging what follows the cuts saves way and seems to hold.

    A cut is the number of stops of a row that stay.
    """
    if tracks.cars[one, FORM] == WALKED or tracks.cars[two, FORM] == WALKED:
        return False
    profile = model.fleet[one, PROFILE]
    head, tail = tracks.segments[one, cut, AT_PLACE], tracks.segments[one, cut + 1, AT_PLACE]
    other_head = tracks.segments[two, other_cut, AT_PLACE]
    other_tail = tracks.segments[two, other_cut + 1, AT_PLACE]
    joint_s = ground.arcs[profile, head, other_tail, SECONDS]
    other_joint_s = ground.arcs[profile, other_head, tail, SECONDS]
    saved_s = (
        tracks.segments[one, cut, STEP_S]
        + tracks.segments[two, other_cut, STEP_S]
        - joint_s
        - other_joint_s
    )
    saved_m = (
        tracks.segments[one, cut, STEP_M]
        + tracks.segments[two, other_cut, STEP_M]
        - ground.arcs[profile, head, other_tail, METRES]
        - ground.arcs[profile, other_head, tail, METRES]
    )
    saved = model.fleet[one, TRAVEL_PRICE] * saved_s + model.fleet[one, DISTANCE_PRICE] * saved_m
    return bool(
        saved > 0
        and _joins(ground, model, board, tracks, one, cut, two, other_cut, joint_s)
        and _joins(ground, model, board, tracks, two, other_cut, one, cut, other_joint_s)
    )


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
    step_s: int,
) -> bool:
    """Whether the head of a route can be followed by another's tail."""
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
