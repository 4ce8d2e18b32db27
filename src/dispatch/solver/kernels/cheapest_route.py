"""The cheapest route of one vehicle when serving a visit earns its worth: a lower bound on it.

The route is a walk through visits and time, by dynamic programming over steps of time no longer
than going from any visit to the end of any other takes. It may come back to a visit, but not at
once (Houck, Picard, Queyranne and Vemuganti, *The travelling salesman problem as a constrained
shortest path problem*, Opsearch 17, 1980). Wherever a rule or a price is left out or a time is
rounded, the walk is cheaper than the route, never dearer:

- links, ranks, loads and the limits on travel, visits and duration are not looked at; waiting is
  not paid;
- the labels of a visit that end in the same step share the earliest of their ends;
- breaks take no time. Those not taken before leaving are paid at the start, and the price is given
  back for those that begin when the route is over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import (
    BREAK_DURATION,
    BREAK_EARLIEST,
    CLOSING,
    DISTANCE_PRICE,
    EARLIEST,
    END_PLACE,
    FIRST_BREAK,
    LATEST,
    OPENING,
    OVERTIME_PRICE,
    PLACE,
    PROFILE,
    SHIFT_END,
    TIME_PRICE,
    TRAVEL_PRICE,
    USE_PRICE,
)
from dispatch.solver.kernels.legs import (
    STOP_CHOSEN_PRICE,
    STOP_CHOSEN_UNTIL,
    STOP_CLOSING,
    STOP_DUE,
    STOP_LAST_WINDOW,
    STOP_LATE_PRICE,
    STOP_OPENING,
    STOP_WINDOW,
    Legs,
    legs_of,
)
from dispatch.solver.kernels.model import Model
from dispatch.solver.problem import NEVER

UNREACHED = 2**62
MOST_BREAKS = 5
"""Of one vehicle, that all choices are looked at."""


class Labels(NamedTuple):
    """The best ways to have done visit c by the end of step s, for the candidates of a vehicle."""

    cost: Ints
    """(size, steps, 2) cost units; the second best comes from another visit"""
    end_s: Ints
    """(size, steps) the earliest end of any of them"""
    before: Ints
    """(size, steps, 2, 3) candidate, step and rank of the label before; -1 at the start"""


@njit(cache=True)
def cheapest_route(
    model: Model, vehicle: int, candidates: Ints, worth: Ints, step_s: int, steps: int
) -> tuple[int, Ints]:
    """A bound on the cost of any used route less the worth of its visits, and a walk that has it.

    Parameters
    ----------
    candidates
        (size,) the visits it may take.
    worth
        (visits,) cost units.
    step_s, steps
        :func:`shortest_step` or less; enough of them for the whole shift.

    Returns
    -------
    tuple of int and Ints
        UNREACHED and nothing where no route is possible.
    """
    size = len(candidates)
    legs = legs_of(model, vehicle, candidates, worth)
    labels = Labels(
        np.full((size, steps, 2), UNREACHED, np.int64),
        np.full((size, steps), NEVER, np.int64),
        np.full((size, steps, 2, 3), -1, np.int64),
    )
    _set_out(model, vehicle, legs, step_s, labels)
    least, last_candidate, last_step = UNREACHED, -1, -1
    for step in range(steps):
        for here in range(size):
            if labels.cost[here, step, 0] == UNREACHED:
                continue
            reached = labels.cost[here, step, 0], labels.cost[here, step, 1]
            back, free = labels.before[here, step, 0, 0], labels.end_s[here, step]
            home = _way_home(model, vehicle, candidates[here], free)
            if home < UNREACHED and reached[0] + home < least:
                least, last_candidate, last_step = reached[0] + home, here, step
            _go_on(model, vehicle, legs, labels, step_s, here, step, free, reached, back)
    return least, _trace(labels, candidates, last_candidate, last_step)


@njit(cache=True)
def _set_out(model: Model, vehicle: int, legs: Legs, step_s: int, labels: Labels) -> None:
    """Labels of the first visits, for every choice of the breaks taken before leaving.

    With very many breaks they are all free of charge, and take no time.
    """
    earliest, first_break = model.fleet[vehicle, EARLIEST], model.fleet[vehicle, FIRST_BREAK]
    count = model.fleet[vehicle + 1, FIRST_BREAK] - first_break
    for chosen in range(1 << count if count <= MOST_BREAKS else 1):
        free, ahead_s = earliest, 0
        for at in range(count if count <= MOST_BREAKS else 0):
            duration = model.breaks[first_break + at, BREAK_DURATION]
            if chosen >> at & 1:
                free = max(free, model.breaks[first_break + at, BREAK_EARLIEST]) + duration
            else:
                ahead_s += duration
        price = model.fleet[vehicle, USE_PRICE] + ahead_s * model.fleet[vehicle, TIME_PRICE]
        _go_on(model, vehicle, legs, labels, step_s, -1, 0, free, (price, UNREACHED), -1)


@njit(cache=True)
def _go_on(
    model: Model,
    vehicle: int,
    legs: Legs,
    labels: Labels,
    step_s: int,
    here: int,
    step: int,
    free: int,
    reached: tuple[int, int],
    back: int,
) -> None:
    """From one visit (or the start, -1) to every other, having ``reached`` it for so much.

    To the visit ``back`` goes only the second label. An array's reference count costs more than
    an arrival, so the arrays are taken out of their tuples before the loop.
    """
    earliest, latest = model.fleet[vehicle, EARLIEST], model.fleet[vehicle, LATEST]
    windows, stops = model.windows, legs.stops
    travel_s, occupied_s, costs = legs.travel_s[here], legs.occupied_s[here], legs.cost[here]
    label_cost, label_end, label_before = labels.cost, labels.end_s, labels.before
    for there in range(len(stops)):
        rank = 1 if there == back else 0
        if there == here or reached[rank] == UNREACHED:
            continue
        start = max(free + travel_s[there], stops[there, STOP_OPENING])
        if start > stops[there, STOP_CLOSING]:
            start = _later_window(windows, stops, there, start)
        end = start + occupied_s[there]
        if end > latest:
            continue
        cost = reached[rank] + costs[there]
        if end > stops[there, STOP_DUE]:
            cost += (end - stops[there, STOP_DUE]) * stops[there, STOP_LATE_PRICE]
        if start > stops[there, STOP_CHOSEN_UNTIL]:
            cost += (start - stops[there, STOP_CHOSEN_UNTIL]) * stops[there, STOP_CHOSEN_PRICE]
        to = (end - earliest) // step_s
        label_end[there, to] = min(label_end[there, to], end)
        if cost < label_cost[there, to, 1]:
            _keep(label_cost, label_before, there, to, cost, here, step, rank)


@njit(cache=True)
def _later_window(windows: Ints, stops: Ints, there: int, ready: int) -> int:
    """The first moment from ``ready`` on in the windows but the first, or NEVER."""
    for at in range(stops[there, STOP_WINDOW] + 1, stops[there, STOP_LAST_WINDOW] + 1):
        if ready <= windows[at, CLOSING]:
            return int(max(ready, windows[at, OPENING]))
    return NEVER


@njit(cache=True)
def _keep(
    costs: Ints, before: Ints, at: int, to: int, cost: int, here: int, step: int, rank: int
) -> None:
    """Keep the best label, and the best of those that come from another visit."""
    slot = 0
    if cost >= costs[at, to, 0]:
        if before[at, to, 0, 0] == here:
            return
        slot = 1
    elif before[at, to, 0, 0] != here or costs[at, to, 0] == UNREACHED:
        costs[at, to, 1] = costs[at, to, 0]
        for column in range(3):
            before[at, to, 1, column] = before[at, to, 0, column]
    costs[at, to, slot] = cost
    before[at, to, slot, 0] = here
    before[at, to, slot, 1] = step
    before[at, to, slot, 2] = rank


@njit(cache=True)
def _way_home(model: Model, vehicle: int, visit: int, end_s: int) -> int:
    """What ending the route here costs, overtime included, or UNREACHED."""
    place, target = model.visits[visit, PLACE], model.fleet[vehicle, END_PLACE]
    travel = distance = 0
    if target >= 0:
        travel = model.travel_s[model.fleet[vehicle, PROFILE], place, target]
        distance = model.distance_m[model.fleet[vehicle, PROFILE], place, target]
    finish = end_s + travel
    if finish > model.fleet[vehicle, LATEST]:
        return UNREACHED
    paid_s = travel
    for pause in range(model.fleet[vehicle, FIRST_BREAK], model.fleet[vehicle + 1, FIRST_BREAK]):
        if finish <= model.breaks[pause, BREAK_EARLIEST]:
            paid_s -= model.breaks[pause, BREAK_DURATION]
    return int(
        model.fleet[vehicle, TRAVEL_PRICE] * travel
        + model.fleet[vehicle, DISTANCE_PRICE] * distance
        + model.fleet[vehicle, TIME_PRICE] * paid_s
        + model.fleet[vehicle, OVERTIME_PRICE] * max(0, finish - model.fleet[vehicle, SHIFT_END])
    )


@njit(cache=True)
def _trace(labels: Labels, candidates: Ints, at: int, step: int) -> Ints:
    """The visits of the walk that ends with the best label here."""
    walk = np.empty(labels.cost.shape[1], np.int64)
    length = rank = 0
    while at >= 0:
        walk[length] = candidates[at]
        length += 1
        before = labels.before[at, step, rank]
        at, step, rank = before[0], before[1], before[2]
    return walk[:length][::-1].copy()
