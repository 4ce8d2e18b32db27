"""Measure how solving grows with the day, and draw it.

    python data/growth/measure.py --seconds-per-job 0.03

writes ``growth.json`` beside this file and ``docs/images/growth.png``.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Self

from dispatch.data_files import data_path
from dispatch.demo.day import demo_day
from dispatch.demo.ground import STREETS
from dispatch.demo.sizes import Size
from dispatch.operations.plan_day import plan_day
from dispatch.travel.road.travel import RoadTravel

HERE = Path(__file__).parent
PICTURE = HERE.parents[1] / "docs" / "images" / "growth.png"
JOBS = (1_000, 2_000, 5_000, 10_000)
CLOSE = (0.10, 0.05, 0.03)
"""How near to the last cost is near enough."""
LOOK_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one day took."""

    jobs: int
    technicians: int
    limit_s: float
    whole_s: float
    """With reading streets, travel, compile, explain and verify."""
    first_plan_s: float
    first_cost: float
    cost: float
    unassigned: int
    verified: bool
    close_s: list[float]
    """When the cost was within each of `CLOSE` of the last."""
    memory_gb: float
    """Of all processes together, shared pages once, at the most."""


class Memory:
    """Watches what this process and those that it started take."""

    def __init__(self) -> None:
        self.most_kb = 0
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_S):
            self.most_kb = max(self.most_kb, sum(map(proportional_kb, family(os.getpid()))))


def family(root: int) -> list[int]:
    """A process and all that descend from it (Linux)."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    found = [root]
    for process in found:
        found += parents.get(process, [])
    return found


def proportional_kb(process: int) -> int:
    """Its own pages, and its share of those that others have too."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measure(jobs: int, seconds_per_job: float, seed: int) -> Measured:
    """Plan a day of so many jobs, ten for each technician."""
    technicians = jobs // 10
    size = Size(
        name=f"of-{jobs}",
        technicians=technicians,
        jobs=jobs,
        long_share=0.18,
        away=3,
        impossible=8,
    )
    day, limit_s = demo_day(size, seed), jobs * seconds_per_job
    begin = perf_counter()
    with Memory() as memory:
        planned = plan_day(day, RoadTravel(data_path(STREETS)), seconds=limit_s, seed=seed)
    steps = [step for step in planned.plan.curve if step.unserved < jobs]
    last = steps[-1].cost_minor
    return Measured(
        jobs=jobs,
        technicians=technicians,
        limit_s=limit_s,
        whole_s=round(perf_counter() - begin, 1),
        first_plan_s=round(steps[0].seconds, 2),
        first_cost=steps[0].cost_minor,
        cost=last,
        unassigned=len(planned.plan.unassigned),
        verified=planned.verification.ok,
        close_s=[
            round(next(step.seconds for step in steps if step.cost_minor <= (1 + near) * last), 1)
            for near in CLOSE
        ],
        memory_gb=round(memory.most_kb / 1e6, 2),
    )


def draw(days: list[Measured], picture: Path) -> None:
    """Time by size: doubling the jobs should no more than double it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="jobs", ylabel="seconds")
    jobs = [day.jobs for day in days]
    axes.plot(jobs, [day.first_plan_s for day in days], marker="o", label="first plan")
    for at, near in enumerate(CLOSE):
        reached = [day.close_s[at] for day in days]
        axes.plot(jobs, reached, marker="o", label=f"within {near:.0%} of the last")
    slope = [days[0].first_plan_s * count / jobs[0] for count in jobs]
    axes.plot(jobs, slope, linestyle=":", color="grey", label="linear")
    axes.set_xticks(jobs, [f"{count:,}" for count in jobs], minor=False)
    axes.minorticks_off()
    axes.legend()
    figure.savefig(picture, dpi=110)


def main() -> None:
    """Measure all sizes, one after another, and keep each figure as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds-per-job", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, nargs="+", default=JOBS)
    parser.add_argument("--out", type=Path, help="folder for both, instead of the usual places")
    given = parser.parse_args()
    record_path, picture = HERE / "growth.json", PICTURE
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        record_path, picture = given.out / record_path.name, given.out / picture.name
    days: list[Measured] = []
    for jobs in given.jobs:
        days.append(measure(jobs, given.seconds_per_job, given.seed))
        print(days[-1], flush=True)
        record = json.dumps([asdict(day) for day in days], indent=2)
        record_path.write_text(record + "\n")
    draw(days, picture)


if __name__ == "__main__":
    main()
