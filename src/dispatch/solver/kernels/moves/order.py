"""Keys: an order of all nodes that routes and links keep to, so that nobody waits in a circle.

A visit may only be put where a key lies between those of all that must come before it and of all
that must come after it, over the routes of all its mates. At rest keys are starts.
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
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import KEY, MATE, NEXT, PREVIOUS, ROUTE
from dispatch.solver.kernels.moves.plan import LAST_KEY, SECOND, Journal, Plan, save
from dispatch.solver.kernels.moves.setting import Setting


@inlined
def in_step(model: Model, link: int) -> bool:
    """Whether a link makes two visits start together."""
    links = model.links
    return bool(
        links[link, MAX_DELAY] == 0 and links[link, MIN_DELAY] == 0 and links[link, FROM_END] == 0
    )


@kernel
def order_between(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    first: int,
    last: int,
    low: int,
    high: int,
) -> bool:
    """Give the nodes from ``first`` to ``last`` keys between ``low`` and ``high``.

    They keep those they have where these fit. Answers whether there are such keys.
    """
    nodes, visits = plan.nodes, len(model.load)
    node = first
    while True:
        least, most = low, high
        if node < visits:
            least, most = _span(model, setting, nodes, node, low, high)
        key = nodes[node, KEY]
        if not least < key < most:
            if most - least < 2:
                return False
            # What follows in the segment needs room too.
            part = 2 if node == last else 4
            key = least + SECOND if most == LAST_KEY else least + (most - least) // part
        set_key(setting, plan, journal, visits, node, key)
        if node == last:
            return True
        low = key
        node = nodes[node, NEXT]


@inlined
def set_key(
    setting: Setting, plan: Plan, journal: Journal, visits: int, node: int, key: int
) -> None:
    """Set a node's key and those of its mates."""
    save(plan, journal, node)
    plan.nodes[node, KEY] = key
    if node >= visits:
        return
    mate = setting.visits[node, MATE]
    while mate != node:
        save(plan, journal, mate)
        plan.nodes[mate, KEY] = key
        mate = setting.visits[mate, MATE]


@kernel
def _span(
    model: Model, setting: Setting, nodes: Ints, visit: int, low: int, high: int
) -> tuple[int, int]:
    """Between which keys a visit can lie, if on its own route they are ``low`` and ``high``."""
    low, high = _span_of_links(model, nodes, visit, low, high)
    mate = setting.visits[visit, MATE]
    while mate != visit:
        if nodes[mate, ROUTE] >= 0:
            low = max(low, nodes[nodes[mate, PREVIOUS], KEY])
            high = min(high, nodes[nodes[mate, NEXT], KEY])
            low, high = _span_of_links(model, nodes, mate, low, high)
        mate = setting.visits[mate, MATE]
    return low, high


@kernel
def _span_of_links(model: Model, nodes: Ints, visit: int, low: int, high: int) -> tuple[int, int]:
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        if in_step(model, link):
            continue
        if before == visit and nodes[after, ROUTE] >= 0:
            high = min(high, nodes[after, KEY])
        elif after == visit and nodes[before, ROUTE] >= 0:
            low = max(low, nodes[before, KEY])
    return low, high


@kernel
def in_order(model: Model, nodes: Ints, visit: int) -> bool:
    """Whether a visit's key agrees with its route and its links."""
    key = nodes[visit, KEY]
    if not nodes[nodes[visit, PREVIOUS], KEY] < key < nodes[nodes[visit, NEXT], KEY]:
        return False
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        if nodes[before, ROUTE] < 0 or nodes[after, ROUTE] < 0:
            continue
        if in_step(model, link):
            if nodes[before, KEY] != nodes[after, KEY]:
                return False
        elif nodes[before, KEY] >= nodes[after, KEY]:
            return False
    return True
