"""Simulated annealing over moves: propose, price, time, and keep or take back."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import FIRST_VISIT, GROUP, UNSERVED_PRICE
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    BEST,
    GROUP_IN,
    GROUP_OUT,
    KEY,
    LEFT_OUT,
    NEW_WORST,
    NEXT,
    NODES_SAVED,
    ROUTE,
    STANDS_AT,
    STATIC,
    STATIC_DELTA,
    TANGLED,
    TIMED,
    TIMED_DELTA,
    UNSURE,
    WORST_LATE,
)
from dispatch.solver.kernels.moves.exchange import Segment, exchange
from dispatch.solver.kernels.moves.finish import ALL, settle, time_all, timed_cost
from dispatch.solver.kernels.moves.groups import lift_crew, put_in, take_out
from dispatch.solver.kernels.moves.late import trace_late
from dispatch.solver.kernels.moves.plan import SECOND, Journal, Plan, begin_move, undo
from dispatch.solver.kernels.moves.prices import route_price
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.kernels.moves.shifts import (
    draw_break,
    draw_string,
    draw_swap,
    draw_tails,
    put_breaks_back,
)

Shares: TypeAlias = npt.NDArray[np.float64]
"""Floats that ascend to 1."""

RELOCATE, STRING, SWAP, TAILS, CREW, PUT_IN, TAKE_OUT, SHIFT_BREAK = range(8)
"""The kinds of moves, in the order of their weights."""
MOVES = 8
LOST = -1
"""The answer of annealing where the plan does not hold once it is timed anew."""


@inlined
def plan_cost(model: Model, plan: Plan) -> int:
    """All of it."""
    totals = plan.totals
    return int(totals[STATIC] + totals[TIMED] + model.worst_price * totals[WORST_LATE])


@njit(cache=True)
def anneal(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    weights: Shares,
    temperature: float,
    moves: int,
    changes: Ints,
    tally: Ints,
    luck: Chance,
) -> int:
    """Try some moves at one temperature; answers how often a new best was found, or LOST.

    ``weights`` (MOVES,) ascend to 1; ``tally`` (MOVES, 3) counts moves proposed, timed and kept.
    If there is room in ``changes``, it is only filled with what moves that hold would change the
    cost by: the plan stays as it is, and the answer is how many were found.
    """
    return _anneal(
        model, setting, plan, journal, neighbours, weights, temperature, moves, changes, tally, luck
    )


@kernel
def _anneal(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    weights: Shares,
    temperature: float,
    moves: int,
    changes: Ints,
    tally: Ints,
    luck: Chance,
) -> int:
    found = 0
    for _ in range(moves):
        cost, limit = plan_cost(model, plan), ALL
        if len(changes) == 0:
            limit = cost + int(-temperature * np.log(1.0 - uniform(luck)))
        kind = _kind(weights, luck)
        tally[kind, 0] += 1
        begin_move(plan, journal)
        room = limit - plan.totals[STATIC]
        if not propose(model, setting, plan, journal, neighbours, kind, room, luck):
            undo(plan, journal)
            continue
        tally[kind, 1] += 1
        room -= journal.counts[STATIC_DELTA]
        if not settle(model, setting, plan, journal, room, 4 * len(plan.nodes)):
            undo(plan, journal)
            continue
        if len(changes) > 0:
            static = plan.totals[STATIC] + journal.counts[STATIC_DELTA]
            changes[found] = static + timed_cost(model, plan, journal) - cost
            found += 1
            undo(plan, journal)
            if found == len(changes):
                break
            continue
        tally[kind, 2] += 1
        _keep(plan, journal)
        trace_late(model, setting, plan)
        if plan_cost(model, plan) < plan.totals[BEST]:
            if not _is_sure(model, setting, plan, journal):
                return LOST
            if plan_cost(model, plan) < plan.totals[BEST]:
                found += 1
                _note_best(model, plan)
    return found if _is_sure(model, setting, plan, journal) else LOST


@inlined
def _is_sure(model: Model, setting: Setting, plan: Plan, journal: Journal) -> bool:
    """Whether it holds if all is timed again, where visits may have held one another up.

    Who leaves earlier than it seemed may drive when that takes longer.
    """
    if plan.totals[UNSURE]:
        if not time_all(model, setting, plan, journal):
            return False
        trace_late(model, setting, plan)
    return True


@kernel
def _note_best(model: Model, plan: Plan) -> None:
    plan.totals[BEST] = plan_cost(model, plan)
    for node in range(len(plan.best)):
        plan.best[node] = plan.nodes[node, NEXT]


@inlined
def _kind(weights: Shares, luck: Chance) -> int:
    draw = uniform(luck)
    kind = 0
    while weights[kind] < draw and kind < MOVES - 1:
        kind += 1
    return kind


@inlined
def propose(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    kind: int,
    room: int,
    luck: Chance,
) -> bool:
    """Make a move of a kind, all but its times; answers whether it may be worth timing."""
    if kind == CREW:
        return lift_crew(model, setting, plan, journal, neighbours, room, luck)
    if kind == PUT_IN:
        count = plan.left[-1, LEFT_OUT]
        if count == 0:
            return False
        group = plan.left[below(luck, count), LEFT_OUT]
        return put_in(model, setting, plan, journal, neighbours, group, room, luck)
    if kind == TAKE_OUT:
        visit = below(luck, len(model.load))
        if plan.nodes[visit, ROUTE] < 0:
            return False
        return take_out(model, setting, plan, journal, model.visits[visit, GROUP], room)
    one, other = _draw_parts(model, setting, plan, journal, neighbours, kind, luck)
    if one.route < 0 or not exchange(model, setting, plan, journal, one, other, room):
        return False
    if kind == TAILS:
        put_breaks_back(plan, journal)
    return True


@inlined
def _draw_parts(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    kind: int,
    luck: Chance,
) -> tuple[Segment, Segment]:
    if kind == RELOCATE:
        return draw_string(model, setting, plan, neighbours, 1, luck)
    if kind == STRING:
        return draw_string(model, setting, plan, neighbours, 2 + below(luck, 2), luck)
    if kind == SWAP:
        return draw_swap(model, plan, neighbours, luck)
    if kind == TAILS:
        return draw_tails(model, plan, journal, neighbours, luck)
    return draw_break(model, plan, luck)


@inlined
def _keep(plan: Plan, journal: Journal) -> None:
    """Make the move part of the plan."""
    counts, totals, nodes = journal.counts, plan.totals, plan.nodes
    totals[STATIC] += counts[STATIC_DELTA]
    totals[TIMED] += counts[TIMED_DELTA]
    totals[WORST_LATE] = counts[NEW_WORST]
    inner = len(nodes) - 2 * len(plan.routes)
    for at in range(counts[NODES_SAVED]):
        node = journal.nodes[at, -1]
        if node < inner:
            nodes[node, KEY] = nodes[node, BEGIN] * SECOND
    if counts[GROUP_IN] >= 0:
        _strike(plan, counts[GROUP_IN])
    if counts[GROUP_OUT] >= 0:
        _enlist(plan, counts[GROUP_OUT])
    if counts[TANGLED]:
        totals[UNSURE] = 1


@njit(cache=True)
def begin(model: Model, setting: Setting, plan: Plan, journal: Journal) -> bool:
    """Price and time a plan whose routes have just been linked, and call it the best.

    Answers whether all rules hold.
    """
    totals = plan.totals
    totals[STATIC] = 0
    for vehicle in range(len(plan.routes)):
        totals[STATIC] += route_price(model, plan, vehicle)
    for group in range(len(model.groups) - 1):
        if plan.nodes[model.groups[group, FIRST_VISIT], ROUTE] < 0:
            totals[STATIC] += model.groups[group, UNSERVED_PRICE]
            _enlist(plan, group)
    holds = time_all(model, setting, plan, journal)
    trace_late(model, setting, plan)
    _note_best(model, plan)
    return holds


@kernel
def _enlist(plan: Plan, group: int) -> None:
    """Note that a group is left out."""
    left = plan.left
    left[left[-1, LEFT_OUT], LEFT_OUT] = group
    left[group, STANDS_AT] = left[-1, LEFT_OUT]
    left[-1, LEFT_OUT] += 1


@kernel
def _strike(plan: Plan, group: int) -> None:
    """Note that a group is served."""
    left = plan.left
    left[-1, LEFT_OUT] -= 1
    last = left[left[-1, LEFT_OUT], LEFT_OUT]
    left[left[group, STANDS_AT], LEFT_OUT] = last
    left[last, STANDS_AT] = left[group, STANDS_AT]
    left[group, STANDS_AT] = -1
