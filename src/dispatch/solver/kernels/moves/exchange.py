"""Two parts of routes change places; either may be empty, and either may reach to the end.

Moving one visit or a few, swapping two, and exchanging tails (2-opt*) are all of this kind.
"""

from __future__ import annotations

from typing import NamedTuple

from dispatch.solver.kernels.columns import ALLOWED, FIRST_VISIT, GROUP, OWNER
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import (
    KEY,
    KIND,
    MAY_EASE,
    NEXT,
    PREVIOUS,
    ROUTE,
    STATIC_DELTA,
)
from dispatch.solver.kernels.moves.late import firm_price
from dispatch.solver.kernels.moves.order import order_between
from dispatch.solver.kernels.moves.plan import Journal, Plan, connect, save, soil
from dispatch.solver.kernels.moves.prices import (
    inner_price,
    leg_price,
    route_price,
    visit_after,
    visit_before,
)
from dispatch.solver.kernels.moves.recount import recount
from dispatch.solver.kernels.moves.setting import Setting


class Segment(NamedTuple):
    """A part of a route, or the gap between two nodes. All int64."""

    route: int
    before: int
    first: int
    """-1 in a gap"""
    last: int
    after: int


NOTHING = Segment(-1, -1, -1, -1, -1)


@inlined
def single(plan: Plan, node: int) -> Segment:
    """One node."""
    nodes = plan.nodes
    return Segment(nodes[node, ROUTE], nodes[node, PREVIOUS], node, node, nodes[node, NEXT])


@inlined
def gap_after(plan: Plan, node: int) -> Segment:
    """The gap behind a node."""
    return Segment(plan.nodes[node, ROUTE], node, -1, -1, plan.nodes[node, NEXT])


@inlined
def exchange(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    one: Segment,
    other: Segment,
    room: int,
) -> bool:
    """Let two segments that neither overlap nor touch change places.

    Answers whether the static price grows by ``room`` at most and all rules hold that are not
    of time; the rest is to be timed.
    """
    eased = plan.routes[one.route, MAY_EASE] | plan.routes[other.route, MAY_EASE]
    room -= firm_price(model, plan, journal, eased)
    if one.route == other.route:
        alike = True
        done = _exchange_within(model, setting, plan, journal, one, other, room)
    else:
        alike = setting.fleet[one.route, KIND] == setting.fleet[other.route, KIND]
        done = _exchange_across(model, setting, plan, journal, one, other, room)
    if not done:
        return False
    _soil_segment(plan, journal, one, other.after, alike)
    _soil_segment(plan, journal, other, one.after, alike)
    if not recount(model, setting, plan, journal, one.route):
        return False
    return one.route == other.route or recount(model, setting, plan, journal, other.route)


@kernel
def _exchange_within(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    one: Segment,
    other: Segment,
    room: int,
) -> bool:
    """On one route: priced by going along it, since breaks may lie between the segments."""
    old = route_price(model, plan, one.route)
    if not _relink(model, setting, plan, journal, one, other):
        return False
    journal.counts[STATIC_DELTA] += route_price(model, plan, one.route) - old
    return bool(journal.counts[STATIC_DELTA] <= room)


@inlined
def _exchange_across(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    one: Segment,
    other: Segment,
    room: int,
) -> bool:
    """Between two routes: priced before anything is changed."""
    if not (_may_begin(model, one, other.route) and _may_begin(model, other, one.route)):
        return False
    journal.counts[STATIC_DELTA] += _price_change(model, setting, plan, one, other)
    if journal.counts[STATIC_DELTA] > room:
        return False
    if not (_may_join(model, plan, one, other.route) and _may_join(model, plan, other, one.route)):
        return False
    if not _relink(model, setting, plan, journal, one, other):
        return False
    _change_route(plan, journal, one, other.route)
    _change_route(plan, journal, other, one.route)
    return bool(_owners_differ(model, plan, one) and _owners_differ(model, plan, other))


@inlined
def _relink(
    model: Model, setting: Setting, plan: Plan, journal: Journal, one: Segment, other: Segment
) -> bool:
    """Find keys for the segments in their new places and link them there."""
    if not _reorder(model, setting, plan, journal, one, other):
        return False
    if not _reorder(model, setting, plan, journal, other, one):
        return False
    _put(plan, journal, other, one)
    _put(plan, journal, one, other)
    return True


