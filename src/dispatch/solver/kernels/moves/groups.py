"""Moves of whole crews and jobs: to another moment of the day, into the plan, and out of it.

A crew can hardly be moved seat by seat, since each seat holds the others where they are. So all
of them are lifted and set down around one new moment.
"""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.chance import Chance, below, uniform
from dispatch.solver.kernels.columns import (
    AFTER,
    ALLOWED,
    BEFORE,
    CLOSING,
    DUE,
    FIRST_LINK,
    FIRST_VISIT,
    FIRST_WINDOW,
    FROM_END,
    GROUP,
    MAX_DELAY,
    MIN_DELAY,
    OPENING,
    UNSERVED_PRICE,
)
from dispatch.solver.kernels.compiled import kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.clock import note_price
from dispatch.solver.kernels.moves.columns import (
    BEGIN,
    COMPONENT,
    FIRST_MEMBER,
    FREE,
    GROUP_IN,
    GROUP_OUT,
    KEY,
    MAY_EASE,
    NEXT,
    PREVIOUS,
    ROUTE,
    SEAT,
    SEAT_ROUTE,
    SEATS,
    STATIC_DELTA,
)
from dispatch.solver.kernels.moves.draw import (
    able_vehicle,
    cut_beside,
    last_before,
    neighbour,
)
from dispatch.solver.kernels.moves.exchange import owners_differ
from dispatch.solver.kernels.moves.late import firm_price
from dispatch.solver.kernels.moves.order import in_order
from dispatch.solver.kernels.moves.plan import SECOND, Journal, Plan, connect, save, soil
from dispatch.solver.kernels.moves.prices import leg_price, visit_after, visit_before, work_price
from dispatch.solver.kernels.moves.recount import recount
from dispatch.solver.kernels.moves.setting import Setting
from dispatch.solver.problem import NEVER

STAY, NEARBY = 0.4, 0.8
"""How often a seat keeps its vehicle, or takes that of a neighbour; else any that may."""
MOST_SEATS = 12
"""Larger crews are not lifted whole."""


@kernel
def lift_crew(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    room: int,
    luck: Chance,
) -> bool:
    """Set all visits that longest delays tie together down around a moment beside a neighbour."""
    if len(setting.members) == 0:
        return False
    visit = setting.members[below(luck, len(setting.members))]
    near = neighbour(neighbours, luck, visit)
    nodes = plan.nodes
    vehicle = nodes[near, ROUTE]
    if nodes[visit, ROUTE] < 0 or vehicle < 0 or model.pairs[visit, vehicle, ALLOWED] == 0:
        return False
    component = setting.visits[visit, COMPONENT]
    if setting.visits[near, COMPONENT] == component:
        return False
    key = cut_beside(plan, luck, near)
    if key < 0 or not _lift_all(model, setting, plan, journal, component):
        return False
    if not _set_down(model, plan, journal, visit, vehicle, key):
        return False
    return _seat_rest(model, setting, plan, journal, neighbours, room, luck)


@kernel
def put_in(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    group: int,
    room: int,
    luck: Chance,
) -> bool:
    """Serve a job that was left out."""
    counts = journal.counts
    counts[GROUP_IN] = group
    counts[STATIC_DELTA] -= model.groups[group, UNSERVED_PRICE]
    for visit in range(model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]):
        if not _may_be_served(model, plan, group, visit):
            return False
        journal.lists[counts[SEATS], SEAT] = visit
        journal.lists[counts[SEATS], SEAT_ROUTE] = -1
        counts[SEATS] += 1
    return _seat_rest(model, setting, plan, journal, neighbours, room, luck)


@kernel
def take_out(
    model: Model, setting: Setting, plan: Plan, journal: Journal, group: int, room: int
) -> bool:
    """Leave a job out that no other depends on."""
    counts = journal.counts
    counts[GROUP_OUT] = group
    counts[STATIC_DELTA] += model.groups[group, UNSERVED_PRICE]
    first, last = model.groups[group, FIRST_VISIT], model.groups[group + 1, FIRST_VISIT]
    for visit in range(first, last):
        if _is_needed(model, plan, group, visit):
            return False
    for visit in range(first, last):
        vehicle = plan.nodes[visit, ROUTE]
        lift(model, plan, journal, visit)
        note_price(plan, journal, visit, 0, 0)
        if not recount(model, setting, plan, journal, vehicle):
            return False
        _soil_component(setting, plan, journal, visit)
    return bool(counts[STATIC_DELTA] <= room)


