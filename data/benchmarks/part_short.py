"""A little of everything, within ten minutes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from dispatch.bench.contenders import PEERS
from part_ablation import MOVES, STRINGS, measure_ablation
from part_convergence import measure_convergence
from part_days import measure_days
from part_record import measure_record
from part_sets import measure_sets
from published import Case, cases
from text_tables import by

BUDGET_S = 540.0
"""The rest of ten minutes is for what cannot be foreseen."""
DAYS_S, RECORD_S = 220.0, 180.0
"""What the days, the pieces of `lns` on one of them and the record take."""
RECORD_JOBS, RECORD_TIMES = 100_000, 45
AROUND_S = 2.0
"""What a run takes beside its limit: its process, reading and checking."""
LEAST_S, MOST_S = 1.0, 5.0
"""Limit of a run."""
ABLATED_DAYS = ("city",)
ABLATED_UP_TO = 400
"""Visits. In a few seconds the pieces of larger instances show little."""


def measure_short(paths: Sequence[Path], *, workers: int, out: Path) -> list[Path]:
    """The days at short limits; with paths, also the smallest and the largest of each set.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidInput
        A path holds no instance.
    """
    found = list(cases(paths)) if paths else []
    peers = [name for name, peer in PEERS.items() if find_spec(peer.package)]
    written = measure_days(
        sizes=("small", "city", "large"),
        seconds=(1.0, 5.0),
        seeds=1,
        engines=("lns", "ortools", "greedy", *(name for name in peers if name == "vroom")),
        bound_s=3.0,
        workers=workers,
        out=out,
    )
    written += measure_record(
        jobs=RECORD_JOBS, times=RECORD_TIMES, size="city", imported="city", out=out
    )
    if not found:
        return written + measure_ablation(
            (), sizes=ABLATED_DAYS, seconds=MOST_S, seeds=1, workers=workers, out=out
        )
    engines = ("lns", *peers, "ortools")
    ends, ablated = smallest_and_largest(found), to_ablate(found)
    kept, limit_s = within_budget(ends, ablated, engines=len(engines), workers=workers)
    if len(kept) < len(ends):
        left_out = ", ".join(case.instance.name for case in ends[len(kept) :])
        print(f"ten minutes are not enough for all: without {left_out}")
    files = [case.instance.source for case in kept]
    written += measure_sets(
        files, seconds=(limit_s,), seeds=1, engines=engines, workers=workers, out=out
    )
    pieces = [case.instance.source for case in ablated]
    written += measure_ablation(
        pieces, sizes=ABLATED_DAYS, seconds=limit_s, seeds=1, workers=workers, out=out
    )
    written += measure_convergence(
        files, seconds=limit_s, seed=1, engines=("lns",), workers=workers, out=out
    )
    return written


def smallest_and_largest(found: Sequence[Case]) -> list[Case]:
    """Of each group, in the order of the groups."""
    ends: list[Case] = []
    for ours in by(found, lambda case: case.group).values():
        ordered = sorted(ours, key=lambda case: case.problem.visit_count)
        ends += ordered if len(ordered) == 1 else [ordered[0], ordered[-1]]
    return ends


def to_ablate(found: Sequence[Case]) -> list[Case]:
    """Two: the largest that is not too large, one with ties and one without if there are such."""
    fitting = [case for case in found if case.problem.visit_count <= ABLATED_UP_TO] or list(found)
    ordered = sorted(fitting, key=lambda case: -case.problem.visit_count)
    firsts = [ours[0] for ours in by(ordered, lambda case: case.is_tied).values()]
    others = [case for case in ordered if case not in firsts]
    return [*firsts, *others][:2]


def within_budget(
    found: Sequence[Case], ablated: Sequence[Case], *, engines: int, workers: int
) -> tuple[list[Case], float]:
    """As many of the cases as there is time for, and the limit of each run, in whole seconds."""
    ablations = sum(len(MOVES if case.is_tied else STRINGS) for case in ablated)
    for count in range(len(found), 0, -1):
        runs = count * (engines + 1) + ablations
        limit_s = (BUDGET_S - DAYS_S - RECORD_S) * workers / runs - AROUND_S
        if limit_s >= LEAST_S:
            return list(found[:count]), float(int(min(limit_s, MOST_S)))
    return [], LEAST_S
