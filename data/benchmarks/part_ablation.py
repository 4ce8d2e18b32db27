"""What each piece of the engine ``lns`` is worth: the same runs with one of them off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from apart import get_ready
from dispatch.solver.bounds import lower_bound
from dispatch.solver.bounds.rehearsal import rehearse_bounds
from dispatch.solver.engine import Stop
from dispatch.solver.lns.engine import Lns
from dispatch.solver.lns.parameters import LnsParameters, MovesParameters
from dispatch.solver.partition.size import is_big
from dispatch.solver.problem import COST_SCALE, Problem
from line_plots import draw_ablation
from measured import EVERYTHING, AblationRun, Key
from part_days import MINOR, compiled_day
from published import Case, cases, opened
from search_tables import ablation_page
from side_by_side import make_and_show

BOUND_S = 10.0
HARDLY_EVER = 1e-9
"""How often a kind of move is tried that is switched off: shares have to be above 0."""

STRINGS: Mapping[str, Mapping[str, float]] = {
    EVERYTHING: {},
    "exchange of tails": {"partners": 0},
    "ruins near in time": {"in_time": 0},
    "gifts to new routes": {"gift": 0},
    "subsidised routes": {"subsidy": 0},
    "raised prizes": {"raised": 0},
    "lacking visits for a while": {"may_lack": False},
    "routes of many plans": {"recombine": False},
    "cooling down several times": {"cycles": 1},
    "trying the absent everywhere": {"search_all": 0},
    "overlooked places": {"blink": 0},
    "split strings": {"split": 0},
    "room for the absent": {"for_absent": 0},
    "absent near in time": {"absent_in_time": 0},
}
"""Pieces of ruin and recreate, and what switches each off in `LnsParameters`."""

MOVES: Mapping[str, Mapping[str, float]] = {
    EVERYTHING: {},
    "whole crews": {"crew": HARDLY_EVER},
    "tails": {"tails": HARDLY_EVER},
    "swaps": {"swap": HARDLY_EVER},
    "strings": {"string": HARDLY_EVER},
    "cooling down several times": {"cycles": 1},
}
"""Kinds of move, where visits are tied, and what switches each off in `MovesParameters`."""

OF_DAYS: Mapping[str, Mapping[str, float]] = {
    **MOVES,
    "ruins in turns with moves": {"ruins": 0},
    "room for what is left out": {"room": False},
}
"""The same for days of the demo city; on published sets with ties, no ruins take turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationTrial:
    """A run to be made."""

    path: Path
    group: str
    instance: str
    piece: str
    is_tied: bool
    seed: int
    time_s: float

    @property
    def parameters(self) -> dict[str, float]:
        """What switches the piece off."""
        return dict((MOVES if self.is_tied else STRINGS)[self.piece])

    @property
    def key(self) -> Key:
        """As :attr:`AblationRun.key`."""
        changed = tuple(sorted(self.parameters.items()))
        return (self.group, self.instance, self.piece, changed, self.seed, self.time_s)

    def run(self) -> AblationRun:
        """Solve in this process, and let the set's own checker judge."""
        return solved_without(
            self.path,
            self.piece,
            self.parameters,
            is_tied=self.is_tied,
            seed=self.seed,
            time_s=self.time_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationDayTrial:
    """The same on a day of the demo city; of those no best plan is known, but a lower bound."""

    size: str
    piece: str
    seed: int
    """Of the day, and of the search."""
    time_s: float

    @property
    def parameters(self) -> dict[str, float]:
        """What switches the piece off."""
        return dict(OF_DAYS[self.piece])

    @property
    def group(self) -> str:
        """Days of one size are averaged together."""
        return f"demo city, {self.size}"

    @property
    def key(self) -> Key:
        """As :attr:`AblationRun.key`."""
        changed = tuple(sorted(self.parameters.items()))
        return (self.group, f"day {self.seed}", self.piece, changed, self.seed, self.time_s)

    def run(self) -> AblationRun:
        """Solve in this process; the gap is that to the lower bound."""
        problem, bound = _warmed_day(self.size, self.seed)
        engine = without(self.parameters, is_tied=True)
        result = engine.solve(problem, Stop(seconds=self.time_s), seed=self.seed)
        solution = result.solution
        cost = None if solution is None else solution.cost / COST_SCALE / MINOR
        return AblationRun(
            group=self.group,
            instance=f"day {self.seed}",
            piece=self.piece,
            parameters=self.parameters,
            seed=self.seed,
            time_s=self.time_s,
            seconds=round(result.seconds, 3),
            iterations=result.iterations,
            cost=cost,
            best_known=bound,
            gap_pct=None if cost is None else 100 * (cost - bound) / bound,
            unserved=solution.unserved_visits if solution else problem.visit_count,
            verified=solution is not None,
        )


def solved_without(
    path: Path,
    piece: str,
    parameters: dict[str, float],
    *,
    is_tied: bool,
    seed: int,
    time_s: float,
) -> AblationRun:
    """An instance solved in this process with these parameters changed, and judged."""
    case = _warmed(path)
    engine = without(parameters, is_tied=is_tied)
    result = engine.solve(case.problem, Stop(seconds=time_s), seed=seed)
    checked = case.checked(result.solution) if result.solution is not None else None
    return AblationRun(
        group=case.group,
        instance=case.instance.name,
        piece=piece,
        parameters=parameters,
        seed=seed,
        time_s=time_s,
        seconds=round(result.seconds, 3),
        iterations=result.iterations,
        cost=checked.cost if checked else None,
        best_known=case.published.cost,
        gap_pct=case.gap_pct(checked) if checked else None,
        unserved=len(checked.unserved) if checked else case.problem.visit_count,
        verified=checked is not None and checked.verified,
    )


def without(parameters: Mapping[str, Any], *, is_tied: bool) -> Lns:
    """The engine with these parameters changed."""
    if is_tied:
        return Lns(moves=MovesParameters(**parameters))
    return Lns(LnsParameters(**parameters))


@lru_cache(maxsize=8)
def _warmed(path: Path) -> Case:
    """An instance whose kernels are loaded in this process, so that no run pays for that."""
    case = opened(path)
    Lns().solve(case.problem, Stop(seconds=3_600, iterations=2), seed=1)
    return case


@lru_cache(maxsize=2)
def _warmed_day(size: str, seed: int) -> tuple[Problem, float]:
    """A day whose kernels are loaded in this process, and a cost that no plan is below."""
    problem = compiled_day(size, seed).problem
    Lns().solve(problem, Stop(seconds=3_600, iterations=2), seed=1)
    rehearse_bounds()
    return problem, lower_bound(problem, BOUND_S) / COST_SCALE / MINOR


def measure_ablation(
    paths: Sequence[Path],
    *,
    sizes: Sequence[str],
    seconds: float,
    seeds: int,
    workers: int,
    out: Path,
) -> list[Path]:
    """Run with everything and without each piece; write the table and the plot.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidInput
        A path holds no instance.
    """
    get_ready(["lns"])
    trials: list[AblationTrial | AblationDayTrial] = list(_trials(paths, seconds, seeds))
    trials += _day_trials(sizes, seconds, seeds)
    return make_and_show(
        trials,
        "ablation",
        AblationRun,
        page=ablation_page,
        draw=draw_ablation,
        workers=workers,
        out=out,
    )


def _trials(paths: Sequence[Path], seconds: float, seeds: int) -> Iterator[AblationTrial]:
    for case in cases(paths):
        if is_big(case.problem):
            print(f"{case.instance.name} is so big that it is solved in parts: passed over")
            continue
        for seed in range(1, seeds + 1):
            for piece in MOVES if case.is_tied else STRINGS:
                yield AblationTrial(
                    path=case.instance.source,
                    group=case.group,
                    instance=case.instance.name,
                    piece=piece,
                    is_tied=case.is_tied,
                    seed=seed,
                    time_s=seconds,
                )


def _day_trials(sizes: Sequence[str], seconds: float, seeds: int) -> Iterator[AblationDayTrial]:
    for size in sizes:
        for seed in range(1, seeds + 1):
            for piece in OF_DAYS:
                yield AblationDayTrial(size=size, piece=piece, seed=seed, time_s=seconds)
