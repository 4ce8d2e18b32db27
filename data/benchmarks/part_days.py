"""Days of the demo city, of three sizes and at several limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from apart import get_ready, solve
from common_part import common_part
from day_tables import days_page
from dispatch.bench.contenders import PEERS
from dispatch.data_files import data_path
from dispatch.demo.day import demo_day
from dispatch.demo.ground import STREETS
from dispatch.demo.sizes import SIZES
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.decode import decode
from dispatch.planning.verify import verify
from dispatch.solver.bounds import lower_bound
from dispatch.solver.bounds.rehearsal import rehearse_bounds
from dispatch.solver.engine import Result
from dispatch.solver.problem import COST_SCALE, Problem
from dispatch.solver.solution import CostPart
from dispatch.travel.road.travel import RoadTravel
from line_plots import draw_days
from measured import DayRun, Key
from run_store import RunStore
from side_by_side import make

MINOR = 100
"""Öre in a krona."""


@cache
def _streets() -> RoadTravel:
    return RoadTravel(data_path(STREETS))


@lru_cache(maxsize=2)
def compiled_day(size: str, seed: int) -> Compiled:
    """A day of the demo city, ready to be solved."""
    return compile_day(demo_day(SIZES[size], seed), _streets())


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTrial:
    """A run to be made."""

    size: str
    seed: int
    engine: str
    common: bool
    time_s: float
    bound: int | None
    """In cost units; the same for all runs of a day."""

    @property
    def key(self) -> Key:
        """As :attr:`DayRun.key`."""
        return (self.size, self.seed, self.engine, self.common, self.time_s)

    def run(self) -> DayRun:
        """Solve in a process of its own."""
        compiled = compiled_day(self.size, self.seed)
        problem = common_part(compiled.problem) if self.common else compiled.problem
        result = solve(self.engine, problem, self.time_s, seed=self.seed)
        return self._of_common(problem, result) if self.common else self._of_day(compiled, result)

    def _of_common(self, problem: Problem, result: Result) -> DayRun:
        solution = result.solution
        return DayRun(
            size=self.size,
            seed=self.seed,
            engine=self.engine,
            common=True,
            time_s=self.time_s,
            seconds=round(result.seconds, 3),
            total=problem.visit_count,
            served=problem.visit_count - solution.unserved_visits if solution else 0,
            first_s=first_s(problem, result),
            travel_h=int(solution.costs[CostPart.TRAVEL]) / 3_600 if solution else 0.0,
            verified=solution is not None,
        )

    def _of_day(self, compiled: Compiled, result: Result) -> DayRun:
        plan = decode(compiled, result, engine=self.engine, seed=self.seed)
        visits = [visit for route in plan.routes for visit in route.visits]
        jobs = len(compiled.day.jobs)
        return DayRun(
            size=self.size,
            seed=self.seed,
            engine=self.engine,
            common=False,
            time_s=self.time_s,
            seconds=round(result.seconds, 3),
            total=jobs,
            served=jobs - len(plan.unassigned),
            first_s=first_s(compiled.problem, result),
            travel_h=sum(leg.travel_s for route in plan.routes for leg in route.legs) / 3_600,
            verified=verify(compiled.day, plan, _streets()).ok,
            late_min=sum(visit.lateness_s for visit in visits) / 60,
            cost=plan.cost_minor / MINOR,
            bound=None if self.bound is None else self.bound // COST_SCALE / MINOR,
            currency=plan.currency,
        )


def first_s(problem: Problem, result: Result) -> float | None:
    """When anybody was served: the plan in which all stay at home does not count."""
    served = (step for step in result.curve if step.unserved_visits < problem.visit_count)
    first = next(served, None)
    return None if first is None else round(first.seconds, 3)


def measure_days(
    *,
    sizes: Sequence[str],
    seconds: Sequence[float],
    seeds: int,
    engines: Sequence[str],
    bound_s: float,
    workers: int,
    out: Path,
) -> list[Path]:
    """Run, and write the tables and the plot.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidInput
        An engine is unknown.
    Unavailable
        A peer is not installed, or the shipped streets are missing.
    """
    get_ready(("lns", *engines))
    store = RunStore(out / "days.jsonl", DayRun)
    try:
        for size in sizes:
            for seed in range(1, seeds + 1):
                trials = list(_trials(size, seed, seconds, engines))
                if store.missing(trials):
                    bound = _bound(size, seed, bound_s)
                    trials = list(_trials(size, seed, seconds, engines, bound))
                make(trials, store, workers)
    finally:
        page, plot = out / "days.md", out / "days.png"
        page.write_text(days_page(store.runs), "utf-8")
        draw_days(store.runs, plot)
    return [page, plot]


def _bound(size: str, seed: int, bound_s: float) -> int:
    rehearse_bounds()
    return lower_bound(compiled_day(size, seed).problem, bound_s)


def _trials(
    size: str,
    seed: int,
    seconds: Sequence[float],
    engines: Sequence[str],
    bound: int | None = None,
) -> Iterator[DayTrial]:
    """Ours on the whole day; peers on the common part, with `lns` beside them."""
    peers = [engine for engine in engines if engine in PEERS]
    whole = [(engine, False) for engine in engines if engine not in PEERS]
    common = [(engine, True) for engine in ("lns", *peers)] if peers else []
    for engine, is_common in (*whole, *common):
        for limit in seconds:
            yield DayTrial(
                size=size,
                seed=seed,
                engine=engine,
                common=is_common,
                time_s=limit,
                bound=None if is_common else bound,
            )
