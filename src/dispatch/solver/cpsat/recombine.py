"""The best plan that consists of routes of a pool: set packing, solved by CP-SAT.

Each visit may be in one of the routes taken, and each class of vehicles drives no more routes
than it has vehicles; what a route saves is the price of leaving its visits out, less its cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.cpsat.pool import Column, RoutePool, key_of
from dispatch.solver.cpsat.worths import excess_costs
from dispatch.solver.ctrl_c import ctrl_c_kept
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
        The limits of the search: of wall time, and of the library's deterministic time.
    """
    packing = _packing(problem, pool, routes)
    if sum(packing.hint) < packing.needed or len(packing.columns) <= packing.needed:
        return None
    chosen = _chosen(packing, seed, seconds, effort)
    if chosen is None or packing.saved(chosen) <= packing.saved(packing.hint):
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


def _chosen(
    packing: _Packing, seed: int, seconds: float, effort: float | None
) -> list[bool] | None:
    """The columns to take, or None where no time was left to find any.

    By the library's solver of linear programs with CP-SAT behind it: its own interface to CP-SAT
    loads pandas, for which every start of a search would have to wait a second.
    """
    solver = pywraplp.Solver.CreateSolver("SAT")
    taken = [solver.BoolVar("") for _ in packing.columns]
    for count, members in _limits(packing):
        row = solver.Constraint(0, count)
        for at in members:
            row.SetCoefficient(taken[at], 1)
    unit = max(1, sum(map(abs, packing.savings)) // LARGEST_SAVING)
    objective = solver.Objective()
    objective.SetMaximization()
    for variable, saving in zip(taken, packing.savings, strict=True):
        objective.SetCoefficient(variable, saving // unit)
    solver.SetHint(taken, [float(one) for one in packing.hint])
    solver.SetTimeLimit(max(1, int(1_000 * seconds)))
    solver.SetSolverSpecificParametersAsString(_how(seed, effort))
    exactly = pywraplp.MPSolverParameters()
    exactly.SetDoubleParam(exactly.RELATIVE_MIP_GAP, 0.0)
    with ctrl_c_kept():
        status = solver.Solve(exactly)
    if status not in (solver.OPTIMAL, solver.FEASIBLE):
        return None
    return [variable.solution_value() > 0.5 for variable in taken]


def _how(seed: int, effort: float | None) -> str:
    """Parameters of CP-SAT, as :func:`~dispatch.solver.cpsat.parameters.new_solver` sets them."""
    said = f"num_workers: 1 random_seed: {seed % 2**31} catch_sigint_signal: false"
    return said if effort is None else f"{said} max_deterministic_time: {max(effort, 1e-6)}"


def _limits(packing: _Packing) -> Iterator[tuple[int, list[int]]]:
    """How many of some columns may be taken: one of a visit, and as many as there are vehicles."""
    of_visit: dict[int, list[int]] = defaultdict(list)
    of_class: dict[int, list[int]] = defaultdict(list)
    for at, column in enumerate(packing.columns):
        of_class[column.vehicle_class].append(at)
        for visit in column.visits.tolist():
            of_visit[visit].append(at)
    yield from ((1, members) for members in of_visit.values() if len(members) > 1)
    for vehicle_class, members in of_class.items():
        count = int(packing.vehicles[vehicle_class])
        if len(members) > count:
            yield count, members


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
