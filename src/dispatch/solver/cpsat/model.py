"""A problem as CP-SAT sees it: a circuit for each vehicle, and whom it serves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from dispatch.solver.problem import Problem

DEPOT = -1
"""Where a circuit starts and ends."""
Arc = tuple[int, int]
"""From one visit or the depot to another."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayModel:
    """An open model: the parts add to it."""

    problem: Problem
    cp: cp_model.CpModel
    arcs: list[dict[Arc, cp_model.IntVar]]
    """For each vehicle the ways that it may go."""
    serves: list[dict[int, cp_model.IntVar]]
    """For each vehicle the visits that it may serve."""
    used: list[cp_model.IntVar]
    """(vehicles,)"""
    served: list[cp_model.IntVar]
    """(groups,)"""
    terms: list[cp_model.LinearExprT] = field(default_factory=list)
    """What the objective adds up."""

    @property
    def horizon_s(self) -> int:
        """Nobody works longer."""
        return int(self.problem.vehicles.latest_s.max(initial=0))

    def price(self, amount: cp_model.LinearExprT, price: int) -> None:
        """Pay for a quantity."""
        if price:
            self.terms.append(amount * price)

    def is_served(self, visit: int) -> cp_model.IntVar:
        """Whether the group of a visit is served."""
        return self.served[int(self.problem.visits.group[visit])]


def size_of(problem: Problem) -> int:
    """How many arcs the model has."""
    candidates = problem.visits.allowed.sum(axis=0)
    return int(((candidates + 1) ** 2).sum())


def new_model(problem: Problem) -> DayModel:
    """Circuits, who serves whom, and what does not depend on time."""
    cp = cp_model.CpModel()
    model = DayModel(
        problem=problem,
        cp=cp,
        arcs=[],
        serves=[],
        used=[cp.new_bool_var("") for _ in range(problem.vehicle_count)],
        served=[cp.new_bool_var("") for _ in range(problem.group_count)],
    )
    for vehicle in range(problem.vehicle_count):
        _add_circuit(model, vehicle)
    _add_groups(model)
    _add_limits(model)
    _add_prices(model)
    return model


def _add_circuit(model: DayModel, vehicle: int) -> None:
    """A vehicle goes round through the depot and the visits that it serves; the rest stand by."""
    visits = np.flatnonzero(model.problem.visits.allowed[:, vehicle]).tolist()
    nodes = [DEPOT, *visits]
    arcs = {
        (tail, head): model.cp.new_bool_var("") for tail in nodes for head in nodes if tail != head
    }
    serves = {visit: model.cp.new_bool_var("") for visit in visits}
    node = {visit: at for at, visit in enumerate(nodes)}
    loops = [(node[visit], node[visit], ~served) for visit, served in serves.items()]
    loops.append((node[DEPOT], node[DEPOT], ~model.used[vehicle]))
    model.cp.add_circuit([*((node[t], node[h], arc) for (t, h), arc in arcs.items()), *loops])
    for served in serves.values():
        model.cp.add_implication(served, model.used[vehicle])
    model.arcs.append(arcs)
    model.serves.append(serves)


def _add_groups(model: DayModel) -> None:
    """All visits of a group or none, each by another owner; and what must come with what."""
    owner = model.problem.vehicles.owner.tolist()
    by_owner: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for visit, group in enumerate(model.problem.visits.group.tolist()):
        mine = [(at, serves[visit]) for at, serves in enumerate(model.serves) if visit in serves]
        model.cp.add(sum(one for _, one in mine) == model.served[group])
        for vehicle, one in mine:
            by_owner.setdefault((group, owner[vehicle]), []).append(one)
    for ones in by_owner.values():
        model.cp.add_at_most_one(ones)
    links = model.problem.links
    for before, after in zip(links.before.tolist(), links.after.tolist(), strict=True):
        model.cp.add_implication(model.is_served(after), model.is_served(before))


def _add_limits(model: DayModel) -> None:
    shift, visits = model.problem.vehicles, model.problem.visits
    for vehicle, serves in enumerate(model.serves):
        model.cp.add(sum(serves.values()) <= int(shift.max_visits[vehicle]))
        for dimension in range(visits.load.shape[1]):
            carried = sum(one * int(visits.load[at, dimension]) for at, one in serves.items())
            model.cp.add(carried <= int(shift.capacity[vehicle, dimension]))
        travel = sum(
            arc * way_s(model.problem, vehicle, *at) for at, arc in model.arcs[vehicle].items()
        )
        model.cp.add(travel <= int(shift.max_travel_s[vehicle]))


def _add_prices(model: DayModel) -> None:
    problem = model.problem
    shift = problem.vehicles
    for vehicle, arcs in enumerate(model.arcs):
        model.price(model.used[vehicle], int(shift.use_price[vehicle]))
        for (tail, head), arc in arcs.items():
            travel = way_s(problem, vehicle, tail, head) * int(shift.travel_price[vehicle])
            metres = way_m(problem, vehicle, tail, head) * int(shift.distance_price[vehicle])
            model.price(arc, travel + metres)
        for visit, one in model.serves[vehicle].items():
            model.price(one, int(problem.visits.assign_price[visit, vehicle]))
    for group, served in enumerate(model.served):
        model.price(1 - served, int(problem.unserved_price[group]))


def way_s(problem: Problem, vehicle: int, tail: int, head: int) -> int:
    """Seconds of an arc; none at an open end."""
    origin, target = _ends(problem, vehicle, tail, head)
    if min(origin, target) < 0:
        return 0
    return int(problem.travel_s[problem.vehicles.profile[vehicle], origin, target])


def way_m(problem: Problem, vehicle: int, tail: int, head: int) -> int:
    """Metres of an arc; none at an open end."""
    origin, target = _ends(problem, vehicle, tail, head)
    if min(origin, target) < 0:
        return 0
    return int(problem.distance_m[problem.vehicles.profile[vehicle], origin, target])


def _ends(problem: Problem, vehicle: int, tail: int, head: int) -> tuple[int, int]:
    shift, place = problem.vehicles, problem.visits.place
    origin = shift.start_place[vehicle] if tail == DEPOT else place[tail]
    target = shift.end_place[vehicle] if head == DEPOT else place[head]
    return int(origin), int(target)
