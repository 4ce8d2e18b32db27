"""The plan that moves work on, and how a move is taken back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import EARLIEST, END_PLACE, FIRST_BREAK, PLACE, START_PLACE
from dispatch.solver.kernels.compiled import inlined
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import (
    CHAIN,
    COUNTS,
    DIRTY,
    DIRTY_NODE,
    DIRTY_ROUTE,
    EASED,
    FREE,
    GROUP_IN,
    GROUP_OUT,
    HOLDS,
    KEY,
    LATE_AT,
    LEFT_HOME,
    LEFT_OUT,
    LISTS,
    MOVE,
    NEW_WORST,
    NEXT,
    NODE_COLUMNS,
    NODES_DIRTY,
    NODES_SAVED,
    PREVIOUS,
    ROUTE,
    ROUTE_COLUMNS,
    ROUTE_DIRTY,
    ROUTE_SAVED,
    ROUTES_DIRTY,
    ROUTES_SAVED,
    SAVED,
    TOTALS,
    TRACED,
    WHERE,
    WORST_LATE,
)

SECOND = 1 << 20
"""Keys in a second: there is room between two moments for the order of what is not yet timed."""
FIRST_KEY = -1
LAST_KEY = 1 << 62
MOST_LATE = 20
"""With more late visits, what they wait for is not traced; no more than an int64 has bits."""


class Plan(NamedTuple):
    """Routes as linked lists of nodes with their times, and what all of it costs."""

    nodes: Ints
    """(nodes, PREVIOUS .. COUNTED) the route is -1 where a visit is left out; the state of
    `walk.py` after each node; keys ascend along routes and from each link's before to its after
    and are equal for mates, so that no circle of waiting can arise"""
    routes: Ints
    """(vehicles, BUSY .. ROUTE_DIRTY) seconds of travel, set-up and work, for vehicles that are
    not carefree; the prices of its idle time and overtime, and of its work and order"""
    totals: Ints
    """(STATIC .. UNSURE,) what does not depend on times, what does, the largest lateness in
    seconds, the least cost so far, and whether some time may be later than it need be"""
    left: Ints
    """(groups + 1, LEFT_OUT .. STANDS_AT) the groups left out, and where each stands among them or
    -1; the last row holds how many there are"""
    late: Ints
    """(MOST_LATE,) the late visits"""
    best: Ints
    """(nodes,) what follows each node in the best plan"""


class Journal(NamedTuple):
    """What the move under trial has changed so far, and what it still has to look at."""

    nodes: Ints
    """(nodes, node columns + 1) rows as they were, and whose"""
    routes: Ints
    """(vehicles, route columns + 1)"""
    lists: Ints
    """(nodes + 1, DIRTY_NODE .. CREW_SPAN) lists side by side"""
    trailing: Ints
    """(breaks + 1,) breaks after the last visit of a route"""
    counts: Ints
    """(MOVE .. SEATS,)"""


def empty_plan(model: Model) -> Plan:
    """Every vehicle with its breaks and nothing else; not timed."""
    visits, breaks, vehicles = len(model.load), len(model.breaks), len(model.capacity)
    count = visits + breaks + 2 * vehicles
    plan = Plan(
        nodes=np.zeros((count, NODE_COLUMNS), np.int64),
        routes=np.zeros((vehicles, ROUTE_COLUMNS), np.int64),
        totals=np.zeros(TOTALS, np.int64),
        left=np.full((len(model.groups), 2), -1, np.int64),
        late=np.zeros(MOST_LATE, np.int64),
        best=np.zeros(count, np.int64),
    )
    nodes = plan.nodes
    plan.left[-1, LEFT_OUT] = 0
    plan.totals[TRACED] = -1
    nodes[:, LATE_AT] = -1
    nodes[:, ROUTE] = -1
    nodes[:, HOLDS] = 1
    for visit in range(visits):
        nodes[visit, WHERE] = model.visits[visit, PLACE]
    for vehicle in range(vehicles):
        start, end = visits + breaks + vehicle, visits + breaks + vehicles + vehicle
        nodes[start, WHERE] = model.fleet[vehicle, START_PLACE]
        nodes[start, FREE] = nodes[start, CHAIN] = model.fleet[vehicle, EARLIEST]
        nodes[start, LEFT_HOME] = -1
        nodes[start, KEY] = FIRST_KEY
        nodes[start, PREVIOUS] = -1
        nodes[end, WHERE] = model.fleet[vehicle, END_PLACE]
        nodes[end, KEY] = LAST_KEY
        nodes[end, NEXT] = -1
        nodes[start, ROUTE] = nodes[end, ROUTE] = vehicle
        last = start
        for at in range(model.fleet[vehicle, FIRST_BREAK], model.fleet[vehicle + 1, FIRST_BREAK]):
            append(plan, last, visits + at)
            last = visits + at
        nodes[last, NEXT] = end
        nodes[end, PREVIOUS] = last
    return plan


def append(plan: Plan, last: int, node: int) -> None:
    """Let ``node`` follow ``last`` on its route, without a journal."""
    plan.nodes[last, NEXT] = node
    plan.nodes[node, PREVIOUS] = last
    plan.nodes[node, ROUTE] = plan.nodes[last, ROUTE]


def empty_journal(plan: Plan, breaks: int) -> Journal:
    """Nothing changed yet."""
    count = len(plan.nodes)
    return Journal(
        nodes=np.zeros((count, NODE_COLUMNS + 1), np.int64),
        routes=np.zeros((len(plan.routes), ROUTE_COLUMNS + 1), np.int64),
        lists=np.zeros((count + 1, LISTS), np.int64),
        trailing=np.zeros(breaks + 1, np.int64),
        counts=np.zeros(COUNTS, np.int64),
    )


@inlined
def begin_move(plan: Plan, journal: Journal) -> None:
    """Open a new page."""
    counts = journal.counts
    move = counts[MOVE] + 1
    for count in range(COUNTS):
        counts[count] = 0
    counts[MOVE] = move
    counts[GROUP_IN] = counts[GROUP_OUT] = -1
    counts[NEW_WORST] = plan.totals[WORST_LATE]
    counts[EASED] = -1


@inlined
def save(plan: Plan, journal: Journal, node: int) -> None:
    """Keep a node's row as it is, before the move's first change to it."""
    nodes, counts = plan.nodes, journal.counts
    if nodes[node, SAVED] == counts[MOVE]:
        return
    kept, at = journal.nodes, counts[NODES_SAVED]
    for column in range(NODE_COLUMNS):
        kept[at, column] = nodes[node, column]
    kept[at, NODE_COLUMNS] = node
    counts[NODES_SAVED] += 1
    nodes[node, SAVED] = counts[MOVE]


@inlined
def touch_route(plan: Plan, journal: Journal, vehicle: int) -> None:
    """Have the end of a route looked at again."""
    routes, counts = plan.routes, journal.counts
    if routes[vehicle, ROUTE_SAVED] != counts[MOVE]:
        kept, at = journal.routes, counts[ROUTES_SAVED]
        for column in range(ROUTE_COLUMNS):
            kept[at, column] = routes[vehicle, column]
        kept[at, ROUTE_COLUMNS] = vehicle
        counts[ROUTES_SAVED] += 1
        routes[vehicle, ROUTE_SAVED] = counts[MOVE]
    if routes[vehicle, ROUTE_DIRTY] != counts[MOVE]:
        routes[vehicle, ROUTE_DIRTY] = counts[MOVE]
        journal.lists[counts[ROUTES_DIRTY], DIRTY_ROUTE] = vehicle
        counts[ROUTES_DIRTY] += 1


@inlined
def soil(plan: Plan, journal: Journal, node: int) -> None:
    """Have a node timed again; the end of a route is looked at when all else is done."""
    nodes, counts = plan.nodes, journal.counts
    if nodes[node, NEXT] < 0:
        touch_route(plan, journal, nodes[node, ROUTE])
    elif nodes[node, DIRTY] != counts[MOVE]:
        nodes[node, DIRTY] = counts[MOVE]
        journal.lists[counts[NODES_DIRTY], DIRTY_NODE] = node
        counts[NODES_DIRTY] += 1


@inlined
def connect(plan: Plan, journal: Journal, first: int, second: int) -> None:
    """Let ``second`` follow ``first``."""
    save(plan, journal, first)
    save(plan, journal, second)
    plan.nodes[first, NEXT] = second
    plan.nodes[second, PREVIOUS] = first


@inlined
def undo(plan: Plan, journal: Journal) -> None:
    """Take the move back."""
    counts = journal.counts
    for at in range(counts[NODES_SAVED]):
        node = journal.nodes[at, NODE_COLUMNS]
        for column in range(NODE_COLUMNS):
            plan.nodes[node, column] = journal.nodes[at, column]
    for at in range(counts[ROUTES_SAVED]):
        vehicle = journal.routes[at, ROUTE_COLUMNS]
        for column in range(ROUTE_COLUMNS):
            plan.routes[vehicle, column] = journal.routes[at, column]