@kernel
def _may_be_served(model: Model, plan: Plan, group: int, visit: int) -> bool:
    """Whether the jobs before are served."""
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        before = model.links[model.link_of[at], BEFORE]
        if model.visits[before, GROUP] != group and plan.nodes[before, ROUTE] < 0:
            return False
    return True


@kernel
def _is_needed(model: Model, plan: Plan, group: int, visit: int) -> bool:
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        after = model.links[model.link_of[at], AFTER]
        if model.visits[after, GROUP] != group and plan.nodes[after, ROUTE] >= 0:
            return True
    return False


@kernel
def _soil_component(setting: Setting, plan: Plan, journal: Journal, visit: int) -> None:
    component = setting.visits[visit, COMPONENT]
    if component < 0:
        return
    for at in range(
        setting.components[component, FIRST_MEMBER],
        setting.components[component + 1, FIRST_MEMBER],
    ):
        if plan.nodes[setting.members[at], ROUTE] >= 0:
            soil(plan, journal, setting.members[at])


@kernel
def lift(model: Model, plan: Plan, journal: Journal, visit: int) -> None:
    """Take a visit off its route."""
    nodes, visits = plan.nodes, len(model.load)
    vehicle = nodes[visit, ROUTE]
    before = visit_before(plan, visits, nodes[visit, PREVIOUS])
    after = visit_after(plan, visits, nodes[visit, NEXT])
    journal.counts[STATIC_DELTA] += (
        leg_price(model, nodes, vehicle, before, after)
        - leg_price(model, nodes, vehicle, before, visit)
        - leg_price(model, nodes, vehicle, visit, after)
        - work_price(model, vehicle, visit)
    )
    save(plan, journal, visit)
    following = nodes[visit, NEXT]
    connect(plan, journal, nodes[visit, PREVIOUS], following)
    soil(plan, journal, following)
    nodes[visit, ROUTE] = -1


@kernel
def _lift_all(model: Model, setting: Setting, plan: Plan, journal: Journal, component: int) -> bool:
    """List and lift the served visits of a component."""
    nodes, counts = plan.nodes, journal.counts
    first = setting.components[component, FIRST_MEMBER]
    last = setting.components[component + 1, FIRST_MEMBER]
    if last - first > MOST_SEATS:
        return False
    for at in range(first, last):
        visit = setting.members[at]
        if nodes[visit, ROUTE] >= 0:
            journal.lists[counts[SEATS], SEAT] = visit
            journal.lists[counts[SEATS], SEAT_ROUTE] = nodes[visit, ROUTE]
            counts[SEATS] += 1
            lift(model, plan, journal, visit)
    return True


@kernel
def _set_down(
    model: Model, plan: Plan, journal: Journal, visit: int, vehicle: int, key: int
) -> bool:
    """Put a visit on a vehicle's route where its key belongs."""
    nodes, visits = plan.nodes, len(model.load)
    if model.pairs[visit, vehicle, ALLOWED] == 0:
        return False
    previous = last_before(plan, vehicle, key)
    following = nodes[previous, NEXT]
    if nodes[following, KEY] == key:
        return False
    save(plan, journal, visit)
    connect(plan, journal, previous, visit)
    connect(plan, journal, visit, following)
    nodes[visit, KEY] = key
    nodes[visit, ROUTE] = vehicle
    if not owners_differ(model, plan, visit):
        return False
    soil(plan, journal, visit)
    soil(plan, journal, following)
    before = visit_before(plan, visits, previous)
    after = visit_after(plan, visits, following)
    journal.counts[STATIC_DELTA] += (
        leg_price(model, nodes, vehicle, before, visit)
        + leg_price(model, nodes, vehicle, visit, after)
        + work_price(model, vehicle, visit)
        - leg_price(model, nodes, vehicle, before, after)
    )
    return True


