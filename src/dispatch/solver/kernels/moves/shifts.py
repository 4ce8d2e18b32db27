"""Moves that exchange two parts of routes: which parts, drawn at random."""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import FIRST_BREAK
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import KEY, NEXT, PREVIOUS, ROUTE, SEAT, SEATS
from dispatch.solver.kernels.moves.draw import able_vehicle, last_before, neighbour
from dispatch.solver.kernels.moves.exchange import NOTHING, Segment, gap_after, single
from dispatch.solver.kernels.moves.plan import Journal, Plan, connect, soil
from dispatch.solver.kernels.moves.setting import Setting

FAR = 0.04
"""How often a visit is offered to any vehicle, not to one that passes nearby."""
WHOLE = 0.1
"""How often the tail that a vehicle gives is its whole route."""


@inlined
def draw_string(
    model: Model,
    setting: Setting,
    plan: Plan,
    neighbours: Ints,
    length: int,
    luck: Chance,
) -> tuple[Segment, Segment]:
    """``length`` visits in a row, and the gap beside a neighbour of the first or the last."""
    nodes, visits = plan.nodes, len(model.load)
    first = below(luck, visits)
    if nodes[first, ROUTE] < 0:
        return NOTHING, NOTHING
    last = first
    for _ in range(length - 1):
        last = nodes[last, NEXT]
        if last >= visits:
            return NOTHING, NOTHING
    before = _gap_near(setting, plan, neighbours, first, last, luck)
    if before < 0 or before == nodes[first, PREVIOUS]:
        return NOTHING, NOTHING
    node = first
    for _ in range(length):
        if before == node:
            return NOTHING, NOTHING
        node = nodes[node, NEXT]
    string = Segment(nodes[first, ROUTE], nodes[first, PREVIOUS], first, last, nodes[last, NEXT])
    return string, gap_after(plan, before)


@inlined
def _gap_near(
    setting: Setting,
    plan: Plan,
    neighbours: Ints,
    first: int,
    last: int,
    luck: Chance,
) -> int:
    """The node before a gap where a string may do well, or -1."""
    nodes = plan.nodes
    if uniform(luck) < FAR:
        vehicle = able_vehicle(setting, luck, first)
        return last_before(plan, vehicle, nodes[first, KEY]) if vehicle >= 0 else -1
    if uniform(luck) < 0.5:
        near = neighbour(neighbours, luck, first)
        return near if nodes[near, ROUTE] >= 0 else -1
    near = neighbour(neighbours, luck, last)
    return int(nodes[near, PREVIOUS]) if nodes[near, ROUTE] >= 0 else -1


@inlined
def draw_swap(model: Model, plan: Plan, neighbours: Ints, luck: Chance) -> tuple[Segment, Segment]:
    """A visit and a neighbour, or what stands beside one."""
    nodes, visits = plan.nodes, len(model.load)
    one = below(luck, visits)
    other = neighbour(neighbours, luck, one)
    if nodes[one, ROUTE] < 0 or nodes[other, ROUTE] < 0:
        return NOTHING, NOTHING
    beside = uniform(luck)
    if beside < 0.25:
        other = nodes[other, PREVIOUS]
    elif beside < 0.5:
        other = nodes[other, NEXT]
    touch = nodes[one, NEXT] == other or nodes[other, NEXT] == one
    if other >= visits or other == one or touch:
        return NOTHING, NOTHING
    return single(plan, one), single(plan, other)


@inlined
def draw_tails(
    model: Model, plan: Plan, journal: Journal, neighbours: Ints, luck: Chance
) -> tuple[Segment, Segment]:
    """What follows a visit, and what on another route begins with a neighbour (2-opt*).

    Breaks are lifted before, to be put back with their vehicles at their time of the day.
    """
    nodes, vehicles = plan.nodes, len(plan.routes)
    before = below(luck, len(model.load))
    head = neighbour(neighbours, luck, before)
    if uniform(luck) < 0.5:
        before, head = head, before
    if uniform(luck) < WHOLE:
        before = len(nodes) - 2 * vehicles + below(luck, vehicles)
    giver, taker = nodes[head, ROUTE], nodes[before, ROUTE]
    if giver < 0 or taker < 0 or giver == taker:
        return NOTHING, NOTHING
    _lift_breaks(model, plan, journal, before)
    _lift_breaks(model, plan, journal, nodes[head, PREVIOUS])
    in_order = (
        nodes[before, KEY] < nodes[head, KEY]
        and nodes[nodes[head, PREVIOUS], KEY] < nodes[nodes[before, NEXT], KEY]
    )
    if not in_order:
        return NOTHING, NOTHING
    return _tail(plan, before), _tail(plan, nodes[head, PREVIOUS])


@inlined
def _tail(plan: Plan, before: int) -> Segment:
    """All that follows a node on its route."""
    nodes = plan.nodes
    end = len(nodes) - len(plan.routes) + nodes[before, ROUTE]
    first = nodes[before, NEXT]
    if first == end:
        return gap_after(plan, before)
    return Segment(nodes[before, ROUTE], before, first, nodes[end, PREVIOUS], end)


@kernel
def _lift_breaks(model: Model, plan: Plan, journal: Journal, before: int) -> None:
    """Take the breaks after a node off its route and list them."""
    nodes, visits = plan.nodes, len(model.load)
    vehicle = nodes[before, ROUTE]
    if model.fleet[vehicle, FIRST_BREAK] == model.fleet[vehicle + 1, FIRST_BREAK]:
        return
    node = nodes[before, NEXT]
    while nodes[node, NEXT] >= 0:
        following = nodes[node, NEXT]
        if node >= visits:
            connect(plan, journal, nodes[node, PREVIOUS], following)
            journal.lists[journal.counts[SEATS], SEAT] = node
            journal.counts[SEATS] += 1
        node = following


@kernel
def put_breaks_back(plan: Plan, journal: Journal) -> None:
    """Put the listed breaks where their keys belong."""
    nodes = plan.nodes
    for at in range(journal.counts[SEATS]):
        node = journal.lists[at, SEAT]
        before = last_before(plan, nodes[node, ROUTE], nodes[node, KEY])
        after = nodes[before, NEXT]
        connect(plan, journal, before, node)
        connect(plan, journal, node, after)
        soil(plan, journal, node)
        soil(plan, journal, after)


@kernel
def draw_break(model: Model, plan: Plan, luck: Chance) -> tuple[Segment, Segment]:
    """A break, and the gap before the visit that precedes it or after the one that follows it.

    The breaks of a vehicle stay in their order.
    """
    nodes, visits = plan.nodes, len(model.load)
    node = visits + below(luck, len(model.breaks))
    previous, following = nodes[node, PREVIOUS], nodes[node, NEXT]
    if uniform(luck) < 0.5:
        if previous >= visits:
            return NOTHING, NOTHING
        return single(plan, node), gap_after(plan, nodes[previous, PREVIOUS])
    if following >= visits:
        return NOTHING, NOTHING
    return single(plan, node), gap_after(plan, following)
