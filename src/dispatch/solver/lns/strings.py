"""Ruin and recreate between two chunks of iterations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.kernels.board import Board, full_copy
from dispatch.solver.kernels.chance import chance
from dispatch.solver.kernels.columns import BOUND, COST, DISTANCE, LENGTH, START, TRAVEL, VISITS
from dispatch.solver.kernels.construct import full_cost
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import empty_memo
from dispatch.solver.kernels.model import model_of
from dispatch.solver.kernels.strings.anneal import BEST, SUBSIDY, Search, anneal, construct
from dispatch.solver.kernels.strings.columns import MOVABLE
from dispatch.solver.kernels.strings.ground import alone_price, ground_of
from dispatch.solver.kernels.strings.segments import copied, empty_tracks, refresh
from dispatch.solver.kernels.strings.tally import ABSENT, tally_of
from dispatch.solver.lns.cycles import COOL_FROM, Cycles
from dispatch.solver.lns.neighbours import near_lists
from dispatch.solver.lns.parameters import LnsParameters
from dispatch.solver.lns.recombination import Recombination
from dispatch.solver.problem import Problem
from dispatch.solver.timing import board_of, time_routes

UP, DOWN = 1.1, 0.97
"""How leaving visits out gets dearer, or cheaper."""
PERIOD = 2_000
"""Iterations in which it does."""
LEAST, MOST = 0.02, 1_000.0
"""Times what a route for the visit alone costs."""
CERTAIN = 3
"""A visit is one for a plan to lack only if it is worth so many routes of its own: whether it is
served in the end is no question then. Of others it is, and their true price has to answer it."""
A_CYCLE = 1_500
"""Iterations for each visit in a cycle."""
STRICT_FROM = 0.9
"""The part of a cycle after which everything costs what it costs."""


class StringSearch:
    """Ruin and recreate of all visits that are not tied to others; those stay where they are."""

    def __init__(
        self,
        problem: Problem,
        routes: Sequence[Ints],
        parameters: LnsParameters,
        stop: Stop,
        seed: int,
    ) -> None:
        self._problem = problem
        self._parameters = parameters
        self._model = model_of(problem)
        self._ground = ground_of(problem, *near_lists(problem))
        self._luck = chance(seed)
        self._cycles = Cycles(A_CYCLE * problem.visit_count, parameters.cycles)
        self._recombination = Recombination(problem, stop, seed)
        self._owed = problem.unserved_price[problem.visits.group]
        self._alone = alone_price(problem)
        self._strictness = 1.0
        self._prices = self._owed.copy()
        self._begin(routes)
        self._step = _mean_step(problem, self._search.board.routes)
        # A visit on the doorstep costs next to nothing alone, and yet is worth a way.
        self._alone = np.maximum(self._alone, int(self._step))
        self._certain = self._owed > CERTAIN * self._alone
        self._servable = problem.visits.allowed.any(axis=1) & (self._ground.hot[:, MOVABLE] == 1)

    def is_cool(self, progress: float) -> bool:
        """Whether a better plan would last."""
        return self._cycles.is_cool(progress)

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes of a better plan."""
        self._begin(routes)

    def _begin(self, routes: Sequence[Ints]) -> None:
        """Start from these routes, and put in what they leave out."""
        problem, model, ground = self._problem, self._model, self._ground
        board = board_of(problem, model, routes)
        settle_all(model, board)
        _hold_tied(problem, board.stops)
        tracks = empty_tracks(board, problem.visit_count + problem.break_count)
        for vehicle in range(problem.vehicle_count):
            refresh(ground, model, board, tracks, vehicle)
        cost = full_cost(model, board)
        self._search = Search(
            ground=ground,
            model=model,
            board=board,
            current=full_copy(board),
            best=full_copy(board),
            memo=empty_memo(board),
            tracks=tracks,
            current_tracks=copied(tracks),
            tally=tally_of(ground, board),
            ledger=np.array([cost, cost, 0]),
            prices=self._prices,
            unsaved=np.zeros(problem.vehicle_count, np.bool_),
            habits=self._parameters.habits(),
            luck=self._luck,
        )
        everywhere = replace(self._parameters, search_all=1).habits()
        construct(self._search._replace(habits=everywhere))

    def run(self, iterations: int, progress: float) -> bool:
        """Some iterations at the temperature of this moment; answers whether the best improved."""
        self._cycles.run(iterations, progress)
        _, cycled = self._cycles.at(progress)
        return self.step(iterations, cycled)

    def step(self, iterations: int, cycled: float) -> bool:
        """Some iterations at the temperature of a part of a cycle, 0 to 1."""
        chosen = self._parameters
        cooled = (chosen.last_temperature / chosen.first_temperature) ** cycled
        self._search.ledger[SUBSIDY] = self._subsidy(cycled)
        found = anneal(
            self._search,
            chosen.first_temperature * self._step * cooled,
            chosen.mean_removed,
            chosen.longest_string,
            iterations,
        )
        self._adapt(iterations, cycled)
        return found > 0

    def _subsidy(self, cycled: float) -> int:
        """What a route is given for now: the more, the more visits are absent that may stay so.

        One more long route pays only once it has many visits, and each of them only there. In the
        last part of a cycle everything costs what it costs.
        """
        doubtful = self._servable & ~self._certain
        if cycled >= STRICT_FROM or not doubtful.any():
            return 0
        left_out = np.count_nonzero(self._search.tally.bank_at[doubtful] >= 0)
        absent = left_out / np.count_nonzero(self._servable)
        given = self._parameters.subsidy * absent**2 * (1 - cycled / STRICT_FROM)
        return int(given * self._alone[doubtful].mean())

    def _adapt(self, iterations: int, cycled: float) -> None:
        """Make leaving visits out dearer as long as any is, and cheaper while none is.

        Plans that lack a visit lead from one good plan to another with a route less. Visits that
        may stay absent are worth a little more at first, so that routes are dense when it is
        decided which of them pay. In the last part of a cycle everything costs what it costs.
        """
        if not self._parameters.may_lack or cycled >= STRICT_FROM:
            self._prices[:] = self._owed
            return
        tally = self._search.tally
        absent = tally.bank[: tally.counts[ABSENT]]
        lacking = bool((self._prices[absent] < self._owed[absent]).any())
        change = (UP if lacking else DOWN) ** (iterations / PERIOD)
        self._strictness = min(max(self._strictness * change, LEAST), MOST)
        wanted = np.minimum(self._owed, self._strictness * self._alone)
        doubtful = np.where(self._certain, 0, self._owed)
        raised = self._parameters.raised * (1 - cycled / STRICT_FROM) * doubtful
        self._prices[:] = np.where(self._certain, wanted, doubtful + raised.astype(np.int64))

    def recombine(self, progress: float) -> bool:
        """Keep the routes of this moment; at times, go on from the best plan made of those kept."""
        return self.put_together(*self._cycles.at(progress), self._cycles.count)

    def put_together(self, cycle: int, cycled: float, cycles: int) -> bool:
        """The same at a part of one of some cycles."""
        if not self._parameters.recombine:
            return False
        current = self._search.current
        if cycled >= COOL_FROM:
            self._recombination.collect(_rows(current), current.routes[:, COST])
        if not self._recombination.due(cycle, cycled):
            return False
        routes = self._recombination.better(self.best_routes(), cycles)
        timed = time_routes(self._problem, routes) if routes is not None else None
        if timed is None or timed.solution is None:
            return False
        if timed.solution.cost >= self._search.ledger[BEST]:
            return False
        self._begin(timed.solution.routes)
        return True

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan; one without visits is empty."""
        return _rows(self._search.best)

    def current_routes(self) -> tuple[Ints, ...]:
        """The routes of the plan as it is now."""
        return _rows(self._search.current)

    @property
    def best_cost(self) -> int:
        """Cost units, of the best plan."""
        return int(self._search.ledger[BEST])


def _rows(board: Board) -> tuple[Ints, ...]:
    return tuple(
        row[: length if visits else 0].copy()
        for row, length, visits in zip(
            board.sequence, board.routes[:, LENGTH], board.routes[:, VISITS], strict=True
        )
    )


def _hold_tied(problem: Problem, stops: Ints) -> None:
    """Tied visits start when they start: nothing here may let them start earlier."""
    tied = np.union1d(problem.links.before, problem.links.after).astype(np.int64)
    stops[tied, BOUND] = stops[tied, START]


def _mean_step(problem: Problem, routes: Ints) -> float:
    """What a way between two stops costs on average, as the first plan goes; at least 1."""
    vehicles, used = problem.vehicles, routes[:, VISITS] > 0
    ways = routes[:, TRAVEL] * (vehicles.travel_price + vehicles.time_price)
    ways += routes[:, DISTANCE] * vehicles.distance_price
    steps = int(routes[used, VISITS].sum() + used.sum())
    return max(1.0, float(ways[used].sum()) / max(1, steps))