@inlined
def _price_change(model: Model, setting: Setting, plan: Plan, one: Segment, other: Segment) -> int:
    """The static price on two routes after the exchange, less that before it."""
    change = (
        _joint_price(model, plan, one, other)
        + _joint_price(model, plan, other, one)
        - _joint_price(model, plan, one, one)
        - _joint_price(model, plan, other, other)
    )
    if setting.fleet[one.route, KIND] == setting.fleet[other.route, KIND]:
        return change
    if one.first >= 0:
        change += inner_price(model, plan, other.route, one.first, one.last)
        change -= inner_price(model, plan, one.route, one.first, one.last)
    if other.first >= 0:
        change += inner_price(model, plan, one.route, other.first, other.last)
        change -= inner_price(model, plan, other.route, other.first, other.last)
    return change


@inlined
def _joint_price(model: Model, plan: Plan, at: Segment, filling: Segment) -> int:
    """The ways where ``filling`` joins the route of ``at`` in its place."""
    nodes, visits = plan.nodes, len(model.load)
    before = visit_before(plan, visits, at.before)
    after = visit_after(plan, visits, at.after)
    if filling.first < 0:
        return leg_price(model, nodes, at.route, before, after)
    return leg_price(model, nodes, at.route, before, filling.first) + leg_price(
        model, nodes, at.route, filling.last, after
    )


@inlined
def _may_begin(model: Model, segment: Segment, vehicle: int) -> bool:
    """Whether a vehicle may serve the first visit of a segment."""
    return bool(segment.first < 0 or model.pairs[segment.first, vehicle, ALLOWED])


@inlined
def _may_join(model: Model, plan: Plan, segment: Segment, vehicle: int) -> bool:
    """Whether a vehicle may serve all of a segment; breaks stay with their own."""
    node = segment.first
    while node >= 0:
        if node >= len(model.load) or model.pairs[node, vehicle, ALLOWED] == 0:
            return False
        if node == segment.last:
            return True
        node = plan.nodes[node, NEXT]
    return True


@inlined
def _reorder(
    model: Model, setting: Setting, plan: Plan, journal: Journal, segment: Segment, at: Segment
) -> bool:
    if segment.first < 0:
        return True
    low, high = plan.nodes[at.before, KEY], plan.nodes[at.after, KEY]
    if low < plan.nodes[segment.first, KEY] and plan.nodes[segment.last, KEY] < high:
        return True
    return order_between(model, setting, plan, journal, segment.first, segment.last, low, high)


@inlined
def _put(plan: Plan, journal: Journal, segment: Segment, at: Segment) -> None:
    """Link a segment, or nothing, where ``at`` stood."""
    if segment.first < 0:
        connect(plan, journal, at.before, at.after)
    else:
        connect(plan, journal, at.before, segment.first)
        connect(plan, journal, segment.last, at.after)


@inlined
def _change_route(plan: Plan, journal: Journal, segment: Segment, vehicle: int) -> None:
    node = segment.first
    while node >= 0:
        save(plan, journal, node)
        plan.nodes[node, ROUTE] = vehicle
        node = -1 if node == segment.last else plan.nodes[node, NEXT]


@inlined
def _owners_differ(model: Model, plan: Plan, segment: Segment) -> bool:
    node = segment.first
    while node >= 0:
        if not owners_differ(model, plan, node):
            return False
        node = -1 if node == segment.last else plan.nodes[node, NEXT]
    return True


@inlined
def owners_differ(model: Model, plan: Plan, visit: int) -> bool:
    """Whether nobody does two visits of this one's group."""
    group = model.visits[visit, GROUP]
    owner = model.fleet[plan.nodes[visit, ROUTE], OWNER]
    for other in range(model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]):
        route = plan.nodes[other, ROUTE]
        if other != visit and route >= 0 and model.fleet[route, OWNER] == owner:
            return False
    return True


@inlined
def _soil_segment(plan: Plan, journal: Journal, segment: Segment, after: int, alike: bool) -> None:
    """Have the beginning of a moved segment and what follows it timed again.

    Ways and durations differ between vehicles that are not alike, so there all of it.
    """
    node = segment.first
    while node >= 0:
        soil(plan, journal, node)
        node = -1 if alike or node == segment.last else plan.nodes[node, NEXT]
    soil(plan, journal, after)
