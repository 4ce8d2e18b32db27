"""What limits and costs a route beside times and ways: load, number, order and share of work."""

from __future__ import annotations

from dispatch.solver.kernels.columns import (
    DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    ORDER_PRICE,
    PUBLISHED,
    RANK,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.driving import varies
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import BUSY, CAREFREE, FORM_PRICE, NEXT, STATIC_DELTA
from dispatch.solver.kernels.moves.plan import Journal, Plan, touch_route
from dispatch.solver.kernels.moves.prices import leg, visit_after
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.kernels.timing import unfairness
from dispatch.solver.kernels.walk import published_rank


@kernel
def recount(model: Model, setting: Setting, plan: Plan, journal: Journal, vehicle: int) -> bool:
    """Go along a changed route and answer whether its limits hold; not needed where carefree."""
    if setting.fleet[vehicle, CAREFREE]:
        return True
    touch_route(plan, journal, vehicle)
    nodes, visits = plan.nodes, len(model.load)
    last = len(nodes) - 2 * len(plan.routes) + vehicle
    node = visit_after(plan, visits, nodes[last, NEXT])
    travel = busy = count = 0
    rank = order = -1
    price = 0
    while True:
        _, travelled, spent = leg(model, nodes, vehicle, last, node)
        travel += travelled
        busy += spent
        if node >= visits:
            break
        busy += model.pairs[node, vehicle, DURATION]
        count += 1
        if 0 <= model.visits[node, RANK] < rank:
            return False
        rank = max(rank, model.visits[node, RANK])
        if model.visits[node, PUBLISHED] >= 0:
            published = published_rank(model, vehicle, node)
            if 0 <= published < order:
                price += model.published[model.visits[node, PUBLISHED], ORDER_PRICE]
            order = max(order, published)
        last, node = node, visit_after(plan, visits, nodes[node, NEXT])
    price += unfairness(model, vehicle, busy - travel)
    journal.counts[STATIC_DELTA] += price - plan.routes[vehicle, FORM_PRICE]
    plan.routes[vehicle, BUSY] = busy
    plan.routes[vehicle, FORM_PRICE] = price
    fleet = model.fleet
    # Where the speed varies, what is driven is known once the route is timed.
    far = travel > fleet[vehicle, MAX_TRAVEL] and not varies(model, vehicle)
    if far or count > fleet[vehicle, MAX_VISITS]:
        return False
    return _carries(model, plan, vehicle)


@kernel
def _carries(model: Model, plan: Plan, vehicle: int) -> bool:
    nodes, visits = plan.nodes, len(model.load)
    start = len(nodes) - 2 * len(plan.routes) + vehicle
    for dimension in range(model.capacity.shape[1]):
        load = 0
        node = visit_after(plan, visits, nodes[start, NEXT])
        while node < visits:
            load += model.load[node, dimension]
            node = visit_after(plan, visits, nodes[node, NEXT])
        if load > model.capacity[vehicle, dimension]:
            return False
    return True
