"""Timing what a move changed, and what follows from it on other routes."""

from __future__ import annotations

from typing import NamedTuple

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import (
    AFTER,
    ASSIGN_PRICE,
    BEFORE,
    BREAK_DURATION,
    DUE,
    DURATION,
    FIRST_LINK,
    FROM_END,
    LATENESS_PRICE,
    MAX_DELAY,
    MIN_DELAY,
    PROFILE,
    SETUP,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    CAREFREE,
    CHAIN,
    CLOSES,
    COMPONENT,
    COUNTED,
    CREW_BEGIN,
    CREW_SPAN,
    DIRTY,
    DIRTY_NODE,
    EASED,
    FIRST_MEMBER,
    FIRST_REST,
    FIRST_TIE,
    FLOOR,
    FREE,
    HOLDS,
    KEY,
    LATE,
    LATE_AT,
    LATE_SEEN,
    LEFT_HOME,
    MOVE,
    NEW_WORST,
    NEXT,
    NODES_DIRTY,
    OPENS,
    PLACE_IN_CREW,
    PLAIN,
    PREVIOUS,
    PRICE,
    PRICE_SEEN,
    RESTS,
    ROUTE,
    STEADY,
    TANGLED,
    TIMED_DELTA,
    WHERE,
    WORST_EASED,
    WORST_LATE,
)
from dispatch.solver.kernels.moves.plan import Journal, Plan, save, soil, touch_route
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.kernels.walk import State, first_start, pass_break, pass_visit
from dispatch.solver.problem import NEVER

ROUNDS = 50
"""Delays that contradict one another never agree; so many rounds say so."""


class Timed(NamedTuple):
    """When a visit is done, and what it costs then. All int64."""

    feasible: int
    start: int
    free: int
    price: int
    """without the assignment"""
    late: int


@kernel
def _timed_by_all_rules(model: Model, nodes: Ints, visit: int, bound: int) -> Timed:
    """The same, whatever the visit and the vehicle are like."""
    vehicle, state = nodes[visit, ROUTE], state_after(nodes, nodes[visit, PREVIOUS])
    state = pass_visit(model, vehicle, state, visit, bound)
    price = state.cost - model.pairs[visit, vehicle, ASSIGN_PRICE]
    return Timed(state.feasible, state.start, state.free, price, state.worst)


@inlined
def timed_visit(model: Model, setting: Setting, nodes: Ints, visit: int, bound: int) -> Timed:
    """Time a visit after the node before it, not before ``bound``."""
    vehicle, previous = nodes[visit, ROUTE], nodes[visit, PREVIOUS]
    if setting.visits[visit, PLAIN] == 0 or setting.fleet[vehicle, STEADY] == 0:
        return _timed_by_all_rules(model, nodes, visit, bound)
    here, place = nodes[previous, WHERE], nodes[visit, WHERE]
    ready = nodes[previous, FREE]
    if here >= 0:
        ready += model.travel_s[model.fleet[vehicle, PROFILE], here, place]
    ready = max(ready, nodes[previous, FLOOR], bound)
    if nodes[previous, HOLDS] == 0 or ready > setting.visits[visit, CLOSES]:
        return Timed(0, ready, ready, 0, 0)
    start = max(ready, setting.visits[visit, OPENS])
    free = start + model.pairs[visit, vehicle, DURATION]
    if here != place or nodes[previous, LEFT_HOME] < 0:
        free += model.visits[visit, SETUP]
    late = max(0, free - model.visits[visit, DUE])
    return Timed(1, start, free, late * model.visits[visit, LATENESS_PRICE], late)


@inlined
def state_after(nodes: Ints, node: int) -> State:
    """Where a technician is after a node, with all sums at nought."""
    return State(
        nodes[node, HOLDS],
        nodes[node, WHERE],
        nodes[node, FREE],
        nodes[node, FLOOR],
        nodes[node, CHAIN],
        nodes[node, LEFT_HOME],
        0,
        0,
        -1,
        0,
        0,
        0,
        0,
        NEVER,
        -1,
        0,
        nodes[node, FIRST_REST],
        nodes[node, RESTS],
    )


@kernel
def settle_nodes(
    model: Model, setting: Setting, plan: Plan, journal: Journal, room: int, most: int
) -> bool:
    """Time the dirty nodes in the order of their keys, and whatever changes with them.

    Answers whether all holds, nobody costs more than ``room`` so far, and ``most`` timings were
    enough.
    """
    visits, counts = len(model.load), journal.counts
    worst_price = model.worst_price
    while counts[NODES_DIRTY] > 0:
        node = _earliest(plan, journal)
        most -= 1
        if most < 0:
            return False
        if node >= visits:
            holds = _time_break(model, plan, journal, node)
        elif setting.visits[node, COMPONENT] < 0:
            bound = _bound(model, setting, plan.nodes, node)
            holds = _time_visit(model, setting, plan, journal, node, bound)
        else:
            holds = _time_crew(model, setting, plan, journal, setting.visits[node, COMPONENT])
        if not holds or counts[PRICE_SEEN] + worst_price * counts[LATE_SEEN] > room:
            return False
    return True


