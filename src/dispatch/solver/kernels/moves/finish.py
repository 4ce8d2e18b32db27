"""The ends of routes, what a timed move costs, and timing everything from scratch."""

from __future__ import annotations

from dispatch.solver.kernels.columns import (
    LATEST,
    MAX_DURATION,
    MAX_TRAVEL,
    TIME_PRICE,
    USE_PRICE,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.driving import varies
from dispatch.solver.kernels.links import linked
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.clock import settle_nodes, state_after, time_alone
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    BUSY,
    DIRTY_ROUTE,
    IDLE_PRICE,
    KEY,
    LATE,
    NEW_WORST,
    NEXT,
    PREVIOUS,
    PRICE,
    ROUTE,
    ROUTES_DIRTY,
    STATIC,
    STATIC_DELTA,
    TIMED,
    TIMED_DELTA,
    UNSURE,
    WORST_EASED,
    WORST_LATE,
)
from dispatch.solver.kernels.moves.plan import (
    SECOND,
    Journal,
    Plan,
    begin_move,
    soil,
    touch_route,
)
from dispatch.solver.kernels.moves.prices import leg, visit_after, visit_before
from dispatch.solver.kernels.moves.recount import recount
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.kernels.timing import go_home, route_cost
from dispatch.solver.kernels.walk import pass_break, pass_visit, setting_out
from dispatch.solver.problem import NEVER

ALL = 1 << 62
"""Room for any price."""


@inlined
def settle(
    model: Model, setting: Setting, plan: Plan, journal: Journal, room: int, most: int
) -> bool:
    """Time what a move changed, ends of routes last; answers whether it holds within ``room``.

    What depends on times then costs ``timed_cost``.
    """
    if not settle_nodes(model, setting, plan, journal, room, most):
        return False
    counts = journal.counts
    for at in range(counts[ROUTES_DIRTY]):
        if not _close_route(model, plan, journal, journal.lists[at, DIRTY_ROUTE]):
            return False
    if model.worst_price > 0 and counts[WORST_EASED]:
        if timed_cost(model, plan, journal) - model.worst_price * counts[NEW_WORST] > room:
            return False
        counts[NEW_WORST] = _worst_late(model, plan)
    return bool(timed_cost(model, plan, journal) <= room)


@inlined
def timed_cost(model: Model, plan: Plan, journal: Journal) -> int:
    """What depends on times, after the move."""
    counts = journal.counts
    return int(plan.totals[TIMED] + counts[TIMED_DELTA] + model.worst_price * counts[NEW_WORST])


@kernel
def _worst_late(model: Model, plan: Plan) -> int:
    worst = 0
    for visit in range(len(model.load)):
        worst = max(worst, plan.nodes[visit, LATE])
    return worst


@kernel
def _close_route(model: Model, plan: Plan, journal: Journal, vehicle: int) -> bool:
    """When a route is over, whether that is allowed, and its idle time and overtime."""
    nodes, visits = plan.nodes, len(model.load)
    starts = len(nodes) - 2 * len(plan.routes)
    end = starts + len(plan.routes) + vehicle
    last = visit_before(plan, visits, nodes[end, PREVIOUS])
    price = 0
    if last < visits:
        trailing = 0
        node = nodes[last, NEXT]
        while node != end:
            journal.trailing[trailing] = node
            trailing += 1
            node = nodes[node, NEXT]
        state = state_after(nodes, last)
        finish, home_s, _ = go_home(model, vehicle, state, journal.trailing, 0, trailing)
        if finish < 0 or finish > model.fleet[vehicle, LATEST]:
            return False
        depart = slower = 0
        if varies(model, vehicle):
            depart, travel, usual = _by_hour(model, plan, vehicle)
            if travel + home_s > model.fleet[vehicle, MAX_TRAVEL]:
                return False
            slower = travel + home_s - usual
        else:
            depart = _depart(model, plan, vehicle)
        if finish - depart > model.fleet[vehicle, MAX_DURATION]:
            return False
        busy = plan.routes[vehicle, BUSY]
        price = route_cost(model, vehicle, depart, finish, slower, 0, 0)
        price -= model.fleet[vehicle, USE_PRICE] + model.fleet[vehicle, TIME_PRICE] * busy
    journal.counts[TIMED_DELTA] += price - plan.routes[vehicle, IDLE_PRICE]
    plan.routes[vehicle, IDLE_PRICE] = price
    return True


