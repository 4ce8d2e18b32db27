"""What late visits wait for, so that a move that cannot make any of them earlier is not timed.

A visit begins when it does because of what came right before it on its route, or of a visit it is
tied to, which begins when it does because of what came before, and so on back to a window that
opens or a vehicle that sets out. As long as the routes on this chain stay as they are, it begins
no earlier.
"""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import (
    AFTER,
    BEFORE,
    FIRST_LINK,
    FROM_END,
    MAX_DELAY,
    MIN_DELAY,
    PROFILE,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    EASED,
    FREE,
    LATE,
    LATE_AT,
    LATE_SEEN,
    MAY_EASE,
    OPENS,
    PREVIOUS,
    PRICE,
    PRICE_SEEN,
    ROUTE,
    TIMED,
    TRACEABLE,
    TRACED,
    WHERE,
    WORST_LATE,
)
from dispatch.solver.kernels.moves.plan import MOST_LATE, Journal, Plan
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.problem import NEVER

LONGEST = 40
"""Chains of more visits are not followed: they may run in a circle, of visits that hold one another
up since a move, until all is timed again."""


@inlined
def firm_price(model: Model, plan: Plan, journal: Journal, eased: int) -> int:
    """What lateness costs at least if only the visits of ``eased``, by their bits, can ease.

    It counts as seen from now on.
    """
    totals, counts = plan.totals, journal.counts
    if totals[TRACED] < 0:
        return 0
    price, worst = totals[TIMED], totals[WORST_LATE]
    if eased:
        price = worst = 0
        for at in range(totals[TRACED]):
            if eased >> at & 1 == 0:
                price += plan.nodes[plan.late[at], PRICE]
                worst = max(worst, plan.nodes[plan.late[at], LATE])
    counts[EASED] = eased
    counts[PRICE_SEEN] = price
    counts[LATE_SEEN] = worst
    return int(price + model.worst_price * worst)


@kernel
def trace_late(model: Model, setting: Setting, plan: Plan) -> None:
    """List the late visits, and for each route those it may make late; too many are not traced."""
    nodes, totals = plan.nodes, plan.totals
    totals[TRACED] = -1
    if setting.whole[TRACEABLE] == 0:
        return
    count = 0
    for visit in range(len(model.load)):
        if nodes[visit, LATE] == 0:
            nodes[visit, LATE_AT] = -1
            continue
        if count == MOST_LATE:
            return
        plan.late[count] = visit
        nodes[visit, LATE_AT] = count
        count += 1
    for vehicle in range(len(plan.routes)):
        plan.routes[vehicle, MAY_EASE] = 0
    for at in range(count):
        _trace(model, setting, plan, plan.late[at], 1 << at)
    totals[TRACED] = count


@kernel
def _trace(model: Model, setting: Setting, plan: Plan, visit: int, bit: int) -> None:
    """Mark the routes on the chain that ends at a visit; all of them if it is not found."""
    nodes, routes, visits = plan.nodes, plan.routes, len(model.load)
    comes_from = -1
    for _ in range(LONGEST):
        vehicle, previous = nodes[visit, ROUTE], nodes[visit, PREVIOUS]
        routes[vehicle, MAY_EASE] |= bit
        if nodes[visit, BEGIN] == setting.visits[visit, OPENS]:
            return
        here, ready = nodes[previous, WHERE], nodes[previous, FREE]
        if here >= 0:
            ready += model.travel_s[model.fleet[vehicle, PROFILE], here, nodes[visit, WHERE]]
        if ready == nodes[visit, BEGIN]:
            if previous >= visits:
                return
            comes_from, visit = -1, previous
            continue
        asks = _who_asks(model, nodes, visit, comes_from)
        if asks < 0:
            break
        comes_from, visit = visit, asks
    for vehicle in range(len(routes)):
        routes[vehicle, MAY_EASE] |= bit


@inlined
def _who_asks(model: Model, nodes: Ints, visit: int, but: int) -> int:
    """A visit whose link keeps this one from beginning earlier, or -1."""
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        other = before if after == visit else after
        if other == but or nodes[other, ROUTE] < 0:
            continue
        base = nodes[before, FREE] if model.links[link, FROM_END] else nodes[before, BEGIN]
        delay = nodes[after, BEGIN] - base
        longest = model.links[link, MAX_DELAY]
        if after == visit and delay == model.links[link, MIN_DELAY]:
            return int(other)
        if before == visit and longest < NEVER and delay == longest:
            return int(other)
    return -1
