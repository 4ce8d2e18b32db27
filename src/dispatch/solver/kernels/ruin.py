"""Taking visits off routes: strings near one another, as in SISR.

Christiaens and Vanden Berghe, Slack Induction by String Removals for Vehicle Routing Problems,
Transportation Science 54(2), 2020.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.kernels.board import Board, remove
from dispatch.solver.kernels.columns import (
    AFTER,
    BEFORE,
    FIRST_LINK,
    FIRST_VISIT,
    GROUP,
    LENGTH,
    VEHICLE,
    VISITS,
)
from dispatch.solver.kernels.model import Model

SPLIT = 0.5
"""How often a string keeps a part of its middle."""


@njit(cache=True)
def ruin(
    model: Model,
    board: Board,
    neighbours: Ints,
    mean_removed: float,
    longest: float,
    rng: np.random.Generator,
    touched: Bools,
) -> None:
    """Take off about ``mean_removed`` visits around a random one, and all tied to them.

    ``neighbours`` is (visits, nearest); ``touched`` (vehicles,) gains the routes they came from.
    Times are not updated.
    """
    visits = len(model.load)
    used = max(1, np.count_nonzero(board.routes[:, VISITS]))
    mean_route = max(1.0, board.routes[:, VISITS].sum() / used)
    longest_here = min(longest, mean_route)
    most_strings = 4 * mean_removed / (1 + longest_here) - 1
    strings = int(rng.random() * most_strings + 1)
    ruined = np.zeros(len(touched), np.bool_)
    centre = int(rng.random() * visits)
    done = 0
    for at in range(-1, neighbours.shape[1]):
        visit = centre if at < 0 else neighbours[centre, at]
        vehicle = board.stops[visit, VEHICLE]
        if vehicle < 0 or ruined[vehicle]:
            continue
        length = int(rng.random() * min(float(board.routes[vehicle, VISITS]), longest_here) + 1)
        _remove_string(model, board, vehicle, visit, length, rng)
        ruined[vehicle] = True
        touched[vehicle] = True
        done += 1
        if done >= strings:
            break
    if len(model.links) > 0 or (len(model.groups) - 1) < visits:
        remove_tied(model, board, touched)


@njit(cache=True)
def _remove_string(
    model: Model, board: Board, vehicle: int, visit: int, length: int, rng: np.random.Generator
) -> None:
    """Remove ``length`` neighbouring visits with ``visit`` among them; breaks stay."""
    count = board.routes[vehicle, VISITS]
    kept = 0
    if length < count and length > 1 and rng.random() < SPLIT:
        kept = 1 + int(rng.random() * min(length - 1, count - length))
    span = min(length + kept, count)
    place = _rank_among_visits(model, board, vehicle, visit)
    first = max(0, place - int(rng.random() * span))
    first = min(first, count - span)
    keep_from = first + int(rng.random() * (span - kept + 1)) if kept > 0 else -1
    position = index = 0
    while position < board.routes[vehicle, LENGTH] and index < first + span:
        if board.sequence[vehicle, position] >= len(model.load):
            position += 1
            continue
        spared = keep_from <= index < keep_from + kept
        if index >= first and not spared:
            remove(model, board, vehicle, position)
        else:
            position += 1
        index += 1


@njit(cache=True)
def _rank_among_visits(model: Model, board: Board, vehicle: int, visit: int) -> int:
    rank = 0
    for position in range(board.routes[vehicle, LENGTH]):
        activity = board.sequence[vehicle, position]
        if activity == visit:
            return rank
        if activity < len(model.load):
            rank += 1
    return rank


@njit(cache=True)
def remove_tied(model: Model, board: Board, touched: Bools) -> None:
    """Take off what may not stay without what is gone: crew mates and dependent jobs."""
    again = True
    while again:
        again = False
        for visit in range(len(model.load)):
            if board.stops[visit, VEHICLE] >= 0 and not _may_stay(model, board, visit):
                vehicle = board.stops[visit, VEHICLE]
                take_off(model, board, visit)
                touched[vehicle] = True
                again = True


@njit(cache=True)
def _may_stay(model: Model, board: Board, visit: int) -> bool:
    group = model.visits[visit, GROUP]
    for mate in range(model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]):
        if board.stops[mate, VEHICLE] < 0:
            return False
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        if (
            model.links[link, AFTER] == visit
            and board.stops[model.links[link, BEFORE], VEHICLE] < 0
        ):
            return False
    return True


@njit(cache=True)
def take_off(model: Model, board: Board, visit: int) -> None:
    """Remove a served visit, wherever it stands."""
    vehicle = board.stops[visit, VEHICLE]
    for position in range(board.routes[vehicle, LENGTH]):
        if board.sequence[vehicle, position] == visit:
            remove(model, board, vehicle, position)
            return