@kernel
def _by_hour(model: Model, plan: Plan, vehicle: int) -> tuple[int, int, int]:
    """When it leaves, s driven to the last visit, and the usual s of the whole way."""
    nodes, visits = plan.nodes, len(model.load)
    last = len(nodes) - 2 * len(plan.routes) + vehicle
    state, usual = setting_out(model, vehicle), 0
    node = nodes[last, NEXT]
    while nodes[node, NEXT] >= 0:
        if node < visits:
            usual += leg(model, nodes, vehicle, last, node)[1]
            state = pass_visit(model, vehicle, state, node, nodes[node, BEGIN])
            last = node
        else:
            state = pass_break(model, state, node - visits)
        node = nodes[node, NEXT]
    return state.depart, state.travel, usual + leg(model, nodes, vehicle, last, node)[1]


@kernel
def _depart(model: Model, plan: Plan, vehicle: int) -> int:
    """When the vehicle leaves: late, and later still where its duration is limited."""
    nodes, visits = plan.nodes, len(model.load)
    start = len(nodes) - 2 * len(plan.routes) + vehicle
    first = visit_after(plan, visits, nodes[start, NEXT])
    depart = nodes[first, BEGIN] - leg(model, nodes, vehicle, start, first)[1]
    if model.fleet[vehicle, MAX_DURATION] >= NEVER:
        return int(depart)
    state = setting_out(model, vehicle)
    slack = waited = 0
    node = nodes[start, NEXT]
    while nodes[node, NEXT] >= 0:
        if node < visits:
            state = pass_visit(model, vehicle, state, node, nodes[node, BEGIN])
            slack, waited = state.slack, state.waited
        else:
            state = pass_break(model, state, node - visits)
        node = nodes[node, NEXT]
    return int(depart + min(slack, waited))


@kernel
def time_all(model: Model, setting: Setting, plan: Plan, journal: Journal) -> bool:
    """Times and their prices from scratch: every visit as early as alone, then as links demand.

    From below, every order of timing ends at the least fixed point. Keys are those of the times
    afterwards. Answers whether all rules hold.
    """
    nodes, totals = plan.nodes, plan.totals
    visits = len(model.load)
    totals[WORST_LATE] = 0
    for visit in range(visits):
        nodes[visit, PRICE] = nodes[visit, LATE] = 0
    begin_move(plan, journal)
    for vehicle in range(len(plan.routes)):
        plan.routes[vehicle, IDLE_PRICE] = 0
        if not time_alone(model, setting, plan, journal, vehicle):
            return False
    _rest_keys(model, plan)
    totals[TIMED] = journal.counts[TIMED_DELTA]
    begin_move(plan, journal)
    for vehicle in range(len(plan.routes)):
        touch_route(plan, journal, vehicle)
        if not recount(model, setting, plan, journal, vehicle):
            return False
    totals[STATIC] += journal.counts[STATIC_DELTA]
    for visit in range(visits):
        if nodes[visit, ROUTE] >= 0 and linked(model, visit):
            soil(plan, journal, visit)
    if not settle(model, setting, plan, journal, ALL, 100 * (len(nodes) + len(model.links))):
        return False
    totals[TIMED] += journal.counts[TIMED_DELTA]
    totals[WORST_LATE] = _worst_late(model, plan)
    totals[UNSURE] = 0
    _rest_keys(model, plan)
    return True


@kernel
def _rest_keys(model: Model, plan: Plan) -> None:
    for node in range(len(model.load) + len(model.breaks)):
        plan.nodes[node, KEY] = plan.nodes[node, BEGIN] * SECOND
