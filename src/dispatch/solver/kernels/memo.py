"""What is remembered of each route, so that most insertions are judged without walking it.

The states before each position make an insertion's own step exact. What follows is first only
bounded: its latest starts say whether it can still be reached in time, its gaps how much of a
delay it swallows (Savelsbergh, ORSA Journal on Computing 4(2), 1992).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import (
    BOUND,
    BREAK_DURATION,
    CLOSING,
    EARLY,
    END_PLACE,
    FIRST_PREFERRED,
    FIRST_WINDOW,
    FOLLOWING,
    GAPS,
    LATEST,
    LATEST_START,
    LENGTH,
    OPENING,
    PAUSE,
    PLACE,
    PREFERRED_PRICE,
    PROFILE,
    PROMISED_START,
    PUBLISHED,
    STATE_FIELDS,
    TRAVEL,
    TRAVEL_PRICE,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.driving import departure, least_s, varies
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import way_home
from dispatch.solver.kernels.walk import State, pass_break, pass_visit, promise_price, setting_out
from dispatch.solver.problem import USUAL_PERCENT


class Memo(NamedTuple):
    """By vehicle and position; a position may be the row's length: the end. All int64."""

    states: Ints
    """(vehicles, row + 1, STATE_FIELDS) the state before each position"""
    ahead: Ints
    """(vehicles, row + 1, FOLLOWING .. EARLY): the position of the next visit at or after, or -1;
    s, the breaks before it; s, no later start of the visit here leaves the rest feasible; s, idle
    time before visits after this one; cost units that starting later could save from here on: by
    coming less early, and by quicker ways"""
    last: Ints
    """(vehicles,) the position of the last visit, or -1"""


@njit(cache=True)
def empty_memo(board: Board) -> Memo:
    """Nothing remembered yet: every route is stale."""
    vehicles, row = board.sequence.shape
    board.stale[:] = True
    return Memo(
        np.zeros((vehicles, row + 1, STATE_FIELDS), np.int64),
        np.zeros((vehicles, row + 1, 5), np.int64),
        np.zeros(vehicles, np.int64),
    )


@kernel
def recall(model: Model, board: Board, memo: Memo, vehicle: int) -> None:
    """See to it that what is remembered of a timed route is true."""
    if board.stale[vehicle]:
        _remember_states(model, board, memo, vehicle)
        _remember_rest(model, board, memo, vehicle)
        board.stale[vehicle] = False


@inlined
def state_at(memo: Memo, vehicle: int, position: int) -> State:
    """The state before a position."""
    s = memo.states[vehicle, position]
    return State(
        s[0],
        s[1],
        s[2],
        s[3],
        s[4],
        s[5],
        s[6],
        s[7],
        s[8],
        s[9],
        s[10],
        s[11],
        s[12],
        s[13],
        s[14],
        s[15],
        s[16],
        s[17],
    )


@kernel
def _remember_states(model: Model, board: Board, memo: Memo, vehicle: int) -> None:
    visits, states = len(model.load), memo.states[vehicle]
    state = setting_out(model, vehicle)
    _write(states, 0, state)
    memo.last[vehicle] = -1
    for position in range(board.routes[vehicle, LENGTH]):
        activity = board.sequence[vehicle, position]
        if activity >= visits:
            state = pass_break(model, state, activity - visits)
        else:
            state = pass_visit(model, vehicle, state, activity, board.stops[activity, BOUND])
            memo.last[vehicle] = position
        _write(states, position + 1, state)


@inlined
def _write(states: Ints, position: int, state: State) -> None:
    for field in range(STATE_FIELDS):
        states[position, field] = state[field]


