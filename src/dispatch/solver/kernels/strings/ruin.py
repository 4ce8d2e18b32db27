"""Taking strings of visits off routes near one another, as in SISR.

Christiaens and Vanden Berghe, Slack Induction by String Removals for Vehicle Routing Problems,
Transportation Science 54(2), 2020.
"""

from __future__ import annotations

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import LENGTH, VEHICLE, VISITS
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    AT_POSITION,
    AT_VEHICLE,
    IN_TIME,
    LONGER_SPLIT,
    MOVABLE,
    SPLIT,
)
from dispatch.solver.kernels.strings.ground import Floats, Ground
from dispatch.solver.kernels.strings.segments import Tracks
from dispatch.solver.kernels.strings.tally import POOLED, SERVED, USED, Tally, look_again, touch


@kernel
def ruin(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    tally: Tally,
    centre: int,
    mean_removed: float,
    longest: float,
    habits: Floats,
    luck: Chance,
) -> None:
    """Take off about ``mean_removed`` visits around ``centre``. Times are not updated."""
    mean_route = tally.counts[SERVED] / max(1, tally.counts[USED])
    longest_here = min(longest, mean_route)
    strings = int(uniform(luck) * (4 * mean_removed / (1 + longest_here) - 1) + 1)
    how = 1 if uniform(luck) < habits[IN_TIME] else 0
    done = 0
    for at in range(-1, ground.around.shape[2]):
        visit = centre if at < 0 else ground.around[how, centre, at]
        if visit < 0:
            break
        vehicle = board.stops[visit, VEHICLE]
        if vehicle < 0 or tally.touched[vehicle] or ground.hot[visit, MOVABLE] == 0:
            continue
        length = int(uniform(luck) * min(float(board.routes[vehicle, VISITS]), longest_here) + 1)
        touch(tally, vehicle)
        _take_string(ground, model, board, tracks, tally, vehicle, visit, length, habits, luck)
        done += 1
        if done >= strings:
            break


@kernel
def _take_string(
    ground: Ground,
    model: Model,
    board: Board,
    tracks: Tracks,
    tally: Tally,
    vehicle: int,
    visit: int,
    length: int,
    habits: Floats,
    luck: Chance,
) -> None:
    """Remove ``length`` neighbouring visits with ``visit`` among them; what may not move stays."""
    count = board.routes[vehicle, LENGTH]
    kept = 0
    if 1 < length < count and uniform(luck) < habits[SPLIT]:
        kept = 1
        while length + kept < count and uniform(luck) < habits[LONGER_SPLIT]:
            kept += 1
    span = min(length + kept, count)
    place = int(tracks.spots[visit, AT_POSITION])
    lowest, highest = max(0, place - span + 1), min(place, count - span)
    first = lowest + below(luck, highest - lowest + 1)
    keep_from = first + 1 + below(luck, length - 1) if kept > 0 else count
    to = first
    for position in range(first, count):
        activity = board.sequence[vehicle, position]
        gone = position < first + span and not keep_from <= position < keep_from + kept
        if gone and activity < len(model.load) and ground.hot[activity, MOVABLE] == 1:
            drop(model, board, tracks, tally, vehicle, activity)
        else:
            board.sequence[vehicle, to] = activity
            tracks.spots[activity, AT_POSITION] = to
            to += 1
    board.routes[vehicle, LENGTH] = to
    for position in range(max(0, first - 1), min(to, first + kept + 1)):
        if board.sequence[vehicle, position] < len(model.load):
            look_again(tally, board.sequence[vehicle, position])


@inlined
def drop(
    model: Model, board: Board, tracks: Tracks, tally: Tally, vehicle: int, visit: int
) -> None:
    """Write down that a visit is off its route; the row itself is the caller's."""
    board.routes[vehicle, VISITS] -= 1
    for dimension in range(model.load.shape[1]):
        board.load[vehicle, dimension] -= model.load[visit, dimension]
    board.stops[visit, VEHICLE] = -1
    tracks.spots[visit, AT_VEHICLE] = -1
    tally.pool[tally.counts[POOLED]] = visit
    tally.counts[POOLED] += 1
