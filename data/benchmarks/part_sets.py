"""Engines and peers on published sets, with several seeds and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from apart import get_ready, solve
from dispatch.bench.contenders import contenders
from dispatch.bench.options import BenchOptions
from dispatch.bench.score import Trial, score
from line_plots import draw_sets
from measured import Key, SetRun
from published import cases, opened
from set_tables import sets_page
from side_by_side import make_and_show

SEEDLESS = ("vroom", "greedy")
"""They draw nothing, so that one seed says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTrial:
    """A run to be made."""

    path: Path
    group: str
    instance: str
    engine: str
    seed: int
    time_s: float
    out: Path

    @property
    def key(self) -> Key:
        """As :attr:`SetRun.key`."""
        return (self.group, self.instance, self.engine, self.seed, self.time_s)

    def run(self) -> SetRun:
        """Solve in a process of its own, write the solution and judge it by what was written."""
        case = opened(self.path)
        (entrant,) = contenders([self.engine])
        if lacks := entrant.lacks(case.problem):
            return SetRun(
                group=self.group,
                instance=self.instance,
                engine=self.engine,
                seed=self.seed,
                time_s=self.time_s,
                best_known=case.published.cost,
                lacks=[feature.value for feature in lacks],
            )
        result = solve(self.engine, case.problem, self.time_s, seed=self.seed)
        trial = Trial(case.instance, case.problem, case.published, entrant, self.seed)
        results = self.out / f"sets-{self.time_s:g}s.json"  # names the folder of solutions
        options = BenchOptions(engines=(self.engine,), seconds=self.time_s, out=results)
        scored = score(trial, result, options)
        record = asdict(scored.outcome)
        del record["set"]
        return SetRun(group=self.group, message=scored.message, **record)


def measure_sets(
    paths: Sequence[Path],
    *,
    seconds: Sequence[float],
    seeds: int,
    engines: Sequence[str],
    workers: int,
    out: Path,
) -> list[Path]:
    """Run, and write the tables and the plot of all runs that stand in ``out``.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidInput
        A path holds no instance, or an engine is unknown.
    Unavailable
        A peer is not installed.
    """
    get_ready(engines)
    trials = list(_trials(paths, seconds, seeds, engines, out))
    return make_and_show(
        trials, "sets", SetRun, page=sets_page, draw=draw_sets, workers=workers, out=out
    )


def _trials(
    paths: Sequence[Path], seconds: Sequence[float], seeds: int, engines: Sequence[str], out: Path
) -> Iterator[SetTrial]:
    for case in cases(paths):
        for engine in engines:
            for limit in seconds:
                for seed in range(1, (1 if engine in SEEDLESS else seeds) + 1):
                    yield SetTrial(
                        path=case.instance.source,
                        group=case.group,
                        instance=case.instance.name,
                        engine=engine,
                        seed=seed,
                        time_s=limit,
                        out=out,
                    )
