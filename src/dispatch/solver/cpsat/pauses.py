"""Breaks of one vehicle: each stands before some of its visits and after the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from ortools.sat.python import cp_model

from dispatch.solver.cpsat.model import DEPOT, DayModel, way_s
from dispatch.solver.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """One break."""

    index: int
    """The problem's"""
    duration_s: int
    begin: cp_model.IntVar
    taken: cp_model.IntVar
    """Or else the route is over when it begins."""
    before: Mapping[int, cp_model.IntVar]
    """By visit: whether the break comes before it on its route."""


@dataclass(frozen=True, slots=True, eq=False)
class Pauses:
    """The breaks of a vehicle."""

    each: Sequence[Pause] = ()

    @property
    def owed_s(self) -> cp_model.LinearExpr:
        """How long those last that are taken at all."""
        return self._lasting([pause.taken for pause in self.each])

    def before_s(self, visit: int) -> cp_model.LinearExpr:
        """How long those last that are taken before a visit."""
        return self._lasting([pause.before[visit] for pause in self.each])

    def _lasting(self, chosen: list[cp_model.IntVar]) -> cp_model.LinearExpr:
        durations = [pause.duration_s for pause in self.each]
        return cp_model.LinearExpr.weighted_sum(chosen, durations)


def new_pauses(model: DayModel, vehicle: int) -> Pauses:
    """The breaks of a vehicle, one after another."""
    each = [_new_pause(model, vehicle, at) for at in breaks_of(model.problem, vehicle)]
    model.cp.add_no_overlap(
        [
            model.cp.new_optional_fixed_size_interval_var(
                pause.begin, pause.duration_s, pause.taken, ""
            )
            for pause in each
        ]
    )
    return Pauses(each)


def place_pauses(
    model: DayModel,
    vehicle: int,
    pauses: Pauses,
    start: Sequence[cp_model.IntVar],
    end: Sequence[cp_model.IntVar],
) -> None:
    """Before some visits and after the others, and what is left out comes too late to be owed."""
    cp, serves = model.cp, model.serves[vehicle]
    for pause in pauses.each:
        cp.add_implication(pause.taken, model.used[vehicle])
        for visit, before in pause.before.items():
            cp.add_implication(before, serves[visit])
            cp.add_implication(before, pause.taken)
            cp.add(start[visit] >= pause.begin + pause.duration_s).only_enforce_if(before)
            after = [serves[visit], pause.taken, ~before]
            cp.add(pause.begin >= end[visit]).only_enforce_if(after)
        for (tail, head), arc in model.arcs[vehicle].items():
            way = way_s(model.problem, vehicle, tail, head)
            if tail == DEPOT:
                first = [arc, pause.before[head]]
                cp.add(start[head] - way >= pause.begin + pause.duration_s).only_enforce_if(first)
            elif head == DEPOT:
                opening = int(model.problem.breaks.earliest_s[pause.index])
                cp.add(end[tail] + way <= opening).only_enforce_if(arc, ~pause.taken)
            else:
                cp.add(pause.before[tail] <= pause.before[head]).only_enforce_if(arc)


def breaks_of(problem: Problem, vehicle: int) -> list[int]:
    """The indices of a vehicle's breaks."""
    mine: list[int] = np.flatnonzero(problem.breaks.vehicle == vehicle).tolist()
    return mine


def leaving_times(problem: Problem, vehicle: int) -> set[int]:
    """When a vehicle can be ready to leave: after some of its breaks, in some order."""
    earliest = int(problem.vehicles.earliest_s[vehicle])
    return {_done(problem, order, earliest) for order in _orders(problem, vehicle)}


def waiting_times(problem: Problem, vehicle: int) -> set[int]:
    """When breaks that a vehicle had to wait for can be over, on its way."""
    return {_done(problem, order, 0) for order in _orders(problem, vehicle)}


def _orders(problem: Problem, vehicle: int) -> list[tuple[int, ...]]:
    mine = breaks_of(problem, vehicle)
    return [order for size in range(len(mine) + 1) for order in permutations(mine, size)]


def _done(problem: Problem, order: Sequence[int], begin: int) -> int:
    breaks, moment = problem.breaks, begin
    for at in order:
        moment = max(moment, int(breaks.earliest_s[at])) + int(breaks.duration_s[at])
    return moment


def _new_pause(model: DayModel, vehicle: int, index: int) -> Pause:
    breaks, cp = model.problem.breaks, model.cp
    latest = int(breaks.latest_s[index])
    earliest = max(int(breaks.earliest_s[index]), int(model.problem.vehicles.earliest_s[vehicle]))
    taken = cp.new_bool_var("")
    if earliest > latest:
        cp.add(taken == 0)
    return Pause(
        index=index,
        duration_s=int(breaks.duration_s[index]),
        begin=cp.new_int_var(min(earliest, latest), latest, ""),
        taken=taken,
        before={visit: cp.new_bool_var("") for visit in model.serves[vehicle]},
    )
