"""Simulated annealing over small moves, for days on which visits are tied to one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.chance import chance
from dispatch.solver.kernels.model import Model, model_of
from dispatch.solver.kernels.moves.anneal import (
    LOST,
    MOVES,
    PUT_IN,
    Shares,
    anneal,
    begin,
)
from dispatch.solver.kernels.moves.columns import BEST, LEFT_OUT, NEXT, TRACEABLE
from dispatch.solver.kernels.moves.plan import Journal, Plan, append, empty_journal, empty_plan
from dispatch.solver.kernels.moves.setting import setting_of
from dispatch.solver.lns.cycles import Cycles
from dispatch.solver.lns.neighbours import nearest_visits
from dispatch.solver.lns.parameters import MovesParameters
from dispatch.solver.problem import Problem

BATCH = 1_000
"""Moves in an iteration."""
A_CYCLE = 250
"""Iterations for each visit in a cycle, at the pace of the beginning; cold ones are quicker."""
COOL_FROM = 0.9
"""The part of a cycle before which it goes its own way: a plan from elsewhere, cold already, is
better than its own until it is nearly cold itself, and would end what it is about."""
SAMPLE = 2_000
"""Moves whose changes of cost tell how hot to begin."""
TRIES = 50
"""Moves tried for each of these, at most."""
TRIALS = 200
"""Tries to put in each job that the first plan leaves out, before anything else."""
MOST_TRIALS = 20_000
"""Of these for all of them, which may be many hundreds: a fifth of a second at the slowest."""


class MovesSearch:
    """The plan under annealing between two chunks of iterations, of a thousand moves each."""

    def __init__(
        self,
        problem: Problem,
        routes: Sequence[Ints],
        parameters: MovesParameters,
        seed: int,
        *,
        patience: int = 1,
    ) -> None:
        """Put the routes on the board.

        Parameters
        ----------
        patience
            A cycle is so many times as long as usual.
        """
        self.model = model_of(problem)
        self.tally = np.zeros((MOVES, 3), np.int64)
        """(MOVES, 3) moves of each kind proposed, timed and kept"""
        self._problem = problem
        self._setting = setting_of(problem)
        self._neighbours = _neighbours(problem, int(parameters.neighbours))
        self._shares = _shares(problem, parameters)
        self._luck = chance(seed)
        a_cycle = patience * A_CYCLE * problem.visit_count
        self.cycles = Cycles(a_cycle, parameters.cycles, COOL_FROM)
        self.plan, self._journal, _ = self._begun(routes)
        self._fill()
        scale = self._median_change()
        self._hot = parameters.first_temperature * scale
        self._cold = parameters.last_temperature * scale

    def is_cool(self, progress: float) -> bool:
        """Whether a better plan would last."""
        return self.cycles.is_cool(progress)

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes of another plan, unless they break a rule."""
        plan, journal, holds = self._begun(routes)
        if holds:
            self.plan, self._journal = plan, journal

    def _begun(self, routes: Sequence[Ints]) -> tuple[Plan, Journal, bool]:
        """A plan with these routes, timed and priced, and whether all rules hold."""
        plan = plan_of(self._problem, self.model, routes)
        journal = empty_journal(plan, self._problem.break_count)
        return plan, journal, bool(begin(self.model, self._setting, plan, journal))

    def run(self, iterations: int, progress: float) -> bool:
        """Some iterations at the temperature of this moment; answers whether the best improved."""
        self.cycles.run(iterations, progress)
        _, cycled = self.cycles.at(progress)
        return self.step(iterations, cycled)

    def step(self, iterations: int, cycled: float) -> bool:
        """Some iterations at the temperature of a part of a cycle, 0 to 1."""
        return self.walk(BATCH * iterations, self._hot * (self._cold / self._hot) ** cycled)

    def recombine(self, progress: float) -> bool:  # noqa: ARG002 - a search may have a use for it
        """Routes whose times hang on one another cannot be put together anew."""
        return False

    def walk(self, moves: int, temperature: float) -> bool:
        """Some moves at one temperature; answers whether the best improved."""
        before = self.best_cost
        self._anneal(self._shares, moves, temperature)
        return self.best_cost < before

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan."""
        return routes_of(self._problem, self.plan.best)

    def current_routes(self) -> tuple[Ints, ...]:
        """The routes of the plan as it is now."""
        return routes_of(self._problem, self.plan.nodes[:, NEXT])

    @property
    def best_cost(self) -> int:
        """Cost units, of the best plan."""
        return int(self.plan.totals[BEST])

    @property
    def is_quick(self) -> bool:
        """Whether lateness is all that time costs, so that few moves have to be timed."""
        return bool(self._setting.whole[TRACEABLE])

    def _anneal(
        self, shares: Shares, moves: int, temperature: float, changes: Ints | None = None
    ) -> int:
        """As the kernel; where the plan is lost, back to the best one."""
        found = int(
            anneal(
                self.model,
                self._setting,
                self.plan,
                self._journal,
                self._neighbours,
                shares,
                temperature,
                moves,
                np.zeros(0, np.int64) if changes is None else changes,
                self.tally,
                self._luck,
            )
        )
        if found == LOST:
            self.take(self.best_routes())
        return found

    def _fill(self) -> None:
        """Try to put in what is left out."""
        only = np.zeros(MOVES)
        only[PUT_IN:] = 1.0
        left = int(self.plan.left[-1, LEFT_OUT])
        if left:
            self._anneal(only, min(TRIALS * left, MOST_TRIALS), 1e-9)

    def _median_change(self) -> float:
        """How much a random move changes the cost of the plan, in time or not; at least 1."""
        changes = np.zeros(SAMPLE, np.int64)
        found = self._anneal(self._shares, TRIES * SAMPLE, 0.0, changes)
        self.tally[:] = 0
        sizes = np.abs(changes[:found])
        return max(1.0, float(np.median(sizes[sizes > 0]))) if sizes.any() else 1.0


def plan_of(problem: Problem, model: Model, routes: Sequence[Ints]) -> Plan:
    """A plan with these routes; neither timed nor priced."""
    plan = empty_plan(model)
    starts = problem.visit_count + problem.break_count
    for vehicle, row in enumerate(routes):
        if not len(row):
            continue
        last = starts + vehicle
        for node in (*row.tolist(), starts + problem.vehicle_count + vehicle):
            append(plan, last, node)
            last = node
    return plan


def routes_of(problem: Problem, following: Ints) -> tuple[Ints, ...]:
    """The routes of linked lists, as in :attr:`Solution.routes`."""
    starts = problem.visit_count + problem.break_count
    routes = []
    for vehicle in range(problem.vehicle_count):
        row = []
        node = int(following[starts + vehicle])
        while node < starts:
            row.append(node)
            node = int(following[node])
        used = any(node < problem.visit_count for node in row)
        routes.append(np.asarray(row if used else [], dtype=np.int64))
    return tuple(routes)


def _neighbours(problem: Problem, most: int) -> Ints:
    """(visits, up to most) the nearest visits; a visit alone has itself."""
    if problem.visit_count == 1:
        return np.zeros((1, 1), np.int64)
    return np.ascontiguousarray(nearest_visits(problem)[:, :most])


def _shares(problem: Problem, parameters: MovesParameters) -> Shares:
    """(MOVES,) how often each kind of move is tried, summed up; nothing for those without a use."""
    kinds = np.array(
        [
            parameters.relocate,
            parameters.string,
            parameters.swap,
            parameters.tails,
            parameters.crew,
            parameters.put_in,
            parameters.take_out,
            parameters.shift_break if problem.break_count else 0.0,
        ]
    )
    return np.cumsum(kinds / kinds.sum())
