"""Runs engines on benchmark instances: reproduce the published costs, solve, write, verify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from dispatch.bench.contenders import Contender, contenders
from dispatch.bench.options import BenchOptions
from dispatch.bench.outcome import BenchReport, Declined, Reproduction, Run, write_results
from dispatch.bench.progress import BenchProgress, Progress
from dispatch.bench.score import Trial, reproduction, score
from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.benchmarks.sources import Instance, find_instances, read_instance
from dispatch.formats.files import expect_writable
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.run import PORTFOLIO, run
from dispatch.solver.solution import Solution


class Solve(Protocol):
    """Runs an engine, as :func:`run_apart` does."""

    def __call__(
        self,
        engine: str,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        report: Report | None = None,
    ) -> Result:
        """The best solution that the engine of this name found before ``stop``."""
        ...


def run_apart(
    engine: str,
    problem: Problem,
    stop: Stop,
    *,
    seed: int,
    report: Report | None = None,
) -> Result:
    """In a process of its own and on one core; only a portfolio has all there are."""
    cores = None if engine == PORTFOLIO else 1
    return run(engine, problem, stop, seed=seed, report=report, cores=cores)


def run_bench(
    paths: Sequence[Path],
    options: BenchOptions,
    *,
    progress: Progress = lambda _: None,
    solve: Solve = run_apart,
) -> BenchReport:
    """Benchmark every instance found at ``paths``; the results file grows run by run.

    An interrupt ends it early; what was run by then is written and reported.

    Raises
    ------
    InvalidInput
        A path holds no instance, two instances have one name, or an engine is unknown.
    Unavailable
        A peer is not installed, or the results file cannot be written.
    """
    entrants = contenders(options.engines)
    instances, refused = _read(find_instances(paths))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    expect_writable(options.out)
    bench = _Bench(options, entrants, len(instances), progress, solve)
    interrupted = False
    try:
        bench.reproduce(instances)
        for instance, published in zip(instances, bench.reproductions, strict=True):
            bench.run_instance(instance, published)
    except KeyboardInterrupt:
        interrupted = True
    return BenchReport(
        reproductions=tuple(bench.reproductions),
        runs=tuple(bench.runs),
        declined=tuple(bench.declined),
        refused=(*refused, *bench.disagreements),
        interrupted=interrupted,
    )


def _read(paths: Sequence[Path]) -> tuple[list[Instance], tuple[Finding, ...]]:
    """The instances that can be read, and what is wrong with the others."""
    instances: list[Instance] = []
    refused: list[Finding] = []
    for path in paths:
        try:
            instances.append(read_instance(path))
        except InvalidInput as error:
            refused += error.findings
    names = Counter((instance.set_name, instance.name) for instance in instances)
    repeated = [
        Finding("bench.instance.repeated", Place(file=str(each.source)), {"name": each.name})
        for each in instances
        if names[each.set_name, each.name] > 1
    ]
    if repeated:
        raise InvalidInput(repeated)
    return instances, tuple(refused)


class _Bench:
    """A benchmark under way."""

    def __init__(
        self,
        options: BenchOptions,
        entrants: Sequence[Contender],
        instances: int,
        progress: Progress,
        solve: Solve,
    ) -> None:
        self.reproductions: list[Reproduction] = []
        self.runs: list[Run] = []
        self.declined: list[Declined] = []
        self._options = options
        self._entrants = entrants
        self._solve = solve
        self._progress = progress
        self._stage = BenchProgress(0, instances * len(entrants) * options.seeds)

    @property
    def disagreements(self) -> tuple[Finding, ...]:
        """What is wrong with the published solutions."""
        return tuple(finding for each in self.reproductions for finding in each.findings)

    def reproduce(self, instances: Sequence[Instance]) -> None:
        """Check the published solutions, before anything is run."""
        write_results((), self._options.out)
        self.reproductions = [reproduction(instance) for instance in instances]
        self._tell(reproductions=tuple(self.reproductions))

    def run_instance(self, instance: Instance, published: Reproduction) -> None:
        """Run every entrant on one instance, with every seed."""
        problem = instance.to_problem()
        for entrant in self._entrants:
            lacks = entrant.lacks(problem)
            if lacks:
                named = (instance.set_name, instance.name, entrant.name)
                self.declined.append(Declined(*named, lacks))
                self._tell(done=self._stage.done + self._options.seeds)
                continue
            for seed in range(1, self._options.seeds + 1):
                self._run(Trial(instance, problem, published, entrant, seed))

    def _run(self, trial: Trial) -> None:
        self._tell(
            set=trial.instance.set_name,
            instance=trial.instance.name,
            engine=trial.entrant.name,
            seed=trial.seed,
            seconds=0.0,
            best=None,
        )
        result = self._solve(
            trial.entrant.target,
            trial.problem,
            Stop(seconds=self._options.seconds),
            seed=trial.seed,
            report=self._better,
        )
        self.runs.append(score(trial, result, self._options))
        write_results(self.runs, self._options.out)
        self._tell(done=self._stage.done + 1, last=self.runs[-1])
        if result.status is Status.INTERRUPTED:
            raise KeyboardInterrupt

    def _better(self, seconds: float, best: Solution) -> bool:
        self._tell(seconds=seconds, best=best)
        return True

    def _tell(self, **changes: Any) -> None:
        self._stage = replace(self._stage, **changes)
        self._progress(self._stage)
