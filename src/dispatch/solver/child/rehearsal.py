"""Tiny problems, solved before the clock starts: that compiles kernels and loads libraries."""

from __future__ import annotations

import shutil
from pathlib import Path
from pickle import UnpicklingError
from traceback import extract_tb

import numpy as np
from numba.core import caching

from dispatch.solver.engine import Engine, Stop
from dispatch.solver.kernels import CACHE_DIR
from dispatch.solver.problem import NEVER, Breaks, Links, Problem, Ragged, Vehicles, Visits

UNREADABLE = (UnpicklingError, EOFError, ValueError, KeyError, IndexError, AttributeError)
"""What reading a damaged pickle raises (the documentation of ``pickle``); numba lets it pass."""
READER = caching.__file__
"""Where numba reads what it has kept."""
_STOP = Stop(seconds=3_600, iterations=3)
"""Compiling takes its time; whoever waits has a limit of his own."""


def rehearse(engine: Engine) -> None:
    """Let the engine solve problems that have something of everything.

    Where nothing is tied an engine may search in another way, so there is a problem of each kind.
    A cache of compiled kernels that cannot be read, as after a power cut, is thrown away.
    """
    for tied in (True, False):
        try:
            rehearse_one(engine, tied=tied)
        except UNREADABLE as error:
            if all(frame.filename != READER for frame in extract_tb(error.__traceback__)):
                raise
            shutil.rmtree(CACHE_DIR, ignore_errors=True)
            rehearse_one(engine, tied=tied)


def rehearse_one(engine: Engine, *, tied: bool) -> None:
    """Let it solve the problem of one kind."""
    engine.solve(tiny_problem(tied=tied), _STOP, seed=0)


def is_warm(name: str) -> bool:
    """Whether the kernels behind a name lie compiled on disk, as far as is known."""
    return _mark(name).exists()


def mark_warm(name: str) -> None:
    """Remember that they do; the mark goes with the cache when a kernel changes."""
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    _mark(name).touch()


def _mark(name: str) -> Path:
    return CACHE_DIR / f"{name}.warm"


def tiny_problem(*, tied: bool = True) -> Problem:
    """Two vehicles with a break, a crew of two, in step if ``tied``, and two single visits."""
    links = np.zeros(1 if tied else 0, dtype=np.int64)
    travel = 60 * np.abs(np.subtract.outer(np.arange(3), np.arange(3)))[None]
    return Problem(
        travel_s=travel,
        distance_m=travel,
        vehicles=_vehicles(),
        visits=_visits(),
        unserved_price=np.full(3, 10_000),
        links=Links(
            before=links,
            after=links + 1,
            from_end=links.astype(np.bool_),
            min_delay_s=links,
            max_delay_s=links,
        ),
        breaks=Breaks(
            vehicle=np.array([0]),
            earliest_s=np.array([600]),
            latest_s=np.array([1_200]),
            duration_s=np.array([300]),
        ),
    )


def _vehicles() -> Vehicles:
    def both(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.full(2, value, dtype=np.int64)

    return Vehicles(
        owner=np.arange(2),
        profile=both(0),
        start_place=both(0),
        end_place=both(0),
        earliest_s=both(0),
        end_s=both(3_000),
        latest_s=both(3_600),
        max_duration_s=both(NEVER),
        max_travel_s=both(NEVER),
        max_visits=both(NEVER),
        capacity=np.ones((2, 1), dtype=np.int64),
        use_price=both(1),
        travel_price=both(1),
        distance_price=both(1),
        time_price=both(1),
        overtime_price=both(1),
        fair_share_s=both(60),
        unfairness_price=both(1),
    )


def _visits() -> Visits:
    count = 4

    def each(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.full(count, value, dtype=np.int64)

    return Visits(
        place=np.array([1, 1, 2, 2]),
        group=np.array([0, 0, 1, 2]),
        setup_s=each(10),
        duration_s=np.full((count, 2), 60),
        allowed=np.ones((count, 2), dtype=np.bool_),
        assign_price=np.zeros((count, 2), dtype=np.int64),
        load=np.zeros((count, 1), dtype=np.int64),
        windows=Ragged(offset=np.arange(count + 1), start_s=each(0), end_s=each(3_000)),
        preferred=Ragged(offset=np.arange(count + 1), start_s=each(0), end_s=each(600)),
        preferred_price=each(1),
        due_s=each(1_000),
        lateness_price=each(1),
        rank=each(-1),
    )
