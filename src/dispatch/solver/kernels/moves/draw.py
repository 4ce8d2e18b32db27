"""Drawing at random what a move is about."""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.compiled import inlined
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    FIRST_ABLE,
    FREE,
    KEY,
    NEXT,
    PREVIOUS,
)
from dispatch.solver.kernels.moves.plan import FIRST_KEY, LAST_KEY, SECOND, Plan
from dispatch.solver.kernels.moves.setting import Setting


@inlined
def able_vehicle(setting: Setting, luck: Chance, visit: int) -> int:
    """One of the vehicles that may serve a visit, or -1."""
    first = setting.visits[visit, FIRST_ABLE]
    count = setting.visits[visit + 1, FIRST_ABLE] - first
    if count == 0:
        return -1
    return int(setting.able[first + below(luck, count)])


@inlined
def neighbour(neighbours: Ints, luck: Chance, visit: int) -> int:
    """One of the visits that go well with another."""
    return int(neighbours[visit, below(luck, neighbours.shape[1])])


@inlined
def last_before(plan: Plan, vehicle: int, key: int) -> int:
    """The last node of a route whose key is lower."""
    nodes = plan.nodes
    node = len(nodes) - 2 * len(plan.routes) + vehicle
    while nodes[nodes[node, NEXT], KEY] < key:
        node = nodes[node, NEXT]
    return node


@inlined
def cut_beside(plan: Plan, luck: Chance, visit: int) -> int:
    """A key shortly before or after a visit of a route, or -1."""
    nodes = plan.nodes
    work = (nodes[visit, FREE] - nodes[visit, BEGIN]) * SECOND
    if uniform(luck) < 0.5:
        low, high = nodes[visit, KEY], nodes[nodes[visit, NEXT], KEY]
        if high == LAST_KEY:
            high = low + 2 * work + 2
    else:
        low, high = nodes[nodes[visit, PREVIOUS], KEY], nodes[visit, KEY]
        if low == FIRST_KEY:
            low = max(FIRST_KEY, high - 2 * work - 2)
    if high - low < 2:
        return -1
    return int(low + 1 + (high - low - 1) * uniform(luck))
