"""Scores what an engine gave, by the set's own file, checker and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch.bench.contenders import Contender
from dispatch.bench.options import BenchOptions
from dispatch.bench.outcome import Outcome, Reproduction, Run
from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.benchmarks.instance import CheckedCost
from dispatch.formats.benchmarks.sources import Instance
from dispatch.solver.engine import Result
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes


@dataclass(frozen=True, slots=True)
class Trial:
    """One engine, one instance, one seed."""

    instance: Instance
    problem: Problem
    published: Reproduction
    entrant: Contender
    seed: int


def reproduction(instance: Instance) -> Reproduction:
    """What our checker makes of the published solution."""
    named = (instance.set_name, instance.name)
    try:
        best = instance.best_known()
    except InvalidInput as error:
        return Reproduction(*named, None, tuple(error.findings))
    if best is None or best.reproduced:
        return Reproduction(*named, best)
    values = {
        "found": best.checked.cost,
        "stated": "-" if best.stated is None else best.stated,
        "unserved": len(best.checked.unserved),
    }
    differs = Finding("bench.published.differs", Place(file=str(best.path)), values)
    return Reproduction(*named, best, (differs, *best.checked.errors))


def score(trial: Trial, result: Result, options: BenchOptions) -> Run:
    """Write the solution and judge it by what was written."""
    instance, engine = trial.instance, trial.entrant.name
    file = f"{instance.name}-s{trial.seed}{instance.solution_suffix}"
    path = options.solution_path(engine=engine, set_name=instance.set_name, file=file)
    checked = None
    if result.solution is not None:
        checked = _checked_as_written(instance, result.solution, path)
    unserved = checked.unserved if checked else _nobody_served(trial)
    outcome = Outcome(
        set=instance.set_name,
        instance=instance.name,
        engine=engine,
        seed=trial.seed,
        time_s=options.seconds,
        seconds=round(result.seconds, 3),
        cost=checked.cost if checked else None,
        best_known=trial.published.cost,
        gap_pct=_gap_pct(checked, trial.published.cost),
        unserved=len(unserved),
        verified=checked is not None and checked.verified,
        solution=str(path) if checked else None,
    )
    return Run(outcome, checked.errors if checked else (), result.message)


def _checked_as_written(instance: Instance, answer: Solution, path: Path) -> CheckedCost:
    path.parent.mkdir(parents=True, exist_ok=True)
    instance.write(instance.from_solution(answer), path)
    return instance.check(instance.read_solution(path))


def _nobody_served(trial: Trial) -> tuple[str, ...]:
    """Who is left out where an engine gave nothing."""
    at_home: Sequence[Sequence[int]] = [[]] * trial.problem.vehicle_count
    empty = time_routes(trial.problem, at_home).solution
    if empty is None:  # cannot be: nobody moves, so nothing can break
        return ()
    return trial.instance.check(trial.instance.from_solution(empty)).unserved


def _gap_pct(checked: CheckedCost | None, best_known: float | None) -> float | None:
    """Percent over the best known; None where the two cannot be compared."""
    if checked is None or not best_known or checked.unserved or checked.errors:
        return None
    return round(100 * (checked.cost - best_known) / best_known, 4)