@kernel
def time_alone(model: Model, setting: Setting, plan: Plan, journal: Journal, vehicle: int) -> bool:
    """Time a route from its start on as if nothing were tied to it."""
    nodes = plan.nodes
    node = nodes[len(nodes) - 2 * len(plan.routes) + vehicle, NEXT]
    while nodes[node, NEXT] >= 0:
        if node >= len(model.load):
            holds = _time_break(model, plan, journal, node)
        else:
            holds = _time_visit(model, setting, plan, journal, node, 0)
        if not holds:
            return False
        node = nodes[node, NEXT]
    return True


@inlined
def _earliest(plan: Plan, journal: Journal) -> int:
    """Take the dirty node with the least key off the list."""
    lists, nodes = journal.lists, plan.nodes
    last = journal.counts[NODES_DIRTY] - 1
    least = last
    for at in range(last):
        if nodes[lists[at, DIRTY_NODE], KEY] < nodes[lists[least, DIRTY_NODE], KEY]:
            least = at
    node = lists[least, DIRTY_NODE]
    lists[least, DIRTY_NODE] = lists[last, DIRTY_NODE]
    journal.counts[NODES_DIRTY] = last
    nodes[node, DIRTY] = 0
    return int(node)


@inlined
def _bound(model: Model, setting: Setting, nodes: Ints, visit: int) -> int:
    """Before when visits outside its component do not let a visit start."""
    bound = 0
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before = model.links[link, BEFORE]
        if before == visit or nodes[before, ROUTE] < 0:
            continue
        component = setting.visits[visit, COMPONENT]
        if component >= 0 and setting.visits[before, COMPONENT] == component:
            continue
        base = nodes[before, FREE] if model.links[link, FROM_END] else nodes[before, BEGIN]
        bound = max(bound, base + model.links[link, MIN_DELAY])
    return int(bound)


@inlined
def _time_visit(
    model: Model, setting: Setting, plan: Plan, journal: Journal, visit: int, bound: int
) -> bool:
    nodes = plan.nodes
    vehicle = nodes[visit, ROUTE]
    timed = timed_visit(model, setting, nodes, visit, bound)
    if timed.feasible == 0:
        return False
    note_price(plan, journal, visit, timed.price, timed.late)
    begun, freed = timed.start != nodes[visit, BEGIN], timed.free != nodes[visit, FREE]
    if not (begun or freed):
        return True
    save(plan, journal, visit)
    nodes[visit, BEGIN] = timed.start
    nodes[visit, FREE] = nodes[visit, CHAIN] = timed.free
    following, visits = nodes[visit, NEXT], len(model.load)
    if freed:
        soil(plan, journal, following)
    if setting.fleet[vehicle, CAREFREE] == 0 or following >= visits:
        touch_route(plan, journal, vehicle)
    _tell_followers(model, setting, plan, journal, visit)
    return True


@inlined
def _tell_followers(
    model: Model, setting: Setting, plan: Plan, journal: Journal, visit: int
) -> None:
    """Visits outside its component that wait for this one must be timed again."""
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        after = model.links[model.link_of[at], AFTER]
        if after == visit or plan.nodes[after, ROUTE] < 0:
            continue
        component = setting.visits[visit, COMPONENT]
        if component < 0 or setting.visits[after, COMPONENT] != component:
            soil(plan, journal, after)


@inlined
def note_price(plan: Plan, journal: Journal, visit: int, price: int, late: int) -> None:
    """Write down what a visit costs at its new time."""
    nodes, counts = plan.nodes, journal.counts
    old, old_late = nodes[visit, PRICE], nodes[visit, LATE]
    traced, at = counts[EASED] != -1, nodes[visit, LATE_AT]
    # One that may ease is seen before its crew is timed for good.
    seen = not (traced and at >= 0 and counts[EASED] >> at & 1)
    if seen:
        counts[PRICE_SEEN] += price
        counts[LATE_SEEN] = max(counts[LATE_SEEN], late)
        if traced or nodes[visit, COUNTED] == counts[MOVE]:
            counts[PRICE_SEEN] -= old
    if price != old or late != old_late:
        save(plan, journal, visit)
        nodes[visit, PRICE] = price
        nodes[visit, LATE] = late
        counts[TIMED_DELTA] += price - old
        counts[NEW_WORST] = max(counts[NEW_WORST], late)
        if late < old_late and old_late >= plan.totals[WORST_LATE]:
            counts[WORST_EASED] = 1
    nodes[visit, COUNTED] = counts[MOVE]


