"""Cut a big day into parts, solve them side by side, put them together, cut it differently."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import ceil
from time import perf_counter

import numpy as np

from dispatch import texts
from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.engines import load_engine
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.partition.cluster import ADDRESS, cluster_pool
from dispatch.solver.partition.cutting import Cutter, put_back
from dispatch.solver.partition.first import first_plan
from dispatch.solver.partition.order import PartOrder
from dispatch.solver.partition.parameters import PartitionParameters
from dispatch.solver.partition.part import Part
from dispatch.solver.partition.workers import OpenPool, Workers, WorkersLost, process_pool
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

REPORTS = 4
"""How often in a round the parts that are ready are put together."""
MARGIN_S = 0.15
"""For sending parts there and back; at the end nobody waits for one that is late."""
LATE = 0.5
"""How long a part may be late before the next round begins without it, as a part of the round; what
it was given to is left behind."""
LEAST_S = 0.05
"""For a part, whatever is left."""
FIRST_S = 0.5
"""For a part in the first rounds, at least."""
COOLED = 0.1
"""How hot the parts are searched in the last round, as a part of the first."""


class Partition:
    """Solves parts of a big day in processes of their own.

    Each round cuts along other borders, so what one cut forbids the next allows. A part starts
    from its own routes and its answer counts if the whole is better: no round makes it worse.
    Deterministic with a seed and a limit on rounds, its iterations, if the engine of the parts is.

    Parameters
    ----------
    open_pool
        Where the parts are solved; if nothing is said, by the cluster that the environment names,
        or else by processes here.
    """

    name = "partition"

    def __init__(
        self,
        parameters: PartitionParameters | None = None,
        open_pool: OpenPool | None = None,
    ) -> None:
        self.parameters = parameters or PartitionParameters()
        self.cores: int | None = None
        self._open_pool = open_pool

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Improve on ``initial``, filled up, until ``stop``. One part is solved here."""
        parts = round(problem.visit_count / self.parameters.part_visits)
        if min(parts, problem.vehicle_count) < 2:
            engine = load_engine(self.parameters.engine)
            return engine.solve(problem, stop, seed=seed, initial=initial, report=report)
        incumbent = Incumbent(problem, report)
        open_pool = self._open_pool or _usual_pool(self.parameters, self.cores)
        with Workers(open_pool) as workers:
            start = initial or time_routes(problem, [[]] * problem.vehicle_count).solution
            if start is None:
                return incumbent.result(message="the empty plan breaks a rule")
            incumbent.offer(start)
            cutter = Cutter(problem)
            first = first_plan(
                problem,
                start,
                stop,
                seed=seed,
                cutter=cutter,
            )
            incumbent.offer(first)
            rounds = _Rounds(self.parameters, stop, seed, incumbent, workers, cutter, parts)
            message = ""
            try:
                rounds.run()
            except WorkersLost as lost:
                message = texts.say("partition.lost.cause", "en", said=str(lost))
            else:
                if workers.failures:
                    known = {"count": workers.failures, "said": workers.said}
                    message = texts.say("partition.failed.cause", "en", **known)
        if stop.called_off():
            incumbent.stopped = True
        return incumbent.result(rounds.done, message)


def _usual_pool(parameters: PartitionParameters, cores: int | None) -> OpenPool:
    address = os.environ.get(ADDRESS)
    if address:
        return cluster_pool(address)
    return partial(process_pool, parameters.engine, cores or parameters.worker_count)


def round_s(left_s: float, done: int, planned: int, least_s: float) -> float:
    """How long the next of ``planned`` rounds is, in seconds.

    They grow as 1, 2, 3 and so on: the first ones find in little time what is easily found.
    """
    now = done + 1
    share = 2 * now / (planned * (2 * now + planned - 1))
    return min(left_s, max(share * left_s, least_s))


@dataclass(slots=True)
class _Rounds:
    """What goes on until the end."""

    parameters: PartitionParameters
    stop: Stop
    seed: int
    incumbent: Incumbent
    workers: Workers
    cutter: Cutter
    parts: int
    done: int = 0

    def run(self) -> None:
        """Round after round."""
        ends = perf_counter() + self.stop.seconds - self.incumbent.seconds
        while not self.incumbent.stopped and self._planned(ends - perf_counter()) > 0:
            self._round(ends)
            self.done += 1

    def _planned(self, left_s: float) -> int:
        """How many rounds are still to come."""
        if left_s <= MARGIN_S or self.stop.called_off():
            return 0
        if self.stop.iterations is not None:
            return self.stop.iterations - self.done
        affordable = int(left_s / (self._turns * self.parameters.shortest_s))
        return max(1, min(self.parameters.rounds - self.done, affordable))

    @property
    def _turns(self) -> int:
        """How many parts each worker solves in a round."""
        return ceil(self.parts / self.workers.count)

    def _round(self, ends: float) -> None:
        plan = self.incumbent.solution
        if plan is None:
            return
        now = perf_counter()
        planned = self._planned(ends - now)
        if planned <= 0:
            return
        least_s = self._turns * min(FIRST_S, self.parameters.shortest_s)
        until = now + round_s(ends - now, self.done, planned, least_s)
        latest = min(ends, until + max(LATE * (until - now), MARGIN_S))
        if self.stop.iterations is not None:
            until = latest = ends
        rng = np.random.default_rng([self.seed, self.done])
        skill = rng.uniform(0, self.parameters.skill)
        hold_tied = self.done > 0 and self.done % 2 == 0
        shares = self.cutter.shares(plan, self.parts, skill, rng, hold_tied=hold_tied)
        parts: dict[int, Part] = {}

        def order(number: int) -> bytes:
            part = parts[number] = self.cutter.part(plan, shares[number])
            turns = ceil((len(shares) - number) / self.workers.count)
            seconds = (until - perf_counter()) / turns - MARGIN_S
            return self._order(part, part.inside(plan.routes), number, max(LEAST_S, seconds))

        waiting: list[list[tuple[int, Ints]]] = []
        answers = self.workers.answers(order, len(shares), latest, self.stop.called_off)
        for number, routes in answers:
            part = parts.pop(number)
            if routes is not None:
                waiting.append(list(part.outside(routes)))
            if len(waiting) >= len(shares) / REPORTS:
                self._put_together(waiting)
                waiting = []
            if self.incumbent.stopped:
                return
        self._put_together(waiting)

    def _order(self, part: Part, routes: tuple[Ints, ...], number: int, seconds: float) -> bytes:
        iterations = None
        if self.stop.iterations is not None:
            iterations = self.parameters.visit_iterations * part.problem.visit_count
        return PartOrder(
            engine=self.parameters.engine,
            problem=part.problem,
            routes=routes,
            stop=Stop(seconds=seconds, iterations=iterations),
            seed=int(np.random.SeedSequence([self.seed, self.done, number]).generate_state(1)[0]),
            warmth=COOLED**self._progress,
        ).packed()

    @property
    def _progress(self) -> float:
        if self.stop.iterations is not None:
            return self.done / max(1, self.stop.iterations)
        return self.incumbent.seconds / self.stop.seconds

    def _put_together(self, changes: Sequence[list[tuple[int, Ints]]]) -> None:
        """All of them if that is better; where they spoil one another, each that is."""
        plan = self.incumbent.solution
        if plan is None or not changes:
            return
        self.incumbent.offer_routes(put_back(plan.routes, chain.from_iterable(changes)))
        if self.incumbent.solution is plan and len(changes) > 1:
            for change in changes:
                self._put_together([change])
