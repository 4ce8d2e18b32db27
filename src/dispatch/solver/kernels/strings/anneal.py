"""Ruin and recreate under simulated annealing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import (
    COST,
    GROUP,
    LENGTH,
    UNSERVED_PRICE,
    VEHICLE,
    VISITS,
    WORST,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.memo import Memo
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.strings.columns import (
    ABSENT_IN_TIME,
    FOR_ABSENT,
    FORM,
    GIFT,
    PARTNERS,
    WALKED,
)
from dispatch.solver.kernels.strings.ground import Floats, Ground
from dispatch.solver.kernels.strings.recreate import ask_absent, ask_all, recreate
from dispatch.solver.kernels.strings.ruin import ruin
from dispatch.solver.kernels.strings.segments import Tracks, refresh
from dispatch.solver.kernels.strings.tails import exchange_tails
from dispatch.solver.kernels.strings.tally import (
    ABSENT,
    POOLED,
    SERVED,
    TOUCHED,
    USED,
    Tally,
    clear,
    settle_bank,
)
from dispatch.solver.kernels.timing import FINE

# Search.ledger
CURRENT, BEST, SUBSIDY = range(3)

MOST_ABSENT = 25
"""Absent visits tried in an iteration, if there are more."""
ROUTEFUL = 60
"""Absent visits tried with a gift: enough to make a route worth its way."""


class Search(NamedTuple):
    """All that the search works on."""

    ground: Ground
    model: Model
    board: Board
    """the working plan; equal to the current one between iterations"""
    current: Board
    best: Board
    """only its rows count"""
    memo: Memo
    tracks: Tracks
    """of the working plan"""
    current_tracks: Tracks
    tally: Tally
    ledger: Ints
    """(CURRENT .. SUBSIDY,) cost units: of the current plan and the best one in truth; and what
    is given for now to every vehicle in use"""
    prices: Ints
    """(visits,) cost units, what leaving a visit out costs for now, more or less than in truth"""
    unsaved: Bools
    """(vehicles,) current routes that the best plan does not have yet"""
    habits: Floats
    """(IN_TIME .. PARTNERS,)"""
    luck: Chance


@njit(cache=True)
def construct(search: Search) -> bool:
    """Put in every absent visit that is worth it; False if a rule failed, and nothing was done."""
    clear(search.tally)
    ask_all(search.tally)
    return bool(_step(search, np.inf, len(search.model.load)))


@njit(cache=True)
def anneal(
    search: Search,
    temperature: float,
    mean_removed: float,
    longest: float,
    iterations: int,
) -> int:
    """Run some iterations at one temperature; answers how often a new best was found."""
    best = search.ledger[BEST]
    found = 0
    for _ in range(iterations):
        clear(search.tally)
        centre = _centre(search)
        ruin(
            search.ground,
            search.model,
            search.board,
            search.tracks,
            search.tally,
            centre,
            mean_removed,
            longest,
            search.habits,
            search.luck,
        )
        gifts = int(uniform(search.luck) < search.habits[GIFT])
        absent = ROUTEFUL if gifts == 1 else MOST_ABSENT
        how = int(uniform(search.luck) < search.habits[ABSENT_IN_TIME])
        ask_absent(search.ground, search.tally, centre, how, absent, search.luck)
        budget = -temperature * math.log(1.0 - uniform(search.luck))
        _step(search, budget, gifts)
        if search.ledger[BEST] < best:
            best = search.ledger[BEST]
            found += 1
    return found


@inlined
def _centre(search: Search) -> int:
    """Any visit; often one that is left out, so that room is made for it."""
    absent = search.tally.counts[ABSENT]
    if absent > 0 and uniform(search.luck) < search.habits[FOR_ABSENT]:
        return int(search.tally.bank[below(search.luck, absent)])
    return below(search.luck, len(search.model.load))


@kernel
def _step(search: Search, budget: float, gifts: int) -> bool:
    """From a ruined plan to one that costs less than ``budget`` more, or back; answers which."""
    ground, model, board, tally = search.ground, search.model, search.board, search.tally
    tracks, current = search.tracks, search.current
    worst = _worst(model, current)
    holds = _refresh_touched(ground, model, board, tracks, tally) and recreate(
        ground,
        model,
        board,
        search.memo,
        tracks,
        tally,
        search.prices,
        worst,
        gifts,
        search.ledger[SUBSIDY],
        search.habits,
        search.luck,
    )
    more = owed = 0
    if holds:
        exchange_tails(ground, model, board, tracks, tally, int(search.habits[PARTNERS]))
        more = _difference(model, tally, current, board, worst)
        owed = search.ledger[SUBSIDY] * _more_used(tally, current, board)
        more -= owed
        for at in range(tally.counts[POOLED]):
            visit = tally.pool[at]
            left_out = int(board.stops[visit, VEHICLE] < 0) - int(current.stops[visit, VEHICLE] < 0)
            price = search.prices[visit]
            more += left_out * price
            owed += left_out * (model.groups[model.visits[visit, GROUP], UNSERVED_PRICE] - price)
    if not holds or more >= budget:
        _copy_touched(current, board, search.current_tracks, tracks, tally)
        for at in range(tally.counts[TOUCHED]):
            board.stale[tally.routes[at]] = True
        return False
    _accept(search)
    search.ledger[CURRENT] += more + owed
    if search.ledger[CURRENT] < search.ledger[BEST]:
        search.ledger[BEST] = search.ledger[CURRENT]
        _keep_best(current, search.best, search.unsaved)
    return True


@kernel
def _worst(model: Model, board: Board) -> int:
    worst = 0
    if model.worst_price > 0:
        for vehicle in range(len(board.routes)):
            worst = max(worst, board.routes[vehicle, WORST])
    return worst


@kernel
def _refresh_touched(
    ground: Ground, model: Model, board: Board, tracks: Tracks, tally: Tally
) -> bool:
    for at in range(tally.counts[TOUCHED]):
        if refresh(ground, model, board, tracks, tally.routes[at]) != FINE:
            return False
    return True


@kernel
def _difference(model: Model, tally: Tally, before: Board, now: Board, worst: int) -> int:
    """What the routes cost more than before."""
    more = 0
    for at in range(tally.counts[TOUCHED]):
        vehicle = tally.routes[at]
        more += now.routes[vehicle, COST] - before.routes[vehicle, COST]
    if model.worst_price > 0:
        more += model.worst_price * (_worst(model, now) - worst)
    return more


@kernel
def _more_used(tally: Tally, before: Board, now: Board) -> int:
    """How many vehicles more are used than before."""
    more = 0
    for at in range(tally.counts[TOUCHED]):
        vehicle = tally.routes[at]
        more += int(now.routes[vehicle, VISITS] > 0) - int(before.routes[vehicle, VISITS] > 0)
    return more


@kernel
def _accept(search: Search) -> None:
    board, current, tally = search.board, search.current, search.tally
    settle_bank(tally, board)
    tally.counts[USED] += _more_used(tally, current, board)
    for at in range(tally.counts[TOUCHED]):
        vehicle = tally.routes[at]
        visits, before = board.routes[vehicle, VISITS], current.routes[vehicle, VISITS]
        tally.counts[SERVED] += visits - before
        search.unsaved[vehicle] = True
    _copy_touched(board, current, search.tracks, search.current_tracks, tally)


@kernel
def _copy_touched(
    source: Board, target: Board, track: Tracks, target_track: Tracks, tally: Tally
) -> None:
    """Make the routes that were touched, and the pool, the same on the target."""
    for at in range(tally.counts[POOLED]):
        target.stops[tally.pool[at], VEHICLE] = source.stops[tally.pool[at], VEHICLE]
        _copy_row(track.spots, target_track.spots, tally.pool[at])
    for at in range(tally.counts[TOUCHED]):
        vehicle = tally.routes[at]
        _copy_row(track.cars, target_track.cars, vehicle)
        target_track.spare_s[vehicle] = track.spare_s[vehicle]
        _copy_row(source.routes, target.routes, vehicle)
        _copy_row(source.load, target.load, vehicle)
        for position in range(source.routes[vehicle, LENGTH]):
            activity = source.sequence[vehicle, position]
            target.sequence[vehicle, position] = activity
            _copy_row(track.spots, target_track.spots, activity)
            if activity < len(source.stops):
                _copy_row(source.stops, target.stops, activity)
        if track.cars[vehicle, FORM] != WALKED:
            for stop in range(source.routes[vehicle, LENGTH] + 2):
                _copy_row(track.segments[vehicle], target_track.segments[vehicle], stop)


@inlined
def _copy_row(source: np.ndarray, target: np.ndarray, row: int) -> None:
    """Column by column: numba makes a slow affair of copying short slices."""
    for column in range(source.shape[1]):
        target[row, column] = source[row, column]


@kernel
def _keep_best(current: Board, best: Board, unsaved: Bools) -> None:
    """Copy the rows that have changed since the best was copied last."""
    for vehicle in range(len(unsaved)):
        if unsaved[vehicle]:
            unsaved[vehicle] = False
            best.routes[vehicle, LENGTH] = current.routes[vehicle, LENGTH]
            best.routes[vehicle, VISITS] = current.routes[vehicle, VISITS]
            for position in range(current.routes[vehicle, LENGTH]):
                best.sequence[vehicle, position] = current.sequence[vehicle, position]