@kernel
def _remember_rest(model: Model, board: Board, memo: Memo, vehicle: int) -> None:
    """From the end of the row to its start."""
    visits, length = len(model.load), board.routes[vehicle, LENGTH]
    profile = model.fleet[vehicle, PROFILE]
    following, pause, gaps, early = -1, 0, 0, 0
    gap, slow = 0, _slow_home(model, board, memo, vehicle)
    for position in range(length, -1, -1):
        if position < length:
            activity = board.sequence[vehicle, position]
            if activity >= visits:
                pause += model.breaks[activity - visits, BREAK_DURATION]
            else:
                state = state_at(memo, vehicle, position + 1)
                before = state_at(memo, vehicle, position)
                gaps, early = gaps + gap, early + slow + _could_save(model, activity, state.start)
                memo.ahead[vehicle, position, LATEST_START] = _latest_start(
                    model,
                    board,
                    memo,
                    vehicle,
                    activity,
                    state.free - state.start,
                    following,
                    pause,
                )
                travel = 0
                if before.place >= 0:
                    travel = model.travel_s[profile, before.place, model.visits[activity, PLACE]]
                gap = state.start - before.free - travel
                slow = _saved(model, vehicle, state.travel - before.travel, travel)
                following, pause = position, 0
        memo.ahead[vehicle, position, FOLLOWING] = following
        memo.ahead[vehicle, position, PAUSE] = pause
        memo.ahead[vehicle, position, GAPS] = gaps
        memo.ahead[vehicle, position, EARLY] = early


@kernel
def _slow_home(model: Model, board: Board, memo: Memo, vehicle: int) -> int:
    if memo.last[vehicle] < 0 or not varies(model, vehicle):
        return 0
    state = state_at(memo, vehicle, memo.last[vehicle] + 1)
    usual = way_home(model, vehicle, state.place)[0]
    return _saved(model, vehicle, board.routes[vehicle, TRAVEL] - state.travel, usual)


@kernel
def _saved(model: Model, vehicle: int, seconds: int, usual: int) -> int:
    """What a way could cost less at the fastest speed."""
    if not varies(model, vehicle):
        return 0
    saved = seconds - least_s(model, vehicle, usual)
    return int(model.fleet[vehicle, TRAVEL_PRICE] * saved)


@kernel
def _latest_start(
    model: Model,
    board: Board,
    memo: Memo,
    vehicle: int,
    visit: int,
    occupied: int,
    following: int,
    pause: int,
) -> int:
    """By its own last window, and by what follows."""
    own = model.windows[model.visits[visit + 1, FIRST_WINDOW] - 1, CLOSING]
    return int(
        min(
            own,
            latest_end(model, board, memo, vehicle, model.visits[visit, PLACE], following, pause)
            - occupied,
        )
    )


@kernel
def latest_end(
    model: Model, board: Board, memo: Memo, vehicle: int, place: int, following: int, pause: int
) -> int:
    """No later end of a visit at ``place`` lets the visit at ``following`` (or the end) be made."""
    profile = model.fleet[vehicle, PROFILE]
    if following < 0:
        end_place = model.fleet[vehicle, END_PLACE]
        travel = model.travel_s[profile, place, end_place] if end_place >= 0 else 0
        return latest_departure(model, vehicle, model.fleet[vehicle, LATEST], travel, 0)
    target = model.visits[board.sequence[vehicle, following], PLACE]
    return latest_departure(
        model,
        vehicle,
        memo.ahead[vehicle, following, LATEST_START],
        model.travel_s[profile, place, target],
        pause,
    )


@kernel
def latest_departure(model: Model, vehicle: int, arrival: int, usual: int, pause: int) -> int:
    """No later one is there by ``arrival`` after so many usual seconds, and breaks in between."""
    if not varies(model, vehicle):
        return int(arrival - pause - usual)
    if pause == 0:
        return departure(model, vehicle, arrival, usual * USUAL_PERCENT)
    return int(arrival - pause - least_s(model, vehicle, usual))


@kernel
def _could_save(model: Model, visit: int, start: int) -> int:
    """What a later start could save at most: the prices of coming too early."""
    saved = _too_early_for_preference(model, visit, start)
    if model.visits[visit, PUBLISHED] >= 0:
        promised = model.published[model.visits[visit, PUBLISHED], PROMISED_START]
        if start < promised:
            saved += promise_price(model, visit, start)
    return saved


@kernel
def _too_early_for_preference(model: Model, visit: int, start: int) -> int:
    first, last = model.visits[visit, FIRST_PREFERRED], model.visits[visit + 1, FIRST_PREFERRED]
    if (
        first == last
        or model.visits[visit, PREFERRED_PRICE] == 0
        or start >= model.preferred[last - 1, CLOSING]
    ):
        return 0
    nearest = model.preferred[last - 1, OPENING] - start
    for at in range(first, last):
        miss = max(0, model.preferred[at, OPENING] - start, start - model.preferred[at, CLOSING])
        nearest = min(nearest, miss)
    return int(max(0, nearest) * model.visits[visit, PREFERRED_PRICE])