@kernel
def _time_break(model: Model, plan: Plan, journal: Journal, node: int) -> bool:
    """A break that comes too late only matters to visits after it, which look at `HOLDS`."""
    nodes, at = plan.nodes, node - len(model.load)
    state = pass_break(model, state_after(nodes, nodes[node, PREVIOUS]), at)
    same = (
        state.feasible == nodes[node, HOLDS]
        and state.place == nodes[node, WHERE]
        and state.free == nodes[node, FREE]
        and state.floor == nodes[node, FLOOR]
        and state.chain == nodes[node, CHAIN]
        and state.depart == nodes[node, LEFT_HOME]
        and state.first_rest == nodes[node, FIRST_REST]
        and state.rests == nodes[node, RESTS]
    )
    touch_route(plan, journal, nodes[node, ROUTE])
    if same:
        return True
    save(plan, journal, node)
    nodes[node, BEGIN] = state.chain - model.breaks[at, BREAK_DURATION]
    nodes[node, HOLDS] = state.feasible
    nodes[node, WHERE] = state.place
    nodes[node, FREE] = state.free
    nodes[node, FLOOR] = state.floor
    nodes[node, CHAIN] = state.chain
    nodes[node, LEFT_HOME] = state.depart
    nodes[node, FIRST_REST] = state.first_rest
    nodes[node, RESTS] = state.rests
    soil(plan, journal, nodes[node, NEXT])
    return True


@inlined
def _time_crew(
    model: Model, setting: Setting, plan: Plan, journal: Journal, component: int
) -> bool:
    """Time all visits of a component: each as if it were alone, then until all delays hold."""
    nodes, lists = plan.nodes, journal.lists
    first = setting.components[component, FIRST_MEMBER]
    last = setting.components[component + 1, FIRST_MEMBER]
    for at in range(first, last):
        visit = setting.members[at]
        if nodes[visit, ROUTE] < 0:
            continue
        bound = _bound(model, setting, nodes, visit)
        timed = timed_visit(model, setting, nodes, visit, bound)
        if timed.feasible == 0:
            return False
        lists[at - first, CREW_BEGIN] = timed.start
        lists[at - first, CREW_SPAN] = timed.free - timed.start
    if not _agree(model, setting, plan, journal, component):
        return False
    for at in range(first, last):
        visit = setting.members[at]
        if nodes[visit, ROUTE] < 0:
            continue
        begin = lists[at - first, CREW_BEGIN]
        if not _time_visit(model, setting, plan, journal, visit, begin):
            return False
    return True


@inlined
def _agree(model: Model, setting: Setting, plan: Plan, journal: Journal, component: int) -> bool:
    """Raise the starts in `CREW_BEGIN` until every delay of the component holds."""
    nodes, links = plan.nodes, model.links
    first = setting.components[component, FIRST_TIE]
    last = setting.components[component + 1, FIRST_TIE]
    for _ in range(ROUNDS):
        raised = pulled = False
        for at in range(first, last):
            link = setting.ties[at]
            before, after = links[link, BEFORE], links[link, AFTER]
            if nodes[before, ROUTE] < 0 or nodes[after, ROUTE] < 0:
                continue
            one, other = setting.visits[before, PLACE_IN_CREW], setting.visits[after, PLACE_IN_CREW]
            starts = journal.lists
            span = starts[one, CREW_SPAN] if links[link, FROM_END] else 0
            delay = starts[other, CREW_BEGIN] - starts[one, CREW_BEGIN] - span
            if delay < links[link, MIN_DELAY]:
                raised = True
                wanted = starts[other, CREW_BEGIN] - delay + links[link, MIN_DELAY]
                starts[other, CREW_BEGIN] = first_start(model, after, wanted)
                if starts[other, CREW_BEGIN] < 0:
                    return False
            elif links[link, MAX_DELAY] < NEVER and delay > links[link, MAX_DELAY]:
                raised = pulled = True
                wanted = starts[one, CREW_BEGIN] + delay - links[link, MAX_DELAY]
                starts[one, CREW_BEGIN] = first_start(model, before, wanted)
                if starts[one, CREW_BEGIN] < 0:
                    return False
        if pulled and _may_hold_itself_up(setting, nodes, component):
            journal.counts[TANGLED] = 1
        if not raised:
            return True
    return False


@inlined
def _may_hold_itself_up(setting: Setting, nodes: Ints, component: int) -> bool:
    """Whether a visit's route may depend on another visit of its component.

    If that one waits for this one too, both may keep a late time that nothing else asks for.
    """
    least, reached = NEVER << 21, -1
    for at in range(
        setting.components[component, FIRST_MEMBER],
        setting.components[component + 1, FIRST_MEMBER],
    ):
        visit = setting.members[at]
        if nodes[visit, ROUTE] >= 0:
            least = min(least, nodes[visit, KEY])
            reached = max(reached, nodes[nodes[visit, PREVIOUS], KEY])
    return bool(reached >= least)
