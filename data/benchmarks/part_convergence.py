"""How fast the gap falls, from a run of each engine on each instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from apart import get_ready, solve
from dispatch.bench.contenders import contenders
from dispatch.solver.solution import Solution
from line_plots import draw_convergence
from measured import ConvergenceRun, Key
from published import cases, opened
from search_tables import convergence_page
from side_by_side import make_and_show


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvergenceTrial:
    """A run to be made."""

    path: Path
    group: str
    instance: str
    engine: str
    seed: int
    time_s: float

    @property
    def key(self) -> Key:
        """As :attr:`ConvergenceRun.key`."""
        return (self.group, self.instance, self.engine, self.seed, self.time_s)

    def run(self) -> ConvergenceRun:
        """Solve in a process of its own; every better plan is checked when the run is over."""
        case = opened(self.path)
        better: list[tuple[float, Solution]] = []

        def keep(seconds: float, solution: Solution) -> bool:
            better.append((seconds, solution))
            return True

        result = solve(self.engine, case.problem, self.time_s, seed=self.seed, report=keep)
        if not better and result.solution is not None:  # some peers tell only of the end
            better.append((result.seconds, result.solution))
        gaps = [(seconds, case.gap_pct(case.checked(plan))) for seconds, plan in better]
        return ConvergenceRun(
            group=self.group,
            instance=self.instance,
            engine=self.engine,
            seed=self.seed,
            time_s=self.time_s,
            points=[(round(seconds, 3), round(gap, 4)) for seconds, gap in gaps if gap is not None],
        )


def measure_convergence(
    paths: Sequence[Path],
    *,
    seconds: float,
    seed: int,
    engines: Sequence[str],
    workers: int,
    out: Path,
) -> list[Path]:
    """Run, and write the table and the plot.

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
    return make_and_show(
        list(_trials(paths, seconds, seed, engines)),
        "convergence",
        ConvergenceRun,
        page=convergence_page,
        draw=draw_convergence,
        workers=workers,
        out=out,
    )


def _trials(
    paths: Sequence[Path], seconds: float, seed: int, engines: Sequence[str]
) -> Iterator[ConvergenceTrial]:
    for case in cases(paths):
        for engine in engines:
            lacks = contenders([engine])[0].lacks(case.problem)
            if lacks:
                print(f"{case.instance.name}: {engine} cannot express {', '.join(lacks)}")
                continue
            yield ConvergenceTrial(
                path=case.instance.source,
                group=case.group,
                instance=case.instance.name,
                engine=engine,
                seed=seed,
                time_s=seconds,
            )
