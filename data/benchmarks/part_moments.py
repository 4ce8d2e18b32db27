"""What a person waits for: an engine to start, a first plan, one more job tried everywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from apart import get_ready, solve
from dispatch.data_files import data_path
from dispatch.demo.day import demo_day
from dispatch.demo.ground import STREETS
from dispatch.demo.sizes import SIZES
from dispatch.planning.compile import compile_day
from dispatch.solver.arrays import Ints
from dispatch.solver.everywhere import Everywhere, rehearse_everywhere
from dispatch.solver.problem import Problem
from dispatch.travel.road.travel import RoadTravel
from part_days import first_s
from text_tables import number, page, table

STARTED = ("greedy", "lns", "ortools")
STARTS = 5
"""How often each is started."""
START = """
from dispatch.solver.child.rehearsal import rehearse
from dispatch.solver.engines import load_engine
rehearse(load_engine({engine!r}))
"""
JOBS = 80
"""How many are taken off the plan, each alone, and tried everywhere."""
INTRO = (
    "Engines are started from the cache of compiled kernels, each in a new Python. Jobs are taken"
    " off a plan one at a time, and tried at every position of every route."
)


def measure_moments(*, size: str, seed: int, seconds: float, out: Path) -> list[Path]:
    """Measure one thing after another, and write the table.

    Parameters
    ----------
    seconds
        For the plan that jobs are taken off.

    Returns
    -------
    list of Path
        What was written.
    """
    get_ready(STARTED)
    rows = [(f"`{engine}` is ready", _starts_ms(engine)) for engine in STARTED]
    problem = compile_day(demo_day(SIZES[size], seed), RoadTravel(data_path(STREETS))).problem
    result = solve("lns", problem, seconds, seed=seed)
    first = first_s(problem, result)
    day = f"{size}, {problem.group_count:,} jobs and {problem.vehicle_count:,} shifts"
    rows.append((f"first plan ({day})", [] if first is None else [1_000 * first]))
    if result.solution is not None:
        ready_ms, alone_ms, tied_ms = _everywhere_ms(problem, result.solution.routes)
        rows.append(("a plan made ready for questions", ready_ms))
        rows.append(("a job tried everywhere", alone_ms))
        rows.append(("a job tied to others, tried everywhere", tied_ms))
        crews_ms = _crews_ms(problem, result.solution.routes)
        rows.append(("the cheapest way of each technician to lead a crew", crews_ms))
    path = out / "moments.md"
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(page("Moments", INTRO, [_table(rows)]), "utf-8")
    return [path]


def _table(rows: list[tuple[str, list[float]]]) -> str:
    told = [
        (what, str(len(times)), number(median(times)), number(max(times)))
        for what, times in rows
        if times
    ]
    return table(("What", "Times", "Median ms", "Most ms"), told)


def _starts_ms(engine: str) -> list[float]:
    """From the start of Python until the engine has solved its first tiny problems."""
    times = []
    for _ in range(STARTS):
        begin = perf_counter()
        subprocess.run([sys.executable, "-c", START.format(engine=engine)], check=True)
        times.append(1_000 * (perf_counter() - begin))
    return times


def _everywhere_ms(
    problem: Problem, routes: tuple[Ints, ...]
) -> tuple[list[float], list[float], list[float]]:
    """To make the plan ready; to ask for a visit that stands alone, and for one that is tied."""
    rehearse_everywhere()
    tied = np.union1d(problem.links.before, problem.links.after)
    ready_ms: list[float] = []
    alone_ms: list[float] = []
    tied_ms: list[float] = []
    for visit in islice(_single_visits(problem, routes), JOBS):
        begin = perf_counter()
        plan = Everywhere(problem, [row[row != visit] for row in routes])
        ready = perf_counter()
        plan.costs(visit)
        asked = perf_counter()
        ready_ms.append(1_000 * (ready - begin))
        (tied_ms if visit in tied else alone_ms).append(1_000 * (asked - ready))
    return ready_ms, alone_ms, tied_ms


def _crews_ms(problem: Problem, routes: tuple[Ints, ...]) -> list[float]:
    """To ask for each way to serve a crew, all of which is taken off the plan first."""
    times: list[float] = []
    for crew in islice(_crews(problem, routes), JOBS):
        plan = Everywhere(problem, [row[~np.isin(row, crew)] for row in routes])
        begin = perf_counter()
        plan.ways(int(problem.visits.group[crew[0]]))
        times.append(1_000 * (perf_counter() - begin))
    return times


def _crews(problem: Problem, routes: tuple[Ints, ...]) -> Iterator[Ints]:
    """The visits of served jobs that take several people, and for which no other job waits."""
    group, links = problem.visits.group, problem.links
    waited_for = group[links.before][group[links.before] != group[links.after]]
    served = np.concatenate(routes)
    size = np.bincount(group[served[served < problem.visit_count]], minlength=problem.group_count)
    whole = np.setdiff1d(np.flatnonzero(size > 1), waited_for)
    for crew in np.random.default_rng(0).permutation(whole):
        yield np.flatnonzero(group == crew)


def _single_visits(problem: Problem, routes: tuple[Ints, ...]) -> Iterator[int]:
    """Those served that are their whole job, from all parts of the day."""
    size = np.bincount(problem.visits.group, minlength=problem.group_count)[problem.visits.group]
    served = np.concatenate(routes)
    single = served[served < problem.visit_count]
    single = single[size[single] == 1]
    yield from np.random.default_rng(0).permutation(single).tolist()
