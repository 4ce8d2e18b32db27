"""What one visit costs at every position of every route, exactly.

An insertion that changes nothing for others is walked along its own route (`insertion.py`). Where
tied visits come after it, the routes that follow are timed as well: from the times they have, if
the insertion can only delay what follows it, else from scratch, since times only ever grow towards
the least that holds.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, copy_times, insert, remove
from dispatch.solver.kernels.columns import (
    AFTER,
    BEFORE,
    BOUND,
    DURATION,
    END,
    FIRST_LINK,
    FIRST_VISIT,
    FOLLOWING,
    FROM_END,
    GROUP,
    LENGTH,
    MAX_DELAY,
    MAX_DURATION,
    MAX_TRAVEL,
    MIN_DELAY,
    PLACE,
    PROFILE,
    SETUP,
    START,
    STATE_PLACE,
    VEHICLE,
    WORST,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.construct import total_cost, worst_lateness
from dispatch.solver.kernels.crews import link_bound
from dispatch.solver.kernels.driving import varies
from dispatch.solver.kernels.insertion import IMPOSSIBLE, fits, walk_on
from dispatch.solver.kernels.links import linked, settle, settle_anew
from dispatch.solver.kernels.memo import Memo, recall, state_at
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.kernels.walk import pass_visit
from dispatch.solver.problem import NEVER


@njit(cache=True)
def insert_everywhere(
    model: Model, board: Board, trial: Board, memo: Memo, visit: int, costs: Ints
) -> None:
    """Write what inserting ``visit`` adds to the plan: (vehicles, positions) cost units.

    IMPOSSIBLE where a rule breaks. ``board`` is settled and stays; ``trial`` is a full copy of it,
    and is one again afterwards.
    """
    costs[:] = IMPOSSIBLE
    if not may_be_served(model, board, visit):
        return
    worst = worst_lateness(board)
    bound = link_bound(model, board, visit)
    room = np.zeros((2, len(model.capacity)), np.bool_)
    for vehicle in range(len(model.capacity)):
        if not fits(model, board, vehicle, visit):
            continue
        recall(model, board, memo, vehicle)
        last_tied = _last_tied(model, board, vehicle)
        for position in range(board.routes[vehicle, LENGTH] + 1):
            costs[vehicle, position] = _cost_at(
                model, board, trial, memo, room, vehicle, position, visit, bound, worst, last_tied
            )


@kernel
def may_be_served(model: Model, board: Board, visit: int) -> bool:
    """Whether it is not served yet, but what must come before it and all its crew are."""
    if board.stops[visit, VEHICLE] >= 0:
        return False
    group = model.visits[visit, GROUP]
    for mate in range(model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]):
        if mate != visit and board.stops[mate, VEHICLE] < 0:
            return False
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before = model.links[link, BEFORE]
        if before != visit and board.stops[before, VEHICLE] < 0:
            return False
    return True


@kernel
def _last_tied(model: Model, board: Board, vehicle: int) -> int:
    """The position of the last visit of a route that is tied to another, or -1."""
    for position in range(board.routes[vehicle, LENGTH] - 1, -1, -1):
        activity = board.sequence[vehicle, position]
        if activity < len(model.load) and linked(model, activity):
            return position
    return -1


@kernel
def _cost_at(
    model: Model,
    board: Board,
    trial: Board,
    memo: Memo,
    room: Bools,
    vehicle: int,
    position: int,
    visit: int,
    bound: int,
    worst: int,
    last_tied: int,
) -> int:
    own_tie = linked(model, visit)
    tied = own_tie or last_tied >= position
    delays = not tied or _only_delays(model, board, memo, vehicle, position, visit)
    if tied and (not delays or _later_is_shorter(model, vehicle)):
        return _timed_cost(model, board, trial, room, vehicle, position, visit, delays)
    state = pass_visit(model, vehicle, state_at(memo, vehicle, position), visit, bound)
    if state.feasible == 0:
        return IMPOSSIBLE
    found = walk_on(model, board, memo, vehicle, position, worst, state)
    if found.delta == IMPOSSIBLE:
        return IMPOSSIBLE
    # The walk charges a higher worst lateness, but credits no lower one.
    is_worst = model.worst_price > 0 and 0 < worst == board.routes[vehicle, WORST]
    if is_worst or (tied and (own_tie or found.moves_links == 1)):
        return _timed_cost(model, board, trial, room, vehicle, position, visit, delays)
    return found.delta


@kernel
def _later_is_shorter(model: Model, vehicle: int) -> bool:
    """Whether a route that is too long may be short enough once its mates have delayed it."""
    fleet = model.fleet
    if varies(model, vehicle) and fleet[vehicle, MAX_TRAVEL] < NEVER:
        return True
    return bool(fleet[vehicle, MAX_DURATION] < NEVER)


@kernel
def _only_delays(
    model: Model, board: Board, memo: Memo, vehicle: int, position: int, visit: int
) -> bool:
    """Whether nothing after the position can start earlier, or be at work for a different time.

    So it is unless a break comes next, the next visit wins or loses its set-up, or the detour is a
    short cut.
    """
    following = memo.ahead[vehicle, position, FOLLOWING]
    if following < 0:
        return True
    if following != position:
        return False
    profile = model.fleet[vehicle, PROFILE]
    here, there = model.visits[visit, PLACE], memo.states[vehicle, position, STATE_PLACE]
    following_visit = board.sequence[vehicle, following]
    target = model.visits[following_visit, PLACE]
    if model.visits[following_visit, SETUP] > 0 and target in (here, there):
        return False
    detour = model.travel_s[profile, here, target]
    if not varies(model, vehicle):  # else nobody knows what could be driven in that time
        detour += model.pairs[visit, vehicle, DURATION]
    straight = 0
    if there >= 0:
        detour += model.travel_s[profile, there, here]
        straight = model.travel_s[profile, there, target]
    return bool(detour >= straight)


@kernel
def _timed_cost(
    model: Model,
    board: Board,
    trial: Board,
    room: Bools,
    vehicle: int,
    position: int,
    visit: int,
    delays: bool,
) -> int:
    """Insert it in the trial board, time all that follows, and put everything back.

    ``room`` (2, vehicles) is False, before and afterwards.
    """
    dirty, touched = room[0], room[1]
    insert(model, trial, vehicle, position, visit)
    if delays:
        dirty[vehicle] = True
        trial.stops[visit, BOUND] = link_bound(model, trial, visit)
        failed = settle(model, trial, dirty, touched)
    else:
        failed = settle_anew(model, trial, dirty, touched)
    touched[:] = False
    cost = IMPOSSIBLE
    if failed == FINE and _links_hold(model, trial):
        cost = total_cost(model, trial) - total_cost(model, board)
    remove(model, trial, vehicle, position)
    copy_times(board, trial)
    return cost


@kernel
def _links_hold(model: Model, board: Board) -> bool:
    """A visit that could not move may leave a longest delay broken."""
    for link in range(len(model.links)):
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        if board.stops[before, VEHICLE] < 0 or board.stops[after, VEHICLE] < 0:
            continue
        since = START
        if model.links[link, FROM_END]:
            since = END
        delay = board.stops[after, START] - board.stops[before, since]
        longest = model.links[link, MAX_DELAY]
        if delay < model.links[link, MIN_DELAY] or NEVER > longest < delay:
            return False
    return True
