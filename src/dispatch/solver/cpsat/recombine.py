"""The best plan that consists of routes of a pool: set packing, solved by CP-SAT.

Each visit may be in one of the routes taken, and each class of vehicles drives no more routes
than it has vehicles; what a route saves is the price of leaving its visits out, less its cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.cpsat.parameters import new_solver
from dispatch.solver.cpsat.pool import Column, RoutePool, key_of
from dispatch.solver.cpsat.worths import excess_costs
from dispatch.solver.problem import Problem

MOST_CHOICES = 2_000
"""Columns that CP-SAT is given; with more of them it finds no better plan in the time there is."""
LARGEST_SAVING = 2**40
"""Savings are rounded to fit: the library's linear programs are inexact beyond."""


def recombine(
    problem: Problem,
    pool: RoutePool,
    routes: Sequence[Ints],
    *,
    seed: int,
    seconds: float,
    effort: float | None = None,
) -> list[Ints] | None:
    """Routes that cost less than the given ones, or None: also if the pool has lost one of those.

    The routes with tied visits stay as they are. The largest lateness of a plan is not priced
    here, so what comes back is to be timed before it counts.

    Parameters
    ----------
    routes
        Of the best plan, for each vehicle.
    seconds, effort
        The limits of the search, see :func:`~dispatch.solver.cpsat.parameters.new_solver`.
    """
    packing = _packing(problem, pool, routes)
    if sum(packing.hint) < packing.needed or len(packing.columns) <= packing.needed:
        return None
    model, taken = _model(packing)
    solver = new_solver(seed, seconds=seconds, effort=effort)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = [bool(solver.boolean_value(each)) for each in taken]
    if packing.saved(chosen) <= packing.saved(packing.hint):
        return None
    return _assigned(problem, pool, routes, packing, chosen)


@dataclass(frozen=True, slots=True, eq=False)
class _Packing:
    """What there is to choose from."""

    columns: Sequence[Column]
    savings: Sequence[int]
    hint: Sequence[bool]
    """The columns of the best plan."""
    needed: int
    """How many columns it takes to make the best plan."""
    free: Bools
    """(vehicles,) whose route may change"""
    vehicles: Ints
    """(classes,) how many of them there are"""

    def saved(self, chosen: Sequence[bool]) -> int:
        return sum(saving for saving, one in zip(self.savings, chosen, strict=True) if one)


def _packing(problem: Problem, pool: RoutePool, routes: Sequence[Ints]) -> _Packing:
    price = problem.unserved_price[problem.visits.group]
    rows = [row[row < problem.visit_count] for row in routes]
    free = np.asarray([not pool.tied[row].any() for row in rows], dtype=np.bool_)
    placed = np.zeros(problem.visit_count, dtype=np.bool_)
    for row, one in zip(rows, free.tolist(), strict=True):
        placed[row] = not one
    ours = {
        key_of(int(kind), row)
        for kind, row, one in zip(pool.class_of, rows, free.tolist(), strict=True)
        if one and len(row)
    }
    columns, savings, hint = [], [], []
    for key, column in pool.items():
        saving = int(price[column.visits].sum()) - column.cost
        if (saving > 0 or key in ours) and not placed[column.visits].any():
            columns.append(column)
            savings.append(saving)
            hint.append(key in ours)
    if len(columns) > MOST_CHOICES:
        keep = _promising(columns, hint, price)
        columns = [columns[at] for at in keep]
        savings = [savings[at] for at in keep]
        hint = [hint[at] for at in keep]
    vehicles = np.bincount(pool.class_of[free], minlength=int(pool.class_of.max(initial=0)) + 1)
    return _Packing(columns, savings, hint, len(ours), free, vehicles)


def _promising(columns: Sequence[Column], hint: Sequence[bool], price: Ints) -> list[int]:
    """Which columns to choose from: the plan's own, and those that look best."""
    ours = np.asarray(hint)
    excess = excess_costs(
        [column.visits for column in columns],
        np.array([column.cost for column in columns], dtype=np.float64),
        ours,
        price.astype(np.float64),
    )
    excess[ours] = -np.inf
    return sorted(np.argsort(excess, kind="stable")[:MOST_CHOICES].tolist())


def _model(packing: _Packing) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in packing.columns]
    of_visit: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    of_class: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for column, variable in zip(packing.columns, taken, strict=True):
        of_class[column.vehicle_class].append(variable)
        for visit in column.visits.tolist():
            of_visit[visit].append(variable)
    for variables in of_visit.values():
        if len(variables) > 1:
            model.add_at_most_one(variables)
    for vehicle_class, variables in of_class.items():
        count = int(packing.vehicles[vehicle_class])
        if count == 1:
            model.add_at_most_one(variables)
        elif len(variables) > count:
            model.add(cp_model.LinearExpr.sum(variables) <= count)
    unit = max(1, sum(map(abs, packing.savings)) // LARGEST_SAVING)
    savings = [saving // unit for saving in packing.savings]
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, savings))
    for variable, one in zip(taken, packing.hint, strict=True):
        model.add_hint(variable, one)
    return model, taken


def _assigned(
    problem: Problem,
    pool: RoutePool,
    routes: Sequence[Ints],
    packing: _Packing,
    chosen: Sequence[bool],
) -> list[Ints]:
    """Vehicles for the columns taken: where it can be, the one that has most of the visits now."""
    now = np.full(problem.visit_count, -1, dtype=np.int64)
    for vehicle, row in enumerate(routes):
        now[row[row < problem.visit_count]] = vehicle
    rows: list[Ints] = [
        np.zeros(0, dtype=np.int64) if free else row
        for row, free in zip(routes, packing.free.tolist(), strict=True)
    ]
    idle = np.flatnonzero(packing.free).tolist()
    taken = [each for each, one in zip(packing.columns, chosen, strict=True) if one]
    theirs = [np.bincount(now[each.visits] + 1, minlength=len(rows) + 1)[1:] for each in taken]
    for at in sorted(range(len(taken)), key=lambda at: -int(theirs[at].max())):
        fitting = [each for each in idle if pool.class_of[each] == taken[at].vehicle_class]
        vehicle = max(fitting, key=theirs[at].__getitem__)
        idle.remove(vehicle)
        rows[vehicle] = pool.row(taken[at], vehicle)
    return rows