@kernel
def _seat_rest(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    room: int,
    luck: Chance,
) -> bool:
    """Set all listed visits down, those first that are tied to one that stands."""
    nodes, lists, counts = plan.nodes, journal.lists, journal.counts
    waiting = True
    while waiting:
        waiting = False
        chosen, key = -1, -1
        for at in range(counts[SEATS]):
            if nodes[lists[at, SEAT], ROUTE] >= 0:
                continue
            waiting = True
            chosen = at
            key = _tied_key(model, plan, luck, lists[at, SEAT])
            if key >= 0:
                break
        if not waiting:
            break
        visit = lists[chosen, SEAT]
        if key < 0:
            placed = _seat_anywhere(model, setting, plan, journal, neighbours, visit, luck)
        else:
            vehicle = _vehicle_for(
                setting, plan, neighbours, visit, lists[chosen, SEAT_ROUTE], luck
            )
            placed = vehicle >= 0 and _set_down(model, plan, journal, visit, vehicle, key)
        if not placed:
            return False
    room -= firm_price(model, plan, journal, _eased(plan, journal))
    return counts[STATIC_DELTA] <= room and _all_hold(model, setting, plan, journal)


@kernel
def _eased(plan: Plan, journal: Journal) -> int:
    """The late visits that may become less late, as their bits."""
    eased = 0
    for at in range(journal.counts[SEATS]):
        eased |= plan.routes[plan.nodes[journal.lists[at, SEAT], ROUTE], MAY_EASE]
        if journal.lists[at, SEAT_ROUTE] >= 0:
            eased |= plan.routes[journal.lists[at, SEAT_ROUTE], MAY_EASE]
    return int(eased)


@kernel
def _all_hold(model: Model, setting: Setting, plan: Plan, journal: Journal) -> bool:
    """Whether keys and routes of the seats hold, and the routes that lost one."""
    for at in range(journal.counts[SEATS]):
        visit = journal.lists[at, SEAT]
        if not in_order(model, plan.nodes, visit):
            return False
        if not recount(model, setting, plan, journal, plan.nodes[visit, ROUTE]):
            return False
        old = journal.lists[at, SEAT_ROUTE]
        if old >= 0 and not recount(model, setting, plan, journal, old):
            return False
    return True


@kernel
def _seat_anywhere(
    model: Model,
    setting: Setting,
    plan: Plan,
    journal: Journal,
    neighbours: Ints,
    visit: int,
    luck: Chance,
) -> bool:
    """Set a visit down beside a neighbour, or with any vehicle at any time of its windows."""
    near = neighbour(neighbours, luck, visit)
    vehicle = plan.nodes[near, ROUTE]
    key = -1
    if vehicle >= 0 and uniform(luck) < NEARBY:
        key = cut_beside(plan, luck, near)
    else:
        vehicle = able_vehicle(setting, luck, visit)
        key = _any_key(model, luck, visit)
    if vehicle < 0 or key < 0:
        return False
    return _set_down(model, plan, journal, visit, vehicle, key)


@kernel
def _any_key(model: Model, luck: Chance, visit: int) -> int:
    """Of a moment in a hard window, in time if that can be."""
    first, last = model.visits[visit, FIRST_WINDOW], model.visits[visit + 1, FIRST_WINDOW]
    window = first + below(luck, last - first)
    opening = model.windows[window, OPENING]
    closing = min(model.windows[window, CLOSING], max(opening, model.visits[visit, DUE]))
    return int(SECOND * (opening + (closing - opening) * uniform(luck)))


@kernel
def _tied_key(model: Model, plan: Plan, luck: Chance, visit: int) -> int:
    """A key at a delay that a link allows from a visit that stands, or -1."""
    nodes = plan.nodes
    for at in range(model.visits[visit, FIRST_LINK], model.visits[visit + 1, FIRST_LINK]):
        link = model.link_of[at]
        before, after = model.links[link, BEFORE], model.links[link, AFTER]
        anchor = after if visit == before else before
        longest = model.links[link, MAX_DELAY]
        if nodes[anchor, ROUTE] < 0 or longest >= NEVER:
            continue
        shortest = model.links[link, MIN_DELAY]
        delay = int(SECOND * (shortest + (longest - shortest) * uniform(luck)))
        if model.links[link, FROM_END]:
            delay += SECOND * (nodes[before, FREE] - nodes[before, BEGIN])
        key = nodes[anchor, KEY] + (delay if visit == after else -delay)
        return int(max(key, 0))
    return -1


@kernel
def _vehicle_for(
    setting: Setting,
    plan: Plan,
    neighbours: Ints,
    visit: int,
    old: int,
    luck: Chance,
) -> int:
    draw = uniform(luck)
    if draw < STAY and old >= 0:
        return old
    if draw < NEARBY:
        return int(plan.nodes[neighbour(neighbours, luck, visit), ROUTE])
    return able_vehicle(setting, luck, visit)
